// That a CA secret was saved and read back: which object, by uid and resourceVersion, and where the file is. Never what is in it.
import { readRecord, recordText } from './recordFields.js';

const PREFIX = 'backup.';

export interface BackupRecord {
  readonly at: number;
  readonly secret: string;
  readonly uid: string;
  readonly resourceVersion: string;
  /** Of the file, so that a later restore can tell that it is the same. */
  readonly sha256: string;
  /** Absolute, on the machine that made it. */
  readonly file: string;
  /** Fingerprints of the roots that proxies trusted when it was made, Mesh CA's left out; undefined in records of before they were kept. */
  readonly roots?: readonly string[] | undefined;
}

export function backupKey(secret: string): string {
  return `${PREFIX}${secret}`;
}

export function isBackupKey(key: string): boolean {
  return key.startsWith(PREFIX);
}

export function backupText({ at, secret, uid, resourceVersion, sha256, file, roots }: BackupRecord): string {
  return recordText({ at, secret, uid, resourceVersion, sha256, file, ...(roots === undefined ? {} : { roots }) });
}

/** Undefined where it is not a whole record of the secret that its key names. */
export function readBackup(key: string, text: string): BackupRecord | undefined {
  const record = readRecord(text, (fields) => ({
    at: fields.number('at'),
    secret: fields.text('secret'),
    uid: fields.text('uid'),
    resourceVersion: fields.text('resourceVersion'),
    sha256: fields.text('sha256'),
    file: fields.text('file'),
    ...(fields.has('roots') ? { roots: fields.texts('roots') } : {}),
  }));
  if (record === undefined || backupKey(record.secret) !== key) return undefined;
  // An object that names nothing would fit every secret that is read without these.
  return record.uid === '' || record.resourceVersion === '' ? undefined : record;
}
