// Injected pods of each version, down to where they say their revision.
import assert from 'node:assert/strict';
import { injectProxy, isLeftAlone } from '../../../../src/rehearsal/mesh/injection.js';
import { readInjector } from '../../../../src/rehearsal/mesh/injector.js';
import type { Injector } from '../../../../src/rehearsal/mesh/injector.js';
import { istiodConfigMaps } from '../../../../src/rehearsal/mesh/installation/istiodConfigMaps.js';
import {
  asmWithCitadel,
  distributesMeshCaRoot,
  istioOnGke,
  signsWithMeshCa,
} from '../../../../src/rehearsal/mesh/installation/controlPlaneSpec.js';
import type { ControlPlaneSpec } from '../../../../src/rehearsal/mesh/installation/controlPlaneSpec.js';
import { containerNamed, envValue } from '../../../../src/rehearsal/mesh/podTypes.js';
import type { Pod } from '../../../../src/rehearsal/mesh/podTypes.js';

const PLACE = { fleetProject: 'fleet', project: 'proj', location: 'us-central1', cluster: 'c1' };

function injectorOf(spec: ControlPlaneSpec): Injector {
  const [mesh, values] = istiodConfigMaps(spec).map(({ object }) => object.data as Record<string, string>);
  return readInjector(spec.revision, mesh!.mesh!, values!.values!);
}

const OLD_ISTIO = injectorOf(istioOnGke());
const OLD_ASM = injectorOf(asmWithCitadel(PLACE));
const REVISION_1 = injectorOf(distributesMeshCaRoot(PLACE, 'asm-1232-2-distribute-root', 'PEM\n'));
const REVISION_2 = injectorOf(signsWithMeshCa(PLACE, 'asm-1232-2-meshca'));

function pod(changes: { labels?: Record<string, string>; annotations?: Record<string, string>; image?: string; hostNetwork?: boolean } = {}): Pod {
  const isGateway = changes.image === 'auto';
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'httpbin-5c9f-x7k2p',
      namespace: 'foo',
      labels: { app: 'httpbin', ...changes.labels },
      ...(changes.annotations ? { annotations: changes.annotations } : {}),
      ownerReferences: [{ apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'httpbin-5c9f', uid: 'u', controller: true }],
    },
    spec: {
      ...(changes.hostNetwork === undefined ? {} : { hostNetwork: changes.hostNetwork }),
      containers: [{ name: isGateway ? 'istio-proxy' : 'httpbin', image: changes.image ?? 'httpbin:1', ports: [{ containerPort: 80 }] }],
    },
  };
}

/** Where a stamped pod says its revision. */
function stamps(injected: Pod): Record<string, unknown> {
  const { annotations = {}, labels = {} } = injected.metadata;
  const status = JSON.parse(annotations['sidecar.istio.io/status'] ?? '{}') as { revision?: string };
  return { status: status.revision, annotation: annotations['istio.io/rev'], label: labels['istio.io/rev'] };
}

const GATEWAY = { image: 'auto', annotations: { 'inject.istio.io/templates': 'gateway' } };

