// Keeps as many pods as each ReplicaSet asks for, and counts them in its status.
import { formatTime } from '../api/objectStore.js';
import type { ObjectStore } from '../clusterBackend.js';
import { asPod, isReady } from '../mesh/podTypes.js';
import type { StoredPod } from '../mesh/podTypes.js';
import { suffixOf } from './generatedNames.js';
import { controllerOf } from './ownedObjects.js';
import type { OwnedObjects } from './ownedObjects.js';
import type { PodFactory } from './podFactory.js';
import { createReconcileQueue, keyOf, splitKey } from './reconcileQueue.js';
import type { RehearsalClock } from './rehearsalClock.js';
import { wantedReplicas } from './workloadTypes.js';
import type { ReplicaSet, WorkloadCondition } from './workloadTypes.js';

/** What the workload controllers work with. */
export interface ControllerTools {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly pods: OwnedObjects;
  readonly factory: PodFactory;
  readonly stopPod: (pod: StoredPod) => void;
  /** Makes the names of pods differ between clusters. */
  readonly nameSeed: string;
}

export const REPLICA_SETS = 'replicasets.apps';
/** After a refusal a controller tries again, at first soon. */
const RETRY_MS = 2_000;

/** Those to lose first when there are too many: not yet ready, then the youngest (controller.ActivePods). */
function byDispensability(a: StoredPod, b: StoredPod): number {
  const readiness = Number(isReady(a)) - Number(isReady(b));
  if (readiness !== 0) return readiness;
  return a.metadata.creationTimestamp > b.metadata.creationTimestamp ? -1 : 1;
}

function failureCondition(refusal: string | undefined, now: string): readonly WorkloadCondition[] {
  if (refusal === undefined) return [];
  return [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message: refusal, lastTransitionTime: now }];
}

export function startReplicaSetController(tools: ControllerTools): void {
  const { store, clock, pods, factory, stopPod, nameSeed } = tools;
  let serial = 0;

  const livePods = (set: ReplicaSet): StoredPod[] =>
    pods.ownedBy(set.metadata.uid).map(asPod).filter(({ metadata }) => metadata.deletionTimestamp === undefined);

  const createMissing = (set: ReplicaSet, count: number): string | undefined => {
    for (let made = 0; made < count; made += 1) {
      serial += 1;
      const generateName = `${set.metadata.name}-`;
      const name = generateName + suffixOf(`${nameSeed}/${generateName}${serial}`, 5);
      const refusal = factory.createPod({ owner: set, template: set.spec.template, name, generateName });
      if (refusal !== undefined) return refusal;
    }
    return undefined;
  };

  const writeStatus = (set: ReplicaSet, refusal: string | undefined): void => {
    const live = livePods(set);
    const ready = live.filter(isReady).length;
    const known = set.status?.conditions?.find(({ message }) => message === refusal)?.lastTransitionTime;
    const conditions = failureCondition(refusal, known ?? formatTime(clock.now()));
    store.replace(REPLICA_SETS, {
      ...set,
      status: {
        replicas: live.length,
        fullyLabeledReplicas: live.length,
        readyReplicas: ready,
        availableReplicas: ready,
        observedGeneration: set.metadata.generation,
        ...(conditions.length > 0 ? { conditions } : {}),
      },
    });
  };

  const queue = createReconcileQueue(clock, (key) => {
    const set = store.get(REPLICA_SETS, ...splitKey(key)) as ReplicaSet | undefined;
    if (set === undefined || set.metadata.deletionTimestamp !== undefined) return;
    const live = livePods(set);
    const missing = wantedReplicas(set) - live.length;
    const refusal = createMissing(set, missing);
    if (refusal !== undefined) queue.add(key, RETRY_MS);
    if (missing < 0) live.sort(byDispensability).slice(0, -missing).forEach(stopPod);
    writeStatus(set, refusal);
  });

  store.onChange((event) => {
    if (event.resource === REPLICA_SETS && event.type !== 'DELETED') queue.add(keyOf(event.object));
    const owner = event.resource === 'pods' ? controllerOf(event.object) : undefined;
    if (owner?.kind === 'ReplicaSet') queue.add(`${event.object.metadata.namespace ?? ''}/${owner.name}`);
  });
}
