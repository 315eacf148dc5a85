// The scenes as they are at the start, drawn as text.
import assert from 'node:assert/strict';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import { asPod, isReady } from '../../../../src/rehearsal/mesh/podTypes.js';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import { fingerprint, meshOf, NOW, shortName } from '../mesh/drawnMesh.js';
import type { TestMesh } from '../mesh/drawnMesh.js';

const REVISION = 'asm-1232-2-distribute-root';

/** Namespaces with their mesh labels, and below each its pods by what injected them. */
function draw(cluster: SimulatedCluster): string {
  const { store } = cluster.backend;
  return store
    .list('namespaces')
    .flatMap(({ metadata: { name, labels = {} } }) => {
      const mesh = ['istio-injection', 'istio.io/rev'].filter((key) => labels[key]).map((key) => ` ${key}=${labels[key] ?? ''}`);
      const pods = store.list('pods', name).map(asPod).map((pod) => {
        const revision = cluster.proxyIn(name, pod.metadata.name)?.settings.revision ?? '-';
        return `  ${shortName(pod)} ${revision}${isReady(pod) ? '' : ' NOT READY'}`;
      });
      return [`${name}${mesh.join('')}`, ...pods];
    })
    .join('\n');
}

function secretNames({ backend }: SimulatedCluster): string[] {
  return backend.store.list('secrets', 'istio-system').map(({ metadata }) => metadata.name);
}

function citadelRoot({ backend }: SimulatedCluster): string {
  return textAt(backend.store.get('configmaps', 'foo', 'istio-ca-root-cert'), 'data', 'root-cert.pem');
}

describe('scene istio-default', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);
  let mesh: TestMesh;
  before(() => {
    mesh = meshOf('istio-default', [REVISION]);
  });

  it('is Istio on GKE in the middle of its life, with a second control plane beside it', () => {
    const expected = `
bar istio-injection=enabled
  reports-0 default
  reports-1 default
  sleep default
batch istio-injection=enabled
  toolbox default
  worker default
  worker default
baz istio-injection=enabled istio.io/rev=${REVISION}
  ledger default
default
foo istio-injection=enabled
  httpbin default
  httpbin default
  sleep default
istio-system
  istio-ingressgateway default
  istio-ingressgateway default
  istiod-${REVISION} -
  istiod-${REVISION} -
  istiod -
  istiod -
kube-node-lease
kube-public
kube-system
  gke-metadata-server -
  gke-metadata-server -
  gke-metadata-server -
plain
  website -`;
    assert.equal(`\n${draw(mesh.first)}`, expected);
    assert.equal(`\n${draw(mesh.second)}`, expected);
  });

  it('has one plugged-in root in both clusters', () => {
    assert.deepEqual(secretNames(mesh.first), ['cacerts']);
    assert.equal(fingerprint(citadelRoot(mesh.first)), fingerprint(citadelRoot(mesh.second)));
  });

  it('has an istio-ca-root-cert in every namespace that istiod looks after', () => {
    const holders = mesh.first.backend.store
      .list('configmaps')
      .filter(({ metadata }) => metadata.name === 'istio-ca-root-cert')
      .map(({ metadata }) => metadata.namespace);
    assert.deepEqual(holders, ['bar', 'batch', 'baz', 'default', 'foo', 'istio-system', 'plain']);
  });

  it('keeps the webhooks of each control plane apart', () => {
    const webhooks = mesh.first.backend.store.list('mutatingwebhookconfigurations.admissionregistration.k8s.io');
    assert.deepEqual(
      webhooks.map(({ metadata, webhooks: rules }) => `${metadata.name}: ${(rules as unknown[]).length}`),
      ['istio-sidecar-injector: 4', `istio-sidecar-injector-${REVISION}: 2`],
    );
  });

  it('has plausible ages, and certificates that were renewed within the last half day', () => {
    const days = (time: string): number => Math.round((NOW.getTime() - Date.parse(time)) / 86_400_000);
    const { store } = mesh.first.backend;
    assert.equal(days(store.get('namespaces', undefined, 'kube-system')!.metadata.creationTimestamp), 92);
    assert.equal(days(store.get('pods', 'bar', 'reports-0')!.metadata.creationTimestamp), 9);
    for (const pod of store.list('pods', 'foo')) {
      const age = NOW.getTime() - (mesh.first.proxyIn('foo', pod.metadata.name)?.trust?.certifiedAt ?? 0);
      assert.ok(age >= 0 && age <= 12 * 3_600_000, `certificate of ${pod.metadata.name} is ${age} ms old`);
    }
  });

  it('has a record of the operator for the old installation only', () => {
    const records = mesh.first.backend.store.list('istiooperators.install.istio.io').map(({ metadata }) => metadata.name);
    assert.deepEqual(records, ['installed-state']);
  });
});

describe('scene asm-citadel', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);
  let mesh: TestMesh;
  before(() => {
    mesh = meshOf('asm-citadel');
  });

  it('is ASM with a revision label, and a default tag that injects where both labels are set', () => {
    const lines = draw(mesh.first).split('\n');
    assert.deepEqual(lines.slice(lines.indexOf('baz istio-injection=enabled istio.io/rev=asm-1162-2')), [
      'baz istio-injection=enabled istio.io/rev=asm-1162-2',
      '  ledger asm-1162-2',
      'default',
      'foo istio.io/rev=asm-1162-2',
      '  httpbin asm-1162-2',
      '  httpbin asm-1162-2',
      '  sleep asm-1162-2',
      'istio-system',
      '  istio-ingressgateway asm-1162-2',
      '  istio-ingressgateway asm-1162-2',
      '  istiod-asm-1162-2 -',
      '  istiod-asm-1162-2 -',
      'kube-node-lease',
      'kube-public',
      'kube-system',
      '  gke-metadata-server -',
      '  gke-metadata-server -',
      '  gke-metadata-server -',
      'plain',
      '  website -',
    ]);
  });

  it('has in each cluster a root of its own, which istiod made at its first start', () => {
    assert.deepEqual(secretNames(mesh.first), ['istio-ca-secret']);
    assert.notEqual(fingerprint(citadelRoot(mesh.first)), fingerprint(citadelRoot(mesh.second)));
  });
});
