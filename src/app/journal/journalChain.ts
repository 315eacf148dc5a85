// The journal's lines: each names the hash of the one before it, so that a line changed, removed or put in later shows.
import { field, parseJson, textField } from '../../shared/json.js';
import type { Sha256 } from './journalPorts.js';
import type { JournalRecord } from './journalRecord.js';
import { parseRecord } from './journalRecord.js';

/** What the first line names. */
const NO_LINE = '';

export type JournalTrouble =
  /** The last line is not whole: whoever wrote it was interrupted. */
  | { readonly kind: 'torn'; readonly line: number }
  /** Not a line of ours: an interrupted one that others followed, or something foreign. */
  | { readonly kind: 'unreadable'; readonly line: number }
  /** It does not follow the one before it: lines are missing, or were put in. */
  | { readonly kind: 'chainBroken'; readonly line: number }
  /** Its own hash is not that of its content. */
  | { readonly kind: 'changed'; readonly line: number };

export interface JournalReading {
  readonly records: readonly JournalRecord[];
  readonly troubles: readonly JournalTrouble[];
  /** Of the last line. Written down elsewhere, it shows later that no line was removed from the end. */
  readonly lastHash: string | undefined;
}

/** What to append to the journal's text for this record. After a torn line it begins a new one. */
export function lineAfter(text: string, record: JournalRecord, sha256: Sha256): string {
  const previous = readJournal(text, sha256).lastHash ?? NO_LINE;
  const entry = JSON.stringify(record);
  const line = JSON.stringify({ previous, entry: JSON.parse(entry) as unknown, hash: hashOf(previous, entry, sha256) });
  return `${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`;
}

/** Every record that can be read, whatever is wrong with the lines around it. */
export function readJournal(text: string, sha256: Sha256): JournalReading {
  const records: JournalRecord[] = [];
  const troubles: JournalTrouble[] = [];
  let lastHash: string | undefined;
  const lines = text.split('\n');
  for (const [index, content] of lines.entries()) {
    if (content.trim() === '') continue;
    const line = index + 1;
    const json = parseJson(content);
    const record = parseRecord(field(json, 'entry'));
    const [previous, hash] = [textField(json, 'previous'), textField(json, 'hash')];
    if (record === undefined || previous === undefined || hash === undefined) {
      troubles.push({ kind: line === lines.length ? 'torn' : 'unreadable', line });
      continue;
    }
    if (previous !== (lastHash ?? NO_LINE)) troubles.push({ kind: 'chainBroken', line });
    if (hash !== hashOf(previous, JSON.stringify(field(json, 'entry')), sha256)) troubles.push({ kind: 'changed', line });
    records.push(record);
    lastHash = hash;
  }
  return { records, troubles, lastHash };
}

function hashOf(previous: string, entry: string, sha256: Sha256): string {
  return sha256(`${previous}\n${entry}`);
}
