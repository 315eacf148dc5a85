// The status of a Deployment, from its ReplicaSets: what `kubectl rollout status` and `kubectl get` read.
import { formatTime } from '../api/objectStore.js';
import { rolloutLimits } from './rollingUpdate.js';
import { wantedReplicas } from './workloadTypes.js';
import type { Deployment, ReplicaSet, WorkloadCondition, WorkloadStatus } from './workloadTypes.js';

type Verdict = Pick<WorkloadCondition, 'type' | 'status' | 'reason' | 'message'>;

/** `lastTransitionTime` moves only with the status, `lastUpdateTime` with any word of it. */
function dated(verdict: Verdict, before: readonly WorkloadCondition[], now: string): WorkloadCondition {
  const old = before.find(({ type }) => type === verdict.type);
  const isSame = old?.status === verdict.status && old.reason === verdict.reason && old.message === verdict.message;
  return {
    ...verdict,
    lastTransitionTime: old?.status === verdict.status ? old.lastTransitionTime : now,
    lastUpdateTime: isSame ? (old.lastUpdateTime ?? now) : now,
  };
}

function availability(isAvailable: boolean): Verdict {
  return isAvailable
    ? { type: 'Available', status: 'True', reason: 'MinimumReplicasAvailable', message: 'Deployment has minimum availability.' }
    : {
        type: 'Available',
        status: 'False',
        reason: 'MinimumReplicasUnavailable',
        message: 'Deployment does not have minimum availability.',
      };
}

function progress(deployment: Deployment, newest: ReplicaSet | undefined, isComplete: boolean): Verdict {
  if (deployment.spec.paused === true) {
    return { type: 'Progressing', status: 'True', reason: 'DeploymentPaused', message: 'Deployment is paused' };
  }
  const name = newest?.metadata.name ?? '';
  return isComplete
    ? { type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable', message: `ReplicaSet "${name}" has successfully progressed.` }
    : { type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated', message: `ReplicaSet "${name}" is progressing.` };
}

/** Counts and conditions as the deployment controller writes them. */
export function deploymentStatus(
  deployment: Deployment,
  newest: ReplicaSet | undefined,
  sets: readonly ReplicaSet[],
  now: Date,
): WorkloadStatus {
  const total = (count: (set: ReplicaSet) => number): number => sets.reduce((sum, set) => sum + count(set), 0);
  const wanted = wantedReplicas(deployment);
  const replicas = total((set) => set.status?.replicas ?? 0);
  const available = total((set) => set.status?.availableReplicas ?? 0);
  const updated = newest?.status?.replicas ?? 0;
  const { maxSurge, maxUnavailable } = deployment.spec.strategy?.rollingUpdate ?? {};
  const minimum = wanted - rolloutLimits(wanted, maxSurge, maxUnavailable).maxUnavailable;
  const isComplete = updated === wanted && replicas === wanted && available === wanted;
  const before = deployment.status?.conditions ?? [];
  const failures = newest?.status?.conditions?.filter(({ type }) => type === 'ReplicaFailure') ?? [];
  const verdicts = [availability(available >= minimum), progress(deployment, newest, isComplete), ...failures];
  return {
    observedGeneration: deployment.metadata.generation,
    replicas,
    updatedReplicas: updated,
    readyReplicas: total((set) => set.status?.readyReplicas ?? 0),
    availableReplicas: available,
    ...(wanted > available ? { unavailableReplicas: wanted - available } : {}),
    conditions: verdicts.map(({ type, status, reason, message }) =>
      dated({ type, status, reason, message }, before, formatTime(now)),
    ),
  };
}
