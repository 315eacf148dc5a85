// The composition root in the editor: the only place that knows all parts. Nothing here reads a cluster, file or process;
// what does is loaded when it is first needed.
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Core, ProcessAdapters } from './composeCore.js';
import { composeCore, composeProcesses, systemClock } from './composeCore.js';
import { lateClusterReader, lateKubeconfigReader, lateStepRunFolders, lateToolFinder } from './app/lateAdapters.js';
import { DisposableStore } from './app/events.js';
import { once } from './app/lateValue.js';
import { MeshInventory } from './app/inventory/meshInventory.js';
import type { KubeconfigReader } from './app/ports.js';
import type { CommandId } from './contributions.js';
import { StepRunner } from './app/steps/stepRunner.js';
import { readProxyTransport } from './app/trust/proxyTransport.js';
import { SurveySession } from './app/trust/surveySession.js';
import { fixedConcurrency, TrustSurvey } from './app/trust/trustSurvey.js';
import { lateTextRenderer } from './shared/text/lateCatalogue.js';
import type { Catalogue, Language, RenderText } from './shared/text/languages.js';
import { ChosenClusters } from './ui/chosenClusters.js';
import { checkTrust, namespacesScope } from './ui/commands/checkTrust.js';
import { openTrust } from './ui/commands/openTrust.js';
import { chooseClusters } from './ui/commands/chooseClusters.js';
import { commandTitles } from './ui/commands/commandTitle.js';
import { copyName } from './ui/commands/copyName.js';
import { leaveOutCluster } from './ui/commands/leaveOutCluster.js';
import { migrateNamespace } from './ui/commands/migrateNamespace.js';
import { refreshClusters } from './ui/commands/refreshClusters.js';
import type { CommandHandlers } from './ui/commands/registerCommands.js';
import { registerCommands } from './ui/commands/registerCommands.js';
import { restartWorkloads } from './ui/commands/restartWorkloads.js';
import { retryCluster } from './ui/commands/retryCluster.js';
import { rollBackNamespace } from './ui/commands/rollBackNamespace.js';
import { showLabels } from './ui/commands/showLabels.js';
import { ContextKey } from './ui/contextKeys.js';
import type { LogChannel } from './ui/logChannel.js';
import { fetchedKubeconfigs } from './ui/fetchedKubeconfigs.js';
import { createLogChannel } from './ui/logChannel.js';
import { rehearsalClusters } from './ui/rehearsal/rehearsalClusters.js';
import { RehearsalSession } from './ui/rehearsal/rehearsalSession.js';
import { readSetting } from './ui/settings.js';
import type { NamespaceCommandParts } from './ui/steps/namespaceCommand.js';
import { LateMigration } from './ui/migration/lateMigration.js';
import { ReadOnlyDocuments } from './ui/steps/readOnlyDocuments.js';
import { VsCodeStepPrompts } from './ui/steps/stepPrompts.js';
import { TaskStepTerminal } from './ui/terminal/taskStepTerminal.js';
import { terminalEnvironment } from './ui/terminal/terminalEnvironment.js';
import { ClustersTree } from './ui/tree/clustersTree.js';
import { gatewayNode, namespaceNode, namespaceTargets } from './ui/tree/targets.js';
import { StoredSurveys } from './ui/trust/storedSurveys.js';
import { TrustFiles } from './ui/trust/trustFiles.js';
import { TrustPanel } from './ui/trust/trustPanel.js';

const CHOOSE_CLUSTERS: CommandId = 'meshCa.clusters.choose';

/** What the trust panel has done about proxies that are in the way. */
const RESOLVING = {
  restart: 'meshCa.namespace.restart',
  migrate: 'meshCa.namespace.migrate',
  addGateway: 'meshCa.step.migrateGateway',
  upgradeGateway: 'meshCa.step.upgradeGateway',
} as const satisfies Record<string, CommandId>;

/** Asked at each proxy, so that a changed setting holds at once. */
const PROXY_READING = {
  timeoutSeconds: () => readSetting('meshCa.trust.timeoutSeconds'),
  transport: () => readProxyTransport(readSetting('meshCa.trust.transport')),
};

/** Where things are that every part may need. */
interface Surroundings {
  readonly context: vscode.ExtensionContext;
  readonly owned: DisposableStore;
  readonly text: RenderText;
  readonly log: LogChannel;
  readonly core: () => Promise<Core>;
  readonly processes: () => Promise<ProcessAdapters>;
}

