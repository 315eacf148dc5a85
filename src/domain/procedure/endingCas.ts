// CAs that would end in the middle of a migration: then no proxy verifies a certificate under them, whatever step it is at.
import { message } from '../../shared/text/message.js';
import { clusterKey } from '../cluster.js';
import { waiversAt } from '../evidence/waivers.js';
import type { PlannedCluster } from '../plan/migrationPlan.js';
import type { CertificateFacts } from '../trust/certificateFacts.js';
import type { MeshSituation, StepFinding } from './procedureStep.js';
import { blocks } from './stepDraft.js';

const DAY_MS = 86_400_000;
/** Two canaries with a test of every application in between; what ends within two months is said as a concern. */
const LEAST_DAYS = 14;

/** Of this cluster's proxies: the roots and intermediates that their certificates were signed under. Waived by `expiry` of the cluster. */
export function endingCaFindings({ evidence, plan, now }: MeshSituation, { ref, name }: PlannedCluster): readonly StepFinding[] {
  if (waiversAt(plan, now).covers('expiry', name)) return [];
  const ending = new Map<string, CertificateFacts>();
  for (const { trust } of evidence?.get(clusterKey(ref))?.proxies.values() ?? []) {
    if (!trust.ok || trust.value.certificate.state !== 'active') continue;
    for (const issuer of trust.value.certificate.value.issuers ?? []) {
      if (daysUntil(issuer.notAfter, now) < LEAST_DAYS) ending.set(issuer.fingerprint, issuer);
    }
  }
  return [...ending.values()].map(({ subject, notAfter }) => blocks(message('procedureChecks.install.caEnds', { subject, days: Math.max(0, daysUntil(notAfter, now)), cluster: name })));
}

function daysUntil(end: number, now: number): number {
  return Math.floor((end - now) / DAY_MS);
}
