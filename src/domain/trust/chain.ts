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
  return findVerifiedPath(presented, anchors, isSignedBy).at(-1);
}

/** The certificates above the leaf on its way to that root, the leaf's issuer first and the root last; empty when there is no way. */
export function findVerifiedPath(
  presented: readonly CertificateFacts[],
  anchors: readonly CertificateFacts[],
  isSignedBy: IsSignedBy,
): readonly CertificateFacts[] {
  const [leaf] = presented;
  if (leaf === undefined) return [];
  const anchorPrints = new Set(anchors.map(({ fingerprint }) => fingerprint));
  // By fingerprint, because the root is most often both presented and an anchor, and signatures take time.
  const pool = new Map([...anchors, ...presented.slice(1)].map((certificate) => [certificate.fingerprint, certificate]));
  const ends = reachableEnds(leaf, [...pool.values()], anchorPrints, isSignedBy);
  const end =
    ends.find(({ certificate }) => certificate.selfSigned && anchorPrints.has(certificate.fingerprint)) ??
    ends.find(({ certificate }) => certificate.selfSigned) ??
    ends[0];
  return end === undefined ? [] : pathTo(end);
}

/** A certificate with the one below it by which it was reached; the leaf has none. */
interface Reached {
  readonly certificate: CertificateFacts;
  readonly below: Reached | undefined;
}

/** Self-signed certificates and anchors on the paths upwards; Envoy also accepts an anchor that is an intermediate. */
function reachableEnds(
  leaf: CertificateFacts,
  pool: readonly CertificateFacts[],
  anchorPrints: ReadonlySet<string>,
  isSignedBy: IsSignedBy,
): readonly Reached[] {
  const ends: Reached[] = [];
  const seen = new Set<string>();
  let level: readonly Reached[] = [{ certificate: leaf, below: undefined }];
  for (let length = 0; length < LONGEST_CHAIN && level.length > 0; length += 1) {
    const next: Reached[] = [];
    for (const reached of level) {
      const { certificate } = reached;
      if (seen.has(certificate.fingerprint)) continue;
      seen.add(certificate.fingerprint);
      if (certificate.selfSigned || anchorPrints.has(certificate.fingerprint)) ends.push(reached);
      if (certificate.selfSigned) continue;
      const issuers = pool.filter((issuer) => !seen.has(issuer.fingerprint) && isSignedBy(certificate, issuer));
      next.push(...issuers.map((issuer) => ({ certificate: issuer, below: reached })));
    }
    level = next;
  }
  return ends;
}

/** A leaf that is its own end, self-signed or an anchor, has itself above it. */
function pathTo(end: Reached): readonly CertificateFacts[] {
  const path: CertificateFacts[] = [end.certificate];
  for (let at = end.below; at?.below !== undefined; at = at.below) path.unshift(at.certificate);
  return path;
}
