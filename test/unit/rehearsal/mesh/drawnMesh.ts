// Simulated clusters as text: one line per pod, so that what a rule does to a whole cluster is read at a glance.
import { X509Certificate } from 'node:crypto';
import { applyDefaults } from '../../../../src/rehearsal/api/defaults.js';
import type { DrivenClock } from '../../../../src/rehearsal/controllers/rehearsalClock.js';
import type { MeshTroubles } from '../../../../src/rehearsal/faults/meshTroubles.js';
import type { MeshCaVariant } from '../../../../src/rehearsal/mesh/controlPlane.js';
import { asPod, isReady } from '../../../../src/rehearsal/mesh/podTypes.js';
import type { StoredPod } from '../../../../src/rehearsal/mesh/podTypes.js';
import type { RunningProxy } from '../../../../src/rehearsal/mesh/dataPlane.js';
import { anchorsOf } from '../../../../src/rehearsal/mesh/proxyTrust.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import type { PlacedObject } from '../../../../src/rehearsal/mesh/installation/placedObject.js';
import { simulateScene } from '../../../../src/rehearsal/rehearsal.js';
import { sceneWith } from '../../../../src/rehearsal/scenes/sceneOptions.js';
import type { SceneOptions } from '../../../../src/rehearsal/scenes/sceneOptions.js';
import { findScene } from '../../../../src/rehearsal/scenes/scenes.js';
import { recycledKeys } from '../../../support/recycledKeys.js';

export const NOW = new Date('2026-03-01T12:00:00Z');

export interface TestMesh {
  readonly clock: DrivenClock;
  readonly first: SimulatedCluster;
  readonly second: SimulatedCluster;
  readonly meshCaRootPem: string;
}

/** One in which something may befall the proxies of the first cluster. */
export interface TroubledMesh extends TestMesh {
  readonly troubles: MeshTroubles;
}

export function meshOf(
  sceneName: string,
  withRevisions: readonly string[] = [],
  meshCaVariant?: MeshCaVariant,
  options: SceneOptions = {},
): TroubledMesh {
  const { clock, clusters, meshCa } = simulateScene(sceneWith(findScene(sceneName)!, options), { now: NOW, withRevisions, meshCaVariant, newKey: recycledKeys() });
  return { clock, first: clusters[0]!.cluster, second: clusters[1]!.cluster, troubles: clusters[0]!.meshTroubles, meshCaRootPem: meshCa.rootPem };
}

/** Generated parts of a name become a dash; ordinals stay. */
export function shortName(pod: StoredPod): string {
  const { name, generateName } = pod.metadata;
  return generateName === undefined ? name : name.replace(/(-[bcdfghjklmnpqrstvwxz2456789]{10})?-[^-]{5}$/u, '');
}

export function podsOf({ backend }: SimulatedCluster, namespace: string): StoredPod[] {
  return backend.store.list('pods', namespace).map(asPod);
}

function stateOf(pod: StoredPod): string {
  if (pod.metadata.deletionTimestamp !== undefined) return 'stopping';
  return isReady(pod) ? 'ready' : (pod.status?.phase ?? '').toLowerCase();
}

/** `CITADEL`, `MESHCA`, in this order. */
export function rootsOf(cluster: SimulatedCluster, pod: StoredPod, meshCaRootPem: string): string {
  const proxy = cluster.proxyIn(pod.metadata.namespace ?? '', pod.metadata.name);
  if (proxy?.trust === undefined) return 'no proxy';
  const names = anchorsOf(proxy.settings.agent, proxy.trust).map((pem) => (pem === meshCaRootPem ? 'MESHCA' : 'CITADEL'));
  const signer = proxy.trust.signer.root === meshCaRootPem ? 'MESHCA' : 'CITADEL';
  return `${proxy.settings.revision} · [${[...new Set(names)].sort().join(' ')}] · by ${signer}`;
}

