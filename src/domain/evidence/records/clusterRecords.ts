// All records of one cluster, each read strictly: a malformed one counts as not recorded and is named, and never holds up the rest.
import { BASELINE_KEY, readBaseline } from './baselineRecord.js';
import type { BaselineRecord } from './baselineRecord.js';
import { isBackupKey, readBackup } from './backupRecord.js';
import type { BackupRecord } from './backupRecord.js';
import { FLEET_KEY, readFleet } from './fleetRecord.js';
import type { FleetRecord } from './fleetRecord.js';
import { IDENTITY_SCAN_KEY, readIdentityScan } from './identityScanRecord.js';
import type { IdentityScanRecord } from './identityScanRecord.js';
import { isProbeKey, readProbe } from './probeRecord.js';
import type { ProbeRecord } from './probeRecord.js';
import { isTestKey, readTest } from './testRecord.js';
import type { TestRecord } from './testRecord.js';

export interface ReadRecords {
  readonly baseline: BaselineRecord | undefined;
  readonly probes: readonly ProbeRecord[];
  readonly backups: readonly BackupRecord[];
  readonly tests: readonly TestRecord[];
  readonly identityScan: IdentityScanRecord | undefined;
  readonly fleet: FleetRecord | undefined;
  /** Keys of ours whose text is no record. */
  readonly malformed: readonly string[];
}

/** Reads what is kept; keys that are nobody's are left alone, a newer version of ours may have written them. */
export function readRecords(texts: Readonly<Record<string, string>>): ReadRecords {
  const malformed: string[] = [];
  const sound = <Value>(key: string, value: Value | undefined): Value | undefined => {
    if (value === undefined) malformed.push(key);
    return value;
  };
  const keys = Object.keys(texts).sort();
  const all = <Value>(isKey: (key: string) => boolean, read: (key: string, text: string) => Value | undefined): readonly Value[] =>
    keys.filter(isKey).map((key) => sound(key, read(key, texts[key] ?? ''))).filter((record) => record !== undefined);
  const [baseline] = all((key) => key === BASELINE_KEY, (_key, text) => readBaseline(text));
  const [identityScan] = all((key) => key === IDENTITY_SCAN_KEY, (_key, text) => readIdentityScan(text));
  const [fleet] = all((key) => key === FLEET_KEY, (_key, text) => readFleet(text));
  const probes = all(isProbeKey, readProbe);
  const backups = all(isBackupKey, readBackup);
  return { baseline, identityScan, fleet, probes, backups, tests: all(isTestKey, readTest), malformed };
}
