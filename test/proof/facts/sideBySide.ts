// The model's mesh and the simulated one side by side: every move is made in both, and after it both are asked what gates would see.
import { controlPlaneIdentity } from '../../../src/domain/evidence/controlPlaneFacts.js';
import { backupKey, backupText } from '../../../src/domain/evidence/records/backupRecord.js';
import { baselineText, BASELINE_KEY } from '../../../src/domain/evidence/records/baselineRecord.js';
import { baselineFrom } from '../../../src/domain/evidence/recordBaseline.js';
import { probeKey, probeText } from '../../../src/domain/evidence/records/probeRecord.js';
import { anchorIdOf } from '../../../src/domain/evidence/standing.js';
import type { ClusterGateFacts, GateFacts } from '../../../src/domain/gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../../../src/domain/gates/gateFacts.js';
import { applyDefaults } from '../../../src/rehearsal/api/defaults.js';
import { textAt } from '../../../src/rehearsal/api/json.js';
import { authorityInSecret } from '../../../src/rehearsal/pki/caSecrets.js';
import type { ConfigPush } from '../../../src/rehearsal/mesh/proxyTrust.js';
import { asPod, isReady } from '../../../src/rehearsal/mesh/podTypes.js';
import type { StoredPod } from '../../../src/rehearsal/mesh/podTypes.js';
import { fingerprint } from '../../unit/rehearsal/mesh/drawnMesh.js';
import { at, FAILED_PROBE, initialCluster, settled, workloadsOf } from '../model/clusterState.js';
import type { ClusterState } from '../model/clusterState.js';
import { secretOf } from '../model/controlPlanes.js';
import type { CaSecret, LocalRoot } from '../model/controlPlanes.js';
import { withBackup } from '../model/gateCheck.js';
import { globalRoot } from '../model/meshFacts.js';
import { createParts } from '../model/modelParts.js';
import type { ModelParts } from '../model/modelParts.js';
import type { PodClass } from '../model/podClasses.js';
import { REVISIONS } from '../model/scene.js';
import type { Revision, Scene } from '../model/scene.js';
import { A_ROLLOUT_MS, CANARY, createLivingMesh, ISTIO } from './livingMesh.js';
import type { LivingCluster, LivingMesh } from './livingMesh.js';
import { istiodPods, moveLiving, realise } from './livingMoves.js';
import type { LivingMove } from './livingMoves.js';
import { createScanner } from './livingScan.js';
import type { Scanner } from './livingScan.js';

export class SideBySide {
  readonly scene: Scene;
  readonly parts: ModelParts;
  readonly mesh: LivingMesh;
  states: ClusterState[];
  /** Pods and istiods of the simulation that the model says cannot be. */
  readonly surprises: string[] = [];
  readonly #scanner: Scanner;
  readonly #records: Record<string, string>[];
  /** Roots in the memory of each istiod, by uid: what it found at its start. */
  readonly #loaded = new Map<string, number>();
  readonly #rootNames = new Map<string, string>();

