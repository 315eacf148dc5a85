// What clusters show when the bundle that reads them cannot be loaded.
import assert from 'node:assert/strict';
import { lateClusterReader } from '../../../src/app/lateAdapters.js';
import type { ClusterReader, Log } from '../../../src/app/ports.js';
import { emptySnapshot, foldDeltas } from '../../../src/domain/mesh/fold.js';
import type { Delta } from '../../../src/domain/mesh/snapshot.js';
import { CLUSTER_1 } from '../../support/meshBuilder.js';

/** A window whose bundle is missing until it is repaired. */
class Window {
  readonly errors: string[] = [];
  readonly followed: string[] = [];
  readonly retried: string[] = [];
  snapshot = emptySnapshot(CLUSTER_1);
  isBroken = true;
  readonly reader: ClusterReader;

  constructor() {
    const log: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: (text) => void this.errors.push(text) };
    const real: ClusterReader = {
      follow: ({ context }) => void this.followed.push(context),
      retryNow: ({ context }) => void this.retried.push(context),
      readOnce: () => Promise.reject(new Error('not asked')),
    };
    this.reader = lateClusterReader(() => (this.isBroken ? Promise.reject(new Error("Cannot find module './adapters.js'")) : Promise.resolve(real)), log);
  }

  /** Follows until what the reader does at once is done. */
  async follow(signal = new AbortController().signal): Promise<void> {
    this.reader.follow(CLUSTER_1, (deltas: readonly Delta[]) => {
      this.snapshot = foldDeltas(this.snapshot, deltas);
    }, signal);
    await settled();
  }

  states(): readonly string[] {
    return [...new Set(Object.values(this.snapshot.kinds).map((kind) => (kind.state === 'failed' ? `failed ${kind.failure.kind}` : kind.state)))];
  }
}

/** Whatever needs no more than promises has happened. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

describe('a cluster reader that cannot be loaded', () => {
  it('says so of every kind, and in the log, instead of seeming to read for ever', async () => {
    const window = new Window();
    await window.follow();
    assert.deepEqual(window.states(), ['failed extensionBroken']);
    assert.deepEqual(window.errors, ["what reads clusters could not be loaded: Cannot find module './adapters.js'"]);
  });

  it('is loaded again by Retry, which then follows what was to be followed, once', async () => {
    const window = new Window();
    await window.follow();
    window.reader.retryNow(CLUSTER_1);
    await settled();
    assert.deepEqual(window.followed, []);
    window.isBroken = false;
    window.reader.retryNow(CLUSTER_1);
    await settled();
    window.reader.retryNow(CLUSTER_1);
    await settled();
    assert.deepEqual([window.followed, window.retried], [[CLUSTER_1.context], [CLUSTER_1.context]]);
  });

  it('says nothing of a cluster that was left out meanwhile, and does not follow it later', async () => {
    const window = new Window();
    const leftOut = new AbortController();
    const following = window.follow(leftOut.signal);
    leftOut.abort();
    await following;
    window.isBroken = false;
    window.reader.retryNow(CLUSTER_1);
    await settled();
    assert.deepEqual([window.states(), window.followed], [['loading'], []]);
  });
});
