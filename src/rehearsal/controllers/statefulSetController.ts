// StatefulSets: pods with fixed names, made one after another from the lowest ordinal, renewed from the highest.
import { asPod, isReady } from '../mesh/podTypes.js';
import type { StoredPod } from '../mesh/podTypes.js';
import { templateHash } from './generatedNames.js';
import { controllerOf } from './ownedObjects.js';
import { createReconcileQueue, keyOf, splitKey } from './reconcileQueue.js';
import type { ControllerTools } from './replicaSetController.js';
import { wantedReplicas } from './workloadTypes.js';
import type { StatefulSet, WorkloadStatus } from './workloadTypes.js';

export const STATEFUL_SETS = 'statefulsets.apps';
const REVISION_LABEL = 'controller-revision-hash';
const RETRY_MS = 2_000;

function ordinalOf(pod: StoredPod): number {
  return Number(pod.metadata.name.slice(pod.metadata.name.lastIndexOf('-') + 1));
}

/** `currentRevision` follows `updateRevision` only when every pod is of the new one. */
function statusOf(set: StatefulSet, pods: readonly StoredPod[], revision: string): WorkloadStatus {
  const ready = pods.filter(isReady).length;
  const updated = pods.filter(({ metadata }) => metadata.labels?.[REVISION_LABEL] === revision).length;
  const isDone = updated === wantedReplicas(set);
  const before = set.status?.currentRevision;
  const current = isDone || typeof before !== 'string' ? revision : before;
  return {
    observedGeneration: set.metadata.generation,
    replicas: pods.length,
    readyReplicas: ready,
    availableReplicas: ready,
    updatedReplicas: updated,
    currentReplicas: pods.filter(({ metadata }) => metadata.labels?.[REVISION_LABEL] === current).length,
    currentRevision: current,
    updateRevision: revision,
    collisionCount: 0,
  };
}

export function startStatefulSetController({ store, clock, pods, factory, stopPod }: ControllerTools): void {
  const podsOf = (set: StatefulSet): StoredPod[] =>
    pods
      .ownedBy(set.metadata.uid)
      .map(asPod)
      .sort((a, b) => ordinalOf(a) - ordinalOf(b));

  const createPod = (set: StatefulSet, ordinal: number, revision: string): string | undefined => {
    const name = `${set.metadata.name}-${ordinal}`;
    const labels = { [REVISION_LABEL]: revision, 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': String(ordinal) };
    return factory.createPod({ owner: set, template: set.spec.template, name, labels });
  };

  /** Makes the first missing pod, in order. True when there is something to wait for. */
  const fillUp = (set: StatefulSet, present: readonly StoredPod[], revision: string): boolean => {
    const isParallel = set.spec.podManagementPolicy === 'Parallel';
    for (let ordinal = 0; ordinal < wantedReplicas(set); ordinal += 1) {
      const pod = present.find((candidate) => ordinalOf(candidate) === ordinal);
      if (pod === undefined && createPod(set, ordinal, revision) !== undefined) queue.add(keyOf(set), RETRY_MS);
      if (!isParallel && (pod === undefined || !isReady(pod))) return true;
    }
    return false;
  };

  /** One pod at a time goes: surplus ones first, then those of an older revision. */
  const removeOne = (set: StatefulSet, present: readonly StoredPod[], revision: string): void => {
    const highestFirst = [...present].reverse();
    const surplus = highestFirst.find((pod) => ordinalOf(pod) >= wantedReplicas(set));
    if (surplus !== undefined) {
      stopPod(surplus);
      return;
    }
    if (set.spec.updateStrategy?.type === 'OnDelete') return;
    const partition = set.spec.updateStrategy?.rollingUpdate?.partition ?? 0;
    const stale = highestFirst.find(
      (pod) => ordinalOf(pod) >= partition && pod.metadata.labels?.[REVISION_LABEL] !== revision,
    );
    if (stale !== undefined) stopPod(stale);
  };

  const queue = createReconcileQueue(clock, (key) => {
    const set = store.get(STATEFUL_SETS, ...splitKey(key)) as StatefulSet | undefined;
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
    const revision = `${set.metadata.name}-${templateHash(set.spec.template)}`;
    const present = podsOf(set);
    const isStopping = present.some(({ metadata }) => metadata.deletionTimestamp !== undefined);
    if (!fillUp(set, present, revision) && !isStopping) removeOne(set, present, revision);
    store.replace(STATEFUL_SETS, { ...set, status: statusOf(set, podsOf(set), revision) });
  });

  store.onChange((event) => {
    if (event.resource === STATEFUL_SETS && event.type !== 'DELETED') queue.add(keyOf(event.object));
    const owner = event.resource === 'pods' ? controllerOf(event.object) : undefined;
    if (owner?.kind === 'StatefulSet') queue.add(`${event.object.metadata.namespace ?? ''}/${owner.name}`);
  });
}
