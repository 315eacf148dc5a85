// Simulated time: order of tasks, and the change from hand-driven to live.
import assert from 'node:assert/strict';
import { createRehearsalClock } from '../../../../src/rehearsal/controllers/rehearsalClock.js';

describe('the rehearsal’s clock', () => {
  it('runs what is due in order of time, and then of asking', () => {
    const clock = createRehearsalClock(new Date(0));
    const seen: string[] = [];
    for (const [name, delay] of [['c', 30], ['a', 10], ['b1', 20], ['b2', 20]] as const) {
      clock.schedule(delay, () => seen.push(`${name}@${clock.now().getTime()}`));
    }
    clock.advance(25);
    assert.deepEqual(seen, ['a@10', 'b1@20', 'b2@20']);
    assert.equal(clock.now().getTime(), 25);
    clock.advance(5);
    assert.equal(seen.at(-1), 'c@30');
  });

  it('runs what a task asks for within the same advance', () => {
    const clock = createRehearsalClock(new Date(0));
    let count = 0;
    const again = (): void => {
      count += 1;
      clock.schedule(10, again);
    };
    clock.schedule(10, again);
    clock.advance(1_000);
    assert.equal(count, 100);
  });

  it('keeps the order of many tasks, and forgets those called off', () => {
    const clock = createRehearsalClock(new Date(0));
    const seen: number[] = [];
    const cancels = Array.from({ length: 500 }, (_, index) => {
      const due = (index * 7919) % 1000;
      return clock.schedule(due, () => seen.push(due));
    });
    cancels.filter((_, index) => index % 2 === 0).forEach((cancel) => { cancel(); });
    clock.advance(1_000);
    assert.equal(seen.length, 250);
    assert.deepEqual(seen, [...seen].sort((a, b) => a - b));
  });

  it('goes on by itself once it is live, with what was waiting', (done) => {
    const clock = createRehearsalClock(new Date(0));
    clock.schedule(60_000, () => {
      clock.stop();
      done();
    });
    clock.advance(59_000);
    clock.goLive(1_000);
    assert.ok(Math.abs(clock.now().getTime() - Date.now()) < 60_000, 'now is the real time');
  });

  it('leaps while it is live: what is due happens at its own time, in the past, and then it is now again', () => {
    const clock = createRehearsalClock(new Date(0));
    const hour = 3_600_000;
    const begin = Date.now();
    const seen: string[] = [];
    const agoInMinutes = (): number => Math.round((begin - clock.now().getTime()) / 60_000);
    clock.goLive(1);
    clock.onLeap((ms) => seen.push(`leap of ${ms / hour} h, it is ${agoInMinutes()} min ago`));
    clock.schedule(hour, () => {
      seen.push(`first, ${agoInMinutes()} min ago`);
      clock.schedule(hour, () => seen.push(`what it asked for, ${agoInMinutes()} min ago`));
    });
    clock.schedule(4 * hour, () => seen.push('too far away'));
    clock.advance(3 * hour);
    assert.deepEqual(seen, ['leap of 3 h, it is 180 min ago', 'first, 120 min ago', 'what it asked for, 60 min ago']);
    assert.equal(Math.abs(agoInMinutes()), 0);
    clock.stop();
  });

  it('goes on from where it is when its speed changes', (done) => {
    const clock = createRehearsalClock(new Date(0));
    clock.goLive(0.001);
    clock.schedule(30_000, () => {
      clock.stop();
      done();
    });
    clock.goLive(10_000);
  });
});
