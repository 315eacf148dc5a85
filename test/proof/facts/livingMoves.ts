// What the model's moves and the environment's faults are in a simulated cluster: from one state of the model to the next, field by field.
import type { ObjectStore } from '../../../src/rehearsal/clusterBackend.js';
import { fieldsAt } from '../../../src/rehearsal/api/json.js';
import type { KubeObject, StoredObject } from '../../../src/rehearsal/kubeObject.js';
import { controlPlaneObjects } from '../../../src/rehearsal/mesh/installation/istiodWorkload.js';
import { defaultValidator, tagWebhook } from '../../../src/rehearsal/mesh/installation/webhookConfigurations.js';
import { applyObjects } from '../../../src/rehearsal/mesh/installation/placedObject.js';
import { asPod } from '../../../src/rehearsal/mesh/podTypes.js';
import type { StoredPod } from '../../../src/rehearsal/mesh/podTypes.js';
import { relabel, restart } from '../../unit/rehearsal/mesh/drawnMesh.js';
import type { ClusterState, Installation } from '../model/clusterState.js';
import { rootsIn } from '../model/controlPlanes.js';
import { REVISIONS } from '../model/scene.js';
import type { Revision, Scene } from '../model/scene.js';
import { CANARY, canaryObjects, DEPLOYMENTS, ISTIO, namespaceLabels, oldGatewayObjects, STATEFUL_SETS } from './livingMesh.js';
import type { LivingCluster } from './livingMesh.js';

const ADMISSION = 'admissionregistration.k8s.io';
const NAMESPACES = ['shop', 'bank'] as const;

function suffixOf(scene: Scene, { specs }: LivingCluster, revision: Revision): string {
  return scene.start === 'istio' && revision === 0 ? '' : `-${specs[revision]!.revision}`;
}

function changeSpec(store: ObjectStore, resource: string, name: string, change: (object: StoredObject) => object): void {
  const live = store.get(resource, ISTIO, name);
  if (live === undefined) throw new Error(`there is no ${name}`);
  store.replace(resource, { ...live, ...change(live) });
}

/** Does in the cluster what leads the model from one state to the other by the move of this name; time does not pass. */
export function realise(scene: Scene, living: LivingCluster, name: string, before: ClusterState, after: ClusterState): void {
  for (const revision of REVISIONS) install(scene, living, revision, before.installed[revision], after.installed[revision]);
  if (before.istiodService !== after.istiodService) leadServiceTo(scene, living, after.istiodService);
  for (const [index, { label }] of after.namespaces.entries()) {
    if (label === before.namespaces[index]!.label) continue;
    if (scene.tag === undefined) relabel(living.cluster, NAMESPACES[index]!, namespaceLabels(scene, index, label, living.specs.map(({ revision }) => revision)));
    else moveTag(living, scene.tag, label);
  }
  moveGateways(living, before, after);
  // A root made anew is the Citadel's own doing.
  if (name === 'delete-secrets' || name === 'restore-secrets') changeSecret(living, after);
  if (name.startsWith('E4')) for (const revision of REVISIONS) restartIstiods(living, revision);
  // `restart-control-plane` is the one step by which an istiod forgets a root.
  if (name === 'restart-control-plane') restartIstiods(living, 2);
}

/** As `istioctl tag set` does it: validation by default follows tag `default`. */
function moveTag({ specs, cluster: { backend: { store } } }: LivingCluster, tag: string, to: Revision): void {
  const { revision } = specs[to]!;
  applyObjects(store, [tagWebhook(tag, revision), ...(tag === 'default' ? [defaultValidator(revision)] : [])]);
}

/** `applied` is an istiod of which nothing comes up. */
function install(scene: Scene, living: LivingCluster, revision: Revision, before: Installation, after: Installation): void {
  if (before === after) return;
  const { store } = living.cluster.backend;
  const suffix = suffixOf(scene, living, revision);
  const objects = controlPlaneObjects(living.specs[revision]!);
  if (after === 'applied' || after === 'ready') {
    const replicas = after === 'ready' ? 2 : 0;
    applyObjects(store, objects.map((placed) => (placed.resource === DEPLOYMENTS ? { ...placed, object: { ...placed.object, spec: { ...fieldsAt(placed.object, 'spec'), replicas } } } : placed)));
  }
  if (after === 'withoutWebhooks' || after === 'absent') {
    for (const kind of ['mutating', 'validating']) {
      for (const { resource, object } of objects) if (resource.startsWith(kind)) store.remove(`${kind}webhookconfigurations.${ADMISSION}`, undefined, object.metadata.name);
    }
  }
  if (after === 'absent') {
    for (const name of ['istio', 'istio-sidecar-injector']) store.remove('configmaps', ISTIO, `${name}${suffix}`);
    for (const resource of ['horizontalpodautoscalers.autoscaling', 'poddisruptionbudgets.policy', DEPLOYMENTS]) store.remove(resource, ISTIO, `istiod${suffix}`);
    if (suffix !== '') store.remove('services', ISTIO, `istiod${suffix}`);
  }
}

function leadServiceTo(scene: Scene, living: LivingCluster, revision: Revision): void {
  const isDefault = suffixOf(scene, living, revision) === '';
  const selector = isDefault ? { app: 'istiod', istio: 'pilot' } : { app: 'istiod', 'istio.io/rev': living.specs[revision]!.revision };
  changeSpec(living.cluster.backend.store, 'services', 'istiod', (live) => ({ spec: { ...fieldsAt(live, 'spec'), selector } }));
}

