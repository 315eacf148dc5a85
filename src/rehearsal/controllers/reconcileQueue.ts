// A controller's work queue: a key asked for several times before its turn is worked on once.
import type { RehearsalClock } from './rehearsalClock.js';

export interface ReconcileQueue {
  /** Asks for the key to be looked at soon, or after a longer wait. */
  add(key: string, delayMs?: number): void;
}

/** Controllers react within some tens of milliseconds, as in a real cluster; it makes every stage of a rollout visible. */
const REACTION_MS = 40;

export function createReconcileQueue(clock: RehearsalClock, reconcile: (key: string) => void): ReconcileQueue {
  const waiting = new Set<string>();
  return {
    add(key, delayMs = REACTION_MS) {
      if (waiting.has(key)) return;
      waiting.add(key);
      clock.schedule(delayMs, () => {
        waiting.delete(key);
        reconcile(key);
      });
    },
  };
}

/** Namespace and name as one key. */
export function keyOf(object: { readonly metadata: { readonly namespace?: string; readonly name: string } }): string {
  return `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
}

export function splitKey(key: string): readonly [namespace: string, name: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}
