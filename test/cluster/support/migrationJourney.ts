// The whole migration without an editor: the product's own parts, the real kubectl, and a rehearsal in a process of its own.
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClusterAdapters } from '../../../src/adapters.js';
import { NodeCaFiles } from '../../../src/adapters/files/nodeCaFiles.js';
import { DiskPlanFiles } from '../../../src/adapters/files/planFiles.js';
import { GcloudFleet } from '../../../src/adapters/gcloudFleet.js';
import { TemporaryStepRunFolders } from '../../../src/adapters/step/stepRunFolder.js';
import { ExecaToolFinder } from '../../../src/adapters/toolFinder.js';
import { MeshInventory } from '../../../src/app/inventory/meshInventory.js';
import { MeshSituationSource } from '../../../src/app/migration/meshSituationSource.js';
import { MeshStepActions } from '../../../src/app/migration/stepActions.js';
import type { StepTerminal } from '../../../src/app/ports.js';
import { PortStepInspector } from '../../../src/app/steps/portStepInspector.js';
import type { ProcedurePrompts, ProcedureResult, StepJournalEntry } from '../../../src/app/steps/procedurePorts.js';
import { ProcedureRunner } from '../../../src/app/steps/procedureRunner.js';
import { TrustSurvey } from '../../../src/app/trust/trustSurvey.js';
import { gkeName } from '../../../src/domain/cluster.js';
import type { ClusterRef } from '../../../src/domain/cluster.js';
import type { MigrationPlan } from '../../../src/domain/plan/migrationPlan.js';
import { computePosition } from '../../../src/domain/position/computePosition.js';
import type { MigrationPosition } from '../../../src/domain/position/position.js';
import type { MeshSituation } from '../../../src/domain/procedure/procedureStep.js';
import { rollBackOrders } from '../../../src/domain/procedure/rollBackCluster.js';
import type { StepOrder } from '../../../src/domain/procedure/stepOrder.js';
import type { StepSpec } from '../../../src/domain/steps/stepRecord.js';
import { outcomeOf } from '../../../src/domain/steps/stepRecord.js';
import { textRenderer } from '../../../src/shared/text/render.js';
import { silentLog, wallClock } from '../../support/clusterFollower.js';
import { startRehearsalProcess } from '../../support/rehearsalProcess.js';
import type { RehearsalProcess } from '../../support/rehearsalProcess.js';
import { renderPosition } from '../../support/renderPosition.js';
import { REPOSITORY } from '../../support/repository.js';

export const REVISION_1 = 'asm-1232-2-distribute-root';
export const REVISION_2 = 'asm-1232-2-meshca-ca-migration';

const DIST = process.env.MESH_CA_DIST ?? path.join(REPOSITORY, 'dist');
const text = textRenderer('en');

export interface JourneyOptions {
  readonly scene: 'istio-default' | 'asm-citadel';
  readonly rehearsal?: readonly string[];
  readonly plan?: Partial<MigrationPlan>;
}

export interface Journey {
  readonly process: RehearsalProcess;
  readonly clusters: readonly ClusterRef[];
  readonly plan: MigrationPlan;
  /** Every step that ran or was refused, in order. */
  readonly entries: readonly StepJournalEntry[];
  situation(): Promise<MeshSituation>;
  position(): Promise<MigrationPosition>;
  run(...orders: readonly StepOrder[]): Promise<readonly ProcedureResult[]>;
  /** Does what is next until `isThere`, or until everything is done; each step has to be verified. */
  goOn(isThere?: (position: MigrationPosition, situation: MeshSituation) => boolean): Promise<MigrationPosition>;
  /** Everything that a rollback of the phase does, in all clusters; each step has to be verified. */
  rollBack(phase: 1 | 2 | 3): Promise<void>;
  close(): Promise<void>;
}

/** Previews, types what is asked, and tells nobody. */
const YES: ProcedurePrompts = {
  preview: () => Promise.resolve('run'),
  typeName: () => Promise.resolve(true),
  goOn: () => Promise.resolve(false),
  whileReading: (_what, read) => read(new AbortController().signal),
  report: () => undefined,
  reportUntrusted: () => {
    throw new Error('a journey is trusted');
  },
};

function planOf(clusters: readonly ClusterRef[], folder: string, { scene, plan }: JourneyOptions): MigrationPlan {
  return {
    version: 1,
    startingPoint: scene === 'istio-default' ? 'istio' : 'asm',
    fleetProject: gkeName(clusters[0]?.context ?? '')?.project ?? '',
    clusters: clusters.map((ref) => {
      const { project = '', location = '', cluster = '' } = gkeName(ref.context) ?? {};
      return { ref, project, location, name: cluster, outputDirectory: path.join(folder, cluster), overlays: [], caFiles: undefined };
    }),
    revision1: REVISION_1,
    revision2: REVISION_2,
    asmcli: undefined,
    asmcliFlags: ['enable_all'],
    waveSize: 3,
    tests: {},
    waivers: [],
    backupDirectory: path.join(folder, 'backups'),
    ...plan,
  };
}

