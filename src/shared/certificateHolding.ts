// One root or issuer of the mesh with who holds it, as the page's Certificates view shows it: JSON-safe, without keys.
import type { Message } from './text/message.js';
import type { RootBadge } from './trustRows.js';

/**
 * What a certificate is to the proxies that were read: an `anchor` is trusted by at least one; a `leafIssuer` is none, but
 * signed certificates of workloads; an `issuer` only stands between, or ends a chain that nobody trusts.
 */
export type CertificateRole = 'anchor' | 'leafIssuer' | 'issuer';

/** How many proxies of a namespace hold a certificate, and in what way. */
export interface NamespaceHolders {
  readonly namespace: string;
  /** Proxies that trust it as an anchor. */
  readonly anchoredBy: number;
  /** Proxies whose own certificate is verified under it, directly or through others. */
  readonly signs: number;
}

export interface ClusterHolders {
  readonly cluster: string;
  readonly context: string;
  readonly namespaces: readonly NamespaceHolders[];
}

export interface CertificateHolding {
  /** SHA-256 of the certificate, colon-separated upper-case hex. */
  readonly fingerprint: string;
  /** SHA-256 of its public key: equal for a root that was renewed with the same key. */
  readonly spki: string;
  readonly name: RootBadge;
  readonly role: CertificateRole;
  /** One line, RDNs separated by a comma. */
  readonly subject: string;
  readonly serial: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** E.g. `RSA 4096` or `EC prime256v1`. */
  readonly keyAlgorithm: string;
  /** Proxies, over all clusters. */
  readonly anchoredBy: number;
  readonly signs: number;
  /** Sorted by context and namespace; only where somebody holds it. */
  readonly holders: readonly ClusterHolders[];
  /** Where it comes from: "Istio CA of cluster-1", "issued under …". */
  readonly source: Message;
  /** What is remarkable about it, e.g. that another certificate here has the same key. */
  readonly remarks: readonly Message[];
}
