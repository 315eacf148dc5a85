// One line on a terminal that tells how far it is: how it looks, how often it is drawn, and that it leaves nothing behind.
import assert from 'node:assert/strict';
import { ProgressLine, progressText } from '../../../src/cli/progressLine.js';
import { textRenderer } from '../../../src/shared/text/render.js';
import type { SurveyProgress } from '../../../src/shared/trustRows.js';

const english = textRenderer('en');
const PROGRESS: SurveyProgress = { running: true, cancelled: false, total: 5000, done: 812, unknown: 3, startedAt: 1000, finishedAt: undefined };

describe('the progress of a survey on a terminal', () => {
  it('is a bar, how many of how many, how many are unknown, and for how long', () => {
    assert.equal(progressText(PROGRESS, 42_000, english), '[###.................] 812/5000 · 3 unknown · 41 s');
    assert.equal(progressText({ ...PROGRESS, done: 5000 }, 1000, english), '[####################] 5000/5000 · 3 unknown · 0 s');
    assert.match(progressText({ ...PROGRESS, total: 0, done: 0 }, 1000, english), /^\[####################\] 0\/0/);
  });

  it('is drawn in place at most ten times a second, fits its line, and is taken away at the end', () => {
    const written: string[] = [];
    const time = { now: 1000 };
    const line = new ProgressLine({ write: (text) => void written.push(text), columns: () => 30 }, english, () => time.now);
    for (let step = 0; step <= 20; step += 1, time.now += 50) line.show(PROGRESS);
    assert.equal(written.length, 11);
    assert.ok(written.every((text) => /^\r\u001b\[K\[#{3}\.{17}\] 812\/50$/.test(text)));
    line.show({ ...PROGRESS, running: false });
    line.clear();
    assert.deepEqual([written.length, written.at(-1)], [12, '\r\u001b[K']);
  });

  it('is nothing where there is no terminal', () => {
    const line = new ProgressLine(undefined, english, () => 0);
    line.show(PROGRESS);
    line.clear();
  });
});
