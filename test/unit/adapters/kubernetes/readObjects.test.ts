// Objects as API servers send them become facts, whatever is missing or odd in them.
import assert from 'node:assert/strict';
import { sha256 } from '../../../../src/adapters/certificateKeyParts.js';
import { KIND_REQUESTS } from '../../../../src/adapters/kubernetes/watchedKinds.js';
import type { PodFacts, WatchedKind } from '../../../../src/domain/mesh/facts.js';
import { factsOf, makeCertificate, makeKey, rawExtension } from '../../../support/madeCertificates.js';
import { certificate, fingerprint, pemOf } from '../../../support/trustCertificates.js';

function read(kind: WatchedKind, object: unknown): unknown {
  return KIND_REQUESTS.find((request) => request.kind === kind)!.read(object)?.facts;
}

const NATIVE = {
  metadata: {
    name: 'hello-5d8f9c7b6-x2x4z', namespace: 'foo', uid: 'u1', creationTimestamp: '2026-01-02T03:04:05Z',
    labels: { app: 'hello', 'pod-template-hash': '5d8f9c7b6' },
    annotations: {
      'istio.io/rev': 'default',
      'kubectl.kubernetes.io/last-applied-configuration': '{"very":"long"}',
      'sidecar.istio.io/status': '{"initContainers":["istio-init","istio-proxy"],"containers":null,"volumes":["x"],"imagePullSecrets":null,"revision":"asm-1"}',
    },
    ownerReferences: [{ kind: 'ReplicaSet', name: 'hello-5d8f9c7b6', controller: true }],
  },
  spec: {
    serviceAccountName: 'hello',
    containers: [{ name: 'hello', image: 'hello:1' }],
    initContainers: [
      { name: 'istio-init', image: 'proxyv2:1.23.2' },
      {
        name: 'istio-proxy', image: 'proxyv2:1.23.2', restartPolicy: 'Always', args: ['proxy', 'sidecar', '--domain', 'x'],
        env: [{ name: 'POD_NAME', valueFrom: {} }, { name: 'CA_ADDR', value: 'istiod-asm-1.istio-system.svc:15012' }],
      },
    ],
  },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: 'True' }],
    initContainerStatuses: [{ name: 'istio-proxy', ready: true, state: { running: {} } }],
    containerStatuses: [{ name: 'hello', ready: true, state: { running: {} } }],
  },
};

