// Marks in an open plan what keeps it from being one, as one types. Broken syntax VS Code's own JSON support marks; of a wrong shape it
// only warns, and in English, although nobody can use the plan then.
import * as vscode from 'vscode';
import type { Disposable } from '../../app/events.js';
import { DisposableStore } from '../../app/events.js';
import type { PlanWorld } from '../../app/plan/loadPlan.js';
import { judgePlanText } from '../../app/plan/loadPlan.js';
import type { Clock, Log } from '../../app/ports.js';
import type { RenderText } from '../../shared/text/languages.js';
import { isPlanFile } from './planFile.js';

/** Typing pauses longer than this; files are looked at only then. */
const PAUSE_MS = 200;

export interface PlanDiagnosticsParts {
  readonly world: () => Promise<PlanWorld>;
  readonly clock: Clock;
  readonly text: RenderText;
  readonly log: Log;
}

export class PlanDiagnostics implements Disposable {
  readonly #parts: PlanDiagnosticsParts;
  readonly #owned = new DisposableStore();
  readonly #marks: vscode.DiagnosticCollection;
  readonly #pauses = new Map<string, AbortController>();

  constructor(parts: PlanDiagnosticsParts) {
    this.#parts = parts;
    this.#marks = this.#owned.add(vscode.languages.createDiagnosticCollection('mesh-ca-plan'));
    this.#owned.add(vscode.workspace.onDidOpenTextDocument((document) => { this.#look(document); }));
    this.#owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => { this.#look(document); }));
    this.#owned.add(vscode.workspace.onDidCloseTextDocument((document) => { this.#forget(document); }));
    for (const document of vscode.workspace.textDocuments) this.#look(document);
  }

  dispose(): void {
    for (const pause of this.#pauses.values()) pause.abort();
    this.#owned.dispose();
  }

  #look(document: vscode.TextDocument): void {
    if (!isPlanFile(document.uri)) return;
    const key = document.uri.toString();
    this.#pauses.get(key)?.abort();
    const pause = new AbortController();
    this.#pauses.set(key, pause);
    void this.#markAfterPause(document, pause.signal).catch((error: unknown) => {
      this.#parts.log.error(`the plan could not be checked: ${String(error)}`);
    });
  }

  async #markAfterPause(document: vscode.TextDocument, signal: AbortSignal): Promise<void> {
    const { clock, world, text } = this.#parts;
    await clock.sleep(PAUSE_MS, signal);
    if (signal.aborted) return;
    const content = document.getText();
    const { problems } = await judgePlanText(document.uri.fsPath, content, await world());
    // Places belong to the text that was judged; a newer one is judged by itself.
    if (isAborted(signal) || document.isClosed) return;
    const marks = problems
      .filter(({ kind }) => kind !== 'syntax')
      .map(({ offset, length, severity, message }) => {
        const range = new vscode.Range(document.positionAt(offset), document.positionAt(offset + length));
        const mark = new vscode.Diagnostic(range, text(message), severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning);
        mark.source = 'Mesh CA';
        return mark;
      });
    this.#marks.set(document.uri, marks);
  }

  #forget(document: vscode.TextDocument): void {
    const key = document.uri.toString();
    this.#pauses.get(key)?.abort();
    this.#pauses.delete(key);
    this.#marks.delete(document.uri);
  }
}

/** Asked again after every wait, which the compiler does not know. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
