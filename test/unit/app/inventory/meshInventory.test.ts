// The inventory follows what is chosen, tells what changed, and lets steps wait for what they expect.
import assert from 'node:assert/strict';
import type { ClusterChange } from '../../../../src/app/inventory/meshInventory.js';
import { MeshInventory } from '../../../../src/app/inventory/meshInventory.js';
import type { ClusterReader } from '../../../../src/app/ports.js';
import type { ClusterRef } from '../../../../src/domain/cluster.js';
import type { Delta } from '../../../../src/domain/mesh/snapshot.js';
import { silentLog } from '../../../support/clusterFollower.js';
import { ManualClock } from '../../../support/manualClock.js';
import { CLUSTER_1, listed, namespace } from '../../../support/meshBuilder.js';

const OTHER: ClusterRef = { kubeconfig: '/k', context: 'other' };

class FakeReader implements ClusterReader {
  readonly follows: { readonly ref: ClusterRef; readonly tell: (deltas: readonly Delta[]) => void; readonly signal: AbortSignal }[] = [];
  readonly retried: ClusterRef[] = [];

  follow(ref: ClusterRef, tell: (deltas: readonly Delta[]) => void, signal: AbortSignal): void {
    this.follows.push({ ref, tell, signal });
  }
  retryNow(ref: ClusterRef): void {
    this.retried.push(ref);
  }
  readOnce(): never {
    throw new Error('not used');
  }
}

describe('MeshInventory', () => {
  let reader: FakeReader;
  let clock: ManualClock;
  let inventory: MeshInventory;
  let heard: (readonly ClusterChange[])[];

  beforeEach(() => {
    reader = new FakeReader();
    clock = new ManualClock();
    inventory = new MeshInventory(reader, clock, silentLog);
    heard = [];
    inventory.onDidChange((changes) => heard.push(changes));
  });
  afterEach(() => { inventory.dispose(); });

  async function announce(): Promise<void> {
    clock.advance(50);
    await new Promise((resolve) => setImmediate(resolve));
  }

  it('follows exactly what is chosen and leaves the rest undisturbed', async () => {
    inventory.follow([CLUSTER_1, OTHER]);
    inventory.follow([OTHER]);
    assert.deepEqual(reader.follows.map(({ ref, signal }) => [ref.context, signal.aborted]), [[CLUSTER_1.context, true], ['other', false]]);
    assert.deepEqual(inventory.clusters, [OTHER]);
    assert.equal(inventory.snapshot(CLUSTER_1), undefined);
    await announce();
    assert.deepEqual(heard.flat().map(({ ref, after }) => [ref.context, after === undefined]), [[CLUSTER_1.context, true], ['other', false]]);
  });

  it('announces many changes once, with how it was before the first of them', async () => {
    inventory.follow([CLUSTER_1]);
    await announce();
    heard.length = 0;
    const before = inventory.snapshot(CLUSTER_1);
    for (const name of ['a', 'b', 'c']) reader.follows[0]!.tell([{ type: 'set', object: namespace(name) }]);
    await announce();
    assert.equal(heard.length, 1);
    assert.equal(heard[0]?.[0]?.before, before);
    assert.equal(heard[0]?.[0]?.after?.namespaces.size, 3);
    reader.follows[0]!.tell([{ type: 'set', object: namespace('c') }]);
    await announce();
    assert.equal(heard.length, 1);
  });

  it('lets a step wait until the cluster says so', async () => {
    inventory.follow([CLUSTER_1]);
    const waiting = inventory.waitFor(CLUSTER_1, ({ namespaces }) => namespaces.has('foo'), new AbortController().signal);
    reader.follows[0]!.tell([{ type: 'set', object: namespace('bar') }]);
    await announce();
    reader.follows[0]!.tell([{ type: 'set', object: namespace('foo') }]);
    await announce();
    assert.equal((await waiting)?.namespaces.size, 2);
    assert.notEqual(await inventory.waitFor(CLUSTER_1, () => true, new AbortController().signal), undefined);
  });

  it('ends a wait when it is cancelled or the cluster is left out', async () => {
    inventory.follow([CLUSTER_1]);
    const stop = new AbortController();
    const cancelled = inventory.waitFor(CLUSTER_1, () => false, stop.signal);
    stop.abort();
    assert.equal(await cancelled, undefined);
    const left = inventory.waitFor(CLUSTER_1, () => false, new AbortController().signal);
    inventory.follow([]);
    await announce();
    assert.equal(await left, undefined);
  });

  it('goes on showing what it knew while it refreshes', () => {
    inventory.follow([CLUSTER_1]);
    reader.follows[0]!.tell(listed([namespace('foo')]));
    inventory.refresh();
    assert.equal(reader.follows[0]!.signal.aborted, true);
    assert.equal(inventory.snapshot(CLUSTER_1)?.namespaces.has('foo'), true);
    reader.follows[0]!.tell([{ type: 'set', object: namespace('late') }]);
    assert.equal(inventory.snapshot(CLUSTER_1)?.namespaces.has('late'), false);
    reader.follows[1]!.tell(listed([]));
    assert.equal(inventory.snapshot(CLUSTER_1)?.namespaces.has('foo'), false);
    assert.deepEqual(reader.retried, [CLUSTER_1]);
  });

  it('goes on telling the others when one listener throws', async () => {
    const broken = new MeshInventory(reader, clock, silentLog);
    let told = false;
    broken.onDidChange(() => { throw new Error('broken view'); });
    broken.onDidChange(() => { told = true; });
    broken.follow([OTHER]);
    await announce();
    assert.equal(told, true);
    broken.dispose();
  });
});
