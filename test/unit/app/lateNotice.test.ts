// What is waited for is said only when it takes a while, so that what came of it is not lost among many words.
import assert from 'node:assert/strict';
import { NOTICE_AFTER_MS, withLateNotice } from '../../../src/app/lateNotice.js';
import { ManualClock } from '../../support/manualClock.js';

/** Of an editor: what is shown now, and everything that ever was a notice. */
class Screen {
  readonly clock = new ManualClock();
  readonly shown: string[] = [];
  readonly notices: number[] = [];
  stop: () => void = () => undefined;

  wait<Value>(read: (signal: AbortSignal) => Promise<Value>): Promise<Value> {
    return withLateNotice(
      {
        clock: this.clock,
        showQuietly: (over) => {
          this.#show('quietly', over);
        },
        showNotice: (over, stop) => {
          this.notices.push(this.clock.now());
          this.stop = stop;
          this.#show('notice', over);
        },
      },
      read,
    );
  }

  #show(what: string, over: Promise<unknown>): void {
    this.shown.push(what);
    void over.then(() => {
      this.shown.splice(this.shown.indexOf(what), 1);
    });
  }
}

interface Reading {
  readonly read: (signal: AbortSignal) => Promise<string>;
  readonly end: (value: string) => void;
  readonly signal: () => AbortSignal | undefined;
}

function reading(): Reading {
  let end: (value: string) => void = () => undefined;
  let signal: AbortSignal | undefined;
  const promise = new Promise<string>((resolve) => {
    end = resolve;
  });
  const read = (given: AbortSignal): Promise<string> => {
    signal = given;
    return promise;
  };
  return { read, end: (value) => { end(value); }, signal: () => signal };
}

/** Lets everything happen that needs no time. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('a notice of what is waited for', () => {
  it('does not come for what is over in a moment', async () => {
    const screen = new Screen();
    const { read, end } = reading();
    const answer = screen.wait(read);
    assert.deepEqual(screen.shown, ['quietly']);
    screen.clock.advance(NOTICE_AFTER_MS - 1);
    end('read');
    assert.equal(await answer, 'read');
    screen.clock.advance(NOTICE_AFTER_MS);
    await settled();
    assert.deepEqual([screen.shown, screen.notices], [[], []]);
  });

  it('takes the place of the quiet one when it takes longer, goes when it is over, and can end it', async () => {
    const screen = new Screen();
    const { read, end, signal } = reading();
    const answer = screen.wait(read);
    screen.clock.advance(NOTICE_AFTER_MS);
    await settled();
    assert.deepEqual(screen.shown, ['notice']);
    screen.stop();
    assert.equal(signal()?.aborted, true);
    end('what was read until then');
    assert.equal(await answer, 'what was read until then');
    await settled();
    assert.deepEqual(screen.shown, []);
  });

  it('goes with what failed, and the failure is told to who asked', async () => {
    const screen = new Screen();
    await assert.rejects(screen.wait(() => Promise.reject(new Error('no network'))), /no network/);
    await settled();
    assert.deepEqual([screen.shown, screen.notices], [[], []]);
  });

  it('never comes so often that VS Code would keep back what is said in the end', async () => {
    const screen = new Screen();
    for (let time = 0; time < 40; time += 1) {
      const { read, end } = reading();
      const answer = screen.wait(read);
      // Some are over in a moment and some are not.
      screen.clock.advance(time % 3 === 0 ? NOTICE_AFTER_MS : 100);
      await settled();
      end('read');
      await answer;
    }
    const crowded = screen.notices.filter((from) => screen.notices.filter((at) => at >= from && at <= from + 800).length >= 3);
    assert.ok(screen.notices.length > 10);
    assert.deepEqual(crowded, []);
  });
});
