// How far a cluster's kinds may be believed when they are shown. Gates ask for more: for them only `live` is known.
import type { WatchedKind } from './facts.js';
import type { ClusterSnapshot, KindState } from './snapshot.js';

/** Read at least once, so absence means something. Stale counts: the view says beside it how old it is. */
export function isKnown(snapshot: ClusterSnapshot, kind: WatchedKind): boolean {
  const { state } = snapshot.kinds[kind];
  return state === 'live' || state === 'stale';
}

export interface KindTrouble {
  readonly kind: WatchedKind;
  readonly state: Extract<KindState, { state: 'stale' | 'failed' }>;
}

/** The kinds that could not be read, or are no longer followed. */
export function troublesOf(snapshot: ClusterSnapshot): readonly KindTrouble[] {
  return (Object.entries(snapshot.kinds) as [WatchedKind, KindState][]).flatMap(([kind, state]) =>
    state.state === 'stale' || state.state === 'failed' ? [{ kind, state }] : [],
  );
}
