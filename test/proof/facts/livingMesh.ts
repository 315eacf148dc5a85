// The model's mesh as simulated clusters: the same namespaces, workloads, gateways and revisions, with pods, keys and certificates.
import { applyDefaults } from '../../../src/rehearsal/api/defaults.js';
import { createRehearsalClock } from '../../../src/rehearsal/controllers/rehearsalClock.js';
import type { DrivenClock } from '../../../src/rehearsal/controllers/rehearsalClock.js';
import { createAdminServer } from '../../../src/rehearsal/envoy/adminServer.js';
import type { KubeObject } from '../../../src/rehearsal/kubeObject.js';
import { fleetTrustDomain } from '../../../src/rehearsal/mesh/installation/controlPlaneSpec.js';
import type { ControlPlaneSpec } from '../../../src/rehearsal/mesh/installation/controlPlaneSpec.js';
import { gatewayObjects, ingressGateway, injectedGatewayTemplate } from '../../../src/rehearsal/mesh/installation/ingressGateway.js';
import { controlPlaneObjects, istiodService } from '../../../src/rehearsal/mesh/installation/istiodWorkload.js';
import type { PlacedObject } from '../../../src/rehearsal/mesh/installation/placedObject.js';
import { applyObjects } from '../../../src/rehearsal/mesh/installation/placedObject.js';
import { defaultValidator, tagWebhook } from '../../../src/rehearsal/mesh/installation/webhookConfigurations.js';
import type { MeshFaults } from '../../../src/rehearsal/mesh/meshFaults.js';
import { createProxyCertificates } from '../../../src/rehearsal/mesh/proxyCertificates.js';
import type { ProxyCertificates } from '../../../src/rehearsal/mesh/proxyCertificates.js';
import { createSimulatedCluster } from '../../../src/rehearsal/mesh/simulatedCluster.js';
import type { SimulatedCluster } from '../../../src/rehearsal/mesh/simulatedCluster.js';
import { pluggedInCaSecret } from '../../../src/rehearsal/pki/caSecrets.js';
import { createPluggedInAuthority, createRehearsalMeshCa } from '../../../src/rehearsal/pki/certificateAuthority.js';
import { generateRsaKey } from '../../../src/rehearsal/pki/keySource.js';
import type { KeyPair, KeySource } from '../../../src/rehearsal/pki/keySource.js';
import { gkeClusterObjects } from '../../../src/rehearsal/scenes/gkeCluster.js';
import { namespaceObject } from '../../../src/rehearsal/scenes/workloads.js';
import { specsOf } from '../model/scene.js';
import type { Revision, Scene } from '../model/scene.js';

export const ISTIO = 'istio-system';
export const DEPLOYMENTS = 'deployments.apps';
export const STATEFUL_SETS = 'statefulsets.apps';
/** Enough for a rollout, and for everything that follows from it. */
export const A_ROLLOUT_MS = 60_000;

const START = new Date('2026-03-01T12:00:00Z');
const LABELS = { app: 'istio-ingressgateway', istio: 'ingressgateway' };
export const CANARY = { namespace: ISTIO, name: 'istio-ingressgateway-canary', labels: { ...LABELS, canary: 'yes' } };

export interface LivingCluster {
  readonly cluster: SimulatedCluster;
  /** By revision; Mesh CA's root stands in them as PEM. */
  readonly specs: readonly ControlPlaneSpec[];
  /** `cacerts` as it was at the beginning. */
  readonly pluggedIn: KubeObject;
  /** CA Secrets that were deleted, by name. */
  readonly saved: Map<string, KubeObject>;
  /** Workloads (`namespace/name`) whose proxies hear nothing new from istiod. */
  readonly deaf: Set<string>;
}

export interface LivingMesh {
  readonly clock: DrivenClock;
  readonly certificates: ProxyCertificates;
  readonly meshCaRootPem: string;
  readonly clusters: readonly LivingCluster[];
}

/** Before anything is done, everything ready. */
export function createLivingMesh(scene: Scene): LivingMesh {
  const clock = createRehearsalClock(START);
  const newKey = recycledKeys();
  const meshCa = createRehearsalMeshCa(clock.now(), newKey);
  const certificates = createProxyCertificates();
  // Keys of workloads on a curve: RSA ones take most of the time of a walk to make.
  const specs = specsOf(scene).map((spec) => ({ ...spec, caCertificates: spec.caCertificates.map(() => meshCa.rootPem), workloadKeys: 'ec' as const }));
  const fleetProject = scene.fleet === 'isProject' ? 'project' : 'fleet';
  const identityDomain = fleetTrustDomain({ project: 'project', fleetProject, location: 'here', cluster: 'one' });
  const world = { clock, certificates, admin: createAdminServer(), meshCa: { authority: meshCa, identityDomain }, meshCaVariant: scene.variant, newKey };
  const shared = createPluggedInAuthority('Model', clock.now(), newKey);
  const clusters = Array.from({ length: scene.extent.clusters }, (_, index): LivingCluster => {
    const deaf = new Set<string>();
    const authority = scene.roots === 'same' || index === 0 ? shared : createPluggedInAuthority('Model', clock.now(), newKey);
    return { cluster: createSimulatedCluster(world, `10.${8 + 4 * index}`, faultsOf(deaf)), specs, pluggedIn: pluggedInCaSecret(authority), saved: new Map(), deaf };
  });
  for (const living of clusters) applyObjects(living.cluster.backend.store, meshObjects(scene, living));
  clock.advance(A_ROLLOUT_MS);
  for (const living of clusters) applyObjects(living.cluster.backend.store, applicationObjects(scene, living));
  clock.advance(A_ROLLOUT_MS);
  return { clock, certificates, meshCaRootPem: meshCa.rootPem, clusters };
}

