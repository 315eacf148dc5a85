// Waits until something on the screen or in the cluster has become as expected, without sleeping in the tests.
import assert from 'node:assert/strict';

/** How long anything may take before it counts as never happening: far more than a busy machine needs. */
export const PATIENCE_MS = 150_000;

/** For a single click or look inside `eventually`: what does not succeed at once is tried again, on what is there by then. */
export const ONE_TRY = { timeout: 2_000 } as const;

/** For what a click brings about, where a second click would undo it. */
export const SLOW_TRY = { timeout: 20_000 } as const;

/** How often a condition is looked at. */
const INTERVAL_MS = 50;
/** A single reading that hangs must not use up all the patience. */
const LONGEST_READING_MS = 30_000;

/** Reads again and again until `accept` does not throw, then returns what was read; fails with its last objection. */
export async function eventually<T>(read: () => Promise<T>, accept: (value: T) => void, timeoutMs = PATIENCE_MS): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const objection = await objectionTo(read, accept);
    if ('value' in objection) return objection.value;
    if (performance.now() > end) throw objection.error;
    await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS));
  }
}

async function objectionTo<T>(read: () => Promise<T>, accept: (value: T) => void): Promise<{ value: T } | { error: unknown }> {
  try {
    const value = await withinReason(read());
    accept(value);
    return { value };
  } catch (error) {
    return { error };
  }
}

async function withinReason<T>(reading: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`a single look took longer than ${LONGEST_READING_MS / 1000} s`));
    }, LONGEST_READING_MS);
  });
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Reads until the value equals the expected one. */
export function eventuallyEquals<T>(read: () => Promise<T>, expected: T, timeoutMs?: number): Promise<T> {
  return eventually(
    read,
    (value) => {
      assert.deepEqual(value, expected);
    },
    timeoutMs,
  );
}

/** Does one small thing after another, whatever there is to do now, until it returns true; a try that fails is made again. */
export async function untilDone(tryOnce: () => Promise<boolean>, what: string): Promise<void> {
  await eventually(tryOnce, (isDone) => {
    if (!isDone) throw new Error(`${what} is not done yet`);
  });
}
