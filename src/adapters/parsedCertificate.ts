// One X.509 certificate with the facts that rules ask for. Thousands of leaves pass through here, so what nobody may ask for is
// worked out when somebody does, and what is true of all leaves of an issuer is found out once.
import { verify, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { CertificateFacts } from '../domain/trust/certificateFacts.js';
import { basicConstraintsOf } from './basicConstraints.js';
import { keyPartsOf, sha256 } from './certificateKeyParts.js';
import type { WorkloadLeaf } from './workloadLeaf.js';

/** Facts that a verdict on a proxy needs of its roots only, if at all. */
type LateFacts = Pick<
  CertificateFacts,
  'issuer' | 'keyType' | 'keyAlgorithm' | 'spki' | 'subjectKeyId' | 'authorityKeyId' | 'isAuthority' | 'pathLength' | 'pem'
>;
type EarlyFacts = Omit<CertificateFacts, keyof LateFacts>;

/** Undefined for what is no leaf of an Istio CA: node:crypto reads it. */
export type ReadLeaf = (der: Buffer) => WorkloadLeaf | undefined;

export class ParsedCertificate {
  readonly facts: CertificateFacts;
  readonly #der: Buffer;
  readonly #leaf: WorkloadLeaf | undefined;
  #whole: X509Certificate | undefined;
  #key: KeyObject | undefined;
  /** Who was asked for as its signer already. */
  readonly #signers = new Map<ParsedCertificate, boolean>();
  /** Whether leaves that are alike in this way can be its own. */
  readonly #accepts = new Map<string, boolean>();

  /** Throws what OpenSSL says of bytes that are no certificate. */
  constructor(der: Buffer, fingerprint: string, readLeaf: ReadLeaf) {
    this.#der = der;
    this.#leaf = readLeaf(der);
    const early = this.#leaf === undefined ? factsOf(this.#parsed(), fingerprint) : leafFactsOf(this.#leaf, fingerprint);
    this.facts = withLateFacts(early, () => lateFactsOf(der, orUndefined(() => this.#parsed())));
  }

  /** Whether our own reader of workload leaves read it. */
  get isWorkloadLeaf(): boolean {
    return this.#leaf !== undefined;
  }

  /** Names first, then the signature itself: two self-signed Istio CAs have equal names. */
  isSignedBy(issuer: ParsedCertificate): boolean {
    const known = this.#signers.get(issuer);
    if (known !== undefined) return known;
    // What cannot be verified is not signed.
    const found = orUndefined(() => this.#isLeafOf(issuer) ?? signed(this.#parsed(), issuer.#parsed())) ?? false;
    this.#signers.set(issuer, found);
    return found;
  }

  /** Undefined where the issuer's key is of another kind than the signature, or of one that is not known here. */
  #isLeafOf(issuer: ParsedCertificate): boolean | undefined {
    if (this.#leaf === undefined) return undefined;
    const { issuedBy, signed: content, digest, keyType, signature } = this.#leaf;
    const accepted = issuer.#accepts.get(issuedBy) ?? this.#parsed().checkIssued(issuer.#parsed());
    issuer.#accepts.set(issuedBy, accepted);
    if (!accepted) return false;
    issuer.#key ??= keyOf(issuer.#parsed());
    if (issuer.#key?.asymmetricKeyType !== keyType) return undefined;
    return verify(digest, content, issuer.#key, signature);
  }

  #parsed(): X509Certificate {
    return (this.#whole ??= new X509Certificate(this.#der));
  }
}

function leafFactsOf({ serial, notBefore, notAfter, uris }: WorkloadLeaf, fingerprint: string): EarlyFacts {
  return { fingerprint, subject: '', serial, notBefore, notAfter, uris, selfSigned: false };
}

function factsOf(certificate: X509Certificate, fingerprint: string): EarlyFacts {
  const serial = certificate.serialNumber;
  return {
    fingerprint,
    subject: nameOf(certificate.subject),
    serial: serial.length % 2 === 0 ? serial : `0${serial}`,
    notBefore: Date.parse(certificate.validFrom),
    notAfter: Date.parse(certificate.validTo),
    uris: uriNames(certificate.subjectAltName),
    selfSigned: signed(certificate, certificate),
  };
}

/** Properties of the object itself, so that copies and JSON have them too. */
function withLateFacts(early: EarlyFacts, find: () => LateFacts): CertificateFacts {
  const known: { late: LateFacts | undefined } = { late: undefined };
  const late = (): LateFacts => (known.late ??= find());
  return {
    ...early,
    get issuer() {
      return late().issuer;
    },
    get keyType() {
      return late().keyType;
    },
    get keyAlgorithm() {
      return late().keyAlgorithm;
    },
    get spki() {
      return late().spki;
    },
    get subjectKeyId() {
      return late().subjectKeyId;
    },
    get authorityKeyId() {
      return late().authorityKeyId;
    },
    get isAuthority() {
      return late().isAuthority;
    },
    get pathLength() {
      return late().pathLength;
    },
    get pem() {
      return late().pem;
    },
  };
}

/** Without `certificate` for a leaf that is no certificate to OpenSSL: nothing is signed by it, or verifies with it. */
function lateFactsOf(der: Buffer, certificate: X509Certificate | undefined): LateFacts {
  const { publicKey, subjectKeyId, authorityKeyId } = keyPartsOf(der) ?? {};
  const key = certificate && keyOf(certificate);
  const exported = publicKey ?? orUndefined(() => key?.export({ type: 'spki', format: 'der' }));
  return {
    issuer: nameOf(certificate?.issuer),
    keyType: key?.asymmetricKeyType ?? 'unknown',
    keyAlgorithm: keyAlgorithmOf(key),
    // Where the key cannot be told, the certificate stands for it: equal to no other.
    spki: sha256(exported ?? der),
    subjectKeyId,
    authorityKeyId,
    ...basicConstraintsOf(der),
    pem: `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})(?!$)/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
  };
}

/** Node gives undefined for the empty subject of Istio's leaves, which its types do not say. */
function nameOf(name: string | undefined): string {
  return name ?? '';
}

/** Node writes the alternative names as `URI:a, DNS:b`; a name with a comma or quote in it is a JSON string. */
function uriNames(subjectAltName: string | undefined): readonly string[] {
  const names = (subjectAltName ?? '').match(/[A-Za-z ]+:(?:"(?:[^"\\]|\\.)*"|[^,]*)/g) ?? [];
  return names
    .map((name) => name.trim())
    .filter((name) => name.startsWith('URI:'))
    .map((name) => name.slice('URI:'.length))
    .map((name) => (name.startsWith('"') ? (JSON.parse(name) as string) : name));
}

/** Undefined for a kind of key that this build's OpenSSL or BoringSSL lacks. */
function keyOf(certificate: X509Certificate): KeyObject | undefined {
  return orUndefined(() => certificate.publicKey);
}

function orUndefined<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function keyAlgorithmOf(key: KeyObject | undefined): string {
  const type = (key?.asymmetricKeyType ?? 'unknown').toUpperCase();
  const { modulusLength, namedCurve } = key?.asymmetricKeyDetails ?? {};
  const size = namedCurve ?? modulusLength;
  return size === undefined ? type : `${type} ${size}`;
}

/**
 * By names (`checkIssued`) and by the signature. `.ca` is not asked, because BoringSSL and OpenSSL answer it differently for old
 * certificates.
 */
function signed(certificate: X509Certificate, issuer: X509Certificate): boolean {
  return orUndefined(() => certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey)) ?? false;
}
