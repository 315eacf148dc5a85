// The CA secrets of a cluster and the files their backups are in: names only, never what is in them.
import type { ClusterRef } from '../cluster.js';
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

/** The files that backups of this secret may be in, oldest first; none without a folder for them. */
export function backupCandidates({ plan }: MeshSituation, cluster: ClusterRef, secret: CaSecret): readonly string[] {
  const folder = plan?.backupDirectory;
  if (folder === undefined) return [];
  return Array.from({ length: MOST_BACKUPS }, (_, index) => joinPath(folder, fileNameOf(cluster), `${secret}${index === 0 ? '' : `-${index + 1}`}.yaml`));
}

export function backupRequests(situation: MeshSituation, cluster: ClusterRef): readonly InspectionRequest[] {
  return CA_SECRETS.flatMap((secret) => backupCandidates(situation, cluster, secret)).map((path) => ({ kind: 'path', path }));
}

/** The first name that is free; undefined when it is not known which is. */
export function freeBackupFile(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): string | undefined {
  return backupCandidates(situation, cluster, secret).find((path) => answerTo(situation.inspection, { kind: 'path', path })?.kind === 'absent');
}

/** The oldest backup there is: a later one may hold what a Citadel made for itself after the first was deleted, a root nobody trusts. */
export function oldestBackupFile(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): string | undefined {
  return backupCandidates(situation, cluster, secret).find((path) => answerTo(situation.inspection, { kind: 'path', path })?.kind === 'present');
}

export function secretFacts(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): CaSecretFacts | undefined {
  return factsOf(situation, cluster)?.caSecrets.find(({ name }) => name === secret);
}

/** Whether it is there: also unknown when nobody has looked. */
export function isPresent(situation: MeshSituation, cluster: ClusterRef, secret: CaSecret): boolean | 'unknown' {
  return secretFacts(situation, cluster, secret)?.present ?? 'unknown';
}
