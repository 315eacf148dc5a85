// What is needed of one X.509 certificate. Reading and signatures are an adapter's; rules compare fingerprints.

export interface CertificateFacts {
  /** SHA-256 of the DER, colon-separated upper-case hex: the identity of a certificate. */
  readonly fingerprint: string;
  /** RDNs as OpenSSL words them, newline-separated; empty for Istio's leaves. */
  readonly subject: string;
  readonly issuer: string;
  /** Upper-case hex, padded to whole bytes. */
  readonly serial: string;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** URI names of the subject alternative name, e.g. `spiffe://cluster.local/ns/foo/sa/httpbin`. */
  readonly uris: readonly string[];
  readonly keyType: string;
  /** E.g. `RSA 4096` or `EC prime256v1`. */
  readonly keyAlgorithm: string;
  /** SHA-256 of the public key (SubjectPublicKeyInfo), written as the fingerprint is: equal for a root renewed with its key. */
  readonly spki: string;
  /** Upper-case hex; undefined where the certificate names none. */
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
  /** Its basicConstraints say that it may issue certificates. */
  readonly isAuthority: boolean;
  /** How many intermediates they allow between it and a leaf; undefined for any number. */
  readonly pathLength: number | undefined;
  /** Subject equals issuer and its own key signed it. */
  readonly selfSigned: boolean;
  readonly pem: string;
}
