// Ticks the walkthrough's steps by what the clusters show: a command that was run, or cancelled, says nothing of a phase.
import type { Disposable } from '../../app/events.js';
import type { LivePosition } from '../../app/migration/livePosition.js';
import type { CONTEXT_KEYS } from '../../contributions.js';
import type { MigrationPosition } from '../../domain/position/position.js';
import type { Phase } from '../../domain/procedure/stepOrder.js';
import type { ContextKey } from '../contextKeys.js';

type KeyName = keyof typeof CONTEXT_KEYS;

/** The context key whose being set completes the walkthrough's step of each phase; package.json names them. */
const KEYS = [
  [0, 'preparationDone'],
  [1, 'phase1Done'],
  [2, 'phase2Done'],
  [3, 'phase3Done'],
] as const satisfies readonly (readonly [Phase, KeyName])[];

/**
 * Whether the whole phase is known to be over. VS Code never takes a tick back, so a phase that is only passed over because a
 * cluster is away, or in which there is nothing of its kind, is not ticked.
 */
export function isPhaseOver(position: MigrationPosition, phase: Phase): boolean {
  const state = position.phases.find((each) => each.phase === phase)?.state.kind;
  return state === 'done' && (phase < position.phase || position.finished);
}

/** Sets the keys now and whenever the position changes. */
export function tickWalkthrough(live: Pick<LivePosition, 'current' | 'onDidChange'>, keyNamed: (name: KeyName) => Pick<ContextKey, 'set'>): Disposable {
  const keys = KEYS.map(([phase, name]) => ({ phase, key: keyNamed(name) }));
  const set = (): void => {
    const { position } = live.current();
    for (const { phase, key } of keys) key.set(isPhaseOver(position, phase));
  };
  set();
  return live.onDidChange(set);
}