/** Wires the extension together. Disposing of the result ends all of it. */
export function compose(context: vscode.ExtensionContext): { dispose(): void } {
  const owned = new DisposableStore();
  const around = surroundingsOf(context, owned);
  const { log, text } = around;
  const kubeconfigs = lateKubeconfigReader(async () => (await around.core()).kubeconfigReader);
  const chosen = owned.add(createChosenClusters(around));
  const inventory = owned.add(
    new MeshInventory(lateClusterReader(async () => (await around.core()).clusterReader, log), systemClock, log),
  );
  followChosen(chosen, inventory, owned);
  const { panel: trust, files } = createTrustPanel(around, inventory);
  owned.add(trust);
  const rehearsal = owned.add(createRehearsal(around, chosen, kubeconfigs));
  const surface = createStepSurface(around);
  const runner = createStepRunner(around, surface, inventory, trust);
  const migration = owned.add(createMigration(around, surface, inventory, chosen));
  owned.add(new ClustersTree(inventory, runner, text, () => systemClock.now()));
  const parts: NamespaceCommandParts = { runner, known: inventory, text, targetsOf: namespaceTargets };
  const handlers: CommandHandlers = {
    ...migration.handlers,
    'meshCa.clusters.choose': () => chooseClusters({ chosen, kubeconfigs, fetched: () => fetchedKubeconfigs(context.globalStorageUri), text }),
    'meshCa.clusters.refresh': (clicked) => {
      refreshClusters(inventory, clicked);
    },
    'meshCa.cluster.retry': (clicked) => {
      retryCluster(inventory, clicked);
    },
    'meshCa.cluster.leaveOut': (clicked) => leaveOutCluster(chosen, text, clicked),
    'meshCa.namespace.migrate': migration.ifPlanned('meshCa.namespace.migrate', migrateNamespace(parts)),
    'meshCa.namespace.rollBack': migration.ifPlanned('meshCa.namespace.rollBack', rollBackNamespace(parts)),
    'meshCa.namespace.restart': migration.ifPlanned('meshCa.namespace.restart', restartWorkloads(parts)),
    'meshCa.namespace.checkTrust': checkTrust(parts, (scope, focus) => {
      trust.show(scope, focus);
    }),
    'meshCa.namespace.showLabels': migration.ifPlanned('meshCa.namespace.showLabels', showLabels(parts)),
    'meshCa.trust.open': openTrust((scope, focus) => {
      trust.show(scope, focus);
    }),
    'meshCa.trust.export': () => files.exportSurvey(),
    'meshCa.trust.save': () => files.save(),
    'meshCa.trust.openFile': () => trust.openFile(),
    'meshCa.rehearsal.start': () => rehearsal.start(),
    'meshCa.rehearsal.stop': () => rehearsal.stop(),
    'meshCa.name.copy': (clicked) => copyName(text, clicked),
    'meshCa.log.show': () => {
      log.show();
    },
  };
  owned.add(registerCommands(handlers, { text, log, titleOf: commandTitles(context.extension.packageJSON) }));
  return owned;
}

function surroundingsOf(context: vscode.ExtensionContext, owned: DisposableStore): Surroundings {
  const log = owned.add(createLogChannel());
  return {
    context,
    owned,
    log,
    text: lateTextRenderer(vscode.env.language, loadCatalogue),
    core: once(() => composeCore({ log, proxyReading: PROXY_READING })),
    processes: once(() =>
      composeProcesses({
        kubectlPath: () => readSetting('meshCa.kubectlPath'),
        environment: () => terminalEnvironment(context.environmentVariableCollection, process.env),
        rehearsalScript: context.asAbsolutePath(path.join('dist', 'rehearsal.js')),
      }),
    ),
  };
}

/** dist/en.js or dist/ko.js. Loaded at once, because who shows a text cannot wait for it. */
function loadCatalogue(language: Language): Catalogue {
  const load = createRequire(__filename);
  return language === 'ko' ? (load('./ko.js') as { ko: Catalogue }).ko : (load('./en.js') as { en: Catalogue }).en;
}

function createChosenClusters({ context, log }: Surroundings): ChosenClusters {
  const places = {
    setting: () => readSetting('meshCa.kubeconfigs'),
    environment: process.env.KUBECONFIG,
    pathSeparator: path.delimiter,
    home: os.homedir(),
  };
  return new ChosenClusters(context.workspaceState, places, (error) => {
    log.error(`a view of the chosen clusters failed: ${String(error)}`);
  });
}

function followChosen(chosen: ChosenClusters, inventory: MeshInventory, owned: DisposableStore): void {
  const hasClusters = new ContextKey('hasClusters');
  const follow = (): void => {
    hasClusters.set(chosen.refs.length > 0);
    inventory.follow(chosen.refs);
  };
  owned.add(chosen.onDidChange(follow));
  follow();
}

