// Whether certificates are within their time, as verifiers judge it: from the first moment on, and until before the last.
import type { NamedRoot, WorkloadCertificate } from './proxyTrust.js';

export type Validity = 'valid' | 'expired' | 'notYetValid';

/** Of a certificate with the intermediates that are presented with it. */
export function validityOfCertificate(
  { notBefore, notAfter, intermediatesNotBefore = notBefore, intermediatesNotAfter = notAfter }: Omit<WorkloadCertificate, 'signedBy'>,
  now: number,
): Validity {
  return validity(Math.max(notBefore, intermediatesNotBefore), Math.min(notAfter, intermediatesNotAfter), now);
}

/** Of an anchor: only one that is valid verifies anything. */
export function validityOfRoot({ notBefore = -Infinity, notAfter }: NamedRoot, now: number): Validity {
  return validity(notBefore, notAfter, now);
}

/** Those that verify something, or will: an expired one never does again. */
export function unexpiredRoots(roots: readonly NamedRoot[], now: number): readonly NamedRoot[] {
  return roots.filter((root) => validityOfRoot(root, now) !== 'expired');
}

function validity(notBefore: number, notAfter: number, now: number): Validity {
  if (notAfter <= now) return 'expired';
  return notBefore > now ? 'notYetValid' : 'valid';
}
