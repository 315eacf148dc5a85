// The last surveys in the extension's own storage: one of the whole mesh and one of a part of it, so that they stay few and small.
import * as vscode from 'vscode';
import type { Clock } from '../../app/ports.js';
import type { TextPieces, Work } from '../../app/trust/stretches.js';
import { inStretches } from '../../app/trust/stretches.js';
import type { KeptSurvey, SurveyMemory } from '../../app/trust/surveyMemory.js';
import type { TrustScope } from '../../shared/trustRows.js';
import { encodedWork } from './encodedWork.js';

/** What turns a survey into text and back; loaded when the first survey ends or begins. */
export interface KeptSurveyForm {
  readonly keptSurveyWork: (survey: KeptSurvey, version: string) => Work<TextPieces>;
  readonly readKeptSurvey: (content: string, version: string) => Work<KeptSurvey | undefined>;
}

export interface StoredSurveysParts {
  readonly folder: vscode.Uri;
  readonly form: () => Promise<KeptSurveyForm>;
  /** Of the extension. */
  readonly version: string;
  readonly clock: Clock;
}

export class StoredSurveys implements SurveyMemory {
  readonly #parts: StoredSurveysParts;

  constructor(parts: StoredSurveysParts) {
    this.#parts = parts;
  }

  async recall(scope: TrustScope): Promise<KeptSurvey | undefined> {
    const bytes = await this.#read(scope);
    if (bytes === undefined) return undefined;
    const { form, version, clock } = this.#parts;
    const { readKeptSurvey } = await form();
    const kept = await inStretches(readKeptSurvey(new TextDecoder().decode(bytes), version), clock, new AbortController().signal);
    return kept !== undefined && JSON.stringify(kept.scope) === JSON.stringify(scope) ? kept : undefined;
  }

  async keep(survey: KeptSurvey): Promise<void> {
    const { folder, form, version, clock } = this.#parts;
    const { keptSurveyWork } = await form();
    const bytes = await inStretches(encodedWork(keptSurveyWork(survey, version)), clock, new AbortController().signal);
    if (bytes === undefined) return;
    // Whole or not at all: an editor that is closed meanwhile leaves the one before.
    const unfinished = vscode.Uri.joinPath(folder, `${fileName(survey.scope)}.new`);
    await vscode.workspace.fs.writeFile(unfinished, bytes);
    await vscode.workspace.fs.rename(unfinished, vscode.Uri.joinPath(folder, fileName(survey.scope)), { overwrite: true });
  }

  async #read(scope: TrustScope): Promise<Uint8Array | undefined> {
    try {
      return await vscode.workspace.fs.readFile(vscode.Uri.joinPath(this.#parts.folder, fileName(scope)));
    } catch (error) {
      if (error instanceof vscode.FileSystemError && error.code === 'FileNotFound') return undefined;
      throw error;
    }
  }
}

function fileName({ contexts, namespaces }: TrustScope): string {
  return contexts.length + namespaces.length === 0 ? 'last-survey.json' : 'last-survey-of-a-part.json';
}
