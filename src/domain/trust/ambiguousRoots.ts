// Finds roots that a verifier may take for one another: it looks for an issuer by its name, and by key identifiers if there are any.
import type { CertificateFacts } from './certificateFacts.js';
import type { NamedRoot } from './proxyTrust.js';

/**
 * One of two roots with equal names and different keys that no key identifier tells apart; undefined where there is none. A
 * verifier takes the first that fits, and the connection fails if that is the wrong one (OpenSSL and BoringSSL,
 * `X509_check_issued`; RFC 5280, 4.2.1.1).
 */
export function findAmbiguousRoots(roots: readonly NamedRoot[]): NamedRoot | undefined {
  const byName = new Map<string, CertificateFacts[]>();
  for (const root of roots) {
    const { certificate } = root;
    if (certificate === undefined) continue;
    const namesakes = byName.get(certificate.subject) ?? [];
    if (namesakes.some((other) => other.spki !== certificate.spki && !areToldApart(other, certificate))) return root;
    byName.set(certificate.subject, [...namesakes, certificate]);
  }
  return undefined;
}

function areToldApart(one: CertificateFacts, other: CertificateFacts): boolean {
  const ids = [one.subjectKeyId, other.subjectKeyId];
  return !ids.includes(undefined) && ids[0] !== ids[1];
}
