// Which certificates stand for one root: a signature knows its issuer's name and key, and nothing of the certificate around them.
import type { NamedRoot } from './proxyTrust.js';

/** The very certificate, or another of the same name and key, as after a renewal: what one verifies, the other does (RFC 5280, 6.1). */
export function isSameRoot(one: NamedRoot, other: NamedRoot): boolean {
  const key = one.certificate?.spki;
  return one.fingerprint === other.fingerprint || (key !== undefined && key === other.certificate?.spki && one.subject === other.subject);
}