  constructor(scene: Scene) {
    this.scene = scene;
    this.parts = createParts(scene);
    this.mesh = createLivingMesh(scene);
    this.states = this.mesh.clusters.map(() => this.parts.environment.closed(initialCluster(scene.extent)));
    this.#scanner = createScanner(scene, this.mesh);
    this.#records = this.mesh.clusters.map(() => ({}));
    this.#rootNames.set(this.mesh.meshCaRootPem, MESH_CA_ANCHOR);
    for (const [index, living] of this.mesh.clusters.entries()) this.#watchIstiods(index, living);
    const { facts } = this.#scanner.scan({ texts: [], openFindings: [], waivesOwn: [], settled: true });
    const { record } = baselineFrom(facts, (key) => `cluster-${facts.clusters.findIndex(({ cluster }) => cluster === key) + 1}`, 0);
    for (const texts of this.#records) texts[BASELINE_KEY] = baselineText(record);
    this.narrow();
  }

  /** Makes the model's move `to` in both. */
  step(cluster: number, name: string, to: ClusterState): void {
    this.reclose();
    realise(this.scene, this.mesh.clusters[cluster]!, name, this.states[cluster]!, to);
    this.states[cluster] = this.parts.environment.closed(to);
    this.#pass(A_ROLLOUT_MS);
  }

  /** A fault that changes no more than pods, of which the model's closure has all. */
  disturb(cluster: number, move: LivingMove, which: number): void {
    this.reclose();
    this.#pass(moveLiving(this.mesh.clusters[cluster]!, move, which, this.scene.extent.namespaces));
  }

  settle(): void {
    this.states = this.states.map(settled);
  }

  fixFindings(cluster: number): void {
    this.states[cluster] = { ...this.states[cluster]!, openFinding: false };
  }

  backUp(cluster: number): void {
    const { store } = this.mesh.clusters[cluster]!.cluster.backend;
    for (const name of ['cacerts', 'istio-ca-secret']) {
      const found = store.get('secrets', ISTIO, name);
      if (found === undefined) continue;
      const { uid, resourceVersion } = found.metadata;
      this.#records[cluster]![backupKey(name)] = backupText({ at: 0, secret: name, uid, resourceVersion, sha256: '', file: '' });
    }
    this.states[cluster] = withBackup(this.states[cluster]!);
  }

  /** A throw-away pod of the revision, read once it has heard everything. */
  probe(cluster: number, revision: Revision): void {
    if (this.states[cluster]!.installed[revision] === 'absent') return;
    const { cluster: { backend }, specs } = this.mesh.clusters[cluster]!;
    const { store } = backend;
    const name = specs[revision]!.revision;
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'probe', namespace: 'default', labels: { 'istio.io/rev': name } }, spec: { containers: [{ name: 'pause', image: 'pause:3' }] } };
    const decision = backend.admitPod(applyDefaults(pod));
    if ('admitted' in decision) store.create('pods', decision.admitted);
    this.#pass(A_ROLLOUT_MS, false);
    const read = this.#scanner.readProxy(cluster, 'default', 'probe');
    const trust = read?.trust.ok === true ? read.trust.value : undefined;
    const certificate = trust?.certificate.state === 'active' ? trust.certificate.value : undefined;
    const anchors = trust?.anchors.state === 'active' ? trust.anchors.value.map(anchorIdOf) : [];
    const { snapshots } = this.#scan();
    this.#records[cluster]![probeKey(name)] = probeText({
      at: 0, revision: name, passed: certificate !== undefined,
      issuer: certificate?.signedBy && anchorIdOf(certificate.signedBy), anchors, domain: /^spiffe:\/\/([^/]+)/.exec(certificate?.spiffeId ?? '')?.[1],
      controlPlane: controlPlaneIdentity(snapshots[cluster]!, name) ?? '',
    });
    const proxy = this.mesh.clusters[cluster]!.cluster.proxyIn('default', 'probe');
    const { classes, environment } = this.parts;
    const state = this.states[cluster]!;
    const made = proxy?.trust === undefined ? FAILED_PROBE : this.#classOf(cluster, revision, proxy.trust, classes.members(environment.made(state, revision)));
    if (made === undefined) this.surprises.push(`cluster ${cluster + 1}: the model makes no such probe of revision ${revision}`);
    this.states[cluster] = { ...state, probes: at(state.probes, revision, made ?? FAILED_PROBE) };
    const stored = store.get('pods', 'default', 'probe');
    if (stored !== undefined) backend.stopPod(stored);
    this.#pass(A_ROLLOUT_MS);
  }

  scanned(): GateFacts {
    return this.#scan().facts;
  }

  modelled(): GateFacts {
    const { facts } = this.parts;
    return facts.ofMesh(this.states.map((state, cluster) => this.#asTimesTell(facts.ofCluster(state, cluster), cluster)), this.#isSettled());
  }

  /**
   * A scan goes by times, which Kubernetes notes in whole seconds: that a Secret which was put back holds what istiods have loaded
   * already, it sees after a restart alone; and what happened in one second, or a little before an istiod of another kind wrote a
   * root of its own, it leaves unknown. The product is the stricter one here, by a restart that changes nothing in the model.
   */
  #asTimesTell(facts: ClusterGateFacts, cluster: number): ClusterGateFacts {
    const living = this.mesh.clusters[cluster]!;
    const { store } = living.cluster.backend;
    const pluggedIn = store.get('secrets', ISTIO, 'cacerts');
    const written = Date.parse((pluggedIn ?? store.get('secrets', ISTIO, 'istio-ca-secret'))?.metadata.creationTimestamp ?? '');
    const told = (revision: Revision): false | 'unknown' | undefined => {
      const starts = istiodPods(living, revision).flatMap(({ metadata }) => (metadata.deletionTimestamp === undefined ? [Date.parse(metadata.creationTimestamp)] : []));
      if (pluggedIn !== undefined && starts.some((start) => start < written)) return false;
      const isOpen = pluggedIn !== undefined ? starts.includes(written) : revision === 2 && starts.some((start) => start <= written && written <= start + 60_000);
      return isOpen ? 'unknown' : undefined;
    };
    const tellings = new Map(REVISIONS.map((revision) => [living.specs[revision]!.revision, told(revision)]));
    const controlPlanes = facts.controlPlanes.map((one) => ({ ...one, loadedPresentCa: tellings.get(one.revision) ?? one.loadedPresentCa }));
    const published = store.list('configmaps').filter(({ metadata: { name } }) => name === 'istio-ca-root-cert').map((map) => textAt(map, 'data', 'root-cert.pem'));
    const isSure = controlPlanes.every(({ loadedPresentCa }) => loadedPresentCa !== false) && !published.some((pem) => this.rootName(fingerprint(pem)).startsWith('C'));
    return { ...facts, controlPlanes, caSecrets: isSure ? facts.caSecrets : facts.caSecrets.map(({ name, present, backedUp }) => ({ name, present, backedUp })) };
  }

  /** The model's name of a fingerprint. */
  readonly rootName = (anchor: string): string => {
    const pem = [...this.#rootNames.keys()].find((known) => fingerprintOf(known) === anchor);
    return pem === undefined ? anchor : (this.#rootNames.get(pem) ?? anchor);
  };

  #isSettled(): boolean {
    return this.states.every(({ namespaces }) => namespaces.every(({ label, before }) => label === before));
  }

  #scan(): ReturnType<Scanner['scan']> {
    const openFindings = this.states.map(({ openFinding }) => openFinding);
    const waivesOwn = this.states.map(({ waivesOwnCertificates }) => waivesOwnCertificates);
    return this.#scanner.scan({ texts: this.#records, openFindings, waivesOwn, settled: this.#isSettled() });
  }

  #pass(ms: number, narrows = true): void {
    this.mesh.clock.advance(ms);
    for (const [cluster, { oldGateway, canary, secret }] of this.states.entries()) {
      const isReadyNow = (name: string): boolean =>
        this.mesh.clusters[cluster]!.cluster.backend.store.list('pods', ISTIO).map(asPod).some((pod) => isReady(pod) && baseOf(pod, 'Deployment') === name);
      if (secret === 'none' && this.#secretIn(cluster) === 'N') this.#follow(cluster, ({ secret: made }) => made === 'N');
      if (oldGateway === 'applied' && isReadyNow('istio-ingressgateway')) this.#follow(cluster, (to) => to.oldGateway === 'ready');
      if (canary?.ready === false && isReadyNow(CANARY.name)) this.#follow(cluster, (to) => to.canary?.ready === true);
    }
    if (narrows) this.narrow();
  }

  /** What came about by itself in the simulation is a move of the environment in the model. */
  #follow(cluster: number, isIt: (to: ClusterState) => boolean): void {
    const state = this.states[cluster]!;
    const move = this.parts.environment.moves(state).find(({ to }) => isIt(to));
    if (move === undefined) this.surprises.push(`cluster ${cluster + 1}: a root was made, or a gateway became ready, which cannot be in the model`);
    else this.states[cluster] = this.parts.environment.closed(move.to);
  }

  #secretIn(cluster: number): CaSecret {
    const { store } = this.mesh.clusters[cluster]!.cluster.backend;
    const own = store.get('secrets', ISTIO, 'istio-ca-secret');
    if (own !== undefined) this.#nameRoot(authorityInSecret(own)?.rootPem ?? '', globalRoot(this.scene, 'N', cluster));
    const roots: readonly LocalRoot[] = [...(store.get('secrets', ISTIO, 'cacerts') === undefined ? [] : ['C'] as const), ...(own === undefined ? [] : ['N'] as const)];
    return secretOf(roots);
  }

  #nameRoot(pem: string, name: string): void {
    if (!this.#rootNames.has(pem)) this.#rootNames.set(pem, name);
  }

  #watchIstiods(cluster: number, living: LivingCluster): void {
    const { pluggedIn, cluster: { backend: { store } } } = living;
    this.#nameRoot(authorityInSecret(pluggedIn)?.rootPem ?? '', globalRoot(this.scene, 'C', cluster));
    const note = (pod: StoredPod): void => {
      const revision = REVISIONS.find((candidate) => living.specs[candidate]!.revision === pod.metadata.labels?.['istio.io/rev']);
      if (pod.metadata.labels?.app !== 'istiod' || revision === undefined || !isReady(pod) || this.#loaded.has(pod.metadata.uid)) return;
      this.#loaded.set(pod.metadata.uid, this.parts.controlPlanes.loads(revision, this.#secretIn(cluster)) ?? 0);
    };
    for (const pod of store.list('pods', ISTIO)) note(asPod(pod));
    store.onChange(({ type, resource, object }) => {
      if (resource === 'pods' && type !== 'DELETED' && object.metadata.namespace === ISTIO) note(asPod(object));
    });
  }

  /** Leaves of the model's pods and loaded roots those that the simulation has, none of which may be missing. */
  narrow(): void {
    this.states = this.states.map((state, cluster) => {
      const living = this.mesh.clusters[cluster]!;
      const { classes } = this.parts;
      const pods = workloadsOf(this.scene).map((workload, index) =>
        classes.set(this.#classesOf(cluster, living, workload, classes.members(state.pods[index]!))),
      );
      const loaded = REVISIONS.map((revision) => this.#loadedBy(cluster, living, state, revision));
      return { ...state, pods, loaded: [loaded[0]!, loaded[1]!, loaded[2]!] };
    });
  }

  /** Before a move: what the environment may do by itself belongs to the state that the move starts from. */
  reclose(): void {
    this.states = this.states.map((state) => this.parts.environment.closed(state));
  }

  #loadedBy(cluster: number, living: LivingCluster, { loaded }: ClusterState, revision: Revision): number {
    const pods = istiodPods(living, revision).filter((pod) => isReady(pod) && pod.metadata.deletionTimestamp === undefined);
    if (pods.length === 0) return loaded[revision];
    const found = pods.reduce((bits, { metadata: { uid } }) => bits | (this.#loaded.get(uid) ?? 0), 0);
    if ((found & ~loaded[revision]) !== 0) this.surprises.push(`cluster ${cluster + 1}: istiod of revision ${revision} has loaded ${found}, in the model ${loaded[revision]}`);
    return found;
  }

  #classesOf(cluster: number, living: LivingCluster, { namespace, name }: { readonly namespace: string; readonly name: string }, known: readonly number[]): readonly number[] {
    const { store } = living.cluster.backend;
    const [kind, workload] = name.split('/');
    return store.list('pods', namespace).map(asPod).filter((pod) => baseOf(pod, kind) === workload).flatMap((pod) => {
      const proxy = living.cluster.proxyIn(namespace, pod.metadata.name);
      if (proxy === undefined) return [];
      const injector = REVISIONS.find((revision) => living.specs[revision]!.revision === proxy.settings.revision);
      const found = injector === undefined ? undefined : this.#classOf(cluster, injector, proxy.trust, known);
      if (found !== undefined) return [found];
      this.surprises.push(`cluster ${cluster + 1}: no class in the model for a pod of ${namespace}/${name}: ${proxy.settings.revision} ${JSON.stringify(this.#named(proxy.trust))}`);
      return [];
    });
  }

  #classOf(cluster: number, injector: Revision, trust: PodClass['trust'], known: readonly number[]): number | undefined {
    return known.find((id) => {
      const pod = this.parts.classes.at(id);
      // The simulation hands out no certificates of such pods: they are the same in what istiod tells them.
      const told = (found: PodClass['trust'], of?: number): unknown => (pod.hasOwnCertificate ? this.#pushed(found?.push, of) : this.#named(found, of));
      return pod.injector === injector && JSON.stringify([told(pod.trust, cluster)]) === JSON.stringify([told(trust)]);
    });
  }

  /** With roots as gates name them: the model's own are told apart between clusters, a simulation's are PEM. */
  #named(trust: PodClass['trust'], cluster?: number): unknown {
    if (trust === undefined) return 'waits';
    const { signer, push } = trust;
    return [this.#rootIn(signer.root, cluster), signer.identityDomain, this.#pushed(push, cluster)];
  }

  #pushed(push: ConfigPush | undefined, cluster?: number): unknown {
    return push && [push.anchors.map((root) => this.#rootIn(root, cluster)).sort(), [...push.acceptedDomains].sort(), [...push.pinnedDomains].sort()];
  }

  #rootIn(root: string, cluster: number | undefined): string {
    return cluster === undefined ? (this.#rootNames.get(root) ?? root) : globalRoot(this.scene, root, cluster);
  }
}

/** The name of the workload that a pod is of. */
function baseOf({ metadata: { name } }: StoredPod, kind: string | undefined): string {
  return kind === 'StatefulSet' ? name.replace(/-[^-]+$/u, '') : name.replace(/-[^-]+-[^-]+$/u, '');
}

const fingerprints = new Map<string, string>();

function fingerprintOf(pem: string): string {
  let found = fingerprints.get(pem);
  if (found === undefined) fingerprints.set(pem, (found = fingerprint(pem)));
  return found;
}
