// The process of a rehearsal that becomes ready, never becomes ready, or is given up while it starts.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { createRehearsalLauncher } from '../../../src/adapters/rehearsalProcess.js';
import type { RehearsalProcess } from '../../../src/app/ports.js';
import type { Result } from '../../../src/shared/failure.js';
import { ManualClock } from '../../support/manualClock.js';
import { temporaryFolder } from '../../support/temporaryFolder.js';

const LIMIT_MS = 120_000;

/** A rehearsal writes its kubeconfig when its clusters are there; a script that stands for one does the same when it has said all. */
const HAS_SPOKEN = `fs.writeFileSync(process.argv[process.argv.indexOf('--kubeconfig') + 1], String(process.pid));`;

describe('the process of a rehearsal', () => {
  const inFolder = temporaryFolder();
  let clock: ManualClock;
  let abort: AbortController;

  beforeEach(() => {
    clock = new ManualClock();
    abort = new AbortController();
  });

  /** Starts a script in the place of the rehearsal; `spoken` resolves with its process's id when it has said all it has to say. */
  function start(name: string, source: string): { readonly started: Promise<Result<RehearsalProcess>>; readonly spoken: Promise<number> } {
    fs.mkdirSync(inFolder(name));
    const script = inFolder(name, 'rehearsal.cjs');
    const kubeconfig = inFolder(name, 'kubeconfig');
    fs.writeFileSync(script, `const fs = require('node:fs');\n${source}\nsetInterval(() => {}, 1000);\n`);
    const spoken = new Promise<number>((resolve) => {
      const watcher = fs.watch(inFolder(name), () => {
        const content = fs.existsSync(kubeconfig) ? fs.readFileSync(kubeconfig, 'utf8') : '';
        if (content === '') return;
        watcher.close();
        resolve(Number(content));
      });
    });
    const request = { scene: 'istio-default', kubeconfig, withRevisions: [] } as const;
    return { started: createRehearsalLauncher(script, clock).start(request, abort.signal), spoken };
  }

  it('gives what terminals need when it says that it is ready, and then has no time limit any more', async () => {
    const { started } = start('ready', `console.log("export KUBECONFIG='/tmp/it'\\\\''s'\\nready");`);
    const result = await started;
    assert.ok(result.ok);
    assert.deepEqual([result.value.environment, clock.pauses], [{ KUBECONFIG: "/tmp/it's" }, []]);
    result.value.stop();
    assert.equal(await result.value.ended, 'SIGTERM');
  });

  it('is ended when it is not ready in time, and what it said last is told', async () => {
    const { started, spoken } = start('silent', `console.error('one\\ntwo\\nthree\\nfour');\n${HAS_SPOKEN}`);
    const pid = await spoken;
    clock.advance(await clock.whenSleeping((pause) => pause === LIMIT_MS));
    assert.deepEqual(await started, { ok: false, failure: { kind: 'processNotReady', seconds: 120, output: 'two · three · four' } });
    assert.throws(() => process.kill(pid, 0));
  });

  it('says how long it was waited for when it said nothing', async () => {
    const { started, spoken } = start('mute', HAS_SPOKEN);
    await spoken;
    clock.advance(await clock.whenSleeping((pause) => pause === LIMIT_MS));
    assert.deepEqual(await started, { ok: false, failure: { kind: 'timedOut', seconds: 120 } });
  });

  it('is killed when it is given up and does not end by itself', async () => {
    const { started, spoken } = start('stubborn', `process.on('SIGTERM', () => {});\n${HAS_SPOKEN}`);
    const pid = await spoken;
    abort.abort();
    clock.advance(await clock.whenSleeping((pause) => pause === 5_000));
    assert.deepEqual(await started, { ok: false, failure: { kind: 'cancelled' } });
    assert.throws(() => process.kill(pid, 0));
  });
});
