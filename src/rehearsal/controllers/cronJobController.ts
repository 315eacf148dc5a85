// CronJobs: a Job from the template whenever the schedule says so, and the oldest finished ones cleared away.
import { applyDefaults } from '../api/defaults.js';
import { formatTime } from '../api/objectStore.js';
import type { ObjectStore } from '../clusterBackend.js';
import type { KubeObject } from '../kubeObject.js';
import { nextDue } from './cronSchedule.js';
import { JOBS } from './jobController.js';
import { controllerOf } from './ownedObjects.js';
import type { OwnedObjects } from './ownedObjects.js';
import { keyOf } from './reconcileQueue.js';
import type { RehearsalClock } from './rehearsalClock.js';
import type { CronJob, Job } from './workloadTypes.js';

export const CRON_JOBS = 'cronjobs.batch';
/** `successfulJobsHistoryLimit` where nothing is said. */
const KEPT_HISTORY = 3;

function jobFor({ apiVersion, kind, metadata, spec }: CronJob, due: Date): KubeObject {
  const owner = { apiVersion, kind, name: metadata.name, uid: metadata.uid, controller: true, blockOwnerDeletion: true };
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      ...spec.jobTemplate.metadata,
      // The controller's own way: minutes since the epoch, so that one due minute makes one Job.
      name: `${metadata.name}-${due.getTime() / 60_000}`,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ownerReferences: [owner],
    },
    spec: spec.jobTemplate.spec,
  };
}

function isFinished(job: Job): boolean {
  return job.status?.completionTime !== undefined;
}

export function startCronJobController(tools: {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly jobs: OwnedObjects;
}): void {
  const { store, clock, jobs } = tools;
  const timers = new Map<string, () => void>();

  const clearHistory = ({ metadata, spec }: CronJob): void => {
    const finished = (jobs.ownedBy(metadata.uid) as readonly Job[]).filter(isFinished);
    const surplus = finished.length - (spec.successfulJobsHistoryLimit ?? KEPT_HISTORY);
    for (const job of finished.slice(0, Math.max(0, surplus))) store.remove(JOBS, job.metadata.namespace, job.metadata.name);
  };

  const fire = (cron: CronJob, due: Date): void => {
    const active = (jobs.ownedBy(cron.metadata.uid) as readonly Job[]).filter((job) => !isFinished(job));
    if (active.length > 0 && cron.spec.concurrencyPolicy === 'Forbid') return;
    if (cron.spec.concurrencyPolicy === 'Replace') active.forEach(({ metadata }) => store.remove(JOBS, metadata.namespace, metadata.name));
    store.create(JOBS, applyDefaults(jobFor(cron, due)));
    clearHistory(cron);
    const current = store.get(CRON_JOBS, cron.metadata.namespace, cron.metadata.name);
    const status = { ...cron.status, lastScheduleTime: formatTime(due) };
    if (current !== undefined) store.replace(CRON_JOBS, { ...current, status });
  };

  const plan = (key: string, cron: CronJob): void => {
    timers.get(key)?.();
    timers.delete(key);
    const due = cron.spec.suspend === true ? undefined : nextDue(cron.spec.schedule, clock.now());
    if (due === undefined) return;
    const isUnchanged = (current: CronJob | undefined): current is CronJob => current?.metadata.uid === cron.metadata.uid;
    timers.set(key, clock.schedule(due.getTime() - clock.now().getTime(), () => {
      const current = store.get(CRON_JOBS, cron.metadata.namespace, cron.metadata.name) as CronJob | undefined;
      if (!isUnchanged(current)) return;
      fire(current, due);
      plan(key, current);
    }));
  };

  /** The Jobs of it that have not finished, as `kubectl get cronjob` counts them. */
  const countActive = (namespace: string, name: string): void => {
    const cron = store.get(CRON_JOBS, namespace, name) as CronJob | undefined;
    if (cron === undefined) return;
    const running = (jobs.ownedBy(cron.metadata.uid) as readonly Job[]).filter((job) => !isFinished(job));
    const active = running.map(({ apiVersion, kind, metadata }) => ({ apiVersion, kind, name: metadata.name, namespace, uid: metadata.uid }));
    store.replace(CRON_JOBS, { ...cron, status: { ...cron.status, active: active.length > 0 ? active : undefined } });
  };

  store.onChange(({ type, resource, object, previous }) => {
    const owner = resource === JOBS ? controllerOf(object) : undefined;
    if (owner?.kind === 'CronJob') countActive(object.metadata.namespace ?? '', owner.name);
    if (resource !== CRON_JOBS) return;
    const cron = object as CronJob;
    const isSameSpec = previous !== undefined && JSON.stringify(previous.spec) === JSON.stringify(cron.spec);
    if (type === 'DELETED') {
      timers.get(keyOf(cron))?.();
      timers.delete(keyOf(cron));
    } else if (!isSameSpec) plan(keyOf(cron), cron);
  });
}
