// Starts and stops a rehearsal from the editor: its clusters join those that take part, and terminals find it.
import * as vscode from 'vscode';
import type { Log, RehearsalLauncher, RehearsalProcess, RehearsalRequest } from '../../app/ports.js';
import type { Failure } from '../../shared/failure.js';
import { failureMessage } from '../../shared/failure.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { ContextKey } from '../contextKeys.js';
import type { ParticipatingClusters, StartOutcome } from './rehearsalStart.js';
import { RehearsalStart } from './rehearsalStart.js';

/** The control plane of phase 1, under the guide's own example name. */
export const DISTRIBUTE_ROOT_REVISION = 'asm-1232-2-distribute-root';

export interface RehearsalSessionParts {
  readonly launcher: () => Promise<RehearsalLauncher>;
  readonly clusters: ParticipatingClusters;
  /** Where the rehearsal may keep its kubeconfig: a folder of this window's own, because two windows may rehearse at once. */
  readonly folder: vscode.Uri;
  /** The window's own memory, to clean up after a window that was closed or reloaded while a rehearsal ran. */
  readonly memory: vscode.Memento;
  readonly environment: vscode.EnvironmentVariableCollection;
  readonly running: ContextKey;
  readonly text: RenderText;
  readonly log: Log;
}

const FOLDER_KEY = 'meshCa.rehearsalFolder.1';

export class RehearsalSession implements vscode.Disposable {
  readonly #parts: RehearsalSessionParts;
  readonly #start: RehearsalStart;
  /** Aborts with the window: what is still starting then must not outlive it. */
  readonly #disposed = new AbortController();
  #process: RehearsalProcess | undefined;

  constructor(parts: RehearsalSessionParts) {
    this.#parts = parts;
    this.#start = new RehearsalStart(parts);
    // Variables of a session that was killed must not outlive its mesh.
    parts.environment.clear();
    parts.running.set(false);
    const left = parts.memory.get<string>(FOLDER_KEY);
    if (left !== undefined) void this.#forget(vscode.Uri.file(left));
  }

  /** Asks which mesh to rehearse on, then starts it; does nothing while one runs or starts. */
  async start(): Promise<void> {
    if (this.#process !== undefined) return;
    const outcome = await this.#start.begin({ ask: () => this.#askForMesh(), whileStarting: (start) => this.#whileStarting(start) });
    if (outcome?.kind === 'started') this.#tellOfStart(outcome.process, outcome.clusters);
    else if (outcome !== undefined) await this.#giveUp(outcome.failure);
  }

  /** Ends the rehearsal and takes its clusters out. */
  async stop(): Promise<void> {
    const process = this.#process;
    if (process === undefined) return;
    this.#process = undefined;
    process.stop();
    await this.#cleanUp();
    void vscode.window.showInformationMessage(this.#parts.text(message('rehearsal.stopped')));
  }

  dispose(): void {
    this.#disposed.abort();
    this.#process?.stop();
    this.#parts.environment.clear();
  }

  async #askForMesh(): Promise<RehearsalRequest | undefined> {
    const { text } = this.#parts;
    const scene = await vscode.window.showQuickPick(
      [
        { scene: 'istio-default' as const, label: text(message('rehearsal.scene.istioDefault')), detail: text(message('rehearsal.scene.istioDefault.detail')) },
        { scene: 'asm-citadel' as const, label: text(message('rehearsal.scene.asmCitadel')), detail: text(message('rehearsal.scene.asmCitadel.detail')) },
      ],
      { title: text(message('rehearsal.chooseScene')) },
    );
    if (scene === undefined) return undefined;
    const revision = await vscode.window.showQuickPick(
      [
        {
          withRevisions: [DISTRIBUTE_ROOT_REVISION],
          label: text(message('rehearsal.revision.distributeRoot', { revision: DISTRIBUTE_ROOT_REVISION })),
          detail: text(message('rehearsal.revision.distributeRoot.detail')),
        },
        { withRevisions: [], label: text(message('rehearsal.revision.none')) },
      ],
      { title: text(message('rehearsal.chooseRevision')) },
    );
    return revision && { scene: scene.scene, withRevisions: revision.withRevisions, kubeconfig: kubeconfigIn(this.#parts.folder) };
  }

  #whileStarting(start: (signal: AbortSignal) => Promise<StartOutcome>): Thenable<StartOutcome> {
    const { text, folder, memory } = this.#parts;
    const options = { location: vscode.ProgressLocation.Notification, title: text(message('rehearsal.starting')), cancellable: true };
    return vscode.window.withProgress(options, async (_progress, token) => {
      const givenUp = new AbortController();
      token.onCancellationRequested(() => {
        givenUp.abort();
      });
      await vscode.workspace.fs.createDirectory(folder);
      await memory.update(FOLDER_KEY, folder.fsPath);
      return start(AbortSignal.any([givenUp.signal, this.#disposed.signal]));
    });
  }

  #tellOfStart(process: RehearsalProcess, clusters: number): void {
    if (this.#disposed.signal.aborted) {
      process.stop();
      return;
    }
    const { text, running } = this.#parts;
    this.#process = process;
    running.set(true);
    this.#offerToTerminals(process);
    void process.ended.then((reason) => this.#endedByItself(process, reason));
    void vscode.window.showInformationMessage(text(message('rehearsal.started', { clusters })));
  }

  /** Whoever gave it up knows; everybody else is told why there is no mesh. */
  async #giveUp(failure: Failure): Promise<void> {
    const { text, log, folder } = this.#parts;
    await this.#forget(folder);
    if (failure.kind === 'cancelled') return;
    const reason = failure.kind === 'unexpected' ? failure.reason : text(failureMessage(failure));
    log.error(`rehearsal: ${reason}`);
    void vscode.window.showErrorMessage(text(message('rehearsal.failed', { reason })));
  }

  #offerToTerminals({ environment }: RehearsalProcess): void {
    const collection = this.#parts.environment;
    collection.persistent = false;
    collection.description = this.#parts.text(message('rehearsal.terminals'));
    for (const [name, value] of Object.entries(environment)) collection.replace(name, value);
  }

  async #endedByItself(ended: RehearsalProcess, reason: string): Promise<void> {
    if (this.#process !== ended) return;
    this.#process = undefined;
    this.#parts.running.set(false);
    this.#parts.environment.clear();
    // Its clusters stay in the tree, as unreachable: they must not vanish while somebody looks at them.
    const again = this.#parts.text(message('rehearsal.restart'));
    const choice = await vscode.window.showWarningMessage(this.#parts.text(message('rehearsal.ended', { reason })), again);
    if (choice === again) await this.start();
  }

  async #cleanUp(): Promise<void> {
    this.#parts.running.set(false);
    this.#parts.environment.clear();
    await this.#forget(this.#parts.folder);
  }

  /** Its clusters are gone for good: they no longer take part, and its files go. */
  async #forget(folder: vscode.Uri): Promise<void> {
    await this.#parts.clusters.leave(kubeconfigIn(folder));
    await this.#parts.memory.update(FOLDER_KEY, undefined);
    try {
      await vscode.workspace.fs.delete(folder, { recursive: true });
    } catch (error) {
      this.#parts.log.debug(`rehearsal folder: ${String(error)}`);
    }
  }
}

function kubeconfigIn(folder: vscode.Uri): string {
  return vscode.Uri.joinPath(folder, 'kubeconfig').fsPath;
}
