// Builds X.509 certificates: DER by node-forge, signatures by node:crypto, which is some fifty times faster at it.
import { randomBytes, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Extension } from './certificateExtensions.js';
import { bitString, contextual, decode, encode, integer, nothing, objectIdentifier, partsOf, sequence, time } from './der.js';
import type { Der } from './der.js';

/** What goes into a certificate. Names are DER, because an issuer's must be byte for byte that of its own certificate. */
export interface CertificateContent {
  readonly subject: Der;
  readonly issuer: Der;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Extension[];
}

const SHA256_WITH_RSA = '1.2.840.113549.1.1.11';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';

/** Of the issuer's key. RSA has parameters that say nothing, ECDSA has none (RFC 5758). */
function signatureAlgorithm(signingKey: KeyObject): Der {
  return signingKey.asymmetricKeyType === 'ec'
    ? sequence([objectIdentifier(ECDSA_WITH_SHA256)])
    : sequence([objectIdentifier(SHA256_WITH_RSA), nothing()]);
}

function serialNumber(): Der {
  const bytes = randomBytes(16);
  // Positive and of full length: neither a sign bit nor a leading zero byte.
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return integer(bytes.toString('binary'));
}

function toBeSigned(content: CertificateContent, signingKey: KeyObject): Der {
  const version3 = integer('\u0002');
  const publicKeyDer = content.publicKey.export({ type: 'spki', format: 'der' });
  return sequence([
    contextual(0, [version3]),
    serialNumber(),
    signatureAlgorithm(signingKey),
    content.issuer,
    sequence([time(content.notBefore), time(content.notAfter)]),
    content.subject,
    decode(publicKeyDer),
    contextual(3, [sequence(content.extensions)]),
  ]);
}

/** PEM with lines of 64 characters and a final newline, as Go and OpenSSL write it. */
function pem(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

/** A new certificate under the given RSA or EC key, with a random serial number. */
export function buildCertificate(content: CertificateContent, signingKey: KeyObject): string {
  const tbs = toBeSigned(content, signingKey);
  const signature = sign('sha256', Buffer.from(encode(tbs), 'binary'), signingKey);
  const certificate = sequence([tbs, signatureAlgorithm(signingKey), bitString(`\u0000${signature.toString('binary')}`)]);
  return pem(Buffer.from(encode(certificate), 'binary'));
}

/** The subject of an existing certificate, to become the issuer of those it signs. */
export function subjectOf(certificateDer: Buffer): Der {
  const [tbs] = partsOf(decode(certificateDer));
  // version, serialNumber, signature, issuer, validity, subject
  const subject = partsOf(tbs)[5];
  if (!subject) throw new Error('not an X.509 version 3 certificate');
  return subject;
}