function moveGateways(living: LivingCluster, before: ClusterState, after: ClusterState): void {
  const { specs, cluster: { backend: { store } } } = living;
  if (before.oldGateway !== 'absent' && after.oldGateway === 'absent') store.remove(DEPLOYMENTS, ISTIO, 'istio-ingressgateway');
  if (before.oldGateway === 'absent' && after.oldGateway !== 'absent') applyObjects(store, oldGatewayObjects(specs));
  const { canary } = after;
  if (canary === undefined) {
    if (before.canary !== undefined) store.remove(DEPLOYMENTS, ISTIO, CANARY.name);
    return;
  }
  if (before.canary === undefined) {
    applyObjects(store, canaryObjects(specs[canary.template]!.revision));
    return;
  }
  if (before.canary.template === canary.template && before.canary.label === canary.label) return;
  changeSpec(store, DEPLOYMENTS, CANARY.name, (live) => {
    const template = fieldsAt(live, 'spec', 'template');
    const labels = { ...fieldsAt(template, 'metadata', 'labels'), 'istio.io/rev': specs[canary.template]!.revision };
    return {
      metadata: { ...live.metadata, labels: { ...live.metadata.labels, 'istio.io/rev': specs[canary.label]!.revision } },
      spec: { ...fieldsAt(live, 'spec'), template: { ...template, metadata: { ...fieldsAt(template, 'metadata'), labels } } },
    };
  });
}

function changeSecret({ pluggedIn, saved, cluster: { backend: { store } } }: LivingCluster, { secret }: ClusterState): void {
  const kept: Record<string, KubeObject | undefined> = { cacerts: pluggedIn, 'istio-ca-secret': saved.get('istio-ca-secret') };
  for (const [name, root] of [['cacerts', 'C'], ['istio-ca-secret', 'N']] as const) {
    const present = store.get('secrets', ISTIO, name);
    const isWanted = rootsIn(secret).includes(root);
    if (present !== undefined) saved.set(name, { ...present, metadata: { name, namespace: ISTIO } });
    if (present !== undefined && !isWanted) store.remove('secrets', ISTIO, name);
    const back = kept[name];
    if (present === undefined && isWanted && back !== undefined) store.create('secrets', back);
  }
}

export function istiodPods({ specs, cluster: { backend: { store } } }: LivingCluster, revision: Revision): readonly StoredPod[] {
  return store.list('pods', ISTIO).map(asPod).filter(({ metadata: { labels } }) => labels?.app === 'istiod' && labels['istio.io/rev'] === specs[revision]!.revision);
}

function restartIstiods(living: LivingCluster, revision: Revision): void {
  for (const pod of istiodPods(living, revision)) living.cluster.backend.stopPod(pod);
}

/** One of the faults that change pods alone, to one workload or revision of the cluster. */
export const LIVING_MOVES = ['restart', 'evict', 'scaleUp', 'scaleDown', 'deafen', 'heal', 'istiodReplica', 'halfADay', 'moment', 'rest'] as const;
export type LivingMove = (typeof LIVING_MOVES)[number];

const A_MOMENT_MS: Readonly<Partial<Record<LivingMove, number>>> = { moment: 1_500, halfADay: 13 * 3_600_000 };

/** Returns how much time has to pass. */
export function moveLiving(living: LivingCluster, move: LivingMove, which: number, namespaces: number): number {
  const { deaf, cluster } = living;
  const places = [...NAMESPACES.slice(0, namespaces), ISTIO];
  const namespace = places[which % places.length]!;
  const { store } = cluster.backend;
  const pods = store.list('pods', namespace).map(asPod).filter(({ metadata: { labels } }) => labels?.app !== 'istiod');
  const pod = pods[which % Math.max(1, pods.length)];
  switch (move) {
    case 'restart':
      if (namespace !== ISTIO) for (const resource of [DEPLOYMENTS, STATEFUL_SETS]) restart(cluster, resource, namespace);
      else for (const one of pods) cluster.backend.stopPod(one);
      break;
    case 'evict':
      if (pod !== undefined) cluster.backend.stopPod(pod);
      break;
    case 'scaleUp':
    case 'scaleDown':
      scale(store, namespace, which, move === 'scaleUp' ? 3 : 1);
      break;
    case 'deafen':
      for (const name of [`${NAMESPACES[0]}/web`, `${NAMESPACES[1]}/ledger`, `${ISTIO}/istio-ingressgateway`]) if (name.startsWith(namespace)) deaf.add(name);
      break;
    case 'heal':
      deaf.clear();
      cluster.pushAgain();
      break;
    case 'istiodReplica': {
      const [replica] = istiodPods(living, (which % 3) as Revision);
      if (replica !== undefined) cluster.backend.stopPod(replica);
      break;
    }
    default:
      break;
  }
  return A_MOMENT_MS[move] ?? 60_000;
}

function scale(store: ObjectStore, namespace: string, which: number, replicas: number): void {
  const found = [DEPLOYMENTS, STATEFUL_SETS].flatMap((resource) => store.list(resource, namespace).map((object) => ({ resource, object })));
  const workloads = found.filter(({ object }) => object.metadata.labels?.app !== 'istiod');
  const chosen = workloads[which % Math.max(1, workloads.length)];
  if (chosen !== undefined) store.replace(chosen.resource, { ...chosen.object, spec: { ...fieldsAt(chosen.object, 'spec'), replicas } });
}
