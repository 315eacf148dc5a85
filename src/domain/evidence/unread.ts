// What of a cluster is not known well enough for gates: a kind that is stale, failed or was never read counts as missing.
import type { WatchedKind } from '../mesh/facts.js';
import type { GateObjectKind } from '../mesh/gateObjects.js';
import type { ClusterContext } from './clusterContext.js';
import { reasonOf } from './standing.js';

/** Kinds that gates conclude from; budgets, autoscalers, IstioOperators and memberships are for steps alone. */
const GATE_OBJECTS: readonly GateObjectKind[] = [
  'validatingWebhooks',
  'jobs',
  'cronJobs',
  'secrets',
  'gatewayApi',
  'workloadEntries',
  'workloadGroups',
];

/** In few words each: the kind as Kubernetes names it, and why. */
export function unreadOf({ snapshot, evidence }: ClusterContext): readonly string[] {
  const watched = (Object.keys(snapshot.kinds) as WatchedKind[]).flatMap((kind) => {
    const state = snapshot.kinds[kind];
    if (state.state === 'live') return [];
    return [state.state === 'loading' ? `${kind} (not read yet)` : `${kind} (${reasonOf(state.failure)})`];
  });
  const listed = GATE_OBJECTS.flatMap((kind) => {
    const list = snapshot.objects[kind];
    if (list.state === 'listed') return [];
    return [list.failure === undefined ? `${kind} (not read yet)` : `${kind} (${reasonOf(list.failure)})`];
  });
  const { records } = evidence;
  const kept = records?.ok === true ? [] : [`records (${records === undefined ? 'not read yet' : reasonOf(records.failure)})`];
  return [...watched, ...listed, ...kept];
}
