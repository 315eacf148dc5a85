// What the commands about the migration read: the plan, the clusters it names, and everything that gates judge, once.
import path from 'node:path';
import type { JournalFiles, Sha256 } from '../app/journal/journalPorts.js';
import { fixedSnapshots } from '../app/migration/snapshotSource.js';
import { MeshSituationSource } from '../app/migration/meshSituationSource.js';
import type { EvidencePorts } from '../app/migration/ports.js';
import type { CaFilesReader, ParsePlanText, PlanFiles, PlanState } from '../app/plan/planPorts.js';
import { loadPlan } from '../app/plan/loadPlan.js';
import { PLAN_FILE_NAME } from '../app/plan/planSource.js';
import type { CertificateReader, Clock, InboundDomainReader, ProxyReader } from '../app/ports.js';
import { TrustSurvey } from '../app/trust/trustSurvey.js';
import { clusterName } from '../domain/cluster.js';
import type { ClusterSnapshot } from '../domain/mesh/snapshot.js';
import type { MigrationPlan } from '../domain/plan/migrationPlan.js';
import type { MeshSituation } from '../domain/procedure/procedureStep.js';
import { failureMessage } from '../shared/failure.js';
import type { Message } from '../shared/text/message.js';
import { message } from '../shared/text/message.js';
import type { ClusterWorld, NotAsked } from './readClusters.js';
import { notAsked, readClusters, readEach } from './readClusters.js';

export interface MigrationWorld extends ClusterWorld {
  readonly proxyReader: ProxyReader & InboundDomainReader;
  readonly certificateReader: CertificateReader;
  readonly evidence: EvidencePorts;
  readonly clock: Clock;
  readonly files: {
    readonly planFiles: PlanFiles;
    readonly parsePlanText: ParsePlanText;
    readonly caFilesReader: CaFilesReader;
    readonly journalFiles: (folder: string) => JournalFiles;
    readonly sha256: Sha256;
  };
}

/** Which mesh is meant: a plan's, or these contexts of a kubeconfig. */
export interface MeshOptions {
  readonly plan?: string;
  readonly kubeconfig?: string;
  readonly context?: readonly string[];
  readonly allContexts?: true;
}

export interface ReadMesh {
  readonly ok: true;
  readonly situation: MeshSituation;
  /** What is missing in it. */
  readonly notices: readonly Message[];
}

/** A plan with errors is not asked about; a cluster of a good plan that cannot be reached is in the situation as unknown. */
export async function readMesh(world: MigrationWorld, options: MeshOptions, signal: AbortSignal): Promise<ReadMesh | NotAsked> {
  if (options.plan !== undefined && options.kubeconfig !== undefined) return notAsked(message('gateCli.error.twoMeshes'));
  return options.kubeconfig === undefined ? readPlanned(world, options, signal) : readNamed(world, options, options.kubeconfig, signal);
}

/** The plan file's state; its path is `mesh-ca.plan.jsonc` of the present folder where none is given. */
export function readPlanFile(world: MigrationWorld, file: string | undefined): Promise<PlanState> {
  const { planFiles, parsePlanText } = world.files;
  return loadPlan(path.resolve(file ?? PLAN_FILE_NAME), { planFiles, parsePlanText, kubeconfigReader: world.kubeconfigReader, clock: world.clock });
}

async function readPlanned(world: MigrationWorld, options: MeshOptions, signal: AbortSignal): Promise<ReadMesh | NotAsked> {
  if (options.context !== undefined || options.allContexts === true) return notAsked(message('gateCli.error.contextOfPlan'));
  const state = await readPlanFile(world, options.plan);
  if (state.kind === 'none') return notAsked(message('gateCli.error.noMesh'));
  if (state.kind === 'unreadable') {
    const why = options.plan === undefined ? message('gateCli.error.noMesh') : message('gateCli.error.planUnreadable', { failure: failureMessage(state.failure) });
    return notAsked(why);
  }
  if (state.plan === undefined) return notAsked(message('gateCli.error.planInvalid', { file: state.file }));
  const snapshots: ClusterSnapshot[] = [];
  const notices: Message[] = [];
  for (const { ref, read } of await readEach(world, state.plan.clusters.map((planned) => planned.ref), signal)) {
    if (read.ok) snapshots.push(read.value);
    else notices.push(message('check.error.clusterUnreadable', { context: clusterName(ref), failure: failureMessage(read.failure) }));
  }
  return { ok: true, situation: await judgeable(world, snapshots, state.plan, signal), notices };
}

async function readNamed(world: MigrationWorld, { context, allContexts }: MeshOptions, kubeconfig: string, signal: AbortSignal): Promise<ReadMesh | NotAsked> {
  if (context !== undefined && allContexts === true) return notAsked(message('check.error.bothTargets'));
  const contexts = allContexts === true ? 'all' : context;
  if (contexts === undefined) return notAsked(message('check.error.noTarget'));
  const read = await readClusters(world, { kubeconfig, contexts, namespaces: [] }, signal);
  if (!read.ok) return read;
  // A cluster that could not be read belongs to the mesh as well, and is unknown in it.
  const situation = await judgeable(world, [...read.snapshots, ...read.unread], undefined, signal);
  return { ok: true, situation, notices: [message('gateCli.notice.noPlan'), ...read.notices] };
}

/** Read twice, because a gate opens only when two surveys agree. */
async function judgeable(world: MigrationWorld, snapshots: readonly ClusterSnapshot[], plan: MigrationPlan | undefined, signal: AbortSignal): Promise<MeshSituation> {
  const { proxyReader, evidence, clock } = world;
  const source = new MeshSituationSource({
    clusters: fixedSnapshots(snapshots),
    reading: () => Promise.resolve({ survey: new TrustSurvey(world), inbound: proxyReader, evidence }),
    plan: () => plan,
    tools: () => ({ kubectl: 'kubectl', asmcli: plan?.asmcli ?? 'asmcli', gcloud: 'gcloud', istioctl: 'istioctl', rolloutTimeoutMinutes: 10 }),
    clock,
    log: SILENT,
  });
  try {
    await source.refresh(signal);
    return await source.refresh(signal);
  } finally {
    source.dispose();
  }
}

const ignore = (): void => undefined;
/** What could not be read is in the situation, with its reason. */
const SILENT = { debug: ignore, info: ignore, warn: ignore, error: ignore };
