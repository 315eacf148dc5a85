// What of a cluster is not known well enough for gates: a kind that is stale, failed or was never read counts as missing.
import type { WatchedKind } from '../mesh/facts.js';
import type { GateObjectKind, GateObjects } from '../mesh/gateObjects.js';
import type { KindState } from '../mesh/snapshot.js';
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

const NOT_YET = 'not read yet';

/** In few words for each reason: the kinds as Kubernetes names them, and why. A cluster that is away has one reason for all that is watched. */
export function unreadOf({ snapshot, evidence }: ClusterContext): readonly string[] {
  const { records } = evidence;
  const watched = Object.keys(snapshot.kinds) as WatchedKind[];
  const reasons: readonly (readonly [what: string, reason: string | undefined])[] = [
    ...watched.map((kind) => [kind, watchedReason(snapshot.kinds[kind])] as const),
    ...GATE_OBJECTS.map((kind) => [kind, listedReason(snapshot.objects[kind])] as const),
    ['records', records === undefined ? NOT_YET : records.ok ? undefined : reasonOf(records.failure)],
  ];
  const byReason = new Map<string, string[]>();
  for (const [what, reason] of reasons) {
    if (reason !== undefined) byReason.set(reason, [...(byReason.get(reason) ?? []), what]);
  }
  return [...byReason].map(([reason, what]) => `${watched.every((kind) => what.includes(kind)) ? 'everything' : what.join(', ')} (${reason})`);
}

function watchedReason(state: KindState): string | undefined {
  if (state.state === 'live') return undefined;
  return state.state === 'loading' ? NOT_YET : reasonOf(state.failure);
}

function listedReason(list: GateObjects[GateObjectKind]): string | undefined {
  if (list.state === 'listed') return undefined;
  return list.failure === undefined ? NOT_YET : reasonOf(list.failure);
}
