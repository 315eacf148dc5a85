// Proxies and their control planes over time: connections, pushes one after another, renewals and their failure.
import assert from 'node:assert/strict';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import { anchorsOf } from '../../../../src/rehearsal/mesh/proxyTrust.js';
import type { ProxyTrust } from '../../../../src/rehearsal/mesh/proxyTrust.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import { meshOf, podsOf, relabel, restart } from './drawnMesh.js';
import type { TestMesh } from './drawnMesh.js';

const REVISION_1 = 'asm-1232-2-distribute-root';
const HOUR = 3_600_000;
const ROLLOUT = 20_000;

function trusts(cluster: SimulatedCluster, namespace: string): ProxyTrust[] {
  return podsOf(cluster, namespace).flatMap(({ metadata }) => cluster.proxyIn(namespace, metadata.name)?.trust ?? []);
}

function istiods({ backend }: SimulatedCluster): string[] {
  return backend.store.list('pods', 'istio-system').map(({ metadata }) => metadata.name).filter((name) => name.startsWith('istiod'));
}

function changeMeshConfig({ backend: { store } }: SimulatedCluster, name: string, change: (mesh: string) => string): void {
  const map = store.get('configmaps', 'istio-system', name)!;
  store.replace('configmaps', { ...map, data: { ...(map.data as object), mesh: change(textAt(map, 'data', 'mesh')) } });
}

function withoutCaSecret(mesh: TestMesh): void {
  mesh.first.backend.store.remove('secrets', 'istio-system', 'istio-ca-secret');
}

