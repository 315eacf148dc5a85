// The journal of one mesh: writes what steps did, and reads it back for the report. Nothing is ever taken out of it.
import type { MigrationPlan } from '../../domain/plan/migrationPlan.js';
import { failureMessage, succeed } from '../../shared/failure.js';
import type { Result } from '../../shared/failure.js';
import type { RenderText } from '../../shared/text/languages.js';
import type { Log } from '../ports.js';
import type { StepJournal, StepJournalEntry } from '../steps/procedurePorts.js';
import type { JournalReading } from './journalChain.js';
import { lineAfter, readJournal } from './journalChain.js';
import type { JournalFiles, OperatorReader, Sha256 } from './journalPorts.js';
import { journalRecord } from './journalRecord.js';

export interface JournalParts {
  readonly files: JournalFiles;
  readonly operator: OperatorReader;
  readonly sha256: Sha256;
  readonly log: Log;
  readonly text: RenderText;
  /** Of the present mesh. */
  readonly name: () => string;
}

/** By the fleet: the same mesh has the same journal in every workspace of this machine. */
export function journalName(plan: MigrationPlan | undefined): string {
  return (plan?.fleetProject ?? 'without-plan').replace(/[^\w.-]/g, '_');
}

export class MeshJournal implements StepJournal {
  readonly #parts: JournalParts;

  constructor(parts: JournalParts) {
    this.#parts = parts;
  }

  /** What cannot be written is in the log with its reason: a full disk must not leave a migration half done. */
  async append(entry: StepJournalEntry): Promise<void> {
    const { files, operator, sha256, log, text: render, name } = this.#parts;
    const record = journalRecord(entry, { who: await operator.who(), text: render, sha256 });
    const written = await files.append(name(), (text) => lineAfter(text, record, sha256));
    if (!written.ok) log.error(`step ${record.step} (${record.result}) could not be written to the journal: ${render(failureMessage(written.failure))}`);
  }

  async read(): Promise<Result<JournalReading>> {
    const { files, sha256, name } = this.#parts;
    const text = await files.read(name());
    return text.ok ? succeed(readJournal(text.value, sha256)) : text;
  }
}
