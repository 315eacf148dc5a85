// What the commands of the procedure do to a simulated cluster, so that a test can be at any stage of the journey.
import { gatewayObjects, injectedGatewayTemplate } from '../../src/rehearsal/mesh/installation/ingressGateway.js';
import { applyObjects } from '../../src/rehearsal/mesh/installation/placedObject.js';
import type { SimulatedCluster } from '../../src/rehearsal/mesh/simulatedCluster.js';
import { relabel, remove, restart } from '../unit/rehearsal/mesh/drawnMesh.js';
import type { TestMesh } from '../unit/rehearsal/mesh/drawnMesh.js';

const DEPLOYMENTS = 'deployments.apps';
const ISTIO = 'istio-system';
const A_ROLLOUT = 60_000;
const CANARY = {
  namespace: ISTIO,
  name: 'istio-ingressgateway-canary',
  labels: { app: 'istio-ingressgateway', istio: 'ingressgateway', canary: 'yes' },
};

export const NAMESPACES = ['bar', 'batch', 'baz', 'foo'] as const;

export function clustersOf({ first, second }: TestMesh): readonly SimulatedCluster[] {
  return [first, second];
}

/** Label and restart, of everything that restarts. */
export function moveNamespace(mesh: TestMesh, cluster: SimulatedCluster, namespace: string, revision: string): void {
  relabel(cluster, namespace, { 'istio.io/rev': revision, 'istio-injection': undefined });
  for (const resource of [DEPLOYMENTS, 'statefulsets.apps']) restart(cluster, resource, namespace);
  mesh.clock.advance(A_ROLLOUT);
}

/** All namespaces of both clusters; the pod that nothing owns goes, as somebody would see to. */
export function moveEverything(mesh: TestMesh, revision: string): void {
  for (const cluster of clustersOf(mesh)) {
    for (const namespace of NAMESPACES) moveNamespace(mesh, cluster, namespace, revision);
    cluster.backend.store.remove('pods', 'batch', 'toolbox');
  }
  mesh.clock.advance(A_ROLLOUT);
}

/** A new gateway beside the old one, selected by the same Service. */
export function addGateways(mesh: TestMesh, revision: string): void {
  for (const cluster of clustersOf(mesh)) {
    const objects = gatewayObjects(CANARY, revision, injectedGatewayTemplate(revision, CANARY), '203.0.113.20');
    applyObjects(cluster.backend.store, objects.filter(({ object }) => object.kind === 'Deployment' || object.kind === 'ServiceAccount'));
  }
  mesh.clock.advance(A_ROLLOUT);
}

export function deleteOldGateways(mesh: TestMesh): void {
  for (const cluster of clustersOf(mesh)) remove(cluster, DEPLOYMENTS, ISTIO, 'istio-ingressgateway');
  mesh.clock.advance(A_ROLLOUT);
}

/** Template and Deployment, as the upgrade in place does. */
export function upgradeGateways(mesh: TestMesh, revision: string): void {
  for (const { backend: { store } } of clustersOf(mesh)) {
    const live = store.get(DEPLOYMENTS, ISTIO, CANARY.name);
    if (live === undefined) throw new Error('there is no gateway to upgrade');
    const spec = live.spec as { readonly template: { readonly metadata: { readonly labels: object } } };
    const labels = { ...spec.template.metadata.labels, 'istio.io/rev': revision };
    const template = { ...spec.template, metadata: { ...spec.template.metadata, labels } };
    store.replace(DEPLOYMENTS, { ...live, metadata: { ...live.metadata, labels: { ...live.metadata.labels, 'istio.io/rev': revision } }, spec: { ...spec, template } });
  }
  mesh.clock.advance(A_ROLLOUT);
}

/** Service `istiod` leads to the revision. */
export function repointWebhook(mesh: TestMesh, revision: string): void {
  for (const { backend: { store } } of clustersOf(mesh)) {
    const service = store.get('services', ISTIO, 'istiod');
    const selector = { app: 'istiod', 'istio.io/rev': revision };
    if (service === undefined) throw new Error('there is no Service istiod');
    store.replace('services', { ...service, spec: { ...(service.spec as object), selector } });
  }
  mesh.clock.advance(A_ROLLOUT);
}

/** Deployment, webhooks and config map of a revision. */
export function deleteControlPlane(mesh: TestMesh, revision: string): void {
  const suffix = revision === 'default' ? '' : `-${revision}`;
  for (const { backend: { store } } of clustersOf(mesh)) {
    store.remove(DEPLOYMENTS, ISTIO, `istiod${suffix}`);
    store.remove('mutatingwebhookconfigurations.admissionregistration.k8s.io', undefined, `istio-sidecar-injector${suffix}`);
    store.remove('configmaps', ISTIO, revision === 'default' ? 'istio' : `istio${suffix}`);
  }
  mesh.clock.advance(A_ROLLOUT);
}

/** The CA secrets, and a restart of what serves them. */
export function deleteCaSecrets(mesh: TestMesh): void {
  for (const cluster of clustersOf(mesh)) {
    for (const name of ['cacerts', 'istio-ca-secret']) cluster.backend.store.remove('secrets', ISTIO, name);
    restart(cluster, DEPLOYMENTS, ISTIO);
  }
  mesh.clock.advance(A_ROLLOUT);
}

/** All that phase 1 does from Istio, in both clusters: nothing is left of revision `default`. */
export function finishPhaseOne(mesh: TestMesh, revision: string): void {
  moveEverything(mesh, revision);
  addGateways(mesh, revision);
  deleteOldGateways(mesh);
  repointWebhook(mesh, revision);
  deleteControlPlane(mesh, 'default');
}
