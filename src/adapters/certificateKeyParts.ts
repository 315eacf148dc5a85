// Takes from a certificate's DER what node:crypto does not hand out: its public key as encoded, and its key identifiers.
import { createHash } from 'node:crypto';
import { extensionIn, fieldsOf } from './certificateFields.js';
import type { DerElement } from './derElements.js';
import { elementsIn } from './derElements.js';

/** What tells one key from another. */
export interface KeyParts {
  /** The SubjectPublicKeyInfo, as encoded. */
  readonly publicKey: Buffer;
  /** Upper-case hex; undefined where the certificate has none (RFC 5280, 4.2.1.1 and 4.2.1.2), or a malformed one. */
  readonly subjectKeyId: string | undefined;
  readonly authorityKeyId: string | undefined;
}

const SEQUENCE = 0x30;
const OCTET_STRING = 0x04;
/** `[0] keyIdentifier` of AuthorityKeyIdentifier. */
const KEY_IDENTIFIER = 0x80;
/** 2.5.29.14 and 2.5.29.35 in DER. */
const SUBJECT_KEY_ID = Buffer.from('0603551d0e', 'hex');
const AUTHORITY_KEY_ID = Buffer.from('0603551d23', 'hex');

/** Undefined for what is not DER: OpenSSL also takes BER, whose lengths may be left open. */
export function keyPartsOf(der: Buffer): KeyParts | undefined {
  return unlessMalformed(() => {
    const { publicKey, extensions } = fieldsOf(der);
    return {
      publicKey: der.subarray(publicKey.start, publicKey.end),
      // One malformed identifier says nothing of the other, or of the key.
      subjectKeyId: unlessMalformed(() => subjectKeyIdIn(der, extensions)),
      authorityKeyId: unlessMalformed(() => authorityKeyIdIn(der, extensions)),
    };
  });
}

function subjectKeyIdIn(der: Buffer, extensions: readonly DerElement[]): string | undefined {
  const identifier = extensionIn(der, extensions, SUBJECT_KEY_ID);
  return identifier?.tag === OCTET_STRING ? hex(der, identifier) : undefined;
}

function authorityKeyIdIn(der: Buffer, extensions: readonly DerElement[]): string | undefined {
  const value = extensionIn(der, extensions, AUTHORITY_KEY_ID);
  const identifier = value?.tag === SEQUENCE ? elementsIn(der, value).find(({ tag }) => tag === KEY_IDENTIFIER) : undefined;
  return identifier && hex(der, identifier);
}

function unlessMalformed<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function hex(der: Buffer, { content, end }: DerElement): string {
  return der.toString('hex', content, end).toUpperCase();
}

/** SHA-256, written as node:crypto writes fingerprints. */
export function sha256(bytes: Buffer): string {
  const digest = createHash('sha256').update(bytes).digest('hex').toUpperCase();
  return digest.replace(/(..)(?!$)/g, '$1:');
}
