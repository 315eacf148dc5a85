// Watches that go wrong, as the product's own follower lives through them: it notices, lists anew, and misses nothing.
import assert from 'node:assert/strict';
import type { MeshInventory } from '../../../../src/app/inventory/meshInventory.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import { followingInventory, isLive } from '../../../support/clusterFollower.js';
import type { ControlledRehearsal } from '../../../support/controlledRehearsal.js';
import { startControlledRehearsal } from '../../../support/controlledRehearsal.js';

describe('trouble with watches', function () {
  this.timeout(60_000);
  let mesh: ControlledRehearsal;
  let inventory: MeshInventory;

  before(async () => {
    mesh = await startControlledRehearsal();
  });
  beforeEach(async () => {
    inventory = followingInventory();
    inventory.follow([mesh.ref]);
    await until(isLive);
    await watchesAreOpen();
  });
  afterEach(async () => {
    inventory.dispose();
    await mesh.tell('clear');
  });
  after(() => mesh.end());

  async function until(predicate: (snapshot: ClusterSnapshot) => boolean): Promise<ClusterSnapshot> {
    const found = await inventory.waitFor(mesh.ref, predicate, new AbortController().signal);
    assert.ok(found);
    return found;
  }

  /** A change that is seen tells that the watch of namespaces is there. */
  async function watchesAreOpen(): Promise<void> {
    label('opened');
    await untilLabel('opened');
  }

  function label(value: string): void {
    const { store } = mesh.first;
    const object = store.get('namespaces', undefined, 'plain')!;
    store.replace('namespaces', { ...object, metadata: { ...object.metadata, labels: { seen: value } } });
  }

  function untilLabel(value: string): Promise<ClusterSnapshot> {
    return until((snapshot) => snapshot.namespaces.get('plain')?.facts?.labels.seen === value);
  }

  it('that break in the middle lose nothing that happens meanwhile', async () => {
    assert.match((await mesh.tell('watch break --resource namespaces --once'))[0] ?? '', /: 1 open watches: break$/u);
    label('after the break');
    inventory.retry(mesh.ref);
    await untilLabel('after the break');
  });

  it('that end with 410 make the follower list anew', async () => {
    await mesh.tell('watch expire --resource namespaces --once');
    label('after 410');
    await untilLabel('after 410');
  });

  it('that end with an ERROR event are told, and followed again when they work', async () => {
    await mesh.tell('watch error --resource namespaces');
    const stale = await until(({ kinds }) => kinds.namespaces.state === 'stale');
    assert.match(JSON.stringify(stale.kinds.namespaces), /"status":500.*unable to decode an event/u);
    assert.equal(stale.kinds.pods.state, 'live');
    label('after the error');
    await mesh.tell('clear');
    inventory.retry(mesh.ref);
    await untilLabel('after the error');
    await until(isLive);
  });

  it('that fall silent bring nothing any more, and stay open', async () => {
    assert.match((await mesh.tell('watch silent --resource namespaces --once'))[0] ?? '', /: 1 open watches: silent$/u);
    label('never heard of');
    // Pods are changed later, and their watch still speaks: so whatever namespaces had to say would have come.
    await mesh.tell('crash -n foo -l app=sleep');
    const later = await until(({ namespaces }) => [...(namespaces.get('foo')?.pods.values() ?? [])].some(({ ready }) => !ready));
    assert.equal(later.namespaces.get('plain')?.facts?.labels.seen, 'opened');
    assert.equal(later.kinds.namespaces.state, 'live');
  });

  it('that never begin to speak are no different', async () => {
    await mesh.tell('watch silent --resource namespaces');
    inventory.dispose();
    inventory = followingInventory();
    inventory.follow([mesh.ref]);
    await until(isLive);
    label('nor of this');
    await mesh.tell('crash -n bar -l app=sleep');
    const later = await until(({ namespaces }) => [...(namespaces.get('bar')?.pods.values() ?? [])].some(({ ready }) => !ready));
    assert.notEqual(later.namespaces.get('plain')?.facts?.labels.seen, 'nor of this');
  });
});
