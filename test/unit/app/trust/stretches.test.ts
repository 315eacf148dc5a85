// Work in stretches: nobody waits long, and the result is the one of the same work at once.
import assert from 'node:assert/strict';
import { finish, inStretches, mapEach } from '../../../../src/app/trust/stretches.js';

const numbers = Array.from({ length: 10_000 }, (_, index) => index);

/** A little time passes with each item that is looked at. */
function workingClock() {
  const state = { now: 0, pauses: [] as number[], since: 0 };
  const double = (number: number): number => {
    state.now += 0.02;
    return number * 2;
  };
  const clock = {
    now: () => state.now,
    sleep: () => {
      state.pauses.push(state.now - state.since);
      state.since = state.now;
      return Promise.resolve();
    },
  };
  return { clock, state, double };
}

describe('work in stretches', () => {
  it('gives what the same work gives at once', async () => {
    const { clock, double } = workingClock();
    const stretched = await inStretches(mapEach(numbers, double), clock, new AbortController().signal);
    assert.deepEqual(stretched, finish(mapEach(numbers, double)));
    assert.equal(stretched.length, numbers.length);
  });

  it('pauses before anybody has waited for more than a frame', async () => {
    const { clock, state, double } = workingClock();
    await inStretches(mapEach(numbers, double), clock, new AbortController().signal);
    assert.ok(state.pauses.length >= 10);
    assert.ok(Math.max(...state.pauses) <= 16, String(Math.max(...state.pauses)));
  });

  it('ends without a result when nobody wants it any more', async () => {
    const { clock, state, double } = workingClock();
    const stop = new AbortController();
    const sleep = (): Promise<void> => {
      stop.abort();
      return Promise.resolve();
    };
    assert.equal(await inStretches(mapEach(numbers, double), { ...clock, sleep }, stop.signal), undefined);
    assert.ok(state.now < 20);
  });
});
