// What is in dist/migration.js: the procedure, its position and its view, loaded when the view Migration is first shown with a
// cluster in it or one of its commands is run. Nothing in it reads a cluster before that.
import * as vscode from 'vscode';
import type { MigrationCommandId } from './contributions.js';
import type { Core, ProcessAdapters } from './composeCore.js';
import { DisposableStore } from './app/events.js';
import type { MeshInventory } from './app/inventory/meshInventory.js';
import { once } from './app/lateValue.js';
import { journalName, MeshJournal } from './app/journal/meshJournal.js';
import { EvidenceUpkeep } from './app/migration/evidenceUpkeep.js';
import { LivePosition } from './app/migration/livePosition.js';
import { MeshSituationSource } from './app/migration/meshSituationSource.js';
import { MeshStepActions } from './app/migration/stepActions.js';
import type { PlanWorld } from './app/plan/loadPlan.js';
import type { PlanSource } from './app/plan/planSource.js';
import type { Clock, StepTerminal } from './app/ports.js';
import { PortStepInspector } from './app/steps/portStepInspector.js';
import type { StepActions, StepInspector, StepJournal } from './app/steps/procedurePorts.js';
import { ProcedureRunner } from './app/steps/procedureRunner.js';
import type { TrustSurvey } from './app/trust/trustSurvey.js';
import type { MigrationPlan } from './domain/plan/migrationPlan.js';
import { gatesOf } from './domain/position/readiness.js';
import { PROCEDURE } from './domain/procedure/procedure.js';
import type { StepTools } from './domain/procedure/procedureStep.js';
import { joinPath } from './domain/procedure/situationParts.js';
import type { RenderText } from './shared/text/languages.js';
import { ContextKey } from './ui/contextKeys.js';
import type { LogChannel } from './ui/logChannel.js';
import { followNext } from './ui/migration/followNext.js';
import type { LateNode, LoadedMigration } from './ui/migration/lateMigration.js';
import { MigrationCommands } from './ui/migration/migrationCommands.js';
import { showMigrationStatus } from './ui/migration/migrationStatusBar.js';
import { MigrationTree } from './ui/migration/migrationTree.js';
import { askWhetherItWorks } from './ui/migration/testQuestion.js';
import { tickWalkthrough } from './ui/migration/walkthroughProgress.js';
import type { CreatePlanParts } from './ui/plan/createPlan.js';
import { createPlan, openPlan } from './ui/plan/createPlan.js';
import { createReport } from './ui/plan/createReport.js';
import { PlanDiagnostics } from './ui/plan/planDiagnostics.js';
import { WorkspacePlan } from './ui/plan/workspacePlan.js';
import { readSetting } from './ui/settings.js';
import { PasteTerminal } from './ui/steps/pasteTerminal.js';
import { VsCodeProcedurePrompts } from './ui/steps/procedurePrompts.js';
import type { ReadOnlyDocuments } from './ui/steps/readOnlyDocuments.js';
import { TerminalPath } from './ui/terminal/terminalPath.js';

/** What the composition root gives; what heavy things are behind it is loaded at the first call. */
export interface MigrationParts {
  readonly context: vscode.ExtensionContext;
  readonly view: vscode.TreeView<LateNode>;
  readonly inventory: MeshInventory;
  readonly survey: () => Promise<TrustSurvey>;
  readonly terminal: StepTerminal;
  readonly documents: ReadOnlyDocuments;
  readonly text: RenderText;
  readonly log: LogChannel;
  readonly clock: Clock;
  readonly core: () => Promise<Core>;
  readonly processes: () => Promise<ProcessAdapters>;
}

/** Puts the procedure together. Disposing of the result ends all of it. */
export function createMigration(parts: MigrationParts): LoadedMigration {
  const owned = new DisposableStore();
  const { text, view, clock, log, documents } = parts;
  const world = once(() => planWorld(parts));
  const plans = owned.add(new WorkspacePlan({ world, log }));
  owned.add(new PlanDiagnostics({ world, clock, text, log }));
  const plan = (): MigrationPlan | undefined => planIn(plans);
  const putToolsFirst = toolsFirst(new TerminalPath(parts.context.environmentVariableCollection), plan);
  const situations = owned.add(createSituations(parts, plan));
  const live = new LivePosition(situations);
  const journal = createJournal(parts, plan);
  const runner = new ProcedureRunner({
    situations,
    inspector: createInspector(parts, situations),
    actions: createActions(parts, situations, putToolsFirst),
    terminal: notingChanges(parts.terminal, situations),
    prompts: new VsCodeProcedurePrompts({ documents, paste: new PasteTerminal(text), text, clock, showLog: () => { log.show(); }, runNext: () => runNext(live) }),
    journal,
    isTrusted: () => vscode.workspace.isTrusted,
    clock,
    log,
    text,
  });
  const followPlan = (): void => {
    situations.invalidate();
    putToolsFirst();
  };
  owned.add(plans.onDidChange(followPlan));
  followPlan();
  // A rehearsal that starts or stops changes PATH for itself.
  owned.add(live.onDidChange(() => { putToolsFirst(); }));
  const tree = owned.add(new MigrationTree({ live, running: runner, text, plans }));
  owned.add(followNext({ view, onDidChange: (listener) => live.onDidChange(listener), nextNode: () => tree.nextNode(), log }));
  owned.add(showMigrationStatus(live, view, text));
  owned.add(tickWalkthrough(live, (name) => new ContextKey(name)));
  owned.add(new EvidenceUpkeep({ live, clock, log, isWanted: () => view.visible, onDidChangeWanted: view.onDidChangeVisibility }));
  const commands = new MigrationCommands({
    live,
    plans,
    text,
    clock,
    documents,
    run: (orders) => runner.run(orders),
    shapeOf: (step) => PROCEDURE[step],
    gatesOf,
  });
  const planning: CreatePlanParts = { snapshots: () => live.current().situation.snapshots, planFiles: async () => (await world()).planFiles, text };
  return {
    tree,
    run: async (command, clicked, selected) => {
      // A window that was just opened has the plan in its folder, and has not read it yet.
      await plans.settled();
      switch (command) {
        case 'meshCa.plan.create':
          return createPlan(planning);
        case 'meshCa.plan.open':
          return openPlan(planning);
        case 'meshCa.report.create':
          return createReport({ live, journal, text });
        default:
          return commands.run(command, clicked, selected);
      }
    },
    runOnNamespaces: (command, clicked, selected) => commands.runOnNamespaces(command, clicked, selected),
    dispose: () => {
      owned.dispose();
    },
  };
}

