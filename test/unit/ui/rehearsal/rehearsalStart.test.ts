// Starting a rehearsal: twice at once, given up half way, and with clusters that cannot take part.
import assert from 'node:assert/strict';
import type { RehearsalProcess, RehearsalRequest } from '../../../../src/app/ports.js';
import type { Result } from '../../../../src/shared/failure.js';
import { fail, succeed } from '../../../../src/shared/failure.js';
import type { StartDialogue } from '../../../../src/ui/rehearsal/rehearsalStart.js';
import { RehearsalStart } from '../../../../src/ui/rehearsal/rehearsalStart.js';
import { rehearsalClusters } from '../../../../src/ui/rehearsal/rehearsalClusters.js';
import { ChosenClusters } from '../../../../src/ui/chosenClusters.js';

const REQUEST: RehearsalRequest = { scene: 'istio-default', kubeconfig: '/tmp/k', withRevisions: [] };
const UNREADABLE = { kind: 'kubeconfigUnreadable', path: '/tmp/k', reason: 'no such file' } as const;

describe('the start of a rehearsal', () => {
  let launched: number;
  let stopped: number;
  let abort: AbortController;
  let joined: Result<number>;
  let start: RehearsalStart;

  beforeEach(() => {
    launched = 0;
    stopped = 0;
    abort = new AbortController();
    joined = succeed(2);
    const process: RehearsalProcess = { environment: {}, ended: new Promise(() => undefined), stop: () => void (stopped += 1) };
    start = new RehearsalStart({
      launcher: () =>
        Promise.resolve({
          start: () => {
            launched += 1;
            return Promise.resolve(succeed(process));
          },
        }),
      clusters: { join: () => Promise.resolve(joined) },
    });
  });

  function dialogue(ask: () => Promise<RehearsalRequest | undefined> = () => Promise.resolve(REQUEST)): StartDialogue {
    return { ask, whileStarting: (launch) => launch(abort.signal) };
  }

  it('is one at a time, from the first question on; whoever closes the question can start later', async () => {
    let choose: (request: RehearsalRequest | undefined) => void = () => undefined;
    const first = start.begin(dialogue(() => new Promise((resolve) => { choose = resolve; })));
    assert.equal(await start.begin(dialogue()), undefined);
    choose(undefined);
    assert.equal(await first, undefined);
    assert.equal(launched, 0);
    assert.equal((await start.begin(dialogue()))?.kind, 'started');
    assert.equal(launched, 1);
  });

  it('fails with the reason why its clusters cannot take part, and leaves no mesh behind', async () => {
    joined = fail(UNREADABLE);
    assert.deepEqual(await start.begin(dialogue()), { kind: 'failed', failure: UNREADABLE });
    assert.equal(stopped, 1);
  });

  it('stops the mesh that became ready just when it was given up', async () => {
    abort.abort();
    assert.deepEqual(await start.begin(dialogue()), { kind: 'failed', failure: { kind: 'cancelled' } });
    assert.equal(stopped, 1);
  });

  it('does not count a kubeconfig that cannot be read as one without clusters', async () => {
    const memory = { get: () => undefined, update: () => Promise.resolve() };
    const places = { setting: () => [], environment: undefined, pathSeparator: ':', home: '/home/me' };
    const chosen = new ChosenClusters(memory, places, (error) => { throw error; });
    const clusters = rehearsalClusters(chosen, { contexts: () => Promise.resolve(fail(UNREADABLE)) });
    assert.deepEqual(await clusters.join('/tmp/k'), fail(UNREADABLE));
  });
});
