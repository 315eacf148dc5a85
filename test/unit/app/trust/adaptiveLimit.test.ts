// How many requests are let through: more while answers stay quick, half as many when the server has too much to do.
import assert from 'node:assert/strict';
import type { LoadSign, Turn } from '../../../../src/app/trust/adaptiveLimit.js';
import { AdaptiveLimit } from '../../../../src/app/trust/adaptiveLimit.js';
import { ManualClock } from '../../../support/manualClock.js';

class Load {
  readonly clock = new ManualClock();
  readonly stop = new AbortController();
  readonly limit: AdaptiveLimit;
  readonly turns: Turn[] = [];

  constructor(fixed?: number) {
    this.limit = new AdaptiveLimit({ clock: this.clock, signal: this.stop.signal, fixed });
  }

  /** So many want a turn. */
  ask(count: number, urgent = false): void {
    for (let index = 0; index < count; index += 1) void this.limit.turn(urgent).then((turn) => this.turns.push(turn));
  }

  /** Everybody who has a turn by now is answered after this time; resolves with how many they were. */
  async answer(milliseconds: number, sign: LoadSign = 'answered', retryAfterMs?: number): Promise<number> {
    await settled();
    this.clock.advance(milliseconds);
    await settled();
    const ending = this.turns.splice(0);
    for (const turn of ending) turn.end(sign, retryAfterMs);
    await settled();
    return ending.length;
  }
}

/** All that was resolved has been heard. */
const settled = (): Promise<void> => new Promise(setImmediate);

describe('the limit of requests under way', () => {
  it('grows while answers are as quick as they were, up to a bound', async () => {
    const load = new Load();
    load.ask(2000);
    const rounds: number[] = [];
    for (let round = 0; round < 5; round += 1) rounds.push(await load.answer(20));
    assert.deepEqual(rounds, [8, 16, 32, 48, 48]);
  });

  it('stops growing when answers take longer', async () => {
    const load = new Load();
    load.ask(2000);
    await load.answer(20);
    assert.deepEqual([await load.answer(200), await load.answer(200), await load.answer(200)], [16, 16, 16]);
  });

  it('does not grow for nobody', async () => {
    const load = new Load();
    load.ask(8);
    await load.answer(20);
    assert.equal(load.limit.size, 8);
  });

  it('is halved once for all that were under way when the server turned requests away, and then grows step by step', async () => {
    const load = new Load();
    load.ask(2000);
    await load.answer(20);
    assert.equal(load.limit.size, 16);
    await load.answer(20, 'busy');
    assert.equal(load.limit.size, 8);
    await load.answer(20);
    assert.equal(load.limit.size, 8);
    await load.answer(20);
    assert.equal(load.limit.size, 9);
  });

  it('lets nobody begin before the time that the server asked for', async () => {
    const load = new Load();
    load.ask(100);
    assert.equal(await load.answer(20, 'busy', 3000), 8);
    assert.equal(await load.answer(2999), 0);
    assert.equal(await load.answer(1), 4);
  });

  it('comes down to one at a time and no further', async () => {
    const load = new Load();
    load.ask(100);
    for (let round = 0; round < 6; round += 1) await load.answer(20, 'busy');
    assert.equal(load.limit.size, 1);
    assert.equal(await load.answer(20), 1);
  });

  it('gives the place of a request that takes long to others', async () => {
    const load = new Load();
    load.ask(16);
    await settled();
    assert.equal(load.turns.length, 8);
    load.clock.advance(1500);
    await settled();
    assert.equal(load.turns.length, 16);
  });

  it('is halved by several timeouts in a row, not by one proxy that hangs, and never below four by them', async () => {
    const load = new Load();
    load.ask(100);
    await settled();
    const [first, second, third] = load.turns.splice(0, 3);
    load.clock.advance(20);
    first?.end('timedOut');
    second?.end('timedOut');
    assert.equal(load.limit.size, 8);
    third?.end('timedOut');
    assert.equal(load.limit.size, 4);
    for (let round = 0; round < 3; round += 1) await load.answer(20, 'timedOut');
    assert.equal(load.limit.size, 4);
  });

  it('gives a turn first to who has begun', async () => {
    const load = new Load(1);
    const order: string[] = [];
    const [holder] = await Promise.all([load.limit.turn()]);
    void load.limit.turn().then(() => order.push('new'));
    void load.limit.turn(true).then((turn) => { order.push('again'); turn.end('quiet'); });
    holder.end('quiet');
    await settled();
    assert.deepEqual(order, ['again', 'new']);
  });

  it('is exactly what somebody chose, whatever happens', async () => {
    const load = new Load(3);
    load.ask(100);
    assert.deepEqual([await load.answer(20), await load.answer(20, 'busy'), await load.answer(5000)], [3, 3, 3]);
  });

  it('lets everybody through at once when all is cancelled', async () => {
    const load = new Load();
    load.ask(100);
    load.stop.abort();
    await settled();
    assert.equal(load.turns.length, 100);
  });
});
