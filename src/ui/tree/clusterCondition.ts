// How well a cluster can be read as a whole, and its troubles gathered by reason, so that one broken connection is said once.
import type { WatchedKind } from '../../domain/mesh/facts.js';
import type { KindTrouble } from '../../domain/mesh/known.js';
import { troublesOf } from '../../domain/mesh/known.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { Failure } from '../../shared/failure.js';

export type ClusterCondition =
  | { readonly kind: 'reading' }
  | { readonly kind: 'live' }
  /** Nothing could ever be read. */
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** All of it is of `since` (ms since the epoch); the connection is being made again. */
  | { readonly kind: 'stale'; readonly since: number; readonly failure: Failure }
  /** Some kinds are followed and some are not. */
  | { readonly kind: 'partial'; readonly troubles: number };

export interface TroubleGroup {
  readonly id: string;
  readonly failure: Failure;
  readonly kinds: readonly WatchedKind[];
  /** When the oldest of what is still shown was read; undefined when nothing of it is. */
  readonly since: number | undefined;
}

export function clusterCondition(snapshot: ClusterSnapshot): ClusterCondition {
  const troubles = troublesOf(snapshot);
  const states = Object.values(snapshot.kinds);
  const [first] = troubles;
  if (first === undefined) return states.some(({ state }) => state === 'loading') ? { kind: 'reading' } : { kind: 'live' };
  if (troubles.length < states.length) {
    // The first answers of a cluster that cannot be reached come one by one; its condition is said when all are in.
    return states.some(({ state }) => state === 'live' || state === 'stale')
      ? { kind: 'partial', troubles: troubles.length }
      : { kind: 'reading' };
  }
  const stale = troubles.flatMap(({ state }) => (state.state === 'stale' ? [state] : []));
  if (stale.length === 0) return { kind: 'failed', failure: worst(troubles).state.failure };
  return { kind: 'stale', since: Math.min(...stale.map(({ since }) => since)), failure: worst(troubles).state.failure };
}

/** Troubles with one reason together, in the order of the kinds. */
export function troubleGroups(snapshot: ClusterSnapshot): readonly TroubleGroup[] {
  const groups = new Map<string, { failure: Failure; kinds: WatchedKind[]; since: number | undefined }>();
  for (const { kind, state } of troublesOf(snapshot)) {
    const since = state.state === 'stale' ? state.since : undefined;
    // What is forbidden names each kind in its reason and still is one trouble; the rest is grouped by what was said.
    const id = state.failure.kind === 'forbidden' ? `forbidden ${state.state}` : `${state.state} ${JSON.stringify(state.failure)}`;
    const group = groups.get(id);
    if (group === undefined) {
      groups.set(id, { failure: state.failure, kinds: [kind], since });
    } else {
      group.kinds.push(kind);
      if (since !== undefined) group.since = Math.min(group.since ?? since, since);
    }
  }
  return [...groups].map(([id, group]) => ({ id, ...group }));
}

/** Not reached says more about a cluster than what one kind answered. */
function worst(troubles: readonly KindTrouble[]): KindTrouble {
  const general = troubles.find(({ state }) => state.failure.kind !== 'forbidden' && state.failure.kind !== 'cancelled');
  const [first] = troubles;
  if (first === undefined) throw new Error('a cluster without troubles has no worst one');
  return general ?? first;
}
