// `mesh-ca report`: the report for sign-off, to stdout or into a file.
import fs from 'node:fs/promises';
import path from 'node:path';
import type { JournalReading } from '../app/journal/journalChain.js';
import { readJournal } from '../app/journal/journalChain.js';
import { buildReport } from '../app/report/buildReport.js';
import { FORWARD_GATES, judgeMeshGate } from '../app/report/judgedGates.js';
import { renderReportHtml, renderReportMarkdown } from '../app/report/renderReport.js';
import { computePosition } from '../domain/position/computePosition.js';
import { failureMessage } from '../shared/failure.js';
import { message } from '../shared/text/message.js';
import type { CommandLineHost } from './commandLineHost.js';
import { EXIT_COMPLETE, EXIT_INCOMPLETE, refuse } from './commandLineHost.js';
import type { MigrationWorld, ReadMesh } from './migrationWorld.js';

export interface ReportOptions {
  readonly format: 'markdown' | 'html';
  readonly output?: string;
  readonly journal?: string;
}

/** 0 when everything could be read, 1 when something is missing in the report, 2 when it could not be made. */
export async function writeReport({ situation, notices }: ReadMesh, options: ReportOptions, world: MigrationWorld, host: CommandLineHost): Promise<number> {
  const { render } = host;
  let journal: JournalReading | undefined;
  if (options.journal !== undefined) {
    const text = await world.files.planFiles.readText(path.resolve(options.journal));
    if (!text.ok) return refuse(host, message('gateCli.error.journalUnreadable', { failure: failureMessage(text.failure) }));
    journal = readJournal(text.value, world.files.sha256);
  }
  const gates = FORWARD_GATES.map((gate) => judgeMeshGate(gate, situation.facts));
  const report = buildReport({ situation, position: computePosition(situation), gates, journal });
  const text = options.format === 'html' ? renderReportHtml(report, host.language ?? 'en', render) : renderReportMarkdown(report, render);
  if (options.output === undefined) host.writeOut(text);
  else {
    try {
      await fs.writeFile(path.resolve(options.output), text);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return refuse(host, message('report.failed', { file: options.output, failure: reason }));
    }
    host.writeError(`${render(message('report.written', { file: path.resolve(options.output) }))}\n`);
  }
  return notices.length > 0 || situation.facts.clusters.some(({ unread }) => unread.length > 0) ? EXIT_INCOMPLETE : EXIT_COMPLETE;
}