describe('reading pods', () => {
  it('keeps what tells that a workload brings certificates of its own', () => {
    const annotations = { 'inject.istio.io/templates': 'sidecar,spire', 'proxy.istio.io/config': 'proxyMetadata:\n  FILE_MOUNTED_CERTS: "true"\n' };
    const spec = { selector: {}, template: { metadata: { annotations }, spec: { containers: [] } } };
    const facts = read('deployments', { kind: 'Deployment', metadata: { name: 'web', namespace: 'foo', uid: 'u' }, spec }) as { templateAnnotations: object };
    assert.deepEqual(facts.templateAnnotations, annotations);
  });

  it('keeps of annotations our own and the marks of GitOps tools, and none that only costs memory', () => {
    const annotations = {
      'mesh-ca-migration/before.asm-1': '{}',
      'argocd.argoproj.io/tracking-id': 'shop:/Namespace:foo',
      'kubectl.kubernetes.io/last-applied-configuration': '{"very":"long"}',
      'example.com/mesh-ca': 'somebody else',
    };
    const facts = read('namespaces', { metadata: { name: 'foo', uid: 'u', annotations } }) as { annotations: object };
    assert.deepEqual(Object.keys(facts.annotations), ['mesh-ca-migration/before.asm-1', 'argocd.argoproj.io/tracking-id']);
  });

  it('finds a native sidecar among the init containers, and its Deployment by the hash of the template', () => {
    const facts = read('pods', NATIVE) as PodFacts;
    assert.deepEqual(facts.owner, { kind: 'Deployment', name: 'hello' });
    assert.deepEqual(facts.proxy, {
      role: 'sidecar', native: true, image: 'proxyv2:1.23.2', revision: 'asm-1', state: 'running', ready: true,
      caAddress: 'istiod-asm-1.istio-system.svc:15012',
    });
    assert.equal(facts.createdAt, Date.UTC(2026, 0, 2, 3, 4, 5));
    assert.deepEqual(facts.annotations, { 'istio.io/rev': 'default' });
  });

  it('takes the revision from the status annotation, then the annotation, then the label', () => {
    const revision = (annotations: object, labels: object = {}): unknown => {
      const object = { metadata: { name: 'p', annotations, labels }, spec: { containers: [{ name: 'istio-proxy' }] } };
      return (read('pods', object) as PodFacts).proxy?.revision;
    };
    const label = { 'istio.io/rev': 'a-tag' };
    assert.equal(revision({ 'sidecar.istio.io/status': '{"revision":"real"}', 'istio.io/rev': 'noted' }, label), 'real');
    assert.equal(revision({ 'sidecar.istio.io/status': '{"version":"old"}', 'istio.io/rev': 'noted' }, label), 'noted');
    assert.equal(revision({ 'sidecar.istio.io/status': 'not JSON' }, label), 'a-tag');
    assert.equal(revision({ 'sidecar.istio.io/status': '{"revision":""}' }), 'default');
    assert.equal(revision({}), undefined);
  });

  it('knows gateways by the arguments of the proxy', () => {
    const role = (args: unknown): unknown =>
      (read('pods', { metadata: { name: 'p' }, spec: { containers: [{ name: 'istio-proxy', args }] } }) as PodFacts).proxy?.role;
    assert.deepEqual(
      [role(['proxy', 'router']), role(['proxy', 'sidecar']), role(['proxy', 'waypoint']), role(['proxy', 'new']), role(null)],
      ['router', 'sidecar', 'waypoint', 'unknown', 'sidecar'],
    );
  });

  it('does not take a plain init container of that name for a proxy', () => {
    const object = { metadata: { name: 'p' }, spec: { initContainers: [{ name: 'istio-proxy' }] } };
    assert.equal((read('pods', object) as PodFacts).proxy, undefined);
  });

  it('tells crashes and pods that find no node from ordinary starting', () => {
    const trouble = (status: unknown): unknown => (read('pods', { metadata: { name: 'p' }, status }) as PodFacts).trouble;
    const waiting = (reason: string): unknown => ({ containerStatuses: [{ name: 'a', state: { waiting: { reason } } }] });
    assert.equal(trouble(waiting('CrashLoopBackOff')), 'CrashLoopBackOff');
    assert.equal(trouble(waiting('ContainerCreating')), undefined);
    assert.equal(trouble({ conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] }), 'Unschedulable');
    assert.equal(trouble({ containerStatuses: [{ state: { terminated: { exitCode: 1, reason: 'Error' } } }] }), 'Error');
  });

  it('makes something of almost nothing and nothing of nonsense', () => {
    assert.equal((read('pods', { metadata: { name: 'p', labels: null } }) as PodFacts).phase, 'Unknown');
    for (const nonsense of [null, 1, 'text', [], {}, { metadata: 5 }]) assert.equal(read('pods', nonsense), undefined);
  });
});

