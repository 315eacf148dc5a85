// A rehearsed mesh as a situation to be judged: its snapshots as the product reads them, and by hand what a survey would have told.
import { X509Certificate } from 'node:crypto';
import type { ClusterRef } from '../../src/domain/cluster.js';
import { clusterKey } from '../../src/domain/cluster.js';
import type { ClusterGateFacts, FleetFacts, GateFacts, ProxyFacts } from '../../src/domain/gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../../src/domain/gates/gateFacts.js';
import { gatherGateFacts } from '../../src/domain/evidence/gatherGateFacts.js';
import { emptySnapshot } from '../../src/domain/mesh/fold.js';
import { controlPlanes } from '../../src/domain/mesh/controlPlanes.js';
import type { ClusterSnapshot } from '../../src/domain/mesh/snapshot.js';
import type { MigrationPlan } from '../../src/domain/plan/migrationPlan.js';
import type { MeshSituation, StepTraces } from '../../src/domain/procedure/procedureStep.js';
import { textAt } from '../../src/rehearsal/api/json.js';
import { anchorsOf } from '../../src/rehearsal/mesh/proxyTrust.js';
import type { SimulatedCluster } from '../../src/rehearsal/mesh/simulatedCluster.js';
import { message } from '../../src/shared/text/message.js';
import { inState } from './meshBuilder.js';
import { simulatedSnapshot } from './simulatedSnapshot.js';

export const REVISION_1 = 'asm-1232-2-distribute-root';
export const REVISION_2 = 'asm-1232-2-meshca-ca-migration';

export const CLUSTER_REFS: readonly [ClusterRef, ClusterRef] = [
  { kubeconfig: '/home/me/.kube/config', context: 'gke_rehearsal-project_us-central1_cluster-1' },
  { kubeconfig: '/home/me/.kube/config', context: 'gke_rehearsal-project_us-east1-b_cluster-2' },
];

export const PLAN: MigrationPlan = {
  version: 1,
  startingPoint: 'istio',
  fleetProject: 'rehearsal-project',
  clusters: CLUSTER_REFS.map((ref, index) => ({
    ref, project: 'rehearsal-project', location: index === 0 ? 'us-central1' : 'us-east1-b', name: `cluster-${index + 1}`,
    outputDirectory: `/home/me/asm/cluster-${index + 1}`, overlays: [], caFiles: undefined,
  })),
  revision1: REVISION_1,
  revision2: REVISION_2,
  asmcli: undefined,
  asmcliFlags: ['enable_all'],
  waveSize: 2,
  tests: {},
  waivers: [],
  backupDirectory: undefined,
};

/** What nobody can read off the simulation. */
export interface Evidence {
  readonly plan?: MigrationPlan | undefined;
  readonly baseline?: boolean;
  /** What Google Cloud said; the two clusters and nobody else where nothing is said. */
  readonly fleet?: FleetFacts;
  readonly probed?: readonly string[];
  readonly scanned?: boolean;
  readonly backedUp?: boolean;
  /** Pods, `namespace/pod-prefix`, that did not answer. */
  readonly silent?: string;
  /** What steps left behind could not be read. */
  readonly untraced?: boolean;
  /** The second cluster went away after it was read, or has never been reached since the editor was opened. */
  readonly away?: 'stale' | 'failed';
}

export interface RehearsedMesh {
  readonly first: SimulatedCluster;
  readonly second: SimulatedCluster;
  readonly meshCaRootPem: string;
}

export function rehearsedSituation(mesh: RehearsedMesh, evidence: Evidence = {}): MeshSituation {
  const { plan } = evidence;
  const root = new X509Certificate(mesh.meshCaRootPem).fingerprint256;
  const simulated = [mesh.first, mesh.second];
  const [here, there] = simulated.map((cluster, index) => simulatedSnapshot(CLUSTER_REFS[index]!, cluster, [root])) as [ClusterSnapshot, ClusterSnapshot];
  const snapshots = [here, evidence.away === undefined ? there : awaySnapshot(there, evidence.away)];
  const gathered = gatherGateFacts({ snapshots, plan, evidence: new Map(), surveys: [], changedAt: undefined, now: 0, freshForMs: 0 });
  const facts: GateFacts = {
    clusters: snapshots.map((snapshot, index) => ({
      ...gathered.clusters.find(({ cluster }) => cluster === clusterKey(snapshot.ref))!,
      ...(evidence.away === 'failed' && index === 1 ? {} : clusterFacts(snapshot, simulated[index]!, mesh.meshCaRootPem, evidence)),
    })),
    baseline: evidence.baseline === true ? { pairs: new Set(['c|CITADEL c|CITADEL']) } : undefined,
    clustersNotInPlan: [],
    fleet: evidence.fleet ?? { state: 'read', members: 2, notInPlan: [] },
    settled: true,
    meshCaDomain: 'rehearsal-project.svc.id.goog',
    revision1: plan?.revision1,
    revision2: plan?.revision2,
  };
  const tools = { kubectl: 'kubectl', asmcli: 'asmcli', gcloud: 'gcloud', istioctl: 'istioctl', rolloutTimeoutMinutes: 10 };
  const read = evidence.away === undefined ? snapshots : [here];
  const traces = new Map(evidence.untraced === true ? [] : read.map((snapshot) => [clusterKey(snapshot.ref), everythingTested(snapshot)]));
  return { plan, snapshots, facts, traces, tools, now: 0 };
}

