// Whole simulated clusters through the phases of the migration, and what goes wrong on the way.
import assert from 'node:assert/strict';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import { namespaceObject } from '../../../../src/rehearsal/scenes/workloads.js';
import { create, drawPods, meshOf, podsOf, relabel, restart } from './drawnMesh.js';
import type { TestMesh } from './drawnMesh.js';

const REVISION_1 = 'asm-1232-2-distribute-root';
const REVISION_2 = 'asm-1232-2-meshca-ca-migration';
const DEPLOYMENTS = 'deployments.apps';
const A_ROLLOUT = 20_000;

describe('moving namespaces through the phases', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);
  let mesh: TestMesh;
  beforeEach(() => {
    mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2]);
  });

  it('changes nothing by the label alone', () => {
    const before = drawPods(mesh, mesh.first, 'foo');
    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_1 });
    mesh.clock.advance(A_ROLLOUT);
    assert.equal(drawPods(mesh, mesh.first, 'foo'), before);
    assert.match(before, /^httpbin · ready · asm-1162-2 · \[CITADEL\] · by CITADEL\n/u);
  });

  it('gives restarted pods both roots in phase 1 and Mesh CA as signer in phase 2', () => {
    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_1 });
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_ROLLOUT);
    const phase1 = `ready · ${REVISION_1} · [CITADEL MESHCA] · by CITADEL`;
    assert.equal(drawPods(mesh, mesh.first, 'foo'), `httpbin · ${phase1}\nhttpbin · ${phase1}\nsleep · ${phase1}`);

    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_2 });
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_ROLLOUT);
    const phase2 = `ready · ${REVISION_2} · [CITADEL MESHCA] · by MESHCA`;
    assert.equal(drawPods(mesh, mesh.first, 'foo'), `httpbin · ${phase2}\nhttpbin · ${phase2}\nsleep · ${phase2}`);
  });

  it('leaves what a restart of Deployments does not reach on the old revision', () => {
    relabel(mesh.first, 'bar', { 'istio.io/rev': REVISION_1 });
    restart(mesh.first, DEPLOYMENTS, 'bar');
    mesh.clock.advance(A_ROLLOUT);
    assert.deepEqual(drawPods(mesh, mesh.first, 'bar').split('\n').map((line) => line.split(' · ').slice(0, 3).join(' ')), [
      'reports-0 ready asm-1162-2',
      'reports-1 ready asm-1162-2',
      `sleep ready ${REVISION_1}`,
    ]);
  });

  it('lets a proxy start with its CA’s root alone, until the first push', () => {
    relabel(mesh.first, 'plain', { 'istio.io/rev': REVISION_1 });
    restart(mesh.first, DEPLOYMENTS, 'plain');
    const seen = new Set<string>();
    for (let step = 0; step < 400; step += 1) {
      mesh.clock.advance(25);
      for (const line of drawPods(mesh, mesh.first, 'plain').split('\n')) seen.add(line.split(' · ').slice(2).join(' · '));
    }
    assert.deepEqual([...seen], ['no proxy', `${REVISION_1} · [CITADEL] · by CITADEL`, `${REVISION_1} · [CITADEL MESHCA] · by CITADEL`]);
  });

  it('lets the default tag inject where both labels are set', () => {
    relabel(mesh.first, 'baz', { 'istio.io/rev': REVISION_1 });
    restart(mesh.first, DEPLOYMENTS, 'baz');
    mesh.clock.advance(A_ROLLOUT);
    assert.equal(drawPods(mesh, mesh.first, 'baz'), 'ledger · ready · asm-1162-2 · [CITADEL] · by CITADEL');
  });

  it('makes pods without a proxy where the label names a revision that is not there', () => {
    relabel(mesh.first, 'foo', { 'istio.io/rev': 'asm-9' });
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_ROLLOUT);
    assert.equal(drawPods(mesh, mesh.first, 'foo'), 'httpbin · ready · no proxy\nhttpbin · ready · no proxy\nsleep · ready · no proxy');
  });

  it('refuses new pods when the injector’s Service has no endpoint, and says so', () => {
    const { store } = mesh.first.backend;
    const istiod = store.get(DEPLOYMENTS, 'istio-system', 'istiod-asm-1162-2')!;
    store.replace(DEPLOYMENTS, { ...istiod, spec: { ...(istiod.spec as object), replicas: 0 } });
    mesh.clock.advance(A_ROLLOUT);
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_ROLLOUT);
    assert.match(drawPods(mesh, mesh.first, 'foo'), /^httpbin · ready · asm-1162-2[^\n]*\nhttpbin · ready[^\n]*\nsleep · ready[^\n]*$/u);
    const conditions = store.get(DEPLOYMENTS, 'foo', 'sleep')!.status as { conditions: { type: string; message: string }[] };
    assert.match(
      conditions.conditions.find(({ type }) => type === 'ReplicaFailure')?.message ?? '',
      /failed calling webhook "rev\.namespace\.sidecar-injector\.istio\.io": .*no endpoints available for service "istiod-asm-1162-2"/u,
    );
  });
});

describe('the control planes over time', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);
  it('put their root into every new namespace and back where it was deleted', () => {
    const mesh = meshOf('istio-default');
    const { store } = mesh.first.backend;
    create(mesh.first, namespaceObject('fresh'));
    store.remove('configmaps', 'foo', 'istio-ca-root-cert');
    mesh.clock.advance(1_000);
    const root = textAt(store.get('configmaps', 'fresh', 'istio-ca-root-cert'), 'data', 'root-cert.pem');
    assert.match(root, /BEGIN CERTIFICATE/u);
    assert.equal(textAt(store.get('configmaps', 'foo', 'istio-ca-root-cert'), 'data', 'root-cert.pem'), root);
  });

  it('sign under a brand-new root when a Citadel restarts without its Secret', () => {
    const mesh = meshOf('asm-citadel');
    const { store } = mesh.first.backend;
    const rootOf = (): string => textAt(store.get('configmaps', 'foo', 'istio-ca-root-cert'), 'data', 'root-cert.pem');
    const before = rootOf();
    store.remove('secrets', 'istio-system', 'istio-ca-secret');
    restart(mesh.first, DEPLOYMENTS, 'istio-system');
    mesh.clock.advance(A_ROLLOUT);
    assert.notEqual(rootOf(), before);
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_ROLLOUT);
    const signers = podsOf(mesh.first, 'foo').map(({ metadata }) => mesh.first.proxyIn('foo', metadata.name)?.trust?.signer.root);
    assert.deepEqual(signers, [rootOf(), rootOf(), rootOf()]);
  });

  it('inject nothing in the Mesh CA variant that refuses', () => {
    const mesh = meshOf('asm-citadel', [REVISION_2], 'injectionRefused');
    relabel(mesh.first, 'batch', { 'istio.io/rev': REVISION_2 });
    const pod = mesh.first.backend.store.get('pods', 'batch', 'toolbox')!;
    const verdict = mesh.first.backend.admitPod({ ...pod, spec: { containers: [] } });
    assert.ok('refused' in verdict);
  });

  it('leave Mesh CA’s root alone to proxies in the variant that hands out nothing else', () => {
    const mesh = meshOf('asm-citadel', [REVISION_2], 'meshCaOnly');
    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_2 });
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(A_ROLLOUT);
    assert.match(drawPods(mesh, mesh.first, 'foo'), new RegExp(`^httpbin · ready · ${REVISION_2} · \\[MESHCA\\] · by MESHCA\\n`, 'u'));
  });
});
