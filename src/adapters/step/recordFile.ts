// Writes a file that is either not there or complete, readable by its owner alone.
import { randomUUID } from 'node:crypto';
import fs from 'node:fs';
import type { StepRecord } from '../../domain/steps/stepRecord.js';

/** Leaves the record of a run; a reader never sees half of one. */
export function writeRecord(file: string, record: StepRecord): void {
  const unfinished = `${file}.${randomUUID()}`;
  fs.writeFileSync(unfinished, JSON.stringify(record), { mode: 0o600, flag: 'wx' });
  fs.renameSync(unfinished, file);
}