const keyPool: KeyPair[] = [];

/** Keys that differ within one mesh and are the same in the next: making them is what takes time. */
function recycledKeys(): KeySource {
  let next = 0;
  return () => {
    const key = keyPool[next] ?? generateRsaKey();
    keyPool[next] = key;
    next += 1;
    return key;
  };
}

function faultsOf(deaf: ReadonlySet<string>): MeshFaults {
  return {
    refusesCertificate: () => false,
    pushDelay: ({ metadata: { namespace = '', name } }) => ([...deaf].some((workload) => `${namespace}/${name}`.startsWith(`${workload}-`)) ? 'lost' : 0),
    certificateLifetimeMs: () => undefined,
  };
}

function meshObjects({ start, tag }: Scene, { specs, pluggedIn }: LivingCluster): readonly PlacedObject[] {
  const [old] = specs;
  return [
    ...gkeClusterObjects({ name: 'one', location: 'here' }).filter(({ resource }) => resource !== 'daemonsets.apps'),
    namespaceObject(ISTIO),
    { resource: 'secrets', object: pluggedIn },
    ...controlPlaneObjects(old!),
    defaultValidator(old!.revision),
    ...(tag === undefined ? [] : [tagWebhook(tag, old!.revision)]),
    ...(start === 'istio' ? [] : [istiodService(old!, 'istiod')]),
  ];
}

/** How a namespace asks for this revision: starting from Istio, and the first that follows tag `default`, by the old label. */
export function namespaceLabels({ start, tag }: Scene, index: number, revision: Revision, revisions: readonly string[]): Record<string, string | undefined> {
  const isOldLabel = tag === undefined ? start === 'istio' && revision === 0 : tag === 'default' && index === 0;
  return { 'istio.io/rev': isOldLabel ? undefined : (tag ?? revisions[revision]), 'istio-injection': isOldLabel ? 'enabled' : undefined };
}

function applicationObjects(scene: Scene, { specs }: LivingCluster): readonly PlacedObject[] {
  const labelsOf = (index: number): Record<string, string> =>
    Object.fromEntries(Object.entries(namespaceLabels(scene, index, 0, specs.map(({ revision }) => revision))).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
  const places = [
    { namespace: 'shop', name: 'web', kind: 'Deployment' },
    { namespace: 'bank', name: 'ledger', kind: 'StatefulSet' },
  ].slice(0, scene.extent.namespaces);
  // What such pods hold here the injector's CA has signed: gates go by the template, whatever it is.
  const annotations = scene.ownCertificates === true ? { 'inject.istio.io/templates': 'sidecar,spire' } : {};
  return [
    ...places.flatMap(({ namespace, name, kind }, index) => [namespaceObject(namespace, labelsOf(index)), workload(kind, namespace, name, index === 0 ? annotations : {})]),
    ...oldGatewayObjects(specs),
  ];
}

/** Without autoscaler and budget, which nothing here looks at. */
export function oldGatewayObjects([old]: readonly ControlPlaneSpec[]): readonly PlacedObject[] {
  return ingressGateway(old!, '203.0.113.20').filter(({ object: { kind } }) => ['Deployment', 'Service', 'ServiceAccount'].includes(kind));
}

export function canaryObjects(revision: string): readonly PlacedObject[] {
  const objects = gatewayObjects(CANARY, revision, injectedGatewayTemplate(revision, CANARY), '203.0.113.21');
  return objects.filter(({ object: { kind } }) => kind === 'Deployment' || kind === 'ServiceAccount');
}

function workload(kind: string, namespace: string, name: string, annotations: Record<string, string>): PlacedObject {
  const template = { metadata: { labels: { app: name }, annotations }, spec: { serviceAccountName: name, containers: [{ name, image: `registry.example/${name}:1` }] } };
  const spec = { replicas: 1, selector: { matchLabels: { app: name } }, template, ...(kind === 'StatefulSet' ? { serviceName: name } : {}) };
  const object = applyDefaults({ apiVersion: 'apps/v1', kind, metadata: { name, namespace, labels: { app: name } }, spec });
  return { resource: kind === 'StatefulSet' ? STATEFUL_SETS : DEPLOYMENTS, object };
}
