// Asking one proxy again: when, after how long, and that nobody holds a place while waiting.
import assert from 'node:assert/strict';
import { AdaptiveLimit } from '../../../../src/app/trust/adaptiveLimit.js';
import { readInTurn } from '../../../../src/app/trust/readInTurn.js';
import type { Failure, Result } from '../../../../src/shared/failure.js';
import { fail, succeed } from '../../../../src/shared/failure.js';
import { ManualClock } from '../../../support/manualClock.js';

const BUSY: Failure = { kind: 'apiError', status: 429, reason: 'too many requests' };
const settled = (): Promise<void> => new Promise(setImmediate);

class Reading {
  readonly clock = new ManualClock();
  readonly stop = new AbortController();
  readonly limit = new AdaptiveLimit({ clock: this.clock, signal: this.stop.signal, fixed: 1 });
  asked = 0;

  /** Answers one after the other; the last one again and again. */
  async begin(answers: readonly Result<string>[], random = 0.5): Promise<Result<string>> {
    const read = (): Promise<Result<string>> => {
      this.asked += 1;
      return Promise.resolve(answers[Math.min(this.asked, answers.length) - 1]!);
    };
    return readInTurn(read, await this.limit.turn(), { clock: this.clock, random: () => random, limit: this.limit, signal: this.stop.signal });
  }
}

describe('a proxy that is asked again', () => {
  it('was turned away by the API server, and waits twice as long each time', async () => {
    const reading = new Reading();
    const result = reading.begin([fail(BUSY), fail(BUSY), fail(BUSY), succeed('secrets')]);
    const pauses: number[] = [];
    for (let time = 0; time < 3; time += 1) {
      pauses.push(await reading.clock.whenSleeping(() => true));
      reading.clock.advance(pauses.at(-1)!);
      await settled();
    }
    assert.deepEqual(pauses, [500, 1000, 2000]);
    assert.deepEqual(await result, succeed('secrets'));
  });

  it('is not asked for ever', async () => {
    const reading = new Reading();
    const result = reading.begin([fail(BUSY)]);
    for (let time = 0; time < 6; time += 1) {
      reading.clock.advance(await reading.clock.whenSleeping(() => true));
      await settled();
    }
    assert.deepEqual(await result, fail(BUSY));
    assert.equal(reading.asked, 7);
  });

  it('waits a little more or less than the others', async () => {
    for (const [random, pause] of [[0, 250], [0.999, 749.5]] as const) {
      const reading = new Reading();
      void reading.begin([fail({ kind: 'proxyUnreachable', reason: 'x' })], random);
      assert.equal(await reading.clock.whenSleeping(() => true), pause);
      reading.stop.abort();
    }
  });

  it('holds no place while it waits', async () => {
    const reading = new Reading();
    void reading.begin([fail(BUSY)]);
    await reading.clock.whenSleeping(() => true);
    const turn = await reading.limit.turn();
    turn.end('quiet');
    reading.stop.abort();
  });

  it('is asked no more once all is cancelled', async () => {
    const reading = new Reading();
    const result = reading.begin([fail(BUSY)]);
    await reading.clock.whenSleeping(() => true);
    reading.stop.abort();
    assert.deepEqual(await result, fail(BUSY));
    assert.equal(reading.asked, 1);
  });

  it('is not one that refuses, times out or is not understood', async () => {
    const failures: readonly Failure[] = [{ kind: 'forbidden', reason: 'x' }, { kind: 'timedOut', seconds: 10 }, { kind: 'proxyAnswerUnreadable', reason: 'x' }];
    for (const failure of failures) {
      const reading = new Reading();
      assert.deepEqual([await reading.begin([fail(failure)]), reading.asked], [fail(failure), 1]);
    }
  });
});
