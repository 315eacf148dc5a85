// The composition root in the editor: the only place that knows all parts. Nothing here reads a cluster, file or process;
// what does is loaded when it is first needed.
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Core, ProcessAdapters } from './composeCore.js';
import { composeCore, composeProcesses, systemClock } from './composeCore.js';
import { lateClusterReader, lateKubeconfigReader, lateStepRunFolders, lateToolFinder } from './app/lateAdapters.js';
import { DisposableStore } from './app/events.js';
import { MeshInventory } from './app/inventory/meshInventory.js';
import type { KubeconfigReader } from './app/ports.js';
import type { CommandId } from './contributions.js';
import { StepRunner } from './app/steps/stepRunner.js';
import { readProxyTransport } from './app/trust/proxyTransport.js';
import { SurveySession } from './app/trust/surveySession.js';
import { TrustSurvey } from './app/trust/trustSurvey.js';
import { localeOf, textRenderer } from './shared/text/render.js';
import type { RenderText } from './shared/text/render.js';
import { ChosenClusters } from './ui/chosenClusters.js';
import { checkTrust, namespacesScope, openTrust } from './ui/commands/checkTrust.js';
import { chooseClusters } from './ui/commands/chooseClusters.js';
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
import { createLogChannel } from './ui/logChannel.js';
import { rehearsalClusters } from './ui/rehearsal/rehearsalClusters.js';
import { RehearsalSession } from './ui/rehearsal/rehearsalSession.js';
import { readSetting } from './ui/settings.js';
import type { NamespaceCommandParts } from './ui/steps/namespaceCommand.js';
import { ReadOnlyDocuments } from './ui/steps/readOnlyDocuments.js';
import { VsCodeStepPrompts } from './ui/steps/stepPrompts.js';
import { TaskStepTerminal } from './ui/terminal/taskStepTerminal.js';
import { ClustersTree } from './ui/tree/clustersTree.js';
import { namespaceTargets } from './ui/tree/targets.js';
import { TrustPanel } from './ui/trust/trustPanel.js';

const CHOOSE_CLUSTERS: CommandId = 'meshCa.clusters.choose';

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
    new MeshInventory(lateClusterReader(async () => (await around.core()).clusterReader), systemClock, log),
  );
  followChosen(chosen, inventory, owned);
  const trust = owned.add(createTrustPanel(around, inventory));
  const rehearsal = owned.add(createRehearsal(around, chosen, kubeconfigs));
  const runner = createStepRunner(around, inventory, trust);
  owned.add(new ClustersTree(inventory, runner, text, () => systemClock.now()));
  const parts: NamespaceCommandParts = { runner, known: inventory, text, targetsOf: namespaceTargets };
  const handlers: CommandHandlers = {
    'meshCa.clusters.choose': () => chooseClusters({ chosen, kubeconfigs, text }),
    'meshCa.clusters.refresh': (clicked) => {
      refreshClusters(inventory, clicked);
    },
    'meshCa.cluster.retry': (clicked) => {
      retryCluster(inventory, clicked);
    },
    'meshCa.cluster.leaveOut': (clicked) => leaveOutCluster(chosen, text, clicked),
    'meshCa.namespace.migrate': migrateNamespace(parts),
    'meshCa.namespace.rollBack': rollBackNamespace(parts),
    'meshCa.namespace.restart': restartWorkloads(parts),
    'meshCa.namespace.checkTrust': checkTrust(parts, (scope) => {
      trust.show(scope);
    }),
    'meshCa.namespace.showLabels': showLabels(parts),
    'meshCa.trust.open': openTrust((scope) => {
      trust.show(scope);
    }),
    'meshCa.rehearsal.start': () => rehearsal.start(),
    'meshCa.rehearsal.stop': () => rehearsal.stop(),
    'meshCa.name.copy': (clicked) => copyName(text, clicked),
    'meshCa.log.show': () => {
      log.show();
    },
  };
  owned.add(registerCommands(handlers, text, log));
  return owned;
}

function surroundingsOf(context: vscode.ExtensionContext, owned: DisposableStore): Surroundings {
  const log = owned.add(createLogChannel());
  return {
    context,
    owned,
    log,
    text: textRenderer(localeOf(vscode.env.language)),
    core: once(() => composeCore({ log, proxyReading: PROXY_READING })),
    processes: once(() =>
      composeProcesses({
        kubectlPath: () => readSetting('meshCa.kubectlPath'),
        rehearsalScript: context.asAbsolutePath(path.join('dist', 'rehearsal.js')),
      }),
    ),
  };
}

/** Loads at the first call; a load that failed is tried again at the next. */
function once<Value>(load: () => Promise<Value>): () => Promise<Value> {
  const loaded: { value: Promise<Value> | undefined } = { value: undefined };
  return () => {
    loaded.value ??= load().catch((error: unknown) => {
      loaded.value = undefined;
      throw error;
    });
    return loaded.value;
  };
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

function createTrustPanel({ context, owned, log, core }: Surroundings, inventory: MeshInventory): TrustPanel {
  const survey = async (): Promise<TrustSurvey> => {
    const { proxyReader, certificateReader, clock } = await core();
    const concurrencyPerCluster = readSetting('meshCa.trust.concurrency');
    return new TrustSurvey({ proxyReader, certificateReader, clock, concurrencyPerCluster });
  };
  const control = owned.add(new SurveySession({ inventory, survey, clock: systemClock, log }));
  return new TrustPanel({
    extensionUri: context.extensionUri,
    control,
    language: vscode.env.language,
    chooseClusters: () => {
      void vscode.commands.executeCommand(CHOOSE_CLUSTERS);
    },
  });
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

function createStepRunner(
  { context, owned, text, log, processes }: Surroundings,
  inventory: MeshInventory,
  trust: TrustPanel,
): StepRunner {
  const terminal = new TaskStepTerminal({
    stepScript: context.asAbsolutePath(path.join('dist', 'step.js')),
    nodePath: process.execPath,
    homeFolder: os.homedir(),
    folders: lateStepRunFolders(async () => (await processes()).stepRunFolders),
    clock: systemClock,
    log,
  });
  const prompts = new VsCodeStepPrompts({
    documents: owned.add(new ReadOnlyDocuments()),
    text,
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
