// Thousands of proxies' answers out of a small store: distinct leaves under a few chains, each answer written when it is asked for.
import { createHash, generateKeyPairSync, X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { createPluggedInAuthority, createSelfSignedAuthority, issueWorkloadChain, signerOf } from '../../src/rehearsal/pki/certificateAuthority.js';
import type { LeafSigner } from '../../src/rehearsal/pki/certificateAuthority.js';
import { generateRsaKey } from '../../src/rehearsal/pki/keySource.js';
import { chainEntry, flatAnswer, rootsEntry } from '../support/envoyAnswers.js';

/** One chain in this many has an intermediate, as a plugged-in CA does. */
const PLUGGED_IN_EVERY = 4;

export interface SignedCertificate {
  readonly der: Buffer;
  readonly issuerKey: KeyObject;
}

export interface CertificateStock {
  /** Every certificate of all answers once, with the key that signed it. */
  readonly distinct: readonly SignedCertificate[];
  /** One of the roots. */
  readonly rootPem: string;
  /** What Envoy of that proxy would answer to a query for its active secrets. */
  answer(proxy: number): string;
}

/** As many proxies as leaves; proxy i is under chain i modulo chains and trusts its own root and the next one, as half-way through a migration. */
export function createCertificateStock(leaves: number, chains: number): CertificateStock {
  const now = new Date();
  const signers = Array.from({ length: chains }, (_, index): LeafSigner => {
    const name = `mesh-${index}.example`;
    return signerOf(index % PLUGGED_IN_EVERY === 0 ? createPluggedInAuthority(name, now, generateRsaKey) : createSelfSignedAuthority(name, now, generateRsaKey));
  });
  const signerOfProxy = (proxy: number): LeafSigner => signers[proxy % chains]!;
  // One key for all: two certificates differ by serial number and name, and keys would take an hour.
  const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  // Bytes outside of the heap, which is to be measured.
  const leafDers = Array.from({ length: leaves }, (_, proxy) => {
    const chain = issueWorkloadChain(signerOfProxy(proxy), `spiffe://cluster.local/ns/team-${proxy % 500}/sa/app-${proxy}`, publicKey, now);
    return derOf(chain.slice(0, chain.indexOf('-----END')));
  });
  const upperPem = signers.map(({ authority }) => [...authority.intermediatePems, authority.rootPem].join(''));
  const bundlePem = signers.map(({ authority }, index) => authority.rootPem + signers[(index + 1) % chains]!.authority.rootPem);
  return {
    distinct: [...leafDers.map((der, proxy) => ({ der, issuerKey: signerOfProxy(proxy).publicKey })), ...signers.flatMap(authoritiesOf)],
    rootPem: signers[0]!.authority.rootPem,
    answer: (proxy) => {
      const chain = `${pemOf(leafDers[proxy]!)}${upperPem[proxy % chains]!}`;
      return JSON.stringify(flatAnswer([chainEntry(chain), rootsEntry(bundlePem[proxy % chains]!)]));
    },
  };
}

/** Root and intermediate of a signer. */
function authoritiesOf({ authority }: LeafSigner): readonly SignedCertificate[] {
  const rootKey = new X509Certificate(authority.rootPem).publicKey;
  return [authority.rootPem, ...authority.intermediatePems].map((pem) => ({ der: derOf(pem), issuerKey: rootKey }));
}

/** How many different certificates these are, so that a figure per distinct certificate is one. */
export function countDistinct(certificates: readonly SignedCertificate[]): number {
  return new Set(certificates.map(({ der }) => createHash('sha256').update(der).digest('base64'))).size;
}

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----[^-]+-----/g, ''), 'base64');
}

function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64').replace(/(.{64})(?!$)/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
}
