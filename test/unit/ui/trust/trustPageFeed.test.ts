// What a page is sent, and when.
import assert from 'node:assert/strict';
import type { AnyMessage } from '../../../../src/shared/messaging.js';
import type { ToTrustPage } from '../../../../src/shared/trustProtocol.js';
import type { SurveyProgress, TrustRow, TrustScope } from '../../../../src/shared/trustRows.js';
import { largestBatch, TrustPageFeed } from '../../../../src/ui/trust/trustPageFeed.js';
import type { TrustSurveyControl } from '../../../../src/ui/trust/trustSurveyControl.js';
import { rowNamed } from '../../webview/rowSamples.js';

const wholeMesh: TrustScope = { contexts: [], namespaces: [] };
const idle: SurveyProgress = { running: false, cancelled: false, total: 0, done: 0, unknown: 0, startedAt: undefined, finishedAt: undefined };

class Listeners<Args extends readonly unknown[]> {
  readonly #all = new Set<(...args: Args) => void>();
  readonly add = (listener: (...args: Args) => void): { dispose(): void } => {
    this.#all.add(listener);
    return { dispose: () => void this.#all.delete(listener) };
  };
  readonly tell = (...args: Args): void => {
    for (const listener of this.#all) listener(...args);
  };
  get count(): number {
    return this.#all.size;
  }
}

function createControl(present: readonly TrustRow[] = [], now = (): SurveyProgress => idle) {
  const rows = new Listeners<[readonly TrustRow[]]>();
  const removed = new Listeners<[readonly string[]]>();
  const progress = new Listeners<[]>();
  const notices = new Listeners<[]>();
  const chosen = new Listeners<[]>();
  const control: TrustSurveyControl = {
    now: () => 42,
    chosen: () => ['cluster-1'],
    rows: () => present,
    progress: now,
    notices: () => [],
    start: () => undefined,
    cancel: () => undefined,
    saved: () => undefined,
    evidence: () => assert.fail('rows do not need it'),
    open: () => undefined,
    onRows: rows.add,
    onRemoved: removed.add,
    onProgress: progress.add,
    onNotices: notices.add,
    onChosen: chosen.add,
  };
  return { control, rows, removed, progress, notices };
}

/** A page that takes a message only when the test says so. */
function createPage() {
  const messages: AnyMessage<ToTrustPage>[] = [];
  const waiting: (() => void)[] = [];
  let isSlow = false;
  return {
    messages,
    types: () => messages.map(({ type }) => type),
    post: (message: AnyMessage<ToTrustPage>): Promise<void> => {
      messages.push(message);
      return isSlow ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve();
    },
    becomeSlow: () => {
      isSlow = true;
    },
    takeAll: async () => {
      isSlow = false;
      for (const resolve of waiting.splice(0)) resolve();
      await settled();
    },
  };
}

function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('what a Certificate Trust page is sent', () => {
  it('is nothing before it is ready, then everything that is known', async () => {
    const { control, rows } = createControl([rowNamed('a/x'), rowNamed('a/y')]);
    const page = createPage();
    const feed = new TrustPageFeed(control, 'ko', page.post);
    rows.tell([rowNamed('a/z')]);
    assert.deepEqual(page.types(), []);
    feed.begin({ contexts: [], namespaces: ['a'] });
    await settled();
    assert.deepEqual(page.messages[0], {
      type: 'start',
      payload: { locale: 'ko', scope: { contexts: [], namespaces: ['a'] }, progress: idle, chosen: ['cluster-1'], now: 42, saved: undefined },
    });
    assert.deepEqual(page.types(), ['start', 'notices', 'rows']);
  });

  it('comes in batches of two thousand rows at most', async () => {
    const { control } = createControl(Array.from({ length: 2 * largestBatch + 1 }, (_, index) => rowNamed(`a/${index}`)));
    const page = createPage();
    new TrustPageFeed(control, 'en', page.post).begin(wholeMesh);
    await settled();
    const sizes = page.messages.flatMap((message) => (message.type === 'rows' ? [message.payload.rows.length] : []));
    assert.deepEqual(sizes, [2000, 2000, 1]);
  });

  it('is only the newest state of a row that changed while the page was busy', async () => {
    const { control, rows, removed } = createControl();
    const page = createPage();
    new TrustPageFeed(control, 'en', page.post).begin(wholeMesh);
    await settled();
    page.becomeSlow();
    rows.tell([rowNamed('a/first')]);
    rows.tell([rowNamed('a/x', { state: 'waiting' }), rowNamed('a/gone')]);
    rows.tell([rowNamed('a/x')]);
    removed.tell([rowNamed('a/gone').id]);
    await page.takeAll();
    assert.deepEqual(page.messages.slice(3), [
      { type: 'removed', payload: { ids: [rowNamed('a/gone').id] } },
      { type: 'rows', payload: { rows: [rowNamed('a/x')] } },
    ]);
  });

  it('is nothing while it is hidden, and everything again when it is back', async () => {
    const { control, rows, progress, notices } = createControl([rowNamed('a/x')]);
    const page = createPage();
    const feed = new TrustPageFeed(control, 'en', page.post);
    feed.begin(wholeMesh);
    await settled();
    feed.pause();
    const before = page.messages.length;
    rows.tell([rowNamed('a/y')]);
    progress.tell();
    notices.tell();
    await settled();
    assert.equal(page.messages.length, before);
    feed.begin(wholeMesh);
    await settled();
    assert.deepEqual(page.types().slice(before), ['start', 'notices', 'rows']);
  });

  it('is told of progress after the rows that it counts, and once however often it was made', async () => {
    const { control, rows, progress } = createControl();
    const page = createPage();
    new TrustPageFeed(control, 'en', page.post).begin(wholeMesh);
    await settled();
    page.becomeSlow();
    rows.tell([rowNamed('a/first')]);
    progress.tell();
    rows.tell([rowNamed('a/x')]);
    progress.tell();
    await page.takeAll();
    assert.deepEqual(page.types().slice(3), ['rows', 'progress']);
  });

  it('is told that a survey was cancelled before the rows that nobody asked any more', async () => {
    let now = idle;
    const { control, rows, progress } = createControl([], () => now);
    const page = createPage();
    new TrustPageFeed(control, 'en', page.post).begin(wholeMesh);
    await settled();
    page.becomeSlow();
    rows.tell([rowNamed('a/first')]);
    now = { ...idle, cancelled: true };
    rows.tell([rowNamed('a/x'), rowNamed('a/y')]);
    progress.tell();
    await page.takeAll();
    assert.deepEqual(page.types().slice(3), ['progress', 'rows']);
  });

  it('forgets proxies in batches as well', async () => {
    const ids = Array.from({ length: largestBatch + 1 }, (_, index) => `a/${index}`);
    const { control, removed } = createControl();
    const page = createPage();
    new TrustPageFeed(control, 'en', page.post).begin(wholeMesh);
    await settled();
    removed.tell(ids);
    await settled();
    assert.deepEqual(page.messages.flatMap((message) => (message.type === 'removed' ? [message.payload.ids.length] : [])), [largestBatch, 1]);
  });

  it('ends with the panel, and leaves no listener behind', () => {
    const { control, rows, progress } = createControl();
    const feed = new TrustPageFeed(control, 'en', createPage().post);
    assert.deepEqual([rows.count, progress.count], [1, 1]);
    feed.dispose();
    assert.deepEqual([rows.count, progress.count], [0, 0]);
  });
});
