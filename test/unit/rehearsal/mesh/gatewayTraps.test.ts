// Gateways: by injection, by the Gateway API, rewritten in place; and how the last one is lost.
import assert from 'node:assert/strict';
import { listAt, textAt } from '../../../../src/rehearsal/api/json.js';
import { API_GATEWAYS } from '../../../../src/rehearsal/mesh/gatewayApiRoutes.js';
import { distributesMeshCaRoot } from '../../../../src/rehearsal/mesh/installation/controlPlaneSpec.js';
import { gatewayObjects, injectedGatewayTemplate, rewrittenGateway } from '../../../../src/rehearsal/mesh/installation/ingressGateway.js';
import { applyObjects } from '../../../../src/rehearsal/mesh/installation/placedObject.js';
import { hasLabels } from '../../../../src/rehearsal/mesh/labelSelector.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import { drawPods, meshOf } from './drawnMesh.js';

const REVISION_1 = 'asm-1232-2-distribute-root';
const REVISION_2 = 'asm-1232-2-meshca-ca-migration';
const DEPLOYMENTS = 'deployments.apps';
const ROLLOUT = 20_000;
const PLACE = { fleetProject: 'rehearsal-project', project: 'rehearsal-project', location: 'us-central1', cluster: 'cluster-1' };
const CANARY = {
  namespace: 'istio-system',
  name: 'istio-ingressgateway-canary',
  labels: { app: 'istio-ingressgateway', istio: 'ingressgateway', canary: 'yes' },
};

/** `kubectl delete deploy -l …`: the labels of the Deployments, not of their pods. */
function deleteDeployments({ backend: { store } }: SimulatedCluster, labels: Record<string, string>): string[] {
  const found = store.list(DEPLOYMENTS, 'istio-system').filter(({ metadata }) => hasLabels(labels, metadata.labels ?? {}));
  found.forEach(({ metadata }) => store.remove(DEPLOYMENTS, metadata.namespace, metadata.name));
  return found.map(({ metadata }) => metadata.name);
}

function endpoints({ backend: { store } }: SimulatedCluster): number {
  return listAt(store.get('endpoints', 'istio-system', 'istio-ingressgateway'), 'subsets', 0, 'addresses').length;
}

function relabelTemplate({ backend: { store } }: SimulatedCluster, name: string, revision: string): void {
  const deployment = store.get(DEPLOYMENTS, 'istio-system', name)!;
  const spec = deployment.spec as { template: { metadata: { labels: object } } };
  const labels = { ...spec.template.metadata.labels, 'istio.io/rev': revision };
  store.replace(DEPLOYMENTS, { ...deployment, spec: { ...spec, template: { ...spec.template, metadata: { ...spec.template.metadata, labels } } } });
}

describe('gateways', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('hurts: with the label on the template alone, deleting by the old label deletes the live gateway', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1, REVISION_2]);
    const objects = gatewayObjects(CANARY, REVISION_1, injectedGatewayTemplate(REVISION_1, CANARY), '203.0.113.20');
    applyObjects(mesh.first.backend.store, objects.filter(({ object }) => object.kind === 'Deployment'));
    mesh.clock.advance(ROLLOUT);
    assert.equal(endpoints(mesh.first), 4, 'the Service selects old and new pods');
    assert.deepEqual(deleteDeployments(mesh.first, { app: 'istio-ingressgateway', 'istio.io/rev': 'asm-1162-2' }), ['istio-ingressgateway']);
    relabelTemplate(mesh.first, CANARY.name, REVISION_2);
    mesh.clock.advance(ROLLOUT);
    assert.match(drawPods(mesh, mesh.first, 'istio-system'), new RegExp(`canary · ready · ${REVISION_2} · .* · by MESHCA`, 'u'));
    assert.deepEqual(deleteDeployments(mesh.first, { app: 'istio-ingressgateway', 'istio.io/rev': REVISION_1 }), [CANARY.name]);
    mesh.clock.advance(ROLLOUT);
    assert.equal(endpoints(mesh.first), 0);
  });

  it('hurts: legacy-default-ingressgateway rewrites the live gateway, and deleting the old one deletes the only one', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    const { store } = mesh.first.backend;
    const live = store.get(DEPLOYMENTS, 'istio-system', 'istio-ingressgateway')!;
    store.replace(DEPLOYMENTS, rewrittenGateway(live, distributesMeshCaRoot(PLACE, REVISION_1, mesh.meshCaRootPem)));
    mesh.clock.advance(ROLLOUT);
    assert.match(drawPods(mesh, mesh.first, 'istio-system'), new RegExp(`istio-ingressgateway · ready · ${REVISION_1} · \\[CITADEL MESHCA\\]`, 'u'));
    assert.equal(endpoints(mesh.first), 2);
    store.remove(DEPLOYMENTS, 'istio-system', 'istio-ingressgateway');
    mesh.clock.advance(ROLLOUT);
    assert.equal(endpoints(mesh.first), 0);
  });

  it('hurts: two autoscalers over overlapping pods disable each other', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1]);
    applyObjects(mesh.first.backend.store, gatewayObjects(CANARY, REVISION_1, injectedGatewayTemplate(REVISION_1, CANARY), '203.0.113.20'));
    mesh.clock.advance(ROLLOUT);
    const reasons = mesh.first.backend.store
      .list('horizontalpodautoscalers.autoscaling', 'istio-system')
      .map((object) => `${object.metadata.name} ${textAt(object, 'status', 'conditions', 0, 'reason')}`);
    assert.deepEqual(reasons.filter((line) => line.includes('gateway')), [
      'istio-ingressgateway AmbiguousSelector',
      'istio-ingressgateway-canary AmbiguousSelector',
    ]);
    mesh.first.backend.store.remove(DEPLOYMENTS, 'istio-system', 'istio-ingressgateway');
    mesh.first.backend.store.remove('horizontalpodautoscalers.autoscaling', 'istio-system', 'istio-ingressgateway');
    mesh.clock.advance(ROLLOUT);
    const canary = mesh.first.backend.store.get('horizontalpodautoscalers.autoscaling', 'istio-system', CANARY.name);
    assert.equal(textAt(canary, 'status', 'conditions', 0, 'reason'), 'ValidMetricFound');
  });

  it('of the Gateway API are moved by their Gateway’s label, and by nothing else', () => {
    const mesh = meshOf('asm-citadel', [REVISION_1], undefined, { withAwkward: true });
    const { store } = mesh.first.backend;
    const line = (): string => drawPods(mesh, mesh.first, 'edge').split('\n').find((text) => text.startsWith('partners')) ?? '';
    assert.equal(line(), 'partners-istio · ready · asm-1162-2 · [CITADEL] · by CITADEL');
    const gateway = store.get(API_GATEWAYS, 'edge', 'partners')!;
    store.replace(API_GATEWAYS, { ...gateway, metadata: { ...gateway.metadata, labels: { 'istio.io/rev': 'nobody' } } });
    mesh.clock.advance(ROLLOUT);
    assert.match(line(), /asm-1162-2/u);
    const moved = store.get(API_GATEWAYS, 'edge', 'partners')!;
    store.replace(API_GATEWAYS, { ...moved, metadata: { ...moved.metadata, labels: { 'istio.io/rev': REVISION_1 } } });
    mesh.clock.advance(ROLLOUT);
    assert.equal(line(), `partners-istio · ready · ${REVISION_1} · [CITADEL MESHCA] · by CITADEL`);
  });
});
