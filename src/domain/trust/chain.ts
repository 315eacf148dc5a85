// Finds what a presented certificate chain really leads to: signature by signature, never by position or name, and as a peer
// would find it that has nothing but the chain and an anchor of its own.
import type { CertificateFacts } from './certificateFacts.js';

/** Whether `issuer` signed `certificate`, by names and by the signature itself. */
export type IsSignedBy = (certificate: CertificateFacts, issuer: CertificateFacts) => boolean;

/** More signatures than any real chain has; ends a search among certificates that sign each other. */
const LONGEST_CHAIN = 10;

/**
 * The root that the first certificate of `presented` verifies to, by the others and one of the proxy's anchors at the end;
 * undefined when no path of signatures reaches one. istiod appends its root, or several, after the leaf's own chain, and
 * SPIRE leaves it out, so a root may stand anywhere. Where several are reached, one that is an anchor comes first.
 *
 * It is an intermediate where that is an anchor and is not presented: peers that have the root above it cannot know of it, and
 * only those that have the intermediate itself verify the chain.
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
  const handedOut = new Set(presented.map(({ fingerprint }) => fingerprint));
  const ends = reachableEnds(leaf, [...pool.values()], { anchorPrints, handedOut, isSignedBy });
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

interface Search {
  readonly anchorPrints: ReadonlySet<string>;
  /** Fingerprints of what peers get to see. */
  readonly handedOut: ReadonlySet<string>;
  readonly isSignedBy: IsSignedBy;
}

/** Self-signed certificates and anchors on the paths upwards; Envoy also accepts an anchor that is an intermediate. */
function reachableEnds(
  leaf: CertificateFacts,
  pool: readonly CertificateFacts[],
  { anchorPrints, handedOut, isSignedBy }: Search,
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
      const isAnchor = anchorPrints.has(certificate.fingerprint);
      if (certificate.selfSigned || isAnchor) ends.push(reached);
      if (certificate.selfSigned || (isAnchor && !handedOut.has(certificate.fingerprint))) continue;
      if (!mayBePassed(reached)) continue;
      const issuers = pool.filter((issuer) => !seen.has(issuer.fingerprint) && isSignedBy(certificate, issuer));
      next.push(...issuers.map((issuer) => ({ certificate: issuer, below: reached })));
    }
    level = next;
  }
  return ends;
}

/**
 * Whether a path may go on above it: an intermediate has to be an authority, with no more intermediates below it than it allows,
 * where self-issued ones neither count nor are asked (RFC 5280, 6.1.4). Of the anchor at the end nothing is asked, whatever stands in it: Envoy's
 * BoringSSL goes by this of all but anchors (`check_chain_extensions`), while OpenSSL and Go refuse such anchors too.
 */
function mayBePassed({ certificate, below }: Reached): boolean {
  if (below === undefined) return true;
  if (!certificate.isAuthority) return false;
  if (certificate.pathLength === undefined || isSelfIssued(certificate)) return true;
  let intermediates = 0;
  for (let at = below; at.below !== undefined; at = at.below) intermediates += isSelfIssued(at.certificate) ? 0 : 1;
  return intermediates <= certificate.pathLength;
}

function isSelfIssued({ subject, issuer }: CertificateFacts): boolean {
  return subject === issuer;
}

/** A leaf that is its own end, self-signed or an anchor, has itself above it. */
function pathTo(end: Reached): readonly CertificateFacts[] {
  const path: CertificateFacts[] = [end.certificate];
  for (let at = end.below; at?.below !== undefined; at = at.below) path.unshift(at.certificate);
  return path;
}
