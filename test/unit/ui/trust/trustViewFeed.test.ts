// When the views of a page are worked out, and what is sent of them.
import assert from 'node:assert/strict';
import type { Work } from '../../../../src/app/trust/stretches.js';
import type { SurveyEvidence, TrustViewMaker } from '../../../../src/app/trust/surveyEvidence.js';
import type { AnyMessage } from '../../../../src/shared/messaging.js';
import type { SurveyProgress } from '../../../../src/shared/trustRows.js';
import type { ToTrustPage } from '../../../../src/shared/trustProtocol.js';
import { TrustViewFeed } from '../../../../src/ui/trust/trustViewFeed.js';
import { sampleCertificates, sampleMatrix, sampleOverview, samplePair } from '../../../../webview/scenarios/sampleViews.js';
import { rowNamed } from '../../webview/rowSamples.js';

const EVIDENCE: SurveyEvidence = {
  rows: new Map([['a', rowNamed('foo/a')]]),
  readings: new Map(),
  samples: [],
  snapshots: [],
  scope: { contexts: [], namespaces: [] },
  notices: [],
  progress: { running: true, cancelled: false },
  now: 0,
  previous: undefined,
  saved: undefined,
};

const RUNNING: SurveyProgress = { running: true, cancelled: false, total: 1, done: 0, unknown: 0, startedAt: 5, finishedAt: undefined };

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function* workOn<Value>(work: () => Value): Work<Value> {
  yield;
  return work();
}

/** A feed whose pauses end when the test says so, and what it did. */
function createFeed() {
  const worked: string[] = [];
  const messages: AnyMessage<ToTrustPage>[] = [];
  const pauses: { readonly ms: number; readonly end: () => void }[] = [];
  const listeners: (() => void)[] = [];
  const note = <Value>(what: string, value: Value): Value => {
    worked.push(what);
    survey.now += survey.takesMs;
    return value;
  };
  const maker: TrustViewMaker = {
    overview: () => workOn(() => note('overview', sampleOverview([]))),
    matrix: (_, hypothesis) => workOn(() => note(`matrix ${hypothesis ?? 'now'}`, sampleMatrix(hypothesis))),
    pair: (request) => (request.row === 9 ? undefined : samplePair([], request)),
    certificates: () => workOn(() => note('certificates', sampleCertificates())),
    explain: (_, id) => ({ id, workload: undefined, obstacles: [], chain: [] }),
    exportText: () => workOn(() => []),
    saveText: () => workOn(() => []),
    readSaved: () => assert.fail('nobody opens a file'),
  };
  const subscribe = (told: (news: never) => void): { dispose(): void } => {
    const listener = told as () => void;
    listeners.push(listener);
    return { dispose: () => void listeners.splice(listeners.indexOf(listener), 1) };
  };
  const errors: unknown[] = [];
  /** Told of what is missing from the survey, and of chosen clusters. */
  const ofTheWhole: (() => void)[] = [];
  const subscribeToWhole = (told: () => void): { dispose(): void } => {
    ofTheWhole.push(told);
    return { dispose: () => undefined };
  };
  /** How far the survey is, and how long each view takes to be worked out. */
  const survey = { progress: RUNNING, now: 0, takesMs: 0 };
  const feed = new TrustViewFeed({
    control: { evidence: () => EVIDENCE, progress: () => survey.progress, onRows: subscribe, onRemoved: subscribe, onProgress: subscribe, onNotices: subscribeToWhole, onChosen: subscribeToWhole },
    maker: () => Promise.resolve(maker),
    clock: { now: () => survey.now, sleep: (ms, signal) => new Promise((resolve) => {
      if (signal.aborted) resolve();
      else {
        pauses.push({ ms, end: resolve });
        signal.addEventListener('abort', () => { resolve(); }, { once: true });
      }
    }) },
    post: (message) => Promise.resolve(messages.push(message)),
    onError: (error) => errors.push(error),
  });
  const moveOn = (): void => {
    for (const listener of [...listeners]) listener();
  };
  const endPause = async (): Promise<void> => {
    for (const { end } of pauses.splice(0)) end();
    await settled();
  };
  return { feed, worked, messages, pauses, listeners, ofTheWhole, errors, survey, moveOn, endPause };
}

