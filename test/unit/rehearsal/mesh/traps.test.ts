// The traps of the procedure: each can be walked into on the simulated mesh, and hurts there as it does in life.
import assert from 'node:assert/strict';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import type { KubeObject } from '../../../../src/rehearsal/kubeObject.js';
import { distributesMeshCaRoot, signsWithMeshCa } from '../../../../src/rehearsal/mesh/installation/controlPlaneSpec.js';
import { controlPlaneObjects, istiodService } from '../../../../src/rehearsal/mesh/installation/istiodWorkload.js';
import { applyObjects } from '../../../../src/rehearsal/mesh/installation/placedObject.js';
import { tagWebhook } from '../../../../src/rehearsal/mesh/installation/webhookConfigurations.js';
import { pluggedInCaSecret } from '../../../../src/rehearsal/pki/caSecrets.js';
import { createPluggedInAuthority } from '../../../../src/rehearsal/pki/certificateAuthority.js';
import { generateRsaKey } from '../../../../src/rehearsal/pki/keySource.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import { isReady } from '../../../../src/rehearsal/mesh/podTypes.js';
import { namespaceObject } from '../../../../src/rehearsal/scenes/workloads.js';
import { canTalk, create, drawPods, meshOf, NOW, podsOf, relabel, remove, restart } from './drawnMesh.js';
import type { TestMesh } from './drawnMesh.js';

const REVISION_1 = 'asm-1232-2-distribute-root';
const REVISION_2 = 'asm-1232-2-meshca-ca-migration';
const DEPLOYMENTS = 'deployments.apps';
const ROLLOUT = 20_000;
const HOUR = 3_600_000;
const PLACE = { fleetProject: 'rehearsal-project', project: 'rehearsal-project', location: 'us-central1', cluster: 'cluster-1' };

function move(mesh: TestMesh, cluster: SimulatedCluster, namespace: string, revision: string): void {
  relabel(cluster, namespace, { 'istio.io/rev': revision, 'istio-injection': undefined });
  restart(cluster, DEPLOYMENTS, namespace);
  mesh.clock.advance(ROLLOUT);
}

function root({ backend: { store } }: SimulatedCluster): string {
  return textAt(store.get('configmaps', 'foo', 'istio-ca-root-cert'), 'data', 'root-cert.pem');
}

function readyNames(cluster: SimulatedCluster, namespace: string): string {
  return podsOf(cluster, namespace).map((pod) => `${textAt(pod, 'metadata', 'labels', 'app')} ${isReady(pod) ? 'ready' : 'not ready'}`).join(', ');
}

function writePolicy({ backend }: SimulatedCluster): string {
  const object: KubeObject = { apiVersion: 'security.istio.io/v1', kind: 'PeerAuthentication', metadata: { name: 'default', namespace: 'foo' } };
  return backend.validate('CREATE', { group: 'security.istio.io', plural: 'peerauthentications' }, object) ?? 'written';
}

function restartIstiod(mesh: TestMesh, cluster: SimulatedCluster, name: string): void {
  const { store } = cluster.backend;
  const deployment = store.get(DEPLOYMENTS, 'istio-system', name)!;
  const spec = deployment.spec as { template: { metadata: object } };
  const template = { ...spec.template, metadata: { ...spec.template.metadata, annotations: { restarted: store.resourceVersion } } };
  store.replace(DEPLOYMENTS, { ...deployment, spec: { ...spec, template } });
  mesh.clock.advance(ROLLOUT);
}