async function createSurvey({ core, log }: Surroundings): Promise<TrustSurvey> {
  const { proxyReader, inboundReader, certificateReader, clock } = await core();
  const concurrencyPerCluster = fixedConcurrency(readSetting('meshCa.trust.concurrency'));
  return new TrustSurvey({ proxyReader, inboundReader, certificateReader, clock, concurrencyPerCluster, random: Math.random, log });
}

function createTrustPanel(around: Surroundings, inventory: MeshInventory): { readonly panel: TrustPanel; readonly files: TrustFiles } {
  const { context, owned, log, text, core } = around;
  const { version } = context.extension.packageJSON as { readonly version: string };
  const memory = new StoredSurveys({ folder: context.storageUri ?? context.globalStorageUri, form: () => import('./panel.js'), version, clock: systemClock });
  const control = owned.add(new SurveySession({ inventory, survey: () => createSurvey(around), memory, clock: systemClock, log }));
  const maker = once(async () => {
    const [{ createTrustViewMaker }, { parseSurveyDocument, certificateReader }] = await Promise.all([import('./panel.js'), core()]);
    return createTrustViewMaker({ parse: parseSurveyDocument, certificateReader, tool: context.extension.id });
  });
  const files = new TrustFiles({ maker, evidence: () => control.evidence(), text, clock: systemClock });
  const panel = new TrustPanel({
    extensionUri: context.extensionUri,
    control,
    maker,
    files,
    clock: systemClock,
    log,
    language: vscode.env.language,
    text,
    resolve: (action, target) => {
      const isOfGateway = action === 'addGateway' || action === 'upgradeGateway';
      void vscode.commands.executeCommand(RESOLVING[action], isOfGateway ? gatewayNode(target) : namespaceNode(target));
    },
    chooseClusters: () => {
      void vscode.commands.executeCommand(CHOOSE_CLUSTERS);
    },
  });
  return { panel, files };
}

function createRehearsal(
  { context, text, log, processes }: Surroundings,
  chosen: ChosenClusters,
  kubeconfigs: KubeconfigReader,
): RehearsalSession {
  return new RehearsalSession({
    launcher: async () => (await processes()).rehearsalLauncher,
    clusters: rehearsalClusters(chosen, kubeconfigs),
    folder: vscode.Uri.joinPath(context.globalStorageUri, `rehearsal-${process.pid}`),
    memory: context.workspaceState,
    environment: context.environmentVariableCollection,
    running: new ContextKey('rehearsalRunning'),
    text,
    log,
  });
}

/** What both ways of running steps share. */
interface StepSurface {
  readonly terminal: TaskStepTerminal;
  readonly documents: ReadOnlyDocuments;
}

function createStepSurface({ context, owned, log, processes }: Surroundings): StepSurface {
  const terminal = new TaskStepTerminal({
    stepScript: context.asAbsolutePath(path.join('dist', 'step.js')),
    nodePath: process.execPath,
    homeFolder: os.homedir(),
    folders: lateStepRunFolders(async () => (await processes()).stepRunFolders),
    clock: systemClock,
    log,
  });
  return { terminal, documents: owned.add(new ReadOnlyDocuments()) };
}

function createStepRunner({ text, log, processes }: Surroundings, { terminal, documents }: StepSurface, inventory: MeshInventory, trust: TrustPanel): StepRunner {
  const prompts = new VsCodeStepPrompts({
    documents,
    text,
    clock: systemClock,
    showLog: () => {
      log.show();
    },
    checkTrust: (targets) => {
      trust.show(namespacesScope(targets));
    },
  });
  return new StepRunner({
    snapshots: inventory,
    tools: lateToolFinder(async () => (await processes()).tools),
    terminal,
    prompts,
    clock: systemClock,
    log,
    text,
    rolloutTimeoutMinutes: () => readSetting('meshCa.steps.rolloutTimeoutMinutes'),
  });
}

/** The procedure is a bundle of its own, loaded when it is first needed. */
function createMigration(around: Surroundings, surface: StepSurface, inventory: MeshInventory, chosen: ChosenClusters): LateMigration {
  return new LateMigration({
    hasClusters: () => chosen.refs.length > 0,
    onDidChangeClusters: (listener) => chosen.onDidChange(listener),
    onError: (error) => {
      around.log.error(`the procedure could not be loaded: ${String(error)}`);
    },
    load: async (view) => {
      const { createMigration: create } = await import('./migration.js');
      return create({ ...around, ...surface, view, inventory, clock: systemClock, survey: () => createSurvey(around) });
    },
  });
}
