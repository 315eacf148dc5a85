// Evictions: a pod is deleted only when every disruption budget over it allows one more pod to go
// (kubernetes/pkg/registry/core/pod/storage/eviction.go).
import type { ObjectStore } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import { selects } from '../mesh/labelSelector.js';
import type { LabelSelector } from '../mesh/labelSelector.js';
import type { Answer } from './answer.js';
import { created } from './answer.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { isDryRun } from './apiContext.js';
import { ApiError } from './apiError.js';
import { fieldsAt, listAt, textAt, valueAt } from './json.js';
import { parseOptions } from './requestBody.js';
import { requireObject } from './updating.js';

const BUDGETS = 'poddisruptionbudgets.policy';

interface BudgetState {
  readonly desired: number;
  readonly healthy: number;
  /** Pods that it is about, those that go left out. */
  readonly expected: number;
}

function isReady(pod: StoredObject): boolean {
  const conditions = listAt(pod, 'status', 'conditions');
  const ready = conditions.some((condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True');
  return ready && pod.metadata.deletionTimestamp === undefined;
}

/** A number, or a percentage of what is expected, rounded up as the disruption controller does. */
function scaled(value: unknown, expected: number): number {
  if (typeof value === 'number') return value;
  return typeof value === 'string' ? Math.ceil((Number.parseInt(value, 10) * expected) / 100) : 0;
}

function selectorOf(budget: StoredObject): LabelSelector {
  return fieldsAt(budget, 'spec', 'selector');
}

/** How many healthy pods a budget asks for and how many there are now. */
export function budgetState(budget: StoredObject, pods: readonly StoredObject[]): BudgetState {
  const covered = pods.filter(({ metadata }) => selects(selectorOf(budget), metadata.labels ?? {}));
  const expected = covered.filter(({ metadata }) => metadata.deletionTimestamp === undefined).length;
  const maxUnavailable = valueAt(budget, ['spec', 'maxUnavailable']);
  const minAvailable = valueAt(budget, ['spec', 'minAvailable']) ?? 1;
  const desired = maxUnavailable === undefined ? scaled(minAvailable, expected) : Math.max(0, expected - scaled(maxUnavailable, expected));
  return { desired, healthy: covered.filter(isReady).length, expected };
}

function refuseByBudget(budget: StoredObject, { desired, healthy }: BudgetState): ApiError {
  const message = `The disruption budget ${budget.metadata.name} needs ${desired} healthy pods and has ${healthy} currently`;
  return new ApiError(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget.", {
    causes: [{ reason: 'DisruptionBudget', message }],
  });
}

/**
 * What is said to whoever wants to evict the pod: 429 where a budget has nothing to give; undefined where it may go, as pods
 * that do not run, or are not ready while enough others are, always may.
 */
export function evictionRefusal(store: ObjectStore, pod: StoredObject): ApiError | undefined {
  const { namespace, labels = {} } = pod.metadata;
  const phase = textAt(pod, 'status', 'phase');
  if (pod.metadata.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(phase)) return undefined;
  const budgets = store.list(BUDGETS, namespace).filter((budget) => selects(selectorOf(budget), labels));
  const [budget, ...others] = budgets;
  if (!budget) return undefined;
  if (others.length > 0) {
    return new ApiError(500, 'InternalError', 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
  }
  const state = budgetState(budget, store.list('pods', namespace));
  if (!isReady(pod) && state.desired > 0 && state.healthy >= state.desired) return undefined;
  return state.healthy - state.desired <= 0 ? refuseByBudget(budget, state) : undefined;
}

/** POST of `pods/NAME/eviction`. */
export function evictPod(context: ApiContext, request: ResourceRequest): Answer {
  const pod = requireObject(context, request.target);
  const refusal = evictionRefusal(context.backend.store, pod);
  if (refusal !== undefined) throw refusal;
  const isOnlyTried = isDryRun(request) || listAt(parseOptions(request.body), 'deleteOptions', 'dryRun').includes('All');
  if (!isOnlyTried) context.backend.stopPod(pod);
  return created({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' });
}
