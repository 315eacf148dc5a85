// What the user's own test of a namespace said, or what the user said of it.
import { readRecord, recordText } from './recordFields.js';

const PREFIX = 'test.';

export interface TestRecord {
  readonly at: number;
  readonly namespace: string;
  /** The revision that the namespace was moved to when it was tested. */
  readonly revision: string;
  readonly passed: boolean;
  /** `command` ran and ended with 0, or `answer`: a person said so. */
  readonly by: 'command' | 'answer';
}

/** A namespace has at most 63 characters and a revision 56, which together fit into a config map's key. */
export function testKey(namespace: string, revision: string): string {
  return `${PREFIX}${namespace}.${revision}`;
}

export function isTestKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

export function testText({ at, namespace, revision, passed, by }: TestRecord): string {
  return recordText({ at, namespace, revision, passed, by });
}

/** Undefined where it is not a whole record of what its key names. */
export function readTest(key: string, text: string): TestRecord | undefined {
  const record = readRecord(text, (fields) => ({
    at: fields.number('at'),
    namespace: fields.text('namespace'),
    revision: fields.text('revision'),
    passed: fields.flag('passed'),
    by: fields.text('by'),
  }));
  if (record === undefined || testKey(record.namespace, record.revision) !== key) return undefined;
  const { by } = record;
  return by === 'command' || by === 'answer' ? { ...record, by } : undefined;
}
