// What disruption budgets say of themselves: how many of their pods are healthy, and how many may go now.
import { budgetState } from '../api/eviction.js';
import { sameJson } from '../api/json.js';
import type { ObjectStore } from '../clusterBackend.js';
import { createReconcileQueue } from './reconcileQueue.js';
import type { RehearsalClock } from './rehearsalClock.js';

const BUDGETS = 'poddisruptionbudgets.policy';

/** Keeps the status of all budgets of a namespace, as the disruption controller does (pkg/controller/disruption). */
export function startBudgetStatus({ store, clock }: { readonly store: ObjectStore; readonly clock: RehearsalClock }): void {
  const queue = createReconcileQueue(clock, (namespace) => {
    for (const budget of store.list(BUDGETS, namespace)) {
      const { desired, healthy, expected } = budgetState(budget, store.list('pods', namespace));
      const status = {
        currentHealthy: healthy,
        desiredHealthy: desired,
        disruptionsAllowed: Math.max(0, healthy - desired),
        expectedPods: expected,
        observedGeneration: budget.metadata.generation,
      };
      if (!sameJson(budget.status, status)) store.replace(BUDGETS, { ...budget, status });
    }
  });
  store.onChange(({ resource, object, type }) => {
    const namespace = object.metadata.namespace ?? '';
    const concerns = resource === BUDGETS ? type !== 'DELETED' : resource === 'pods' && store.list(BUDGETS, namespace).length > 0;
    if (concerns) queue.add(namespace);
  });
}
