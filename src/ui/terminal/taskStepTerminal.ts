// Runs a step as one VS Code task, so that its command lines run where the user sees them and can answer them.
import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type { Clock, Log, StepRequest, StepRunFolder, StepRunFolders, StepTerminal } from '../../app/ports.js';
import { STEP_TASK } from '../../contributions.js';
import type { StepOutcome } from '../../domain/steps/commandSpec.js';
import type { StepSpec } from '../../domain/steps/stepRecord.js';
import { outcomeOf } from '../../domain/steps/stepRecord.js';

/** A task that neither started nor ended for so long never will (an empty window, a broken shell). */
const START_PATIENCE_MS = 30_000;

export interface TaskStepTerminalSurroundings {
  /** Absolute path of dist/step.js. */
  readonly stepScript: string;
  /** The Node that runs it: `process.execPath` of the extension host. */
  readonly nodePath: string;
  /** Where steps run while no folder is open; a task without a folder to run in never starts. */
  readonly homeFolder: string;
  readonly folders: StepRunFolders;
  readonly clock: Clock;
  readonly log: Log;
}

/** Runs steps in the integrated terminal. Only the runner's own record makes a step `ran`. */
export class TaskStepTerminal implements StepTerminal {
  private readonly surroundings: TaskStepTerminalSurroundings;

  constructor(surroundings: TaskStepTerminalSurroundings) {
    this.surroundings = surroundings;
  }

  async run(request: StepRequest): Promise<StepOutcome> {
    // In Restricted Mode executeTask resolves, and then nothing ever happens.
    if (!vscode.workspace.isTrusted) return { kind: 'notStarted', reason: 'untrustedWorkspace', detail: '' };
    const spec: StepSpec = { runId: randomUUID(), language: vscode.env.language, commands: request.commands, purpose: request.purpose ?? 'step' };
    const folder = await this.surroundings.folders.prepare(spec);
    try {
      const end = await this.runTask(this.task(request.title, spec, folder), spec.runId);
      if (end !== 'ended') return { kind: 'notStarted', reason: 'noStartEvent', detail: end.reason };
      return outcomeOf(await folder.readRecord(), spec);
    } finally {
      await folder.remove();
    }
  }

  private task(title: string, spec: StepSpec, folder: StepRunFolder): vscode.Task {
    const { nodePath, stepScript, homeFolder } = this.surroundings;
    const cwd = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file')?.uri.fsPath ?? homeFolder;
    const execution = new vscode.ProcessExecution(nodePath, [stepScript, folder.specFile, folder.recordFile], {
      cwd,
      env: { ELECTRON_RUN_AS_NODE: '1' },
    });
    // Without an id of its own, a second equal task would not run: its caller would get the first one's end.
    const definition: vscode.TaskDefinition = { type: STEP_TASK, runId: spec.runId };
    const task = new vscode.Task(definition, vscode.TaskScope.Workspace, title, 'Mesh CA', execution, []);
    task.presentationOptions = {
      reveal: vscode.TaskRevealKind.Always,
      focus: false,
      echo: false,
      clear: false,
      // One terminal for all steps, where what ran before can be read above.
      panel: vscode.TaskPanelKind.Shared,
      showReuseMessage: false,
    };
    return task;
  }

  private async runTask(task: vscode.Task, runId: string): Promise<'ended' | { readonly reason: string }> {
    const { clock, log } = this.surroundings;
    const watch = watchTask(runId);
    const patience = new AbortController();
    try {
      const started = vscode.tasks.executeTask(task);
      const refused = started.then(
        () => new Promise<never>(() => undefined),
        (error: unknown) => ({ reason: error instanceof Error ? error.message : String(error) }),
      );
      const late = clock.sleep(START_PATIENCE_MS, patience.signal).then(() => ({ reason: '' }));
      const first = await Promise.race([watch.started, watch.ended, refused, late]);
      if (typeof first === 'object') {
        log.warn(`step ${runId}: the task did not start: ${first.reason}`);
        // Should it start after all, it must not run unseen.
        void started.then((execution) => {
          execution.terminate();
        }, () => undefined);
        return first;
      }
      return await watch.ended;
    } finally {
      patience.abort();
      watch.dispose();
    }
  }
}

interface TaskWatch {
  readonly started: Promise<'started'>;
  readonly ended: Promise<'ended'>;
  readonly dispose: () => void;
}

/** Subscribes at once: a task that fails quickly may have ended before executeTask has resolved. */
function watchTask(runId: string): TaskWatch {
  const listeners: vscode.Disposable[] = [];
  const isOurs = (event: { readonly execution: vscode.TaskExecution }): boolean => event.execution.task.definition.runId === runId;
  const started = new Promise<'started'>((resolve) => {
    listeners.push(
      vscode.tasks.onDidStartTaskProcess((event) => {
        if (isOurs(event)) resolve('started');
      }),
    );
  });
  const ended = new Promise<'ended'>((resolve) => {
    const end = (event: { readonly execution: vscode.TaskExecution }): void => {
      if (isOurs(event)) resolve('ended');
    };
    // The first does not fire for a process that never was, the second not always for a terminal that was closed.
    listeners.push(vscode.tasks.onDidEndTaskProcess(end), vscode.tasks.onDidEndTask(end));
  });
  return {
    started,
    ended,
    dispose: () => {
      for (const listener of listeners) listener.dispose();
    },
  };
}
