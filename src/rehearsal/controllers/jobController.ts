// Jobs: pods that are made until enough of them have succeeded. One that keeps running keeps its Job from completing.
import { formatTime } from '../api/objectStore.js';
import { asPod, isReady } from '../mesh/podTypes.js';
import type { StoredPod } from '../mesh/podTypes.js';
import { suffixOf } from './generatedNames.js';
import { controllerOf } from './ownedObjects.js';
import { createReconcileQueue, keyOf, splitKey } from './reconcileQueue.js';
import type { ControllerTools } from './replicaSetController.js';
import type { Job, WorkloadCondition } from './workloadTypes.js';

export const JOBS = 'jobs.batch';
const RETRY_MS = 2_000;

interface JobPods {
  readonly succeeded: readonly StoredPod[];
  readonly active: readonly StoredPod[];
}

function isComplete(job: Job): boolean {
  return (job.status?.conditions ?? []).some(({ type, status }) => type === 'Complete' && status === 'True');
}

/** How many pods are still to be made now: never more at once than `parallelism`, never more than are missing. */
export function missingPods(spec: Job['spec'], succeeded: number, active: number): number {
  const wanted = Math.min(spec.parallelism ?? 1, (spec.completions ?? 1) - succeeded);
  return spec.suspend === true ? 0 : Math.max(0, wanted - active);
}

function statusOf(job: Job, { succeeded, active }: JobPods, now: string): Job['status'] {
  const isDone = succeeded.length >= (job.spec.completions ?? 1);
  const time = { lastUpdateTime: now, lastTransitionTime: now };
  const complete: WorkloadCondition = { type: 'Complete', status: 'True', reason: 'CompletionsReached', message: 'Reached expected number of succeeded pods', ...time };
  return {
    ...job.status,
    startTime: job.status?.startTime ?? now,
    ready: active.filter(isReady).length,
    ...(active.length > 0 ? { active: active.length } : { active: undefined }),
    ...(succeeded.length > 0 ? { succeeded: succeeded.length } : {}),
    ...(isDone ? { completionTime: now, conditions: [complete] } : {}),
  };
}

export function startJobController({ store, clock, pods, factory, nameSeed }: ControllerTools): void {
  let serial = 0;

  const podsOf = (job: Job): JobPods => {
    const owned = pods.ownedBy(job.metadata.uid).map(asPod);
    const hasEnded = ({ status }: StoredPod): boolean => status?.phase === 'Succeeded';
    const isLive = (pod: StoredPod): boolean => !hasEnded(pod) && pod.metadata.deletionTimestamp === undefined;
    return { succeeded: owned.filter(hasEnded), active: owned.filter(isLive) };
  };

  const createPod = (job: Job): string | undefined => {
    serial += 1;
    const generateName = `${job.metadata.name}-`;
    const name = generateName + suffixOf(`${nameSeed}/${generateName}${serial}`, 5);
    const labels = { 'batch.kubernetes.io/job-name': job.metadata.name, 'job-name': job.metadata.name };
    return factory.createPod({ owner: job, template: job.spec.template, name, generateName, labels });
  };

  const queue = createReconcileQueue(clock, (key) => {
    const job = store.get(JOBS, ...splitKey(key)) as Job | undefined;
    if (job === undefined || job.metadata.deletionTimestamp !== undefined || isComplete(job)) return;
    const { succeeded, active } = podsOf(job);
    for (let missing = missingPods(job.spec, succeeded.length, active.length); missing > 0; missing -= 1) {
      if (createPod(job) === undefined) continue;
      queue.add(key, RETRY_MS);
      break;
    }
    store.replace(JOBS, { ...job, status: statusOf(job, podsOf(job), formatTime(clock.now())) });
  });

  store.onChange((event) => {
    if (event.resource === JOBS && event.type !== 'DELETED') queue.add(keyOf(event.object));
    const owner = event.resource === 'pods' ? controllerOf(event.object) : undefined;
    if (owner?.kind === 'Job') queue.add(`${event.object.metadata.namespace ?? ''}/${owner.name}`);
  });
}