/** Runs dist/step.js as the editor's task does, in the rehearsal's environment and without a terminal. */
function processTerminal(env: NodeJS.ProcessEnv, folder: string, on: { readonly output: (line: string) => void; readonly end: () => void }): StepTerminal {
  const folders = new TemporaryStepRunFolders();
  return {
    run: async ({ commands }) => {
      const spec: StepSpec = { runId: randomUUID(), language: 'en', commands, purpose: 'step' };
      const run = await folders.prepare(spec);
      const child = spawn(process.execPath, [path.join(DIST, 'step.js'), run.specFile, run.recordFile], { cwd: folder, env, stdio: ['pipe', 'pipe', 'pipe'] });
      // What asmcli asks when it sees a gateway: nothing is removed by going on.
      child.stdin.on('error', () => undefined);
      child.stdin.end('y\ny\ny\n');
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { on.output(chunk.toString()); });
      await new Promise<void>((resolve) => child.once('close', () => { resolve(); }));
      on.end();
      const outcome = outcomeOf(await run.readRecord(), spec);
      await run.remove();
      return outcome;
    },
  };
}

/** What one step came to, for an error message. */
export function tellResult(result: ProcedureResult): string {
  const { plan } = result;
  const gates = plan.gates.flatMap(({ gate, state, items }) => [`gate ${gate}: ${state}`, ...items.map(({ problem, subject }) => `  ${subject}: ${text(problem)}`)]);
  const findings = plan.findings.map(({ severity, message }) => `${severity}: ${text(message)}`);
  const open = result.kind !== 'notVerified' ? [] : (result.verification.kind === 'open' ? result.verification.items : result.verification.why).map(text);
  const failed = result.kind === 'actionFailed' ? [JSON.stringify(result.failure)] : result.kind === 'notDone' ? [JSON.stringify(result.outcome)] : [];
  return [`${text(plan.title)}: ${result.kind}`, ...gates, ...findings, ...open, ...failed].join('\n');
}

/** What the extension asks a person to do where nothing makes a pod anew: delete it, and create it again. False where nothing was to be done. */
async function makeAnewByHand(rehearsal: RehearsalProcess, { plan, kind }: ProcedureResult): Promise<boolean> {
  const { target } = plan.order;
  if (kind !== 'notVerified' || target.scope !== 'namespace') return false;
  const kubectl = (args: readonly string[], input?: string): ReturnType<RehearsalProcess['run']> =>
    rehearsal.run('kubectl', ['--kubeconfig', target.cluster.kubeconfig, '--context', target.cluster.context, '-n', target.namespace, ...args], input);
  const { stdout } = await kubectl(['get', 'pods', '-o', 'json']);
  const pods = (JSON.parse(stdout) as { items: { metadata: { name: string; labels?: object; ownerReferences?: unknown }; spec: { containers: { name: string; image: string }[] } }[] }).items;
  const bare = pods.filter(({ metadata }) => metadata.ownerReferences === undefined);
  for (const { metadata: { name, labels }, spec } of bare) {
    await kubectl(['delete', 'pod', name]);
    const containers = spec.containers.filter((container) => container.name !== 'istio-proxy').map(({ name: of, image }) => ({ name: of, image }));
    const made = await kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name, labels }, spec: { containers } }));
    if (made.code !== 0) throw new Error(made.stderr);
    await kubectl(['wait', '--for=condition=Ready', `pod/${name}`, '--timeout=60s']);
  }
  return bare.length > 0;
}

