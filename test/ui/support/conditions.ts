// Waits until something on the screen or in the cluster has become as expected, without sleeping in the tests.
import assert from 'node:assert/strict';

/** How often a condition is looked at. */
const intervalMs = 100;

/** Reads again and again until `accept` does not throw, then returns what was read; fails with its last objection. */
export async function eventually<T>(read: () => Promise<T>, accept: (value: T) => void, timeoutMs = 30_000): Promise<T> {
  const end = performance.now() + timeoutMs;
  for (;;) {
    const objection = await objectionTo(read, accept);
    if ('value' in objection) return objection.value;
    if (performance.now() > end) throw objection.error;
    await new Promise((resolve) => setTimeout(resolve, intervalMs));
  }
}

async function objectionTo<T>(read: () => Promise<T>, accept: (value: T) => void): Promise<{ value: T } | { error: unknown }> {
  try {
    const value = await read();
    accept(value);
    return { value };
  } catch (error) {
    return { error };
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
