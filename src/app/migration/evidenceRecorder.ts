// Writes down in the clusters what later gates ask for: who could talk before, what probes held, that backups are whole, what tests said.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey, distinctName } from '../../domain/cluster.js';
import type { BaselineAttempt } from '../../domain/evidence/recordBaseline.js';
import { baselineFrom } from '../../domain/evidence/recordBaseline.js';
import type { BackupRecord } from '../../domain/evidence/records/backupRecord.js';
import { backupKey, backupText } from '../../domain/evidence/records/backupRecord.js';
import { BASELINE_KEY, baselineText } from '../../domain/evidence/records/baselineRecord.js';
import type { FleetRecord } from '../../domain/evidence/records/fleetRecord.js';
import { FLEET_KEY, fleetText } from '../../domain/evidence/records/fleetRecord.js';
import { IDENTITY_SCAN_KEY, identityScanText } from '../../domain/evidence/records/identityScanRecord.js';
import type { ProbeRecord } from '../../domain/evidence/records/probeRecord.js';
import { probeKey, probeText } from '../../domain/evidence/records/probeRecord.js';
import type { TestRecord } from '../../domain/evidence/records/testRecord.js';
import { testKey, testText } from '../../domain/evidence/records/testRecord.js';
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import type { Result } from '../../shared/failure.js';
import { succeed } from '../../shared/failure.js';
import type { Clock } from '../ports.js';
import type { ClusterRecords, SecretBackups } from './ports.js';

export interface EvidenceRecorderParts {
  readonly records: ClusterRecords;
  readonly secretBackups: SecretBackups;
  readonly clock: Clock;
}

export interface NewBackup extends Pick<BackupRecord, 'secret' | 'file'> {
  readonly roots: readonly string[];
}

export class EvidenceRecorder {
  readonly #parts: EvidenceRecorderParts;

  constructor(parts: EvidenceRecorderParts) {
    this.#parts = parts;
  }

  /**
   * Into every cluster, so that none of them is needed to know it. Writes nothing while a proxy's trust is unknown, or something of
   * a cluster was not read: what could be done there would be missing, and gates would not protect it.
   */
  async recordBaseline(situation: MeshSituation, signal: AbortSignal): Promise<Result<BaselineAttempt>> {
    const { facts, plan, snapshots } = situation;
    const refs = new Map(snapshots.map(({ ref }) => [clusterKey(ref), ref]));
    const nameOf = (key: string): string => {
      const ref = refs.get(key);
      return plan?.clusters.find((planned) => clusterKey(planned.ref) === key)?.name ?? (ref === undefined ? key : distinctName(ref, [...refs.values()]));
    };
    const attempt = baselineFrom(facts, nameOf, this.#parts.clock.now());
    if (attempt.unknown.length + attempt.unread.length > 0) return succeed(attempt);
    const written = await this.#writeEverywhere(situation, { [BASELINE_KEY]: baselineText(attempt.record) }, signal);
    return written.ok ? succeed(attempt) : written;
  }

  /** Into every cluster as well: the gates of a colleague who looks at one of them see it. */
  recordFleet(situation: MeshSituation, fleet: Omit<FleetRecord, 'at'>, signal: AbortSignal): Promise<Result<undefined>> {
    return this.#writeEverywhere(situation, { [FLEET_KEY]: fleetText({ ...fleet, at: this.#parts.clock.now() }) }, signal);
  }

  recordProbe(cluster: ClusterRef, probe: ProbeRecord, signal: AbortSignal): Promise<Result<undefined>> {
    return this.#parts.records.write(cluster, { [probeKey(probe.revision)]: probeText(probe) }, signal);
  }

  /** Only after the file was read back and found to be of exactly the secret that is there. */
  async recordBackup(cluster: ClusterRef, { secret, file, roots }: NewBackup, signal: AbortSignal): Promise<Result<undefined>> {
    const verified = await this.#parts.secretBackups.verify(cluster, secret, file, signal);
    if (!verified.ok) return verified;
    const text = backupText({ at: this.#parts.clock.now(), secret, file, roots, ...verified.value });
    return this.#parts.records.write(cluster, { [backupKey(secret)]: text }, signal);
  }

  recordTest(cluster: ClusterRef, test: Omit<TestRecord, 'at'>, signal: AbortSignal): Promise<Result<undefined>> {
    const text = testText({ ...test, at: this.#parts.clock.now() });
    return this.#parts.records.write(cluster, { [testKey(test.namespace, test.revision)]: text }, signal);
  }

  recordIdentityScan(cluster: ClusterRef, open: readonly string[], signal: AbortSignal): Promise<Result<undefined>> {
    return this.#parts.records.write(cluster, { [IDENTITY_SCAN_KEY]: identityScanText({ at: this.#parts.clock.now(), open }) }, signal);
  }

  async #writeEverywhere({ snapshots }: MeshSituation, entries: Readonly<Record<string, string>>, signal: AbortSignal): Promise<Result<undefined>> {
    for (const { ref } of snapshots) {
      const written = await this.#parts.records.write(ref, entries, signal);
      if (!written.ok) return written;
    }
    return succeed(undefined);
  }
}
