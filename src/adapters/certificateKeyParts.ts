// Takes from a certificate's DER what node:crypto does not hand out: its public key as encoded, and its key identifiers.
import { createHash } from 'node:crypto';
import type { DerElement } from './derElements.js';
import { elementAt, elementsIn } from './derElements.js';

/** What tells one key from another. */
export interface KeyParts {
  /** The SubjectPublicKeyInfo, as encoded. */
  readonly publicKey: Buffer;
  /** Upper-case hex; undefined where the certificate has none (RFC 5280, 4.2.1.1 and 4.2.1.2). */
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
}

const EXPLICIT_VERSION = 0xa0;
const EXPLICIT_EXTENSIONS = 0xa3;
const OCTET_STRING = 0x04;
/** `[0] keyIdentifier` of AuthorityKeyIdentifier. */
const KEY_IDENTIFIER = 0x80;
/** Among the fields after the version: serial number, signature, issuer, validity, subject, public key. */
const PUBLIC_KEY_FIELD = 5;
/** 2.5.29.14 and 2.5.29.35 in DER. */
const SUBJECT_KEY_ID = Buffer.from('0603551d0e', 'hex');
const AUTHORITY_KEY_ID = Buffer.from('0603551d23', 'hex');

/** Throws for what is no X.509 certificate; node:crypto has read it before, so that means a bug. */
export function keyPartsOf(der: Buffer): KeyParts {
  const certificate = elementAt(der, 0);
  const tbs = elementAt(der, certificate.content);
  const fields = elementsIn(der, tbs).filter(({ tag }) => tag !== EXPLICIT_VERSION);
  const key = fields[PUBLIC_KEY_FIELD];
  if (key === undefined) throw new Error('not an X.509 certificate');
  const explicit = fields.find(({ tag }) => tag === EXPLICIT_EXTENSIONS);
  const extensions = explicit === undefined ? [] : elementsIn(der, elementAt(der, explicit.content));
  return {
    publicKey: der.subarray(key.start, key.end),
    subjectKeyId: subjectKeyIdIn(der, valueOf(der, extensions, SUBJECT_KEY_ID)),
    authorityKeyId: authorityKeyIdIn(der, valueOf(der, extensions, AUTHORITY_KEY_ID)),
  };
}

/** The extension's OCTET STRING; whether it is critical stands between and does not matter here. */
function valueOf(der: Buffer, extensions: readonly DerElement[], oid: Buffer): DerElement | undefined {
  const found = extensions.find(({ content }) => der.subarray(content, content + oid.length).equals(oid));
  return found && elementsIn(der, found).find(({ tag }) => tag === OCTET_STRING);
}

function subjectKeyIdIn(der: Buffer, value: DerElement | undefined): string | undefined {
  return value && hex(der, elementAt(der, value.content));
}

function authorityKeyIdIn(der: Buffer, value: DerElement | undefined): string | undefined {
  const identifier = value && elementsIn(der, elementAt(der, value.content)).find(({ tag }) => tag === KEY_IDENTIFIER);
  return identifier && hex(der, identifier);
}

function hex(der: Buffer, { content, end }: DerElement): string {
  return der.toString('hex', content, end).toUpperCase();
}

/** SHA-256, written as node:crypto writes fingerprints. */
export function sha256(bytes: Buffer): string {
  const digest = createHash('sha256').update(bytes).digest('hex').toUpperCase();
  return digest.replace(/(..)(?!$)/g, '$1:');
}