describe('the views that a page is sent', () => {
  it('are none before one is looked at, and none of the Pods, which are rows', async () => {
    const { feed, worked, moveOn } = createFeed();
    moveOn();
    feed.look('pods');
    moveOn();
    await settled();
    assert.deepEqual(worked, []);
  });

  it('are only the one that is looked at, at once', async () => {
    const { feed, worked, messages } = createFeed();
    feed.look('matrix');
    await settled();
    assert.deepEqual(worked, ['matrix now']);
    assert.deepEqual(messages.map(({ type }) => type), ['matrix']);
  });

  it('are worked out once after a pause, however often the survey has moved on', async () => {
    const { feed, worked, pauses, moveOn, endPause } = createFeed();
    feed.look('overview');
    await settled();
    for (let times = 0; times < 5; times += 1) moveOn();
    await settled();
    assert.deepEqual(worked, ['overview']);
    assert.ok((pauses[0]?.ms ?? 0) >= 300);
    await endPause();
    assert.deepEqual(worked, ['overview', 'overview']);
    await endPause();
    assert.deepEqual(worked, ['overview', 'overview']);
  });

  it('are worked out again when a cluster is chosen, or its pods cannot be listed any more', async () => {
    const { feed, worked, ofTheWhole, endPause } = createFeed();
    feed.look('overview');
    await settled();
    await endPause();
    assert.equal(ofTheWhole.length, 2);
    for (const [index, tell] of ofTheWhole.entries()) {
      tell();
      await settled();
      await endPause();
      assert.equal(worked.length, index + 2);
    }
  });

  it('follow the person to another view and to a step that is supposed', async () => {
    const { feed, worked } = createFeed();
    feed.look('certificates');
    await settled();
    feed.look('matrix');
    await settled();
    feed.suppose('a step');
    await settled();
    assert.deepEqual(worked, ['certificates', 'matrix now', 'matrix a step']);
  });

  it('are not those that nobody looks at any more, even when they were begun', async () => {
    const { feed, messages } = createFeed();
    feed.look('certificates');
    feed.look('matrix');
    await settled();
    assert.deepEqual(messages.map(({ type }) => type), ['matrix']);
  });

  it('show the last state of a survey at its end without a pause, however long they take', async () => {
    const { feed, worked, pauses, survey, moveOn } = createFeed();
    survey.takesMs = 400;
    feed.look('overview');
    await settled();
    moveOn();
    await settled();
    assert.deepEqual([worked, pauses.map(({ ms }) => ms)], [['overview'], [4000]]);
    survey.progress = { ...RUNNING, running: false, finishedAt: 6 };
    moveOn();
    await settled();
    assert.deepEqual(worked, ['overview', 'overview']);
    // A pod that comes later is no end of a survey.
    moveOn();
    await settled();
    assert.deepEqual(worked, ['overview', 'overview']);
  });

  it('are never older than a few seconds', async () => {
    const { feed, pauses, survey } = createFeed();
    survey.takesMs = 5000;
    feed.look('overview');
    await settled();
    assert.deepEqual(pauses.map(({ ms }) => ms), [5000]);
  });

  it('are none while nobody looks, and none after the end', async () => {
    const { feed, worked, listeners, moveOn, endPause } = createFeed();
    feed.look('overview');
    await settled();
    feed.pause();
    moveOn();
    await endPause();
    assert.deepEqual(worked, ['overview']);
    feed.dispose();
    assert.deepEqual(listeners, []);
  });

  it('answer what is asked about a cell and a proxy, and nothing about a cell that is not there', async () => {
    const { feed, messages, errors } = createFeed();
    feed.openPair({ row: 0, column: 1, rowOffset: 0, columnOffset: 0 });
    feed.openPair({ row: 9, column: 1, rowOffset: 0, columnOffset: 0 });
    feed.explain('a');
    await settled();
    assert.deepEqual(messages.map(({ type }) => type), ['pair', 'explanation']);
    assert.deepEqual(errors, []);
  });
});
