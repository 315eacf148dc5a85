// Gathers what a survey finds into small batches, so that a listener paints a few times a second and not per proxy.
import type { Clock } from '../ports.js';

/** Long enough to gather, short enough to look live. */
const BATCH_MS = 100;
/** The webview takes messages of at most this many rows. */
export const LARGEST_BATCH = 2000;

export interface Batches<Item> {
  add(item: Item): void;
  /** Hands over what is left. */
  flush(): void;
}

/** Hands items over in order, at the latest `BATCH_MS` after the first of a batch came, or at once when `signal` aborts. */
export function gatherBatches<Item>(clock: Clock, signal: AbortSignal, onBatch: (items: readonly Item[]) => void): Batches<Item> {
  const pending: Item[] = [];
  const wait = { running: false };
  const flush = (): void => {
    while (pending.length > 0) onBatch(pending.splice(0, LARGEST_BATCH));
  };
  return {
    flush,
    add: (item) => {
      pending.push(item);
      if (wait.running) return;
      wait.running = true;
      void clock.sleep(BATCH_MS, signal).then(() => {
        wait.running = false;
        flush();
      });
    },
  };
}
