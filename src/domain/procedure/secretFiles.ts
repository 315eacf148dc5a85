// The CA secrets of a cluster and the files their backups are in: names only, never what is in them.
import type { ClusterRef } from '../cluster.js';
import { clusterKey } from '../cluster.js';
import { readRecords } from '../evidence/records/clusterRecords.js';
import type { CaSecretFacts } from '../gates/gateFacts.js';
import { PLUGGED_IN_CA_SECRET, SELF_SIGNED_CA_SECRET } from '../../shared/istioNames.js';
import type { InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import type { MeshSituation } from './procedureStep.js';
import { factsOf, fileNameOf, joinPath } from './situationParts.js';

export type CaSecret = CaSecretFacts['name'];

export const CA_SECRETS: readonly CaSecret[] = [PLUGGED_IN_CA_SECRET, SELF_SIGNED_CA_SECRET];

/** Backups are never overwritten: a later one gets the next of these names. */
const MOST_BACKUPS = 9;

/** Where this cluster's backups are; undefined while the plan names no folder. */
export function backupFolder({ plan }: Pick<MeshSituation, 'plan'>, cluster: ClusterRef): string | undefined {
  return plan?.backupDirectory === undefined ? undefined : joinPath(plan.backupDirectory, fileNameOf(cluster));
}

/** The files that backups of this secret may be in, oldest first; none without a folder for them. */
export function backupCandidates({ plan }: MeshSituation, cluster: ClusterRef, secret: CaSecret): readonly string[] {
  const folder = backupFolder({ plan }, cluster);
  if (folder === undefined) return [];
  return Array.from({ length: MOST_BACKUPS }, (_, index) => joinPath(folder, `${secret}${index === 0 ? '' : `-${index + 1}`}.yaml`));
}

export function backupRequests(situation: MeshSituation, cluster: ClusterRef): readonly InspectionRequest[] {
  return CA_SECRETS.flatMap((secret) => backupCandidates(situation, cluster, secret)).map((path) => ({ kind: 'path', path }));
}

/** The first name that is free; undefined when it is not known which is. */
export function freeBackupFile(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): string | undefined {
  return backupCandidates(situation, cluster, secret).find((path) => answerTo(situation.inspection, { kind: 'path', path })?.kind === 'absent');
}

export interface FoundBackup {
  readonly secret: CaSecret;
  readonly file: string;
  /** Fingerprint of the root that the saved CA signs under; undefined for a file that is not a whole backup. */
  readonly root: string | undefined;
}

/** Newest first. */
export function foundBackups(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): readonly FoundBackup[] {
  const files = backupCandidates(situation, cluster, secret).filter((path) => answerTo(situation.inspection, { kind: 'path', path })?.kind === 'present');
  return files.reverse().map((file) => {
    const answer = answerTo(situation.inspection, { kind: 'backup', secret, path: file });
    return { secret, file, root: answer?.kind === 'backup' ? answer.root : undefined };
  });
}

/** What has to be read before one of the backups is put back. */
export function restoreRequests(situation: MeshSituation, cluster: ClusterRef): readonly InspectionRequest[] {
  const contents = CA_SECRETS.flatMap((secret) => backupCandidates(situation, cluster, secret).map((path) => ({ kind: 'backup', secret, path }) as const));
  return [...backupRequests(situation, cluster), ...contents];
}

export function secretFacts(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): CaSecretFacts | undefined {
  return factsOf(situation, cluster)?.caSecrets.find(({ name }) => name === secret);
}

/** A whole backup of the secret is on this machine, where a restore would look for it. */
export function hasBackupHere(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): boolean {
  return foundBackups(situation, cluster, secret).some(({ root }) => root !== undefined);
}

/** Where its last backup was written, by the record in the cluster: it may have been on another machine. */
export function recordedBackupFile({ evidence }: MeshSituation, cluster: ClusterRef, secret: CaSecret): string | undefined {
  const records = evidence?.get(clusterKey(cluster))?.records;
  return records?.ok === true ? readRecords(records.value).backups.find((record) => record.secret === secret)?.file : undefined;
}

/** Whether it is there: also unknown when nobody has looked. */
export function isPresent(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): boolean | 'unknown' {
  return secretFacts(situation, cluster, secret)?.present ?? 'unknown';
}

/** Whether phase 3 is about it: it is there, and no root that the running istiod made for itself. */
export function isOldCa(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): boolean | 'unknown' {
  return secretFacts(situation, cluster, secret)?.madeAnew === true ? false : isPresent(situation, cluster, secret);
}

/** It is there, phase 3 is about it, and nobody has saved and compared it. */
export function lacksBackup(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): boolean {
  return isOldCa(situation, cluster, secret) === true && secretFacts(situation, cluster, secret)?.backedUp !== true;
}
