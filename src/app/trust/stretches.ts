// Long work over many proxies in short stretches, so that whoever shares the thread has turns in between; the same work at once
// where nobody waits for one. What is worked out is the same either way.
import type { Clock } from '../ports.js';

/** Work that may be interrupted at each `yield`. It takes hold of all that changes meanwhile before its first one. */
export type Work<Value> = Generator<undefined, Value, undefined>;

/** Longer than this nobody waits: less than a frame of an editor that draws sixty times a second. */
const STRETCH_MS = 12;
/** Looked at between two glances at the clock. */
const ITEMS = 200;

/** Looks at every item. */
export function* each<Item>(items: readonly Item[], look: (item: Item) => void): Work<void> {
  for (let first = 0; first < items.length; first += ITEMS) {
    for (const item of items.slice(first, first + ITEMS)) look(item);
    yield;
  }
}

export function* mapEach<Item, Value>(items: readonly Item[], map: (item: Item) => Value): Work<readonly Value[]> {
  const values: Value[] = [];
  yield* each(items, (item) => values.push(map(item)));
  return values;
}

/** A long text of which nobody wants to put the whole together in one stretch. */
export type TextPieces = readonly string[];

/** The texts with what stands before the first, between any two, and after the last. */
export function* inPieces(texts: readonly string[], before: string, between: string, after: string): Work<TextPieces> {
  const pieces = [before];
  for (let first = 0; first < texts.length; first += ITEMS) {
    pieces.push(`${first === 0 ? '' : between}${texts.slice(first, first + ITEMS).join(between)}`);
    yield;
  }
  pieces.push(after);
  return pieces;
}

/** At once. */
export function finish<Value>(work: Work<Value>): Value {
  for (;;) {
    const step = work.next();
    if (step.done === true) return step.value;
  }
}

/** With pauses. Undefined when the signal aborts before it is done: then nobody wants the result. */
export async function inStretches<Value>(work: Work<Value>, clock: Clock, signal: AbortSignal): Promise<Value | undefined> {
  for (let began = clock.now(); !signal.aborted; ) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (clock.now() - began < STRETCH_MS) continue;
    await clock.sleep(0, signal);
    began = clock.now();
  }
  return undefined;
}