describe('reading other kinds', () => {
  it('reads progress, template and the environment of istiod alone', () => {
    const containers = [
      { name: 'discovery', image: 'pilot:1.23.2-asm.2', env: [{ name: 'ISTIO_MULTIROOT_MESH', value: 'true' }] },
      { name: 'app', image: 'app:1', env: [{ name: 'PASSWORD', value: 'secret' }] },
    ];
    const facts = read('deployments', {
      metadata: { name: 'istiod', namespace: 'istio-system', generation: 3 },
      spec: { replicas: 2, paused: true, selector: { matchLabels: { app: 'istiod' } }, template: { spec: { containers } } },
      status: { observedGeneration: 2, replicas: 3, updatedReplicas: 1, readyReplicas: 2, availableReplicas: 2 },
    });
    const { desired, updated, ready, total, generation, observedGeneration, paused, images, environment } = facts as Record<string, unknown>;
    assert.deepEqual([desired, updated, ready, total, generation, observedGeneration, paused], [2, 1, 2, 3, 3, 2, true]);
    assert.deepEqual(images, { discovery: 'pilot:1.23.2-asm.2', app: 'app:1' });
    assert.deepEqual(environment, { ISTIO_MULTIROOT_MESH: 'true' });
  });

  it('keeps of how a workload rolls what is out of the ordinary, and why its new pods are refused', () => {
    const kept = (kind: WatchedKind, spec: object, status: object = {}): unknown => {
      const { recreates, partition, podsRefused } = read(kind, { metadata: { name: 'd' }, spec, status }) as Record<string, unknown>;
      return { recreates, partition, podsRefused };
    };
    const nothing = { recreates: undefined, partition: undefined, podsRefused: undefined };
    const condition = { type: 'ReplicaFailure', status: 'True', message: 'exceeded quota: small' };
    assert.deepEqual(kept('deployments', { strategy: { type: 'RollingUpdate' } }, { conditions: [{ type: 'Available', status: 'True' }] }), nothing);
    assert.deepEqual(kept('deployments', { strategy: { type: 'Recreate' } }, { conditions: [condition] }), { ...nothing, recreates: true, podsRefused: 'exceeded quota: small' });
    assert.deepEqual(kept('deployments', {}, { conditions: [{ ...condition, status: 'False' }] }), nothing);
    assert.deepEqual(kept('statefulsets', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }), { ...nothing, partition: 2 });
    assert.deepEqual(kept('statefulsets', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } }), nothing);
  });

  it('reads who manages the labels of a namespace that decide on injection, and nobody else', () => {
    const entry = (manager: string, label: string): object => ({ manager, fieldsV1: { 'f:metadata': { 'f:labels': { '.': {}, [`f:${label}`]: {} } } } });
    const managers = (...managedFields: readonly object[]): unknown => (read('namespaces', { metadata: { name: 'foo', managedFields } }) as Record<string, unknown>).labelManagers;
    const found = managers(entry('argocd-controller', 'istio.io/rev'), entry('kubectl-label', 'istio-injection'), entry('helm', 'team'), { manager: 'x', fieldsV1: { 'f:status': {} } });
    assert.deepEqual(found, ['argocd-controller', 'kubectl-label']);
    assert.equal(managers(), undefined);
  });

  it('tells a hand-injected template from one that the injector fills in', () => {
    const inTemplate = (image: string): unknown => {
      const template = { spec: { containers: [{ name: 'istio-proxy', image }] } };
      return (read('deployments', { metadata: { name: 'd' }, spec: { template } }) as Record<string, unknown>).proxyInTemplate;
    };
    assert.deepEqual([inTemplate('proxyv2:1.16.7'), inTemplate('auto')], [true, false]);
  });

  it('reads a DaemonSet by its own words', () => {
    const facts = read('daemonsets', {
      metadata: { name: 'd' }, spec: { updateStrategy: { type: 'OnDelete' } }, status: { desiredNumberScheduled: 3, numberReady: 2 },
    });
    const { kind, desired, ready, onDelete } = facts as Record<string, unknown>;
    assert.deepEqual([kind, desired, ready, onDelete], ['DaemonSet', 3, 2, true]);
  });

  it('reads both ways of writing a selector, and passes over webhooks that do not inject', () => {
    const webhook = {
      name: 'rev.namespace.sidecar-injector.istio.io',
      clientConfig: { service: { namespace: 'istio-system', name: 'istiod-asm-1' } },
      namespaceSelector: { matchLabels: { a: 'b' }, matchExpressions: [{ key: 'istio-injection', operator: 'DoesNotExist' }] },
    };
    const labels = { 'istio.io/rev': 'asm-1', 'istio.io/tag': 'prod' };
    assert.deepEqual(read('mutatingwebhookconfigurations', { metadata: { name: 'tag', uid: 'u', labels }, webhooks: [webhook] }), {
      name: 'tag', uid: 'u', revision: 'asm-1', tag: 'prod',
      webhooks: [{
        name: webhook.name,
        service: { namespace: 'istio-system', name: 'istiod-asm-1' },
        namespaceSelector: [{ key: 'a', operator: 'In', values: ['b'] }, { key: 'istio-injection', operator: 'DoesNotExist', values: [] }],
        objectSelector: [],
      }],
    });
    assert.equal(read('mutatingwebhookconfigurations', { metadata: { name: 'other' }, webhooks: [{ name: 'policy.example.com' }] }), undefined);
  });

  it('reads the mesh config of a revision, and says when its YAML is broken', () => {
    const config = (name: string, mesh: string): Record<string, unknown> | undefined =>
      read('configmaps', { metadata: { name, namespace: 'istio-system' }, data: { mesh } }) as Record<string, unknown> | undefined;
    const mesh = [
      'trustDomain: fleet.svc.id.goog', 'trustDomainAliases: [cluster.local]',
      'defaultConfig: {proxyMetadata: {PROXY_CONFIG_XDS_AGENT: true, CA_PROVIDER: GoogleCA}}',
      'caCertificates:', '- pem: |', ...pemOf('citadel-root').trim().split('\n').map((line) => `    ${line}`),
    ].join('\n');
    const facts = config('istio-asm-1', mesh);
    assert.equal(facts?.revision, 'asm-1');
    assert.deepEqual(facts.extraAnchors, [fingerprint('citadel-root')]);
    assert.deepEqual(facts.proxyMetadata, { PROXY_CONFIG_XDS_AGENT: 'true', CA_PROVIDER: 'GoogleCA' });
    assert.deepEqual([facts.trustDomain, facts.trustDomainAliases], ['fleet.svc.id.goog', ['cluster.local']]);
    assert.equal(config('istio', '')?.revision, 'default');
    assert.equal(config('istio', '')?.trustDomain, 'cluster.local');
    assert.deepEqual(config('istio', 'caCertificates: [{trustDomains: [a, b]}, {trustDomains: [b]}]')?.anchorTrustDomains, ['a', 'b']);
    assert.notEqual(config('istio', 'trustDomain: [unclosed')?.unreadable, undefined);
    assert.notEqual(config('istio', '- a list')?.unreadable, undefined);
    assert.equal(config('other', 'trustDomain: x'), undefined);
  });

  it('reads the published root by its fingerprint and its key and passes over what is no certificate', () => {
    const pem = `${pemOf('citadel-root')}-----BEGIN CERTIFICATE-----\nbm90IG9uZQ==\n-----END CERTIFICATE-----\n`;
    const facts = read('caRoots', { metadata: { name: 'istio-ca-root-cert', namespace: 'foo', uid: 'u' }, data: { 'root-cert.pem': pem } });
    assert.deepEqual(facts, { namespace: 'foo', uid: 'u', fingerprints: [fingerprint('citadel-root')], keys: [certificate('citadel-root').spki] });
  });

  it('reads a published root whose key identifier is malformed, as anybody may publish one', () => {
    const key = makeKey();
    const { pem } = makeCertificate({ name: [['O', 'odd']], key, extensions: [rawExtension('2.5.29.14', '0487ffffffffffffff')] });
    const facts = read('caRoots', { metadata: { name: 'istio-ca-root-cert', namespace: 'foo', uid: 'u' }, data: { 'root-cert.pem': pem } });
    const spki = sha256(key.publicKey.export({ type: 'spki', format: 'der' }));
    assert.deepEqual(facts, { namespace: 'foo', uid: 'u', fingerprints: [factsOf(pem).fingerprint], keys: [spki] });
  });

  it('asks for no more config maps than it needs, and for no Secret', () => {
    const paths = KIND_REQUESTS.map(({ path, query }) => `${path}?${new URLSearchParams(query).toString()}`);
    assert.deepEqual(paths.filter((path) => /configmaps|secrets/.test(path)), [
      '/api/v1/namespaces/istio-system/configmaps?',
      '/api/v1/configmaps?fieldSelector=metadata.name%3Distio-ca-root-cert',
    ]);
  });
});
