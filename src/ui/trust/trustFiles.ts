// Surveys as files: exports for other programs and people, and saved surveys that are opened again, on this machine or another.
import os from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Clock } from '../../app/ports.js';
import type { TextPieces, Work } from '../../app/trust/stretches.js';
import { inStretches } from '../../app/trust/stretches.js';
import type { ReadSurvey, SurveyEvidence, TrustViewMaker } from '../../app/trust/surveyEvidence.js';
import type { SurveyFromFile } from '../../app/trust/surveyRecord.js';
import type { RenderText } from '../../shared/text/languages.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { ExportFormat } from '../../shared/trustViews.js';
import { exportFormats } from '../../shared/trustViews.js';
import { encodedWork } from './encodedWork.js';

/** Of a saved survey's file; the ending alone says nothing, its contents are checked. */
const SURVEY_ENDING = 'mesh-ca-survey.json';

const FORMATS: Readonly<Record<ExportFormat, { readonly ending: string; readonly kind: string; readonly label: Message }>> = {
  json: { ending: 'json', kind: 'JSON', label: message('panel.export.json') },
  csv: { ending: 'csv', kind: 'CSV', label: message('panel.export.csv') },
  markdown: { ending: 'md', kind: 'Markdown', label: message('panel.export.markdown') },
  migrateCa: { ending: 'txt', kind: 'migrate_ca', label: message('panel.export.migrateCa') },
};

export interface TrustFilesParts {
  readonly maker: () => Promise<TrustViewMaker>;
  readonly evidence: () => SurveyEvidence;
  readonly text: RenderText;
  readonly clock: Clock;
}

export class TrustFiles {
  readonly #parts: TrustFilesParts;

  constructor(parts: TrustFilesParts) {
    this.#parts = parts;
  }

  /** Asks for the form where it is not given, then for the file. */
  async exportSurvey(wanted?: ExportFormat): Promise<void> {
    if (this.#hasNothing()) return;
    const { text, maker, evidence } = this.#parts;
    const format = wanted ?? (await this.#pickFormat());
    if (format === undefined) return;
    const { ending, kind } = FORMATS[format];
    const target = await this.#askWhere(message('panel.file.exportTitle'), `certificate-trust.${ending}`, { [kind]: [ending] });
    if (target === undefined) return;
    await this.#write(target, (await maker()).exportText(evidence(), format, text));
  }

  async save(): Promise<void> {
    if (this.#hasNothing()) return;
    const { text, maker, evidence } = this.#parts;
    const kind = text(message('panel.file.kind'));
    const target = await this.#askWhere(message('panel.file.saveTitle'), `certificate-trust.${SURVEY_ENDING}`, { [kind]: [SURVEY_ENDING, 'json'] });
    if (target !== undefined) await this.#write(target, (await maker()).saveText(evidence()));
  }

  /** Undefined when the user went away, or was told that the file is no survey. */
  async open(): Promise<SurveyFromFile | undefined> {
    const { text } = this.#parts;
    const [chosen] =
      (await vscode.window.showOpenDialog({
        title: text(message('panel.file.openTitle')),
        filters: { [text(message('panel.file.kind'))]: ['json'] },
      })) ?? [];
    if (chosen === undefined) return undefined;
    const title = text(message('panel.file.opening', { file: path.basename(chosen.fsPath) }));
    const read = await vscode.window.withProgress({ location: vscode.ProgressLocation.Window, title }, () => this.#read(chosen));
    if (read?.ok === true) return { ...read, file: chosen.fsPath };
    if (read !== undefined) void vscode.window.showErrorMessage(text(message('panel.file.unreadable', { file: chosen.fsPath, reason: read.why })));
    return undefined;
  }

  async #read(file: vscode.Uri): Promise<ReadSurvey | undefined> {
    const bytes = await vscode.workspace.fs.readFile(file);
    const made = await this.#parts.maker();
    return inStretches(made.readSaved(bytes), this.#parts.clock, new AbortController().signal);
  }

  #hasNothing(): boolean {
    if (this.#parts.evidence().rows.size > 0) return false;
    void vscode.window.showInformationMessage(this.#parts.text(message('panel.file.nothing')));
    return true;
  }

  async #pickFormat(): Promise<ExportFormat | undefined> {
    const { text } = this.#parts;
    const items = exportFormats.map((format) => ({ label: text(FORMATS[format].label), format }));
    const picked = await vscode.window.showQuickPick(items, {
      title: text(message('panel.file.exportTitle')),
      placeHolder: text(message('panel.file.exportPick')),
    });
    return picked?.format;
  }

  async #askWhere(title: Message, name: string, filters: Readonly<Record<string, readonly string[]>>): Promise<vscode.Uri | undefined> {
    const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
    const defaultUri = folder === undefined ? vscode.Uri.file(path.join(os.homedir(), name)) : vscode.Uri.joinPath(folder, name);
    const copied = Object.fromEntries(Object.entries(filters).map(([kind, endings]) => [kind, [...endings]]));
    return vscode.window.showSaveDialog({ title: this.#parts.text(title), defaultUri, filters: copied });
  }

  async #write(target: vscode.Uri, work: Work<TextPieces>): Promise<void> {
    const { text, clock } = this.#parts;
    const content = await inStretches(encodedWork(work), clock, new AbortController().signal);
    if (content === undefined) return;
    await vscode.workspace.fs.writeFile(target, content);
    const open = text(message('panel.file.open'));
    const choice = await vscode.window.showInformationMessage(text(message('panel.file.written', { file: target.fsPath })), open);
    if (choice === open) await vscode.window.showTextDocument(target);
  }
}
