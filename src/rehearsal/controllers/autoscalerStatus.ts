// What HPAs say of themselves. They scale nothing here, but two over the same pods disable each other, as in life.
import { formatTime } from '../api/objectStore.js';
import type { ObjectStore } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import { textAt } from '../api/json.js';
import { hasLabels } from '../mesh/labelSelector.js';
import type { Labels } from '../mesh/labelSelector.js';
import { createReconcileQueue } from './reconcileQueue.js';
import type { RehearsalClock } from './rehearsalClock.js';
import { wantedReplicas } from './workloadTypes.js';
import type { Deployment } from './workloadTypes.js';

const AUTOSCALERS = 'horizontalpodautoscalers.autoscaling';
const DEPLOYMENTS = 'deployments.apps';

interface Scaled {
  readonly autoscaler: StoredObject;
  readonly target: Deployment | undefined;
}

function matchLabels({ spec }: Deployment): Labels {
  return spec.selector.matchLabels ?? {};
}

/** The HPA controller takes the pods of the target's selector; pods of a second target in them make it ambiguous. */
function rivalsOf({ autoscaler, target }: Scaled, all: readonly Scaled[]): readonly string[] {
  if (target === undefined) return [];
  const isRival = (other: Scaled): boolean => {
    if (other.autoscaler === autoscaler || other.target === undefined) return false;
    const podsOf = (deployment: Deployment): Labels => deployment.spec.template.metadata?.labels ?? {};
    return hasLabels(matchLabels(target), podsOf(other.target)) || hasLabels(matchLabels(other.target), podsOf(target));
  };
  const name = ({ metadata }: StoredObject): string => `${metadata.namespace ?? ''}/${metadata.name}`;
  const rivals = all.filter(isRival);
  return rivals.length === 0 ? [] : [autoscaler, ...rivals.map((rival) => rival.autoscaler)].map(name).sort();
}

function activity(target: Deployment | undefined, rivals: readonly string[], pods: string): Record<string, unknown> {
  if (target === undefined) return { type: 'AbleToScale', status: 'False', reason: 'FailedGetScale', message: 'the HPA controller was unable to get the target\'s current scale' };
  if (rivals.length === 0) {
    return { type: 'ScalingActive', status: 'True', reason: 'ValidMetricFound', message: 'the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)' };
  }
  const message = `pods by selector ${pods} are controlled by multiple HPAs: [${rivals.join(' ')}]`;
  return { type: 'ScalingActive', status: 'False', reason: 'AmbiguousSelector', message };
}

/** Keeps the status of all HPAs of a namespace. */
export function startAutoscalerStatus({ store, clock }: { readonly store: ObjectStore; readonly clock: RehearsalClock }): void {
  const queue = createReconcileQueue(clock, (namespace) => {
    const all = store.list(AUTOSCALERS, namespace).map((autoscaler): Scaled => {
      const name = textAt(autoscaler, 'spec', 'scaleTargetRef', 'name');
      return { autoscaler, target: store.get(DEPLOYMENTS, namespace, name) as Deployment | undefined };
    });
    for (const scaled of all) {
      const { autoscaler, target } = scaled;
      const selector = Object.entries(target === undefined ? {} : matchLabels(target)).map(([key, value]) => `${key}=${value}`);
      const verdict = activity(target, rivalsOf(scaled, all), selector.sort().join(','));
      const before = (autoscaler.status as { conditions?: readonly Record<string, unknown>[] } | undefined)?.conditions?.[0];
      const isSame = before?.type === verdict.type && before?.status === verdict.status;
      const lastTransitionTime = isSame ? before?.lastTransitionTime : formatTime(clock.now());
      const replicas = target === undefined ? 0 : wantedReplicas(target);
      const status = { currentReplicas: target?.status?.replicas ?? replicas, desiredReplicas: replicas, conditions: [{ ...verdict, lastTransitionTime }] };
      store.replace(AUTOSCALERS, { ...autoscaler, status });
    }
  });
  store.onChange(({ resource, object, type, previous }) => {
    const namespace = object.metadata.namespace ?? '';
    const isScaled = resource === DEPLOYMENTS && (type !== 'MODIFIED' || previous?.metadata.generation !== object.metadata.generation);
    if (resource === AUTOSCALERS ? type !== 'MODIFIED' : isScaled && store.list(AUTOSCALERS, namespace).length > 0) queue.add(namespace);
  });
}