/** Starts a rehearsal and follows it. */
export async function startJourney(options: JourneyOptions): Promise<Journey> {
  const folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-journey-'));
  const rehearsal = await startRehearsalProcess('--scene', options.scene, '--speed', '20', ...(options.rehearsal ?? []));
  const output: string[] = [];
  const adapters = createClusterAdapters(wallClock, silentLog);
  const contexts = await adapters.kubeconfigReader.contexts(rehearsal.env.KUBECONFIG ?? '');
  if (!contexts.ok) throw new Error(JSON.stringify(contexts.failure));
  const clusters = contexts.value.map(({ kubeconfig, context }) => ({ kubeconfig, context }));
  const plan = planOf(clusters, folder, options);
  for (const { outputDirectory } of plan.clusters) mkdirSync(outputDirectory, { recursive: true });
  const inventory = new MeshInventory(adapters.clusterReader, wallClock, silentLog);
  inventory.follow(clusters);
  const { proxyReader, inboundReader, certificateReader, evidence } = adapters;
  const survey = new TrustSurvey({ proxyReader, inboundReader, certificateReader, clock: wallClock, random: Math.random });
  const reading = (): Promise<{ survey: TrustSurvey; inbound: typeof proxyReader; evidence: typeof evidence }> =>
    Promise.resolve({ survey, inbound: proxyReader, evidence });
  const tools = { kubectl: 'kubectl', asmcli: 'asmcli', gcloud: 'gcloud', istioctl: 'istioctl', rolloutTimeoutMinutes: 2, storage: path.join(folder, 'storage') };
  mkdirSync(tools.storage, { mode: 0o700 });
  const source = new MeshSituationSource({ clusters: inventory, reading, plan: () => plan, tools: () => tools, clock: wallClock, log: silentLog });
  const entries: StepJournalEntry[] = [];
  const runner = new ProcedureRunner({
    situations: source,
    inspector: new PortStepInspector({
      objects: adapters.objects,
      files: new DiskPlanFiles(),
      caFiles: new NodeCaFiles(certificateReader),
      certificates: certificateReader,
      tools: new ExecaToolFinder({ kubectlPath: () => '', environment: () => rehearsal.env }),
      fleet: new GcloudFleet({ environment: () => rehearsal.env }),
      forecaster: evidence.injectionForecaster,
      backups: evidence.secretBackups,
      proxies: proxyReader,
      situation: () => source.current(),
    }),
    actions: new MeshStepActions({ situations: source, reading, clock: wallClock, askTest: () => Promise.resolve(true), setTerminalPath: () => undefined }),
    terminal: processTerminal(rehearsal.env, folder, { output: (line) => output.push(line), end: () => { source.noteChange(); } }),
    prompts: YES,
    journal: { append: (entry) => Promise.resolve(void entries.push(entry)) },
    isTrusted: () => true,
    clock: wallClock,
    log: silentLog,
    text,
  });
  const signal = new AbortController().signal;
  const situation = (): Promise<MeshSituation> => source.refresh(signal);
  await Promise.all(clusters.map((ref) => inventory.waitFor(ref, ({ kinds }) => Object.values(kinds).every(({ state }) => state !== 'loading'), signal)));
  const run = (...orders: readonly StepOrder[]): Promise<readonly ProcedureResult[]> => {
    output.length = 0;
    return runner.run(orders);
  };
  /** Each has to be done, if need be with what only a person can do in between. */
  const runAll = async (orders: readonly StepOrder[], position: MigrationPosition): Promise<void> => {
    const bad = (await run(...orders)).filter(({ kind }) => kind !== 'verified' && kind !== 'shown' && kind !== 'cancelled');
    const [first] = bad;
    if (first !== undefined && !(await makeAnewByHand(rehearsal, first))) {
      throw new Error(`${tellResult(first)}\n${output.join('').slice(-3000)}\n${renderPosition(position)}`);
    }
  };
  return {
    process: rehearsal,
    clusters,
    plan,
    entries,
    situation,
    position: async () => computePosition(await situation()),
    run,
    goOn: async (isThere = () => false) => {
      const tried: string[] = [];
      for (;;) {
        // What the last step's verification read is as fresh as anything; an end, that nothing is next, and a check (which one
        // pod made anew since then brings up again) have to be read anew.
        const known = computePosition(source.current());
        const isOver = known.next === undefined || known.next.order.step.startsWith('check-') || isThere(known, source.current());
        const now = isOver ? await situation() : source.current();
        const position = isOver ? computePosition(now) : known;
        if (position.finished || isThere(position, now)) return position;
        if (position.next === undefined) throw new Error(`nothing is next:\n${renderPosition(position)}`);
        const { order, wave } = position.next;
        const orders = (wave.length > 0 ? wave : [order]).map((suggestion): StepOrder => ({ ...suggestion, parameters: {} }));
        tried.push(JSON.stringify(orders));
        if (tried.slice(-3).every((one) => one === tried.at(-1)) && tried.length > 2) throw new Error(`again and again ${order.step}:\n${renderPosition(position)}`);
        if (process.env.MESH_CA_TELL !== undefined) process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${order.phase} ${order.step} ×${orders.length}\n`);
        await runAll(orders, position);
      }
    },
    rollBack: async (phase) => {
      const now = await situation();
      const restorations = clusters.map((cluster): StepOrder => ({ step: 'restore-secrets', phase: 3, target: { scope: 'cluster', cluster }, parameters: {} }));
      for (const order of phase === 3 ? restorations : rollBackOrders(phase, clusters, now)) await runAll([order], computePosition(now));
    },
    close: async () => {
      source.dispose();
      inventory.dispose();
      await rehearsal.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