function awaySnapshot(snapshot: ClusterSnapshot, how: 'stale' | 'failed'): ClusterSnapshot {
  const failure = { kind: 'clusterUnreachable', reason: 'connection refused' } as const;
  return how === 'stale' ? inState(snapshot, { state: 'stale', since: 0, failure }) : inState(emptySnapshot(snapshot.ref), { state: 'failed', failure });
}

/** The application of every namespace works on both revisions, and no installer kept a record. */
function everythingTested({ namespaces }: ClusterSnapshot): StepTraces {
  const tested = [...namespaces.keys()].flatMap((namespace) => [REVISION_1, REVISION_2].map((revision) => ({ namespace, revision, passed: true })));
  return { applicationTests: tested, installedStates: [] };
}

function clusterFacts(snapshot: ClusterSnapshot, simulated: SimulatedCluster, meshCaRootPem: string, evidence: Evidence): Partial<ClusterGateFacts> {
  const { probed = [], scanned = false, backedUp = false } = evidence;
  return {
    cluster: clusterKey(snapshot.ref),
    ref: snapshot.ref,
    unread: [],
    controlPlanes: controlPlanes(snapshot).map((view) => ({
      revision: view.revision,
      identity: view.revision,
      installed: view.istiods.length > 0,
      ready: view.ready > 0,
      signer: view.signer,
      issuer: undefined,
      handsOutMeshCa: view.meshCaRoot === 'handedOut' ? 'yes' : view.meshCaRoot === 'unknown' ? 'unknown' : 'no',
      trustDomain: view.config?.trustDomain,
      accepts: view.config === undefined ? 'unknown' : [view.config.trustDomain, ...view.config.trustDomainAliases],
      loadedPresentCa: true,
    })),
    proxies: proxiesOf(snapshot, simulated, meshCaRootPem, evidence.silent),
    caSecrets: (['cacerts', 'istio-ca-secret'] as const).map((name) => ({
      name,
      present: simulated.backend.store.get('secrets', 'istio-system', name) !== undefined,
      backedUp,
    })),
    probes: probed.map((revision) => ({
      revision,
      passed: true,
      issuer: revision === REVISION_2 ? MESH_CA_ANCHOR : 'CITADEL',
      anchors: ['CITADEL', MESH_CA_ANCHOR],
      domain: revision === REVISION_2 ? 'rehearsal-project.svc.id.goog' : 'cluster.local',
      controlPlane: revision,
    })),
    openIdentityFindings: scanned && snapshot.kinds.namespaces.state === 'live' ? 0 : undefined,
    istiodService: serviceRevision(simulated),
  };
}

function proxiesOf(snapshot: ClusterSnapshot, simulated: SimulatedCluster, meshCaRootPem: string, silent: string | undefined): readonly ProxyFacts[] {
  const name = (pem: string): string => (pem === meshCaRootPem ? MESH_CA_ANCHOR : 'CITADEL');
  return [...snapshot.namespaces.values()].flatMap(({ pods }) =>
    [...pods.values()].flatMap((pod): readonly ProxyFacts[] => {
      const trust = simulated.proxyIn(pod.namespace, pod.name)?.trust;
      const settings = simulated.proxyIn(pod.namespace, pod.name)?.settings;
      if (pod.proxy === undefined || trust === undefined || settings === undefined) return [];
      const anchors = [...new Set(anchorsOf(settings.agent, trust).map(name))].sort();
      const isSilent = silent !== undefined && `${pod.namespace}/${pod.name}`.startsWith(silent);
      const common = { inbound: 'any', outbound: 'any', expired: false } as const;
      return [{
        namespace: pod.namespace,
        workload: pod.owner === undefined ? `Pod/${pod.name}` : `${pod.owner.kind}/${pod.owner.name}`,
        pods: [pod.name],
        role: pod.proxy.role === 'router' ? 'router' : 'sidecar',
        revision: pod.proxy.revision,
        standing: isSilent
          ? { kind: 'unknown', reason: message('failure.timedOut', { seconds: 10 }) }
          : { kind: 'read', anchors, issuer: name(trust.signer.root), domain: trust.signer.identityDomain, ...common },
        waived: false,
      }];
    }),
  );
}

function serviceRevision({ backend: { store } }: SimulatedCluster): string | undefined {
  const service = store.get('services', 'istio-system', 'istiod');
  return service === undefined ? undefined : textAt(service, 'spec', 'selector', 'istio.io/rev') || 'default';
}
