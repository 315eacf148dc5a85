// Control planes and gateways as they are found in a cluster.
import assert from 'node:assert/strict';
import { controlPlanes } from '../../../../src/domain/mesh/controlPlanes.js';
import { gateways } from '../../../../src/domain/mesh/gateways.js';
import { foldDeltas } from '../../../../src/domain/mesh/fold.js';
import { MESH_CA_ROOT } from '../../../../src/domain/trust/rootNames.js';
import { cluster, controlPlane, deployment, injector, meshConfig, pod, podOf, service } from '../../../support/meshBuilder.js';

const DISTRIBUTES = {
  config: { extraAnchors: [MESH_CA_ROOT], proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } },
  environment: { ISTIO_MULTIROOT_MESH: 'true' },
};

function seen(objects: Parameters<typeof cluster>[0]): readonly (string | number | undefined)[][] {
  return controlPlanes(cluster(objects)).map((view) => [view.revision, view.version, view.signer, view.meshCaRoot, view.proxies]);
}

describe('controlPlanes', () => {
  it('tells version, signer, extra root and proxies of each revision', () => {
    const objects = [
      ...controlPlane('default', '1.16.7', { isDefault: true }),
      ...controlPlane('asm-1', '1.23.2-asm.2', DISTRIBUTES),
      ...controlPlane('asm-2', '1.23.2-asm.2', { config: { proxyMetadata: { CA_PROVIDER: 'GoogleCA', CA_ADDR: 'meshca.googleapis.com:443' } } }),
      pod('foo', 'a', { by: 'default' }),
      pod('foo', 'b', { by: 'asm-1' }),
      pod('bar', 'c', { by: 'asm-1' }),
    ];
    assert.deepEqual(seen(objects), [
      ['asm-1', '1.23.2-asm.2', 'istioCa', 'handedOut', 2],
      ['asm-2', '1.23.2-asm.2', 'meshCa', 'no', 0],
      ['default', '1.16.7', 'istioCa', 'no', 1],
    ]);
  });

  it('does not say that a root is handed out when the switch of istiod or the flag of the agents is missing', () => {
    const objects = controlPlane('asm-1', '1.23.2-asm.2', { ...DISTRIBUTES, environment: {} });
    assert.deepEqual(seen(objects), [['asm-1', '1.23.2-asm.2', 'istioCa', 'configuredOnly', 0]]);
  });

  it('takes a root that a rehearsal declares for Mesh CA, and no other', () => {
    const objects = controlPlane('asm-1', '1', { ...DISTRIBUTES, config: { ...DISTRIBUTES.config, extraAnchors: ['AA:BB'] } });
    assert.equal(seen(objects)[0]?.[3], 'no');
    const declared = foldDeltas(cluster(objects), [{ type: 'declaredMeshCaRoots', fingerprints: ['AA:BB'] }]);
    assert.equal(controlPlanes(declared)[0]?.meshCaRoot, 'handedOut');
  });

  it('does not know the signer of a mesh config that cannot be read', () => {
    const objects = [...controlPlane('default', '1.16.7').slice(0, 4), meshConfig('default', { unreadable: 'broken' })];
    assert.deepEqual(seen(objects), [['default', '1.16.7', 'unknown', 'unknown', 0]]);
  });

  it('does not know the signer where another CA is named than Mesh CA or an istiod', () => {
    const signer = (proxyMetadata: Readonly<Record<string, string>>, environment: Readonly<Record<string, string>> = {}): unknown => seen(controlPlane('default', '1.16.7', { config: { proxyMetadata }, environment }))[0]?.[2];
    assert.equal(signer({ CA_PROVIDER: 'GoogleCAS' }), 'unknown');
    assert.equal(signer({ CA_ADDR: 'privateca.googleapis.com:443' }), 'unknown');
    assert.equal(signer({}, { CA_ADDR: 'cert-manager-istio-csr.cert-manager.svc:443' }), 'unknown');
    assert.equal(signer({ CA_PROVIDER: 'GoogleCA', CA_ADDR: 'ca.example.com:443' }), 'unknown');
    assert.equal(signer({ CA_PROVIDER: 'Citadel', CA_ADDR: 'istiod-asm-1.istio-system.svc:15012' }), 'istioCa');
    assert.equal(signer({ CA_PROVIDER: 'Citadel', CA_ADDR: '' }), 'istioCa');
  });

  it('shows a revision of which only a webhook or proxies are left', () => {
    const views = controlPlanes(cluster([injector('asm-0'), pod('foo', 'a', { by: 'old' })]));
    assert.deepEqual(views.map(({ revision, istiods, signer }) => [revision, istiods.length, signer]), [['asm-0', 0, 'unknown'], ['old', 0, 'unknown']]);
  });
});

describe('gateways', () => {
  it('finds them by the type of their proxy and tells their share of the endpoints', () => {
    const labels = { istio: 'ingressgateway' };
    const router = { proxy: { role: 'router', revision: 'default' }, labels } as const;
    const snapshot = cluster([
      deployment('edge', 'front', 2),
      deployment('edge', 'front-canary', 1),
      podOf('edge', 'front', '1', router),
      podOf('edge', 'front', '2', { ...router, ready: false }),
      podOf('edge', 'front-canary', '1', { ...router, by: 'asm-1' }),
      podOf('edge', 'other', '1', { by: 'default' }),
      service('edge', 'front', labels),
    ]);
    assert.deepEqual(
      gateways(snapshot).map(({ workload, services }) => [workload.name, services]),
      [['front', [{ name: 'front', own: 1, all: 2 }]], ['front-canary', [{ name: 'front', own: 1, all: 2 }]]],
    );
  });
});
