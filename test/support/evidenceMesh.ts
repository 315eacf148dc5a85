// A rehearsal mesh as gates see it, read by the product's own readers.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { KubernetesClusterReader } from '../../src/adapters/kubernetes/kubernetesClusterReader.js';
import { ClusterConnections } from '../../src/adapters/kubernetes/clusterConnection.js';
import { createEvidenceAdapters } from '../../src/adapters/kubernetes/evidenceAdapters.js';
import { createNodeCertificateReader } from '../../src/adapters/nodeCertificateReader.js';
import { EnvoyProxyReader } from '../../src/adapters/proxies/envoyProxyReader.js';
import type { EvidencePorts } from '../../src/app/migration/ports.js';
import { MeshSituationSource } from '../../src/app/migration/meshSituationSource.js';
import { fixedSnapshots } from '../../src/app/migration/snapshotSource.js';
import type { SnapshotSource } from '../../src/app/migration/snapshotSource.js';
import type { Clock } from '../../src/app/ports.js';
import { TrustSurvey } from '../../src/app/trust/trustSurvey.js';
import type { ClusterRef } from '../../src/domain/cluster.js';
import { gkeName } from '../../src/domain/cluster.js';
import type { ClusterGateFacts } from '../../src/domain/gates/gateFacts.js';
import type { MigrationPlan } from '../../src/domain/plan/migrationPlan.js';
import type { MeshSituation } from '../../src/domain/procedure/procedureStep.js';
import { startRehearsal } from '../../src/rehearsal/rehearsal.js';
import type { Rehearsal } from '../../src/rehearsal/rehearsal.js';
import { sceneWith } from '../../src/rehearsal/scenes/sceneOptions.js';
import { findScene } from '../../src/rehearsal/scenes/scenes.js';
import { silentLog, wallClock } from './clusterFollower.js';
import { recycledKeys } from './recycledKeys.js';

export const REVISION_1 = 'asm-1232-2-distribute-root';
export const REVISION_2 = 'asm-1232-2-meshca-ca-migration';

export const TOOLS = { kubectl: 'kubectl', asmcli: 'asmcli', gcloud: 'gcloud', istioctl: 'istioctl', rolloutTimeoutMinutes: 10 };

/** For one proxy: on a machine that is busy with other tests, making its certificate may take longer than a reader waits in life. */
const PATIENCE_SECONDS = 120;

/** A plan of these clusters, as its owner would write it. */
export function planOf(refs: readonly ClusterRef[], changes: Partial<MigrationPlan> = {}): MigrationPlan {
  return {
    version: 1,
    startingPoint: 'istio',
    fleetProject: 'rehearsal-project',
    clusters: refs.map((ref) => ({
      ref, project: 'rehearsal-project', location: gkeName(ref.context)?.location ?? '', name: gkeName(ref.context)?.cluster ?? ref.context,
      outputDirectory: '/out', overlays: [], caFiles: undefined,
    })),
    revision1: REVISION_1,
    revision2: REVISION_2,
    asmcli: undefined,
    asmcliFlags: [],
    waveSize: 1,
    tests: {},
    waivers: [],
    backupDirectory: undefined,
    ...changes,
  };
}

export interface MeshReaders {
  readonly clusterReader: KubernetesClusterReader;
  readonly evidence: EvidencePorts;
  source(clusters: SnapshotSource, plan: () => MigrationPlan | undefined, clock?: Clock): MeshSituationSource;
  /** One complete reading, as a tool that does not stay makes it; a second survey where it is to be settled. */
  situation(refs: readonly ClusterRef[], plan: MigrationPlan | undefined, surveys?: number): Promise<MeshSituation>;
}

export function meshReaders(): MeshReaders {
  const connections = new ClusterConnections();
  const clusterReader = new KubernetesClusterReader(connections, wallClock, silentLog);
  const evidence = createEvidenceAdapters(connections, wallClock);
  const inbound = new EnvoyProxyReader({ connectionOf: (ref) => connections.connectionOf(ref), clock: wallClock, timeoutSeconds: () => PATIENCE_SECONDS });
  const survey = new TrustSurvey({ proxyReader: inbound, certificateReader: createNodeCertificateReader(), clock: wallClock });
  const source: MeshReaders['source'] = (clusters, plan, clock = wallClock) =>
    new MeshSituationSource({ clusters, reading: () => Promise.resolve({ survey, inbound, evidence }), plan, tools: () => TOOLS, clock, log: silentLog });
  return {
    clusterReader,
    evidence,
    source,
    async situation(refs, plan, surveys = 1) {
      const signal = new AbortController().signal;
      const snapshots = await Promise.all(refs.map((ref) => clusterReader.readOnce(ref, signal)));
      const reader = source(fixedSnapshots(snapshots.flatMap((read) => (read.ok ? [read.value] : []))), () => plan);
      for (let pass = 1; pass < surveys; pass += 1) await reader.readOnce(signal);
      const situation = await reader.readOnce(signal);
      reader.dispose();
      return situation;
    },
  };
}

/** The facts of the only, or the first, cluster. */
export function firstCluster({ facts }: MeshSituation): ClusterGateFacts {
  return facts.clusters[0]!;
}

/** Each group of proxies in a line: workload, revision, standing, and what it trusts with Mesh CA's root by name. */
export function drawProxies({ proxies }: ClusterGateFacts, namespace: string): readonly string[] {
  return proxies
    .filter((proxy) => proxy.namespace === namespace)
    .map(({ workload, pods, revision, standing }) => {
      const held = standing.kind === 'read' ? ` ${standing.anchors.length} anchors${standing.anchors.includes('MESHCA') ? ' MESHCA' : ''} ${standing.domain}` : '';
      return `${workload} ${pods.length} ${revision ?? '?'} ${standing.kind}${held}`;
    });
}

export function drawCreatable({ creatable }: ClusterGateFacts, namespace: string): readonly string[] {
  return creatable
    .filter((each) => each.namespace === namespace)
    .map(({ workload, meshed, outcome }) => {
      const by = outcome.kind === 'injected' || outcome.kind === 'handInjected' ? ` ${outcome.revision ?? '?'}` : '';
      return `${workload} ${meshed ? 'meshed' : 'outside'} ${outcome.kind}${by}`;
    });
}

export interface AwkwardMesh {
  readonly rehearsal: Rehearsal;
  readonly refs: readonly ClusterRef[];
  end(): Promise<void>;
}

/** A rehearsal with one of everything that a migration trips over; time stands still. */
export async function startAwkwardMesh(sceneName: string, withRevisions: readonly string[] = [REVISION_1]): Promise<AwkwardMesh> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mesh-ca-evidence-'));
  const rehearsal = await startRehearsal({
    scene: sceneWith(findScene(sceneName)!, { withAwkward: true }),
    newKey: recycledKeys(),
    listen: { host: '127.0.0.1', port: 0 },
    kubeconfigPath: path.join(folder, 'config'),
    withRevisions,
    speed: 0,
    log: () => undefined,
  });
  return {
    rehearsal,
    refs: rehearsal.clusters.map(({ contextName }) => ({ kubeconfig: rehearsal.kubeconfigPath, context: contextName })),
    async end() {
      await rehearsal.stop();
      await rm(folder, { recursive: true });
    },
  };
}
