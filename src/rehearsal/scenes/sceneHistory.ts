// Lets a scene grow up in simulated time: clusters first, then the mesh, the applications, and later revisions, so that
// every pod, certificate and condition at the start came about by the same rules as what happens afterwards.
import { DEFAULT_REVISION, ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import { applyDefaults } from '../api/defaults.js';
import type { DrivenClock } from '../controllers/rehearsalClock.js';
import { distributesMeshCaRoot, signsWithMeshCa } from '../mesh/installation/controlPlaneSpec.js';
import type { ControlPlaneSpec, MeshPlace } from '../mesh/installation/controlPlaneSpec.js';
import { membershipObject } from '../mesh/installation/fleetMembership.js';
import { ingressGateway } from '../mesh/installation/ingressGateway.js';
import { controlPlaneObjects, istiodService } from '../mesh/installation/istiodWorkload.js';
import { applyObjects } from '../mesh/installation/placedObject.js';
import type { SimulatedCluster } from '../mesh/simulatedCluster.js';
import { pluggedInCaSecret } from '../pki/caSecrets.js';
import type { CertificateAuthority } from '../pki/certificateAuthority.js';
import type { KeySource } from '../pki/keySource.js';
import { awkwardObjects, holdRollouts } from './awkward.js';
import { crowdObjects } from './crowd.js';
import { gkeClusterObjects } from './gkeCluster.js';
import type { Scene } from './scene.js';
import { applicationNamespaces, applicationWorkloads, barePod, conflictingNamespace, namespaceObject } from './workloads.js';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;
/** How long ago each chapter began, seen from the start of the rehearsal. */
const AGES_MS = { clusters: 92 * DAY_MS, mesh: 61 * DAY_MS, applications: 9 * DAY_MS, barePod: 5 * DAY_MS, crowd: 20 * HOUR_MS, revisions: 2 * HOUR_MS } as const;
/** Enough for everything to come up; real rollouts take about as long. */
const SETTLE_MS = 60_000;

/** When the clock of a rehearsal that starts at `now` has to begin. */
export function beginningOf(now: Date): Date {
  return new Date(now.getTime() - AGES_MS.clusters);
}

/** The control plane of a revision that the user asks for: a name with `meshca` in it signs with Mesh CA. */
export function revisionSpec(place: MeshPlace, revision: string, meshCaRootPem: string): ControlPlaneSpec {
  return revision.includes('meshca') ? signsWithMeshCa(place, revision) : distributesMeshCaRoot(place, revision, meshCaRootPem);
}

export interface SceneCluster {
  readonly place: MeshPlace;
  readonly cluster: SimulatedCluster;
}

/** An empty world with one simulated cluster per cluster of the scene, in its order. */
export interface SceneStage {
  readonly clock: DrivenClock;
  readonly clusters: readonly SceneCluster[];
  readonly meshCa: CertificateAuthority;
  readonly withRevisions: readonly string[];
  readonly newKey: KeySource;
}

/** Where cluster `index` of a scene is. */
export function meshPlaces({ project, fleetProject = project, clusters }: Scene): readonly MeshPlace[] {
  return clusters.map(({ name, location }) => ({ fleetProject, project, location, cluster: name }));
}

function installMesh(scene: Scene, { place, cluster }: SceneCluster, authority: CertificateAuthority | undefined): void {
  const spec = scene.controlPlane(place);
  const { store } = cluster.backend;
  applyObjects(store, [
    namespaceObject(ISTIO_NAMESPACE),
    ...(authority === undefined ? [] : [{ resource: 'secrets', object: pluggedInCaSecret(authority) }]),
    ...controlPlaneObjects(spec),
    ...scene.extraWebhooks(spec),
    // Google's installer registers the clusters that it installs on.
    ...(spec.installedBy === 'asm' ? [{ resource: 'memberships.hub.gke.io', object: membershipObject(place) }] : []),
    // With revisions, Service `istiod` is there beside `istiod-REV`, for validation.
    ...(spec.revision === DEFAULT_REVISION ? [] : [istiodService(spec, 'istiod')]),
  ]);
}

/** Plays the scene's past; afterwards the clock stands at the rehearsal's start and everything is ready. */
export function playHistory(scene: Scene, { clock, clusters, meshCa, withRevisions, newKey }: SceneStage): void {
  let age: number = AGES_MS.clusters;
  const advanceTo = (next: number): void => {
    clock.advance(age - next);
    age = next;
  };
  const everywhere = (act: (sceneCluster: SceneCluster) => void): void => {
    clusters.forEach(act);
    advanceTo(age - SETTLE_MS);
  };

  clusters.forEach(({ cluster }, index) => {
    const place = scene.clusters[index];
    if (place !== undefined) applyObjects(cluster.backend.store, gkeClusterObjects(place, scene.crowd?.pods));
  });
  advanceTo(AGES_MS.mesh);
  const authority = scene.createSharedAuthority?.(clock.now(), newKey);
  everywhere((sceneCluster) => { installMesh(scene, sceneCluster, authority); });
  everywhere(({ place, cluster }) => {
    applyObjects(cluster.backend.store, ingressGateway(scene.controlPlane(place), '203.0.113.20'));
  });
  advanceTo(AGES_MS.applications);
  everywhere(({ place, cluster }) => {
    applyObjects(cluster.backend.store, applicationNamespaces(scene.meshLabels, scene.controlPlane(place).revision));
  });
  everywhere(({ cluster }) => { applyObjects(cluster.backend.store, applicationWorkloads()); });
  if (scene.withAwkward === true) addAwkward(scene, everywhere, clock);
  advanceTo(AGES_MS.barePod);
  clusters.forEach(({ cluster }) => { createBarePod(cluster); });
  const { crowd } = scene;
  if (crowd !== undefined) {
    advanceTo(AGES_MS.crowd);
    everywhere(({ cluster }) => { applyObjects(cluster.backend.store, crowdObjects(crowd, scene.meshLabels)); });
  }
  advanceTo(AGES_MS.revisions);
  everywhere((sceneCluster) => { installRevisions(scene, sceneCluster, withRevisions, meshCa.rootPem); });
  advanceTo(0);
}

/** Beside the old control plane; the first is the one to which somebody has begun to move `baz`. */
function installRevisions(scene: Scene, { place, cluster }: SceneCluster, revisions: readonly string[], meshCaRootPem: string): void {
  const { store } = cluster.backend;
  const { nativeSidecars = false, workloadKeys = 'rsa' } = scene.controlPlane(place);
  for (const revision of revisions) {
    applyObjects(store, controlPlaneObjects({ ...revisionSpec(place, revision, meshCaRootPem), nativeSidecars, workloadKeys }));
  }
  if (revisions[0] !== undefined) applyObjects(store, [conflictingNamespace(revisions[0])]);
}

/** First so that everything comes up, then as somebody left it: paused. */
function addAwkward(scene: Scene, everywhere: (act: (each: SceneCluster) => void) => void, clock: DrivenClock): void {
  everywhere(({ place, cluster }) => {
    applyObjects(cluster.backend.store, awkwardObjects(scene.controlPlane(place), scene.meshLabels, clock.now()));
  });
  everywhere(({ cluster }) => { holdRollouts(cluster.backend.store); });
}

function createBarePod({ backend }: SimulatedCluster): void {
  const decision = backend.admitPod(applyDefaults(barePod()));
  if ('admitted' in decision) backend.store.create('pods', decision.admitted);
}
