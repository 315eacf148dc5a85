// The reader on a rehearsal mesh: it sees what is there, follows what changes, and comes back after the server was away.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ClusterConnections } from '../../../../src/adapters/kubernetes/clusterConnection.js';
import { KubernetesClusterReader } from '../../../../src/adapters/kubernetes/kubernetesClusterReader.js';
import { KIND_REQUESTS } from '../../../../src/adapters/kubernetes/watchedKinds.js';
import type { MeshInventory } from '../../../../src/app/inventory/meshInventory.js';
import type { ClusterRef } from '../../../../src/domain/cluster.js';
import { controlPlanes } from '../../../../src/domain/mesh/controlPlanes.js';
import { namespaceView } from '../../../../src/domain/mesh/namespaceView.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import type { Rehearsal } from '../../../../src/rehearsal/rehearsal.js';
import { startRehearsal } from '../../../../src/rehearsal/rehearsal.js';
import { SCENES } from '../../../../src/rehearsal/scenes/scenes.js';
import { followingInventory, isLive, kindsIn, silentLog, wallClock } from '../../../support/clusterFollower.js';
import { recycledKeys } from '../../../support/recycledKeys.js';

const NEW_REVISION = 'asm-1232-2-distribute-root';

describe('KubernetesClusterReader on a rehearsal mesh', function () {
  this.timeout(60_000);
  let folder: string;
  let rehearsal: Rehearsal;
  let ref: ClusterRef;
  let inventory: MeshInventory;

  const start = (port: number): Promise<Rehearsal> =>
    startRehearsal({
      scene: SCENES[0],
      newKey: recycledKeys(),
      listen: { host: '127.0.0.1', port },
      kubeconfigPath: path.join(folder, 'config'),
      withRevisions: [NEW_REVISION],
      speed: 1,
      log: () => undefined,
    });

  before(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mesh-ca-reader-'));
    rehearsal = await start(0);
    ref = { kubeconfig: rehearsal.kubeconfigPath, context: rehearsal.clusters[0]!.contextName };
  });
  beforeEach(() => {
    inventory = followingInventory();
    inventory.follow([ref]);
  });
  afterEach(() => { inventory.dispose(); });
  after(async () => {
    await rehearsal.stop();
    await rm(folder, { recursive: true });
  });

  async function until(predicate: (snapshot: ClusterSnapshot) => boolean): Promise<ClusterSnapshot> {
    const found = await inventory.waitFor(ref, predicate, new AbortController().signal);
    assert.ok(found);
    return found;
  }

  it('sees control planes, namespaces and what injected their pods', async () => {
    const snapshot = await until(isLive);
    assert.deepEqual(
      controlPlanes(snapshot).map(({ revision, signer, meshCaRoot }) => [revision, signer, meshCaRoot]),
      [[NEW_REVISION, 'istioCa', 'handedOut'], ['default', 'istioCa', 'no']],
    );
    const foo = namespaceView(snapshot, snapshot.namespaces.get('foo')!);
    assert.deepEqual([foo.labels.injection, foo.injected.map(({ revision }) => revision), foo.conflicts], ['enabled', ['default'], []]);
    assert.ok(snapshot.caRoots.size > 1);
  });

  it('follows a label that somebody changes', async () => {
    await until(isLive);
    const { store } = rehearsal.clusters[0]!;
    const stored = store.get('namespaces', undefined, 'bar')!;
    store.replace('namespaces', { ...stored, metadata: { ...stored.metadata, labels: { 'istio.io/rev': NEW_REVISION } } });
    const moved = await until((snapshot) => snapshot.namespaces.get('bar')?.facts?.labels['istio.io/rev'] === NEW_REVISION);
    assert.ok(namespaceView(moved, moved.namespaces.get('bar')!).conflicts.some(({ kind }) => kind === 'notYetRestarted'));
  });

  it('goes on with the rest where one kind is forbidden', async () => {
    rehearsal.clusters[0]!.denyAccess([{ resources: ['services'] }]);
    inventory.refresh();
    const snapshot = await until((candidate) => candidate.kinds.services.state === 'failed' && candidate.kinds.pods.state === 'live');
    assert.match(JSON.stringify(snapshot.kinds.services), /"kind":"forbidden".*services is forbidden/);
    rehearsal.clusters[0]!.denyAccess([]);
    inventory.retry(ref);
    await until(isLive);
  });

  it('puts few listeners on the signal, however many kinds it follows', async () => {
    const stop = new AbortController();
    const reader = new KubernetesClusterReader(new ClusterConnections(), wallClock, silentLog);
    const live = new Promise<void>((resolve) => {
      const kinds = new Set<string>();
      reader.follow(
        ref,
        (deltas) => {
          for (const delta of deltas) if (delta.type === 'state' && delta.state.state === 'live') kinds.add(delta.kind);
          if (kinds.size === KIND_REQUESTS.length) resolve();
        },
        stop.signal,
      );
    });
    const read = await reader.readOnce(ref, stop.signal);
    await live;
    assert.ok(read.ok);
    // Node says of more than ten that they look like a leak.
    const listeners = getEventListeners(stop.signal, 'abort').length;
    stop.abort();
    assert.equal(listeners, 1);
  });

  it('reads once for tools that do not stay', async () => {
    const reader = new KubernetesClusterReader(new ClusterConnections(), wallClock, silentLog);
    const snapshot = await reader.readOnce(ref, new AbortController().signal);
    assert.ok(snapshot.ok && isLive(snapshot.value));
    assert.deepEqual(snapshot.value.declaredMeshCaRoots, [rehearsal.meshCaRootSha256]);
    const missing = await reader.readOnce({ ...ref, context: 'gone' }, new AbortController().signal);
    assert.equal(!missing.ok && missing.failure.kind, 'contextMissing');
  });

  it('says so when the server goes away, keeps what it knew, and recovers by itself when it is back with another CA', async () => {
    await until(isLive);
    const { port } = rehearsal.clusters[0]!;
    await rehearsal.stop();
    const lost = await until((snapshot) => kindsIn(snapshot, 'stale').length === Object.keys(snapshot.kinds).length);
    assert.ok(lost.namespaces.has('foo'));
    rehearsal = await start(port);
    inventory.retry(ref);
    const back = await until((snapshot) => isLive(snapshot) && snapshot.declaredMeshCaRoots[0] === rehearsal.meshCaRootSha256);
    assert.equal(back.namespaces.get('bar')?.facts?.labels['istio.io/rev'], undefined);
  });
});
