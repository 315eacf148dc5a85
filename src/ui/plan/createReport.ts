// Create Report: asks for form and place, reads the mesh anew, writes the report for sign-off and opens it.
import * as vscode from 'vscode';
import type { JournalReading } from '../../app/journal/journalChain.js';
import type { LivePosition } from '../../app/migration/livePosition.js';
import { buildReport } from '../../app/report/buildReport.js';
import { FORWARD_GATES, judgeMeshGate } from '../../app/report/judgedGates.js';
import { renderReportHtml, renderReportMarkdown } from '../../app/report/renderReport.js';
import type { Result } from '../../shared/failure.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/languages.js';
import { askForOne } from '../steps/choiceBox.js';

export interface CreateReportParts {
  readonly live: LivePosition;
  readonly journal: { read(): Promise<Result<JournalReading>> };
  readonly text: RenderText;
}

export async function createReport({ live, journal, text }: CreateReportParts): Promise<void> {
  const format = await askForOne({
    title: text(message('report.save')),
    placeholder: text(message('report.format')),
    choices: (['markdown', 'html'] as const).map((value) => ({ value, label: text(message(`report.format.${value}`)) })),
  });
  if (format === undefined) return;
  const ending = format === 'html' ? 'html' : 'md';
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const file = await vscode.window.showSaveDialog({
    title: text(message('report.save')),
    filters: { [format === 'html' ? 'HTML' : 'Markdown']: [ending] },
    ...(folder !== undefined && { defaultUri: vscode.Uri.joinPath(folder, `mesh-ca-report.${ending}`) }),
  });
  if (file === undefined) return;
  const options = { location: vscode.ProgressLocation.Notification, title: text(message('report.reading')), cancellable: true };
  await vscode.window.withProgress(options, async (_progress, token) => {
    const abort = new AbortController();
    token.onCancellationRequested(() => {
      abort.abort();
    });
    const { situation, position } = await live.refresh(abort.signal);
    if (token.isCancellationRequested) return;
    const read = await journal.read();
    const gates = FORWARD_GATES.map((gate) => judgeMeshGate(gate, situation.facts));
    const report = buildReport({ situation, position, gates, journal: read.ok ? read.value : undefined, journalFailure: read.ok ? undefined : read.failure });
    const content = format === 'html' ? renderReportHtml(report, vscode.env.language, text) : renderReportMarkdown(report, text);
    await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(content));
    await vscode.window.showTextDocument(file, { preview: false });
  });
}
