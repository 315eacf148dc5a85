// That somebody looked for authorization which stops matching, and what was open then. For the report: gates scan anew.
import { readRecord, recordText } from './recordFields.js';

export const IDENTITY_SCAN_KEY = 'identity-scan';

export interface IdentityScanRecord {
  readonly at: number;
  /** Ids of the findings that were neither fixed nor waived. */
  readonly open: readonly string[];
}

export function identityScanText({ at, open }: IdentityScanRecord): string {
  return recordText({ at, open: [...open].sort() });
}

export function readIdentityScan(text: string): IdentityScanRecord | undefined {
  return readRecord(text, (fields) => ({ at: fields.number('at'), open: fields.texts('open') }));
}