describe('proxies', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('hear of a change one after another', () => {
    const mesh = meshOf('asm-citadel', [], undefined, { pods: 30, namespaces: 1 });
    changeMeshConfig(mesh.first, 'istio-asm-1162-2', (text) => `${text}\n`.replace('trustDomainAliases:', 'trustDomainAliases:\n  - partner.example'));
    const heard = (): number => trusts(mesh.first, 'team-001').filter(({ push }) => push?.acceptedDomains.includes('partner.example') === true).length;
    const counts = new Set<number>();
    for (let step = 0; step < 60; step += 1) {
      counts.add(heard());
      mesh.clock.advance(100);
    }
    assert.ok(counts.size > 10, `only ${[...counts].join()} had heard at some time`);
    assert.equal(heard(), 30);
  });

  it('keep the certificate at a push of anchors with 1.16, and ask anew with 1.23', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1]);
    relabel(mesh.first, 'foo', { 'istio.io/rev': REVISION_1 });
    restart(mesh.first, 'deployments.apps', 'foo');
    mesh.clock.advance(ROLLOUT);
    const [before] = trusts(mesh.first, 'foo');
    changeMeshConfig(mesh.first, `istio-${REVISION_1}`, (text) => text.replace(/caCertificates:[^]*?defaultConfig:/u, 'defaultConfig:'));
    mesh.clock.advance(ROLLOUT);
    const [after] = trusts(mesh.first, 'foo');
    assert.ok(after!.certifiedAt > before!.certifiedAt);
    assert.equal(after!.anchorsChangedAt, after!.certifiedAt);
  });

  it('renew at about half of the lifetime, with what their istiod signs with at that moment', () => {
    const mesh = meshOf('asm-citadel');
    changeMeshConfig(mesh.first, 'istio-asm-1162-2', (text) => text.replace('trustDomain: cluster.local', 'trustDomain: other.example'));
    mesh.clock.advance(ROLLOUT);
    assert.ok(trusts(mesh.first, 'foo').every(({ signer }) => signer.identityDomain === 'cluster.local'), 'not before');
    mesh.clock.advance(12 * HOUR);
    assert.ok(trusts(mesh.first, 'foo').every(({ signer }) => signer.identityDomain === 'other.example'));
  });

  it('of one istiod replica that restarted without its Secret live under another root than those of its twin, for an hour at most', () => {
    const mesh = meshOf('asm-citadel', [], undefined, { pods: 40, namespaces: 1 });
    withoutCaSecret(mesh);
    const [one] = istiods(mesh.first);
    mesh.first.backend.stopPod(mesh.first.backend.store.get('pods', 'istio-system', one!)!);
    mesh.clock.advance(ROLLOUT);
    restart(mesh.first, 'deployments.apps', 'foo');
    mesh.clock.advance(13 * HOUR);
    const roots = new Set(trusts(mesh.first, 'team-001').map(({ signer }) => signer.root));
    assert.equal(roots.size, 1, 'the twin follows the new Secret');
    assert.deepEqual([...roots], [textAt(mesh.first.backend.store.get('configmaps', 'foo', 'istio-ca-root-cert'), 'data', 'root-cert.pem')]);
  });

  it('wait with both secrets warming while nobody answers their request', () => {
    const mesh = meshOf('asm-citadel');
    const { store } = mesh.first.backend;
    const [deployment] = store.list('deployments.apps', 'istio-system').filter(({ metadata }) => metadata.name.startsWith('istiod'));
    const pods = podsOf(mesh.first, 'foo');
    restart(mesh.first, 'deployments.apps', 'foo');
    mesh.clock.advance(300);
    store.remove('deployments.apps', 'istio-system', deployment!.metadata.name);
    mesh.clock.advance(ROLLOUT);
    const fresh = podsOf(mesh.first, 'foo').filter(({ metadata }) => !pods.some((pod) => pod.metadata.name === metadata.name));
    const states = fresh.map(({ metadata }) => mesh.first.proxyIn('foo', metadata.name)).map((proxy) => (proxy === undefined ? 'none' : proxy.trust === undefined ? 'warming' : 'certified'));
    assert.ok(states.length > 0 && states.every((state) => state === 'warming'), states.join());
  });

  it('have a stream to istiod as long as its process lives, and a new one when another may be reached and is trusted', () => {
    const mesh = meshOf('asm-citadel');
    const { store } = mesh.first.backend;
    const [deployment] = store.list('deployments.apps', 'istio-system').filter(({ metadata }) => metadata.name.startsWith('istiod'));
    const streams = (): string[] => podsOf(mesh.first, 'foo').map(({ metadata }) => {
      const stream = mesh.first.controlStreamOf('foo', metadata.name)!;
      return `${stream.isOpen ? 'open' : 'none'} ${stream.answered}/${stream.opened}`;
    });
    const all = (state: string): string[] => podsOf(mesh.first, 'foo').map(() => state);
    assert.deepEqual(streams(), all('open 1/1'));
    const published = store.get('configmaps', 'foo', 'istio-ca-root-cert')!;
    store.replace('configmaps', { ...published, data: { 'root-cert.pem': '' } });
    assert.deepEqual(streams(), all('open 1/1'), 'whoever is connected is not asked again');
    store.remove('deployments.apps', 'istio-system', deployment!.metadata.name);
    mesh.clock.advance(ROLLOUT);
    assert.deepEqual(streams(), all('none 1/1'));
    store.create('deployments.apps', { ...deployment!, metadata: { ...deployment!.metadata, uid: '', resourceVersion: '' } });
    mesh.clock.advance(10 * ROLLOUT);
    assert.deepEqual(streams(), all('open 2/2'));
  });

  it('open a stream before istiod has answered on it', () => {
    const mesh = meshOf('asm-citadel');
    const before = new Set(podsOf(mesh.first, 'foo').map(({ metadata }) => metadata.uid));
    restart(mesh.first, 'deployments.apps', 'foo');
    const seen = new Set<string>();
    for (let step = 0; step < 200; step += 1) {
      mesh.clock.advance(100);
      for (const { metadata } of podsOf(mesh.first, 'foo').filter((pod) => !before.has(pod.metadata.uid))) {
        const { isOpen, opened, answered } = mesh.first.controlStreamOf('foo', metadata.name)!;
        seen.add(`${isOpen ? 'open' : 'none'} ${answered}/${opened}`);
      }
    }
    assert.deepEqual([...seen], ['none 0/0', 'open 0/1', 'open 1/1']);
  });

  it('have the anchors of their CA alone where an agent does not listen', () => {
    const mesh = meshOf('asm-citadel');
    const [pod] = podsOf(mesh.first, 'foo');
    const proxy = mesh.first.proxyIn('foo', pod!.metadata.name)!;
    assert.equal(anchorsOf(proxy.settings.agent, proxy.trust!).length, 1);
  });

  it('ask for a certificate when they are told to', () => {
    const mesh = meshOf('asm-citadel');
    const [pod] = podsOf(mesh.first, 'foo');
    assert.equal(mesh.first.renewCertificate('foo', pod!.metadata.name), true);
    assert.equal(mesh.first.proxyIn('foo', pod!.metadata.name)?.trust?.certifiedAt, mesh.clock.now().getTime());
    assert.equal(mesh.first.renewCertificate('plain', podsOf(mesh.first, 'plain')[0]!.metadata.name), false);
  });
});
