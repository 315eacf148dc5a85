// Finds what a presented certificate chain really leads to: signature by signature, never by position or name.
import type { CertificateFacts } from './certificateFacts.js';

/** Whether `issuer` signed `certificate`, by names and by the signature itself. */
export type IsSignedBy = (certificate: CertificateFacts, issuer: CertificateFacts) => boolean;

/** More signatures than any real chain has; ends a search among certificates that sign each other. */
const LONGEST_CHAIN = 10;

/**
 * The root that the first certificate of `presented` verifies to, with the others and the proxy's anchors to build from;
 * undefined when no path of signatures reaches one. istiod appends its root, or several, after the leaf's own chain, and
 * SPIRE leaves it out, so a root may stand anywhere. Where several are reached, one that is an anchor comes first.
 */
export function findVerifiedRoot(
  presented: readonly CertificateFacts[],
  anchors: readonly CertificateFacts[],
  isSignedBy: IsSignedBy,
): CertificateFacts | undefined {
  const [leaf] = presented;
  if (leaf === undefined) return undefined;
  const anchorPrints = new Set(anchors.map(({ fingerprint }) => fingerprint));
  // By fingerprint, because the root is most often both presented and an anchor, and signatures take time.
  const pool = new Map([...anchors, ...presented.slice(1)].map((certificate) => [certificate.fingerprint, certificate]));
  const ends = reachableEnds(leaf, [...pool.values()], anchorPrints, isSignedBy);
  return (
    ends.find((end) => end.selfSigned && anchorPrints.has(end.fingerprint)) ?? ends.find((end) => end.selfSigned) ?? ends[0]
  );
}

/** Self-signed certificates and anchors on the paths upwards; Envoy also accepts an anchor that is an intermediate. */
function reachableEnds(
  leaf: CertificateFacts,
  pool: readonly CertificateFacts[],
  anchorPrints: ReadonlySet<string>,
  isSignedBy: IsSignedBy,
): readonly CertificateFacts[] {
  const ends: CertificateFacts[] = [];
  const seen = new Set<string>();
  let level: readonly CertificateFacts[] = [leaf];
  for (let length = 0; length < LONGEST_CHAIN && level.length > 0; length += 1) {
    const next: CertificateFacts[] = [];
    for (const certificate of level) {
      if (seen.has(certificate.fingerprint)) continue;
      seen.add(certificate.fingerprint);
      if (certificate.selfSigned || anchorPrints.has(certificate.fingerprint)) ends.push(certificate);
      if (certificate.selfSigned) continue;
      next.push(...pool.filter((issuer) => !seen.has(issuer.fingerprint) && isSignedBy(certificate, issuer)));
    }
    level = next;
  }
  return ends;
}
