// The plan of this workspace: found by its name, read again when its file changes. What has not been saved yet is no plan.
import * as vscode from 'vscode';
import type { Disposable } from '../../app/events.js';
import { DisposableStore, Emitter } from '../../app/events.js';
import type { PlanWorld } from '../../app/plan/loadPlan.js';
import { loadPlan } from '../../app/plan/loadPlan.js';
import type { PlanState } from '../../app/plan/planPorts.js';
import type { PlanSource } from '../../app/plan/planSource.js';
import { PLAN_FILE_NAME } from '../../app/plan/planSource.js';
import type { Log } from '../../app/ports.js';

export interface WorkspacePlanParts {
  /** Made when the first plan is read. */
  readonly world: () => Promise<PlanWorld>;
  readonly log: Log;
}

export class WorkspacePlan implements PlanSource, Disposable {
  readonly #parts: WorkspacePlanParts;
  readonly #owned = new DisposableStore();
  readonly #changes: Emitter<PlanState>;
  #state: PlanState = { kind: 'none' };
  #reading: Promise<void> = Promise.resolve();

  constructor(parts: WorkspacePlanParts) {
    this.#parts = parts;
    this.#changes = this.#owned.add(
      new Emitter((error) => {
        parts.log.error(`a view of the plan failed: ${String(error)}`);
      }),
    );
    const watcher = this.#owned.add(vscode.workspace.createFileSystemWatcher(`**/${PLAN_FILE_NAME}`));
    const again = (): void => void this.reload();
    for (const happens of [watcher.onDidCreate, watcher.onDidChange, watcher.onDidDelete]) this.#owned.add(happens(again));
    this.#owned.add(vscode.workspace.onDidChangeWorkspaceFolders(again));
    again();
  }

  current(): PlanState {
    return this.#state;
  }

  readonly onDidChange = (listener: (state: PlanState) => void): Disposable => this.#changes.event(listener);

  /** Resolves when what is being read has been read. */
  settled(): Promise<void> {
    return this.#reading;
  }

  /** Reads the file now; one after another, so that the last state is the newest. */
  reload(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  dispose(): void {
    this.#owned.dispose();
  }

  async #read(): Promise<void> {
    try {
      const file = await findPlanFile();
      this.#state = file === undefined ? { kind: 'none' } : await loadPlan(file.fsPath, await this.#parts.world());
    } catch (error) {
      this.#parts.log.error(`the plan could not be read: ${String(error)}`);
      return;
    }
    this.#changes.fire(this.#state);
  }
}

/** The one nearest to a workspace folder; a second one deeper down is somebody's copy. */
export async function findPlanFile(): Promise<vscode.Uri | undefined> {
  const found = await vscode.workspace.findFiles(`**/${PLAN_FILE_NAME}`, '**/{node_modules,.git}/**', 20);
  const depth = ({ path: text }: vscode.Uri): number => text.split('/').length;
  return found.filter(({ scheme }) => scheme === 'file').sort((one, other) => depth(one) - depth(other) || (one.path < other.path ? -1 : 1))[0];
}
