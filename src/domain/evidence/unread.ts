// What of a cluster is not known well enough for gates: a kind that is stale, failed or was never read counts as missing.
import type { WatchedKind } from '../mesh/facts.js';
import type { GateObjectKind, GateObjects } from '../mesh/gateObjects.js';
import type { KindState } from '../mesh/snapshot.js';
import type { ClusterContext } from './clusterContext.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';

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

const NOT_YET = message('reason.notReadYet');

/** In few words for each reason: the kinds as Kubernetes names them, and why. A cluster that is away has one reason for all that is watched. */
export function unreadOf({ snapshot, evidence }: ClusterContext): readonly Message[] {
  const { records } = evidence;
  const watched = Object.keys(snapshot.kinds) as WatchedKind[];
  const reasons: readonly (readonly [what: string, reason: Message | undefined])[] = [
    ...watched.map((kind) => [kind, watchedReason(snapshot.kinds[kind])] as const),
    ...GATE_OBJECTS.map((kind) => [kind, listedReason(snapshot.objects[kind])] as const),
    ['records', records === undefined ? NOT_YET : records.ok ? undefined : failureMessage(records.failure)],
  ];
  const byReason = new Map<string, { readonly reason: Message; readonly what: string[] }>();
  for (const [what, reason] of reasons) {
    if (reason === undefined) continue;
    const key = JSON.stringify(reason);
    const known = byReason.get(key);
    if (known === undefined) byReason.set(key, { reason, what: [what] });
    else known.what.push(what);
  }
  return [...byReason.values()].map(({ reason, what }) =>
    message('reason.unread', { what: watched.every((kind) => what.includes(kind)) ? message('reason.everything') : what.join(', '), reason }),
  );
}

function watchedReason(state: KindState): Message | undefined {
  if (state.state === 'live') return undefined;
  return state.state === 'loading' ? NOT_YET : failureMessage(state.failure);
}

function listedReason(list: GateObjects[GateObjectKind]): Message | undefined {
  if (list.state === 'listed') return undefined;
  return list.failure === undefined ? NOT_YET : failureMessage(list.failure);
}
