// Certificates made for one test: roots that share a key or a name, with or without key identifiers, a leaf under them, and
// whatever a CA should not have made.
import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import type { CertificateFacts } from '../../src/domain/trust/certificateFacts.js';
import { buildCertificate } from '../../src/rehearsal/pki/certificateBuilder.js';
import type { Extension } from '../../src/rehearsal/pki/certificateExtensions.js';
import { basicConstraints, keyUsage, subjectAlternativeNames, subjectKeyIdentifier } from '../../src/rehearsal/pki/certificateExtensions.js';
import { objectIdentifier, octetString, sequence } from '../../src/rehearsal/pki/der.js';
import { encodeName } from '../../src/rehearsal/pki/distinguishedName.js';
import type { DistinguishedName } from '../../src/rehearsal/pki/distinguishedName.js';
import { reader } from './trustCertificates.js';

export interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export function makeKey(): KeyPair {
  return generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
}

interface RootWords {
  readonly key: KeyPair;
  readonly name?: DistinguishedName;
  readonly until?: string;
  readonly keyIds?: boolean;
}

const NOT_BEFORE = new Date('2025-01-01T00:00:00Z');
const CITADEL_NAME: DistinguishedName = [['O', 'cluster.local']];

/** PEM of a self-signed root; two of one key differ by their ends. */
export function makeRoot({ key, name = CITADEL_NAME, until = '2040-01-01T00:00:00Z', keyIds = true }: RootWords): string {
  const subject = encodeName(name);
  const extensions = [keyUsage('authority'), basicConstraints(true), ...(keyIds ? [subjectKeyIdentifier(key.publicKey)] : [])];
  return buildCertificate({ subject, issuer: subject, notBefore: NOT_BEFORE, notAfter: new Date(until), publicKey: key.publicKey, extensions }, key.privateKey);
}

/** PEM of a workload's certificate signed with a root's key. */
export function makeLeaf(key: KeyPair, spiffeId = 'spiffe://cluster.local/ns/foo/sa/httpbin', name = CITADEL_NAME): string {
  const { publicKey } = makeKey();
  const extensions = [keyUsage('workload'), basicConstraints(false), subjectAlternativeNames([{ kind: 'uri', value: spiffeId }], true)];
  const content = { subject: encodeName([]), issuer: encodeName(name), notBefore: NOT_BEFORE, notAfter: new Date('2039-01-01T00:00:00Z'), publicKey, extensions };
  return buildCertificate(content, key.privateKey);
}

/** An extension of any content, well-formed or not. */
export function rawExtension(identifier: string, contentHex: string): Extension {
  return sequence([objectIdentifier(identifier), octetString(Buffer.from(contentHex, 'hex').toString('latin1'))]);
}

export interface CertificateWords {
  readonly name: DistinguishedName;
  readonly key?: KeyPair;
  /** Itself where it is left out. */
  readonly issuer?: { readonly name: DistinguishedName; readonly key: KeyPair };
  readonly extensions?: readonly Extension[];
  readonly from?: string;
  readonly until?: string;
}

export interface MadeCertificate {
  readonly name: DistinguishedName;
  readonly key: KeyPair;
  readonly pem: string;
}

/** A certificate of exactly these extensions; without any said, one of a CA. */
export function makeCertificate(words: CertificateWords): MadeCertificate {
  const { name, key = makeKey(), issuer = { name, key }, extensions = [keyUsage('authority'), basicConstraints(true)], from, until } = words;
  const validity = { notBefore: from === undefined ? NOT_BEFORE : new Date(from), notAfter: new Date(until ?? '2040-01-01T00:00:00Z') };
  const content = { subject: encodeName(name), issuer: encodeName(issuer.name), ...validity, publicKey: key.publicKey, extensions };
  return { name, key, pem: buildCertificate(content, issuer.key.privateKey) };
}

export function factsOf(pem: string): CertificateFacts {
  const read = reader.read(pem);
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  return read.value[0]!;
}
