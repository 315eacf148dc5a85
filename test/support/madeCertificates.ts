// Certificates made for one test: roots that share a key or a name, with or without key identifiers, and a leaf under them.
import type { KeyObject } from 'node:crypto';
import { generateKeyPairSync } from 'node:crypto';
import type { CertificateFacts } from '../../src/domain/trust/certificateFacts.js';
import { buildCertificate } from '../../src/rehearsal/pki/certificateBuilder.js';
import { basicConstraints, keyUsage, subjectAlternativeNames, subjectKeyIdentifier } from '../../src/rehearsal/pki/certificateExtensions.js';
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

export function factsOf(pem: string): CertificateFacts {
  const read = reader.read(pem);
  if (!read.ok) throw new Error(JSON.stringify(read.failure));
  return read.value[0]!;
}