describe('what an injector stamps on a pod', () => {
  it('says the revision of a sidecar only in the status annotation up to 1.17', () => {
    assert.deepEqual(stamps(injectProxy(pod(), OLD_ISTIO)), { status: 'default', annotation: undefined, label: undefined });
    assert.deepEqual(stamps(injectProxy(pod(), OLD_ASM)), { status: 'asm-1162-2', annotation: undefined, label: undefined });
  });

  it('says it in annotation istio.io/rev too from 1.18 on', () => {
    const revision = 'asm-1232-2-distribute-root';
    assert.deepEqual(stamps(injectProxy(pod(), REVISION_1)), { status: revision, annotation: revision, label: undefined });
  });

  it('labels gateways up to 1.17, keeping a label of their own, and annotates them afterwards', () => {
    assert.equal(stamps(injectProxy(pod(GATEWAY), OLD_ASM)).label, 'asm-1162-2');
    assert.equal(stamps(injectProxy(pod({ ...GATEWAY, labels: { 'istio.io/rev': 'stable' } }), OLD_ASM)).label, 'stable');
    assert.deepEqual(stamps(injectProxy(pod(GATEWAY), REVISION_1)), {
      status: REVISION_1.revision,
      annotation: REVISION_1.revision,
      label: undefined,
    });
  });

  it('adds istio-init and a sidecar that knows its CA and its control plane', () => {
    const injected = injectProxy(pod(), REVISION_1);
    const proxy = containerNamed(injected.spec, 'istio-proxy');
    assert.deepEqual(injected.spec.containers.map(({ name }) => name), ['httpbin', 'istio-proxy']);
    assert.deepEqual(injected.spec.initContainers?.map(({ name }) => name), ['istio-init']);
    assert.equal(proxy?.image, 'gke.gcr.io/asm/proxyv2:1.23.2-asm.2');
    assert.deepEqual(proxy.args?.slice(0, 2), ['proxy', 'sidecar']);
    assert.equal(envValue(proxy, 'CA_ADDR'), 'istiod-asm-1232-2-distribute-root.istio-system.svc:15012');
    assert.equal(envValue(proxy, 'TRUST_DOMAIN'), 'cluster.local');
    assert.equal(envValue(proxy, 'PROXY_CONFIG_XDS_AGENT'), 'true');
    assert.equal(envValue(proxy, 'ISTIO_META_OWNER'), 'kubernetes://apis/apps/v1/namespaces/foo/deployments/httpbin');
    assert.equal(injected.metadata.labels?.['service.istio.io/canonical-name'], 'httpbin');
    assert.equal(injected.metadata.labels['security.istio.io/tlsMode'], 'istio');
  });

  it('sends certificate requests to Mesh CA when the control plane is Mesh CA’s', () => {
    const proxy = containerNamed(injectProxy(pod(), REVISION_2).spec, 'istio-proxy');
    assert.equal(envValue(proxy, 'CA_ADDR'), 'meshca.googleapis.com:443');
    assert.equal(envValue(proxy, 'CA_PROVIDER'), 'GoogleCA');
    assert.equal(envValue(proxy, 'TRUST_DOMAIN'), 'fleet.svc.id.goog');
  });

  it('fills in the container of a gateway and adds no redirection', () => {
    const { spec } = injectProxy(pod(GATEWAY), OLD_ASM);
    assert.equal(spec.initContainers, undefined);
    assert.deepEqual(spec.containers.map(({ name, image, args }) => [name, image, args?.[1]]), [
      ['istio-proxy', 'gke.gcr.io/asm/proxyv2:1.16.2-asm.2', 'router'],
    ]);
  });

  it('makes native sidecars where istiod is told to, and by the pod’s annotation from 1.24 on', () => {
    const places = (injector: Injector, annotation?: string): string => {
      const own = annotation === undefined ? pod() : pod({ annotations: { 'sidecar.istio.io/nativeSidecar': annotation } });
      const { spec } = injectProxy(own, injector);
      return spec.containers.some(({ name }) => name === 'istio-proxy') ? 'beside' : 'before';
    };
    const version = (number: string): Injector => ({ ...REVISION_1, version: number });
    assert.equal(places(REVISION_1), 'beside');
    assert.equal(places(REVISION_1, 'true'), 'beside', '1.23 does not read the annotation');
    assert.equal(places({ ...REVISION_1, nativeSidecars: true }), 'before');
    assert.equal(places({ ...OLD_ISTIO, nativeSidecars: true }), 'beside', '1.16 cannot');
    assert.equal(places(version('1.24.0'), 'true'), 'before');
    assert.equal(places(version('1.28.0')), 'before');
    assert.equal(places(version('1.28.0'), 'false'), 'beside');
    const status = injectProxy(pod(), { ...REVISION_1, nativeSidecars: true }).metadata.annotations?.['sidecar.istio.io/status'];
    assert.deepEqual((JSON.parse(status ?? '{}') as { initContainers?: unknown }).initContainers, ['istio-init', 'istio-proxy']);
  });

  it('takes the proxy image that the pod asks for', () => {
    const own = pod({ annotations: { 'sidecar.istio.io/proxyImage': 'example.com/proxyv2:1.20.0' } });
    assert.equal(containerNamed(injectProxy(own, REVISION_1).spec, 'istio-proxy')?.image, 'example.com/proxyv2:1.20.0');
  });
});

describe('what an injector leaves alone', () => {
  it('is pods on the host network, in system namespaces, and those that refuse', () => {
    const inSystem = { ...pod(), metadata: { ...pod().metadata, namespace: 'kube-system' } };
    assert.equal(isLeftAlone(pod({ hostNetwork: true })), true);
    assert.equal(isLeftAlone(inSystem), true);
    assert.equal(isLeftAlone(pod({ annotations: { 'sidecar.istio.io/inject': 'false' } })), true);
    assert.equal(isLeftAlone(pod()), false);
  });
});
