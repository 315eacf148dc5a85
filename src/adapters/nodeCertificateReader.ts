// Reads and verifies X.509 certificates with node:crypto, which knows every key type a mesh may use (node-forge knows RSA
// only). No rules live here: what a certificate means is decided by fingerprint elsewhere.
import { X509Certificate } from 'node:crypto';
import type { CertificateReader } from '../app/ports.js';
import type { CertificateFacts } from '../domain/trust/certificateFacts.js';
import type { Result } from '../shared/failure.js';
import { fail, succeed } from '../shared/failure.js';

/** Certificates kept parsed. Roots and intermediates are few and met often; leaves pass through. */
const KEPT_CERTIFICATES = 4096;

const BEGIN = /-----BEGIN ([A-Z0-9 ]+)-----/g;
const CERTIFICATE_LABELS: ReadonlySet<string> = new Set(['CERTIFICATE', 'X509 CERTIFICATE']);
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

interface ParsedCertificate {
  readonly certificate: X509Certificate;
  readonly facts: CertificateFacts;
}

/** A CertificateReader that parses each certificate once while it is in use. */
export function createNodeCertificateReader(): CertificateReader {
  const parsed = new Map<string, ParsedCertificate>();
  /** For as long as somebody holds the facts, whether or not they still are among the kept ones. */
  const certificates = new WeakMap<CertificateFacts, X509Certificate>();

  const parse = (base64: string): ParsedCertificate => {
    const known = parsed.get(base64);
    if (known) {
      // To the end of the map's order: what is used stays, what is not falls out at the front.
      parsed.delete(base64);
      parsed.set(base64, known);
      return known;
    }
    const read = parseCertificate(base64);
    parsed.set(base64, read);
    certificates.set(read.facts, read.certificate);
    const oldest = parsed.size > KEPT_CERTIFICATES ? parsed.keys().next() : undefined;
    if (oldest && !oldest.done) parsed.delete(oldest.value);
    return read;
  };

  const certificateOf = (facts: CertificateFacts): X509Certificate =>
    certificates.get(facts) ?? parse(base64Of(facts.pem)).certificate;

  return {
    read: (pem) => readBlocks(pem, parse),
    isSignedBy: (certificate, issuer) => signed(certificateOf(certificate), certificateOf(issuer)),
  };
}

function readBlocks(pem: string, parse: (base64: string) => ParsedCertificate): Result<readonly CertificateFacts[]> {
  const certificates: CertificateFacts[] = [];
  for (const begin of pem.matchAll(BEGIN)) {
    const label = begin[1] ?? '';
    if (!CERTIFICATE_LABELS.has(label)) continue;
    const block = certificates.length + 1;
    const start = begin.index + begin[0].length;
    const end = pem.indexOf(`-----END ${label}-----`, start);
    if (end < 0) return unreadable(`certificate ${block} of the text has no end`);
    const base64 = pem.slice(start, end).replace(/\s+/g, '');
    if (!BASE64.test(base64)) return unreadable(`certificate ${block} of the text is not base64`);
    try {
      certificates.push(parse(base64).facts);
    } catch (error) {
      return unreadable(`certificate ${block} of the text: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return certificates.length === 0 ? unreadable('there is no certificate in the text') : succeed(certificates);
}

function unreadable(reason: string): Result<never> {
  return fail({ kind: 'certificateUnreadable', reason });
}

function base64Of(pem: string): string {
  return pem.replace(/-----[^-]+-----/g, '').replace(/\s+/g, '');
}

function parseCertificate(base64: string): ParsedCertificate {
  const certificate = new X509Certificate(Buffer.from(base64, 'base64'));
  const serial = certificate.serialNumber;
  return {
    certificate,
    facts: {
      fingerprint: certificate.fingerprint256,
      subject: nameOf(certificate.subject),
      issuer: nameOf(certificate.issuer),
      serial: serial.length % 2 === 0 ? serial : `0${serial}`,
      notBefore: Date.parse(certificate.validFrom),
      notAfter: Date.parse(certificate.validTo),
      uris: uriNames(certificate.subjectAltName),
      keyType: keyTypeOf(certificate),
      selfSigned: signed(certificate, certificate),
      pem: `-----BEGIN CERTIFICATE-----\n${base64.replace(/(.{64})(?!$)/g, '$1\n')}\n-----END CERTIFICATE-----\n`,
    },
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

function keyTypeOf(certificate: X509Certificate): string {
  try {
    return certificate.publicKey.asymmetricKeyType ?? 'unknown';
  } catch {
    // A key of a kind that this build's OpenSSL or BoringSSL lacks.
    return 'unknown';
  }
}

/**
 * Names first (`checkIssued`), then the signature itself: two self-signed Istio CAs have equal names. `.ca` is not asked,
 * because BoringSSL and OpenSSL answer it differently for old certificates.
 */
function signed(certificate: X509Certificate, issuer: X509Certificate): boolean {
  try {
    return certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
