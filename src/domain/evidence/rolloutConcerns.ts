// What may make rollouts and drains slow or impossible during the weeks of a canary: budgets that overlap or allow nothing, autoscalers at their end.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { DisruptionBudgetFacts } from '../mesh/gateObjects.js';
import { itemsOf } from '../mesh/gateObjects.js';
import { matchesSelector } from '../mesh/podSelection.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import { workloadOf } from './proxyGroups.js';

export function rolloutConcerns(snapshot: ClusterSnapshot): readonly Message[] {
  const { autoscalers, disruptionBudgets } = snapshot.objects;
  const atMaximum = itemsOf(autoscalers).filter(({ current, maximum }) => maximum > 0 && current >= maximum);
  const budgets = new Map<string, DisruptionBudgetFacts[]>();
  for (const budget of itemsOf(disruptionBudgets)) budgets.set(budget.namespace, [...(budgets.get(budget.namespace) ?? []), budget]);
  return [
    ...[...budgets].flatMap(([namespace, own]) => overlaps(snapshot, namespace, own)),
    ...atMaximum.map(({ namespace, name, maximum }) => message('concerns.autoscalerAtMaximum', { namespace, autoscaler: name, maximum })),
  ];
}

/** A pod that two budgets match cannot be evicted at all (istio#23075); a budget may allow nothing with a single replica. */
function overlaps(snapshot: ClusterSnapshot, namespace: string, budgets: readonly DisruptionBudgetFacts[]): readonly Message[] {
  const found = new Map<string, Message>();
  const matched = new Set<DisruptionBudgetFacts>();
  for (const pod of snapshot.namespaces.get(namespace)?.pods.values() ?? []) {
    const own = budgets.filter(({ selector }) => matchesSelector(pod.labels, selector));
    for (const budget of own) matched.add(budget);
    const names = own.map(({ name }) => name).sort().join(', ');
    const workload = workloadOf(pod);
    if (own.length > 1) found.set(`${workload} ${names}`, message('concerns.overlappingBudgets', { namespace, pod: workload, budgets: names }));
  }
  const stuck = budgets.filter((budget) => matched.has(budget) && budget.disruptionsAllowed === 0);
  return [...found.values(), ...stuck.map(({ name }) => message('concerns.budgetAllowsNone', { namespace, budget: name }))];
}