/** With a directory: the one that the step chose. Without: that one again, or the first cluster's, as long as the plan has it. */
function toolsFirst(terminals: TerminalPath, plan: () => MigrationPlan | undefined): (directory?: string) => void {
  let chosen: string | undefined;
  return (directory) => {
    chosen = directory ?? chosen;
    const planned = plan()?.clusters.map(({ outputDirectory }) => outputDirectory) ?? [];
    const first = planned.find((one) => one === chosen) ?? planned[0];
    if (first === undefined) terminals.clear();
    else terminals.putFirst(first);
  };
}

/** What the button of a verified step does; undefined where no step is next. */
function runNext(live: LivePosition): (() => void) | undefined {
  if (live.current().position.next === undefined) return undefined;
  const command: MigrationCommandId = 'meshCa.migration.runNext';
  return () => void vscode.commands.executeCommand(command);
}

/** Surveys that began before command lines ended prove nothing about what comes after them. */
function notingChanges(terminal: StepTerminal, situations: MeshSituationSource): StepTerminal {
  return {
    run: async (request) => {
      try {
        return await terminal.run(request);
      } finally {
        situations.noteChange();
      }
    },
  };
}

/** Undefined while there is none, or one with an error in it: a plan is used whole or not at all. */
function planIn(plans: PlanSource): MigrationPlan | undefined {
  const state = plans.current();
  return state.kind === 'read' ? state.plan : undefined;
}

function createSituations({ context, inventory, survey, core, clock, log }: MigrationParts, plan: () => MigrationPlan | undefined): MeshSituationSource {
  const reading = async (): Promise<{ survey: TrustSurvey; inbound: Core['proxyReader']; evidence: Core['evidence'] }> => {
    const { proxyReader, evidence } = await core();
    return { survey: await survey(), inbound: proxyReader, evidence };
  };
  return new MeshSituationSource({ clusters: inventory, reading, plan, tools: () => stepTools(plan(), context.globalStorageUri.fsPath), clock, log });
}

/** asmcli links the istioctl of its version into its output directory (`set-istioctl-path`). */
function stepTools(plan: MigrationPlan | undefined, storage: string): StepTools {
  const [first] = plan?.clusters ?? [];
  return {
    kubectl: readSetting('meshCa.kubectlPath') || 'kubectl',
    asmcli: plan?.asmcli ?? 'asmcli',
    gcloud: 'gcloud',
    istioctl: first === undefined ? 'istioctl' : joinPath(first.outputDirectory, 'istioctl'),
    rolloutTimeoutMinutes: readSetting('meshCa.steps.rolloutTimeoutMinutes'),
    storage,
  };
}

/** Loads what it reads with at its first question. */
function createInspector({ core, processes }: MigrationParts, situations: MeshSituationSource): StepInspector {
  return {
    inspect: async (request, signal) => {
      const [{ objects, certificateReader, files, evidence, proxyReader }, { tools, fleet }] = await Promise.all([core(), processes()]);
      const inspector = new PortStepInspector({
        objects,
        files: files.planFiles,
        caFiles: files.caFilesReader,
        certificates: certificateReader,
        tools,
        fleet,
        forecaster: evidence.injectionForecaster,
        backups: evidence.secretBackups,
        proxies: proxyReader,
        situation: () => situations.current(),
      });
      return inspector.inspect(request, signal);
    },
  };
}

function createActions({ survey, core, clock, text }: MigrationParts, situations: MeshSituationSource, setTerminalPath: (directory: string) => void): StepActions {
  return new MeshStepActions({
    situations,
    reading: async () => {
      const { proxyReader, evidence } = await core();
      return { survey: await survey(), inbound: proxyReader, evidence };
    },
    clock,
    askTest: (cluster, namespace) => askWhetherItWorks(cluster, namespace, text),
    setTerminalPath,
  });
}

interface KeptJournal extends StepJournal {
  read(): ReturnType<MeshJournal['read']>;
}

function createJournal({ context, core, log, text }: MigrationParts, plan: () => MigrationPlan | undefined): KeptJournal {
  const folder = joinPath(context.globalStorageUri.fsPath, 'journal');
  const kept = once(async () => {
    const { operator, sha256, journalFiles } = (await core()).files;
    return new MeshJournal({ files: journalFiles(folder), operator, sha256, log, text, name: () => journalName(plan()) });
  });
  return {
    append: async (entry) => (await kept()).append(entry),
    read: async () => (await kept()).read(),
  };
}

async function planWorld({ core, clock }: MigrationParts): Promise<PlanWorld> {
  const { files, kubeconfigReader } = await core();
  return { planFiles: files.planFiles, parsePlanText: files.parsePlanText, kubeconfigReader, clock };
}
