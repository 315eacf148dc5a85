// Reading leaves without node:crypto: the same facts and the same verdict on signatures as it has, whatever the bytes are.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import fc from 'fast-check';
import { createNodeCertificateReader } from '../../../src/adapters/nodeCertificateReader.js';
import { readWorkloadLeaf } from '../../../src/adapters/workloadLeaf.js';
import type { CertificateFacts } from '../../../src/domain/trust/certificateFacts.js';
import { createPluggedInAuthority, createSelfSignedAuthority, issueWorkloadChain, signerOf } from '../../../src/rehearsal/pki/certificateAuthority.js';
import { generateEcKey, generateRsaKey } from '../../../src/rehearsal/pki/keySource.js';
import type { KeySource } from '../../../src/rehearsal/pki/keySource.js';
import { pemOf } from '../../support/trustCertificates.js';

const NOW = new Date('2049-12-31T12:00:00Z');
const DAY_MS = 24 * 60 * 60 * 1000;

function derOf(pem: string): Buffer {
  return Buffer.from(pem.replace(/-----END[^]*$/, '').replace(/-----BEGIN CERTIFICATE-----/, ''), 'base64');
}

function pemOfDer(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}

interface Issued {
  readonly leaf: Buffer;
  /** The certificate that signed it. */
  readonly issuerPem: string;
}

function issued(newKey: KeySource, spiffeId = 'spiffe://cluster.local/ns/foo/sa/httpbin'): Issued {
  const authority = createPluggedInAuthority('Example Corp', NOW, newKey);
  return { leaf: derOf(issueWorkloadChain(signerOf(authority), spiffeId, generateEcKey().publicKey, NOW)), issuerPem: authority.certificatePem };
}

const ISSUED: Readonly<Record<'rsa' | 'ec', Issued>> = { rsa: issued(generateRsaKey), ec: issued(generateEcKey) };

function factsOf(pem: string): CertificateFacts | undefined {
  const read = createNodeCertificateReader().read(pem);
  return read.ok ? read.value[0] : undefined;
}

function isSigned(leaf: Buffer, issuerPem: string): boolean {
  const reader = createNodeCertificateReader();
  const [read, issuer] = [reader.read(pemOfDer(leaf)), reader.read(issuerPem)];
  return read.ok && issuer.ok && reader.isSignedBy(read.value[0]!, issuer.value[0]!);
}

describe('workload leaf', () => {
  for (const keys of ['rsa', 'ec'] as const) {
    it(`has the facts that node:crypto finds in it (${keys})`, () => {
      const { leaf } = ISSUED[keys];
      const quick = readWorkloadLeaf(leaf);
      const whole = new X509Certificate(leaf);
      assert.ok(quick);
      assert.equal(quick.serial, whole.serialNumber);
      assert.deepEqual([quick.notBefore, quick.notAfter], [Date.parse(whole.validFrom), Date.parse(whole.validTo)]);
      assert.equal(quick.uris.map((uri) => `URI:${uri}`).join(', '), whole.subjectAltName);
      assert.equal(quick.keyType, keys);
    });

    it(`is signed by its issuer and not by another of the same name (${keys})`, () => {
      const { leaf, issuerPem } = ISSUED[keys];
      assert.ok(isSigned(leaf, issuerPem));
      assert.ok(!isSigned(leaf, createPluggedInAuthority('Example Corp', NOW, generateRsaKey).certificatePem));
      assert.ok(!isSigned(leaf, createPluggedInAuthority('Example Corp', NOW, generateEcKey).certificatePem));
    });

    it(`is never signed after any change of its bytes, unless node:crypto says so too (${keys})`, () => {
      const { leaf, issuerPem } = ISSUED[keys];
      const issuer = new X509Certificate(issuerPem);
      fc.assert(
        fc.property(fc.nat(leaf.length - 1), fc.integer({ min: 1, max: 255 }), fc.nat(40), (at, flip, cut) => {
          const changed = Buffer.from(leaf.subarray(0, leaf.length - (cut > 20 ? cut - 20 : 0)));
          if (at < changed.length) changed.writeUInt8(changed.readUInt8(at) ^ flip, at);
          assert.equal(isSigned(changed, issuerPem), isSignedForNode(changed, issuer));
        }),
        { numRuns: 400 },
      );
    });
  }

  it('reads dates from 2050 on, which are written otherwise', () => {
    const { leaf } = issued(generateEcKey);
    const quick = readWorkloadLeaf(leaf);
    assert.equal(quick?.notAfter, NOW.getTime() + DAY_MS);
    assert.equal(quick.notBefore, Date.parse(new X509Certificate(leaf).validFrom));
  });

  it('leaves to node:crypto what is no such leaf: authorities, subjects, names that have to be quoted', () => {
    assert.equal(readWorkloadLeaf(derOf(pemOf('citadel-root'))), undefined);
    assert.equal(readWorkloadLeaf(derOf(pemOf('mesh-intermediate'))), undefined);
    const odd = 'spiffe://cluster.local/ns/foo/sa/a,b';
    const { leaf } = issued(generateEcKey, odd);
    assert.equal(readWorkloadLeaf(leaf), undefined);
    assert.deepEqual(factsOf(pemOfDer(leaf))?.uris, [odd]);
  });

  it('still has the facts that are asked for late: issuer, key and text', () => {
    const authority = createSelfSignedAuthority('cluster.local', NOW, generateRsaKey);
    const pem = issueWorkloadChain(signerOf(authority), 'spiffe://cluster.local/ns/foo/sa/a', generateEcKey().publicKey, NOW);
    const leaf = factsOf(pem);
    assert.equal(leaf?.issuer, 'O=cluster.local');
    assert.equal(leaf.keyAlgorithm, 'EC prime256v1');
    assert.ok(pem.startsWith(leaf.pem));
    assert.deepEqual({ ...leaf }, factsOf(leaf.pem));
  });
});

function isSignedForNode(der: Buffer, issuer: X509Certificate): boolean {
  try {
    const leaf = new X509Certificate(der);
    return leaf.checkIssued(issuer) && leaf.verify(issuer.publicKey);
  } catch {
    return false;
  }
}