describe('hurts:', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('the four certificate files switch the root of every istiod that starts from then on', () => {
    const mesh = meshOf('asm-citadel');
    const { store } = mesh.first.backend;
    const before = root(mesh.first);
    store.create('secrets', pluggedInCaSecret(createPluggedInAuthority('Another', NOW, generateRsaKey)));
    applyObjects(store, controlPlaneObjects(distributesMeshCaRoot(PLACE, REVISION_1, mesh.meshCaRootPem)));
    mesh.clock.advance(ROLLOUT);
    move(mesh, mesh.first, 'foo', REVISION_1);
    // The new istiod serves under a root that nobody's config map has: its proxies cannot reach it.
    assert.match(readyNames(mesh.first, 'foo'), /httpbin not ready/u);
    // Any restart of the old istiod, an eviction say, brings the switch to everyone.
    restartIstiod(mesh, mesh.first, 'istiod-asm-1162-2');
    mesh.clock.advance(10 * 60_000);
    assert.notEqual(root(mesh.first), before);
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'bar/sleep'), 'the client does not trust the server');
  });

  it('certificate files of other names leave istiod signing by itself', () => {
    const mesh = meshOf('istio-default');
    const { store } = mesh.first.backend;
    const secret = store.get('secrets', 'istio-system', 'cacerts')!;
    const { 'ca-key.pem': key, ...data } = secret.data as Record<string, string>;
    store.replace('secrets', { ...secret, data: { ...data, 'my-key.pem': key } });
    const before = root(mesh.first);
    restartIstiod(mesh, mesh.first, 'istiod');
    assert.notEqual(root(mesh.first), before);
    assert.ok(store.get('secrets', 'istio-system', 'istio-ca-secret'));
  });

  it('applying istiod-service.yaml makes REVISION_1 the injector and control plane of revision default', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    const spec = distributesMeshCaRoot(PLACE, REVISION_1, mesh.meshCaRootPem);
    applyObjects(mesh.first.backend.store, [istiodService(spec, 'istiod')]);
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(ROLLOUT);
    assert.match(drawPods(mesh, mesh.first, 'foo'), new RegExp(`^httpbin · ready · ${REVISION_1} · \\[CITADEL MESHCA\\]`, 'u'));
    // Those who were connected before come over when their connection ends, half an hour later at the latest.
    const accepted = (): readonly string[] | undefined => mesh.first.proxyIn('bar', 'reports-0')?.trust?.push?.acceptedDomains;
    assert.deepEqual(accepted(), ['cluster.local']);
    mesh.clock.advance(HOUR);
    assert.deepEqual(accepted(), ['cluster.local', 'rehearsal-project.svc.id.goog']);
  });

  it('deleting Service istiod after that lets no Istio object be written and no pod be made', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    applyObjects(mesh.first.backend.store, [istiodService(distributesMeshCaRoot(PLACE, REVISION_1, mesh.meshCaRootPem), 'istiod')]);
    mesh.clock.advance(ROLLOUT);
    assert.equal(writePolicy(mesh.first), 'written');
    remove(mesh.first, 'services', 'istio-system', 'istiod');
    assert.match(writePolicy(mesh.first), /failed calling webhook "validation\.istio\.io": .* service "istiod" not found/u);
    const [pod] = podsOf(mesh.first, 'bar');
    assert.ok('refused' in mesh.first.backend.admitPod({ ...pod!, spec: { containers: [] } }));
  });

  it('a leftover istio: pilot in the selector of Service istiod leaves it without endpoints', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    const { store } = mesh.first.backend;
    const { object } = istiodService(distributesMeshCaRoot(PLACE, REVISION_1, mesh.meshCaRootPem), 'istiod');
    const spec = object.spec as { selector: Record<string, string> };
    applyObjects(store, [{ resource: 'services', object: { ...object, spec: { ...spec, selector: { ...spec.selector, istio: 'pilot' } } } }]);
    mesh.clock.advance(ROLLOUT);
    assert.match(writePolicy(mesh.first), /no endpoints available for service "istiod"/u);
  });

  it('deleting the old istiod under its proxies ends their renewals, and a day later their certificates', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1]);
    const certifiedAt = (): number => mesh.first.proxyIn('foo', podsOf(mesh.first, 'foo')[0]!.metadata.name)!.trust!.certifiedAt;
    remove(mesh.first, DEPLOYMENTS, 'istio-system', 'istiod-asm-1162-2');
    const before = certifiedAt();
    mesh.clock.advance(25 * HOUR);
    assert.equal(certifiedAt(), before);
    assert.ok(mesh.clock.now().getTime() > before + 24 * HOUR);
  });

  it('a REVISION_1 istiod that restarts after delete-secrets signs under a root nobody trusts', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    move(mesh, mesh.first, 'foo', REVISION_1);
    remove(mesh.first, DEPLOYMENTS, 'istio-system', 'istiod');
    remove(mesh.first, 'secrets', 'istio-system', 'cacerts');
    mesh.clock.advance(ROLLOUT);
    assert.equal(canTalk(mesh.second, 'bar/sleep', mesh.first, 'foo/httpbin'), 'yes');
    restartIstiod(mesh, mesh.first, `istiod-${REVISION_1}`);
    mesh.clock.advance(10 * 60_000);
    assert.equal(canTalk(mesh.second, 'bar/sleep', mesh.first, 'foo/httpbin'), 'the client does not trust the server');
    assert.equal(canTalk(mesh.first, 'bar/sleep', mesh.first, 'foo/httpbin'), 'the client does not trust the server');
  });

  it('rollout restart deployment leaves StatefulSets and bare pods on the old roots', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1]);
    move(mesh, mesh.first, 'bar', REVISION_1);
    move(mesh, mesh.first, 'batch', REVISION_1);
    assert.match(drawPods(mesh, mesh.first, 'bar'), /reports-0 · ready · asm-1162-2 · \[CITADEL\]/u);
    assert.match(drawPods(mesh, mesh.first, 'batch'), /toolbox · ready · asm-1162-2 · \[CITADEL\]/u);
    // A namespace that is moved on to Mesh CA cannot talk to what was left behind.
    applyObjects(mesh.first.backend.store, controlPlaneObjects(signsWithMeshCa(PLACE, REVISION_2)));
    mesh.clock.advance(ROLLOUT);
    move(mesh, mesh.first, 'foo', REVISION_2);
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'bar/sleep'), 'yes');
    assert.equal(canTalk(mesh.first, 'foo/httpbin', mesh.first, 'bar/reports'), 'the server does not trust the client');
  });

  it('both labels on a namespace leave it with the old injector', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_1 });
    restart(mesh.first, DEPLOYMENTS, 'foo');
    mesh.clock.advance(ROLLOUT);
    assert.match(drawPods(mesh, mesh.first, 'foo'), /^httpbin · ready · default · \[CITADEL\]/u);
  });

  it('a tag that points elsewhere decides, not what its name suggests', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1], undefined, { withAwkward: true });
    applyObjects(mesh.first.backend.store, [tagWebhook('stable', REVISION_1)]);
    restart(mesh.first, DEPLOYMENTS, 'tagged');
    mesh.clock.advance(ROLLOUT);
    assert.equal(drawPods(mesh, mesh.first, 'tagged'), `catalog · ready · ${REVISION_1} · [CITADEL MESHCA] · by CITADEL`);
  });

  it('a pinned open-source proxy gets no certificate from Mesh CA, and its rollout stands still', () => {
    const mesh = meshOf('istio-default', [REVISION_1, REVISION_2], undefined, { withAwkward: true });
    move(mesh, mesh.first, 'odd', REVISION_1);
    assert.match(readyNames(mesh.first, 'odd'), /pinned ready/u);
    move(mesh, mesh.first, 'odd', REVISION_2);
    assert.match(readyNames(mesh.first, 'odd'), /pinned not ready/u);
  });

  it('without a keeper of istio-ca-root-cert, sidecars of a new namespace cannot start', () => {
    const mesh = meshOf('asm-citadel', [REVISION_2], 'rootConfigMapAbandoned');
    remove(mesh.first, DEPLOYMENTS, 'istio-system', 'istiod-asm-1162-2');
    mesh.clock.advance(ROLLOUT);
    create(mesh.first, namespaceObject('fresh', { 'istio.io/rev': REVISION_2 }));
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web:1' }] } };
    const spec = { replicas: 1, selector: { matchLabels: { app: 'web' } }, template };
    create(mesh.first, { resource: DEPLOYMENTS, object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'fresh' }, spec } });
    mesh.clock.advance(ROLLOUT);
    assert.equal(readyNames(mesh.first, 'fresh'), 'web not ready');
  });

  it('webhooks of a revision that is gone keep the old root, and fail once istiod has another', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    const { store } = mesh.first.backend;
    applyObjects(store, [istiodService(distributesMeshCaRoot(PLACE, REVISION_1, mesh.meshCaRootPem), 'istiod')]);
    remove(mesh.first, DEPLOYMENTS, 'istio-system', 'istiod');
    remove(mesh.first, 'secrets', 'istio-system', 'cacerts');
    restartIstiod(mesh, mesh.first, `istiod-${REVISION_1}`);
    assert.match(writePolicy(mesh.first), /x509: certificate signed by unknown authority/u);
  });
});
