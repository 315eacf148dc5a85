// Where the fields of a certificate stand in its DER: its public key, and what is in an extension.
import type { DerElement } from './derElements.js';
import { elementAt, elementsIn, onlyElementIn } from './derElements.js';

export interface CertificateFields {
  /** The SubjectPublicKeyInfo. */
  readonly publicKey: DerElement;
  readonly extensions: readonly DerElement[];
}

const EXPLICIT_VERSION = 0xa0;
const EXPLICIT_EXTENSIONS = 0xa3;
const OCTET_STRING = 0x04;
/** Among the fields after the version: serial number, signature, issuer, validity, subject, public key. */
const PUBLIC_KEY_FIELD = 5;

/** Throws for what is not DER of an X.509 certificate. */
export function fieldsOf(der: Buffer): CertificateFields {
  const certificate = elementAt(der, 0);
  const tbs = elementAt(der, certificate.content);
  const fields = elementsIn(der, tbs).filter(({ tag }) => tag !== EXPLICIT_VERSION);
  const publicKey = fields[PUBLIC_KEY_FIELD];
  if (publicKey === undefined) throw new Error('not an X.509 certificate');
  const explicit = fields.find(({ tag }) => tag === EXPLICIT_EXTENSIONS);
  return { publicKey, extensions: explicit === undefined ? [] : elementsIn(der, onlyElementIn(der, explicit)) };
}

/**
 * The element in the extension's OCTET STRING; whether it is critical stands between and does not matter here. Undefined where
 * there is no such extension. Throws where it is malformed or there twice: whoever parses a certificate passes over the content of
 * its extensions, so anything may stand there.
 */
export function extensionIn(der: Buffer, extensions: readonly DerElement[], oid: Buffer): DerElement | undefined {
  const [found, ...more] = extensions.filter(({ content }) => der.subarray(content, content + oid.length).equals(oid));
  if (found === undefined) return undefined;
  const value = elementsIn(der, found).find(({ tag }) => tag === OCTET_STRING);
  if (value === undefined || more.length > 0) throw new Error('not one extension of this kind');
  return onlyElementIn(der, value);
}
