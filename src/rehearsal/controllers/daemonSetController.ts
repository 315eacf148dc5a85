// DaemonSets: one pod on every node, renewed one node at a time.
import { asPod, isReady } from '../mesh/podTypes.js';
import type { StoredPod } from '../mesh/podTypes.js';
import { suffixOf, templateHash } from './generatedNames.js';
import { controllerOf } from './ownedObjects.js';
import { createReconcileQueue, keyOf, splitKey } from './reconcileQueue.js';
import type { ControllerTools } from './replicaSetController.js';
import type { DaemonSet, WorkloadStatus } from './workloadTypes.js';

export const DAEMON_SETS = 'daemonsets.apps';
const REVISION_LABEL = 'controller-revision-hash';
const RETRY_MS = 2_000;

function statusOf(set: DaemonSet, pods: readonly StoredPod[], nodes: number, revision: string): WorkloadStatus {
  const ready = pods.filter(isReady).length;
  return {
    observedGeneration: set.metadata.generation,
    currentNumberScheduled: pods.length,
    desiredNumberScheduled: nodes,
    numberAvailable: ready,
    numberMisscheduled: 0,
    numberReady: ready,
    updatedNumberScheduled: pods.filter(({ metadata }) => metadata.labels?.[REVISION_LABEL] === revision).length,
    ...(ready < nodes ? { numberUnavailable: nodes - ready } : {}),
  };
}

export function startDaemonSetController({ store, clock, pods, factory, stopPod, nameSeed }: ControllerTools): void {
  let serial = 0;
  const podsOf = (set: DaemonSet): StoredPod[] => pods.ownedBy(set.metadata.uid).map(asPod);

  const fillUp = (set: DaemonSet, present: readonly StoredPod[], nodes: readonly string[], revision: string): void => {
    for (const nodeName of nodes.filter((node) => !present.some(({ spec }) => spec.nodeName === node))) {
      serial += 1;
      const generateName = `${set.metadata.name}-`;
      const name = generateName + suffixOf(`${nameSeed}/${generateName}${serial}`, 5);
      const labels = { [REVISION_LABEL]: revision };
      const order = { owner: set, template: set.spec.template, name, generateName, labels, spec: { nodeName } };
      if (factory.createPod(order) !== undefined) queue.add(keyOf(set), RETRY_MS);
    }
  };

  const renewOne = (set: DaemonSet, present: readonly StoredPod[], revision: string): void => {
    if (set.spec.updateStrategy?.type === 'OnDelete' || !present.every(isReady)) return;
    const stale = present.find(({ metadata }) => metadata.labels?.[REVISION_LABEL] !== revision);
    if (stale !== undefined) stopPod(stale);
  };

  const queue = createReconcileQueue(clock, (key) => {
    const set = store.get(DAEMON_SETS, ...splitKey(key)) as DaemonSet | undefined;
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
    const nodes = store.list('nodes').map(({ metadata }) => metadata.name);
    const revision = templateHash(set.spec.template);
    fillUp(set, podsOf(set), nodes, revision);
    const present = podsOf(set);
    for (const pod of present) if (!nodes.includes(pod.spec.nodeName ?? '')) stopPod(pod);
    if (present.length === nodes.length) renewOne(set, present, revision);
    store.replace(DAEMON_SETS, { ...set, status: statusOf(set, podsOf(set), nodes.length, revision) });
  });

  store.onChange((event) => {
    if (event.resource === DAEMON_SETS && event.type !== 'DELETED') queue.add(keyOf(event.object));
    if (event.resource === 'nodes') store.list(DAEMON_SETS).forEach((set) => { queue.add(keyOf(set)); });
    const owner = event.resource === 'pods' ? controllerOf(event.object) : undefined;
    if (owner?.kind === 'DaemonSet') queue.add(`${event.object.metadata.namespace ?? ''}/${owner.name}`);
  });
}