/** One line per pod: name, state, revision, roots, signer. */
export function drawPods(mesh: TestMesh, cluster: SimulatedCluster, namespace: string): string {
  return podsOf(cluster, namespace)
    .map((pod) => `${shortName(pod)} · ${stateOf(pod)} · ${rootsOf(cluster, pod, mesh.meshCaRootPem)}`)
    .join('\n');
}

/** States of a namespace's pods, a letter each: P pending, s started, R ready, x stopping; upper-case revisions `new`. */
export function drawRollout(cluster: SimulatedCluster, namespace: string, isNew: (pod: StoredPod) => boolean): string {
  const draw = (pod: StoredPod): string => ({ stopping: 'x', ready: 'R', running: 's', pending: 'P' })[stateOf(pod)] ?? '?';
  const [fresh, old] = [podsOf(cluster, namespace).filter(isNew), podsOf(cluster, namespace).filter((pod) => !isNew(pod))];
  const side = (pods: StoredPod[]): string => pods.map(draw).sort().join('') || '-';
  return `${side(old)} ${side(fresh)}`;
}

export function relabel({ backend: { store } }: SimulatedCluster, namespace: string, labels: Record<string, string | undefined>): void {
  const object = store.get('namespaces', undefined, namespace)!;
  const merged = Object.entries({ ...object.metadata.labels, ...labels }).filter(([, value]) => value !== undefined);
  store.replace('namespaces', { ...object, metadata: { ...object.metadata, labels: Object.fromEntries(merged) as Record<string, string> } });
}

interface Templated {
  readonly template: { readonly metadata?: { readonly annotations?: Record<string, string> } };
}

/** `kubectl rollout restart` of everything of one kind in a namespace. */
export function restart({ backend: { store } }: SimulatedCluster, resource: string, namespace: string): void {
  for (const object of store.list(resource, namespace)) {
    const spec = object.spec as Templated;
    const annotations = { ...spec.template.metadata?.annotations, 'kubectl.kubernetes.io/restartedAt': store.resourceVersion };
    const template = { ...spec.template, metadata: { ...spec.template.metadata, annotations } };
    store.replace(resource, { ...object, spec: { ...spec, template } });
  }
}

export function create({ backend: { store } }: SimulatedCluster, { resource, object }: PlacedObject): void {
  store.create(resource, applyDefaults(object));
}

/** The proxy of the first ready pod whose name begins so. */
function proxyOf(cluster: SimulatedCluster, namespace: string, prefix: string): RunningProxy {
  const pod = podsOf(cluster, namespace).find((candidate) => candidate.metadata.name.startsWith(prefix) && isReady(candidate));
  const proxy = pod && cluster.proxyIn(namespace, pod.metadata.name);
  if (proxy?.trust === undefined) throw new Error(`no ready proxy ${namespace}/${prefix}`);
  return proxy;
}

/** Why a client and a server cannot authenticate each other, or `yes`; both are named `namespace/prefix`. */
export function canTalk(from: SimulatedCluster, client: string, to: SimulatedCluster, server: string): string {
  const [a, b] = [proxyOf(from, ...(client.split('/') as [string, string])), proxyOf(to, ...(server.split('/') as [string, string]))];
  const [clientTrust, serverTrust] = [a.trust!, b.trust!];
  if (!anchorsOf(a.settings.agent, clientTrust).includes(serverTrust.signer.root)) return 'the client does not trust the server';
  if (!anchorsOf(b.settings.agent, serverTrust).includes(clientTrust.signer.root)) return 'the server does not trust the client';
  if (serverTrust.push?.acceptedDomains.includes(clientTrust.signer.identityDomain) !== true) return 'the server does not let the domain in';
  return clientTrust.push?.pinnedDomains.includes(serverTrust.signer.identityDomain) === true ? 'yes' : 'the client expects another domain';
}

export function remove({ backend: { store } }: SimulatedCluster, resource: string, namespace: string, name: string): void {
  store.remove(resource, namespace, name);
}

export function fingerprint(pem: string): string {
  return new X509Certificate(pem).fingerprint256;
}
