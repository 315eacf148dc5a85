// Waiting that ends with a signal.
import assert from 'node:assert/strict';
import { systemClock } from '../../../src/adapters/systemClock.js';

const AN_HOUR_MS = 3_600_000;

describe('the clock of the machine', () => {
  it('wakes up when the signal aborts', async () => {
    const cancel = new AbortController();
    const waiting = systemClock.sleep(AN_HOUR_MS, cancel.signal);
    cancel.abort();
    await waiting;
  });

  it('does not wait when the signal has aborted already', async () => {
    await systemClock.sleep(AN_HOUR_MS, AbortSignal.abort());
  });

  it('wakes up when the time has passed', async () => {
    const before = systemClock.now();
    await systemClock.sleep(1, new AbortController().signal);
    assert.ok(systemClock.now() >= before);
  });
});
