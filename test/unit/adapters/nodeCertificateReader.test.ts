// Reading certificates: every key type, every way in which PEM texts are untidy, and signatures rather than names.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { certificate, fingerprint, pemOf, reader } from '../../support/trustCertificates.js';

function reasonOf(pem: string): string {
  const read = reader.read(pem);
  assert.ok(!read.ok && read.failure.kind === 'certificateUnreadable');
  return read.failure.reason;
}

function subjectsOf(pem: string): readonly string[] {
  const read = reader.read(pem);
  assert.ok(read.ok);
  return read.value.map(({ subject }) => subject);
}

describe('node certificate reader', () => {
  it('reads identity, names, serial and dates of a workload certificate', () => {
    const leaf = certificate('citadel-leaf');
    assert.deepEqual(leaf.uris, ['spiffe://cluster.local/ns/foo/sa/httpbin']);
    assert.equal(leaf.subject, '');
    assert.equal(leaf.issuer, 'O=cluster.local');
    assert.match(leaf.serial, /^([0-9A-F]{2})+$/);
    assert.match(leaf.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.ok(leaf.notBefore < leaf.notAfter);
    assert.equal(leaf.selfSigned, false);
  });

  it('reads elliptic curve certificates', () => {
    assert.equal(certificate('ec-leaf').keyType, 'ec');
    assert.ok(reader.isSignedBy(certificate('ec-leaf'), certificate('ec-intermediate')));
    assert.ok(certificate('ec-root').selfSigned);
  });

  it('takes the SHA-256 of the encoded certificate as its fingerprint', () => {
    const encoded = Buffer.from(pemOf('mesh-root').replace(/-----[^-]+-----/g, ''), 'base64');
    const hash = createHash('sha256').update(encoded).digest('hex').toUpperCase();
    assert.equal(fingerprint('mesh-root').replaceAll(':', ''), hash);
  });

  it('tells two roots of equal names apart by the signature', () => {
    const [own, other] = [certificate('citadel-root'), certificate('citadel-root-of-another-cluster')];
    assert.equal(own.subject, other.subject);
    assert.notEqual(own.fingerprint, other.fingerprint);
    assert.ok(reader.isSignedBy(certificate('citadel-leaf'), own));
    assert.ok(!reader.isSignedBy(certificate('citadel-leaf'), other));
  });

  it('reads every certificate of a bundle, in order', () => {
    assert.deepEqual(subjectsOf(pemOf('corporate-root', 'citadel-root')), ['C=DE\nO=Example Corp\nCN=Example Root', 'O=cluster.local']);
  });

  it('takes doubled newlines, Windows line ends and text between the certificates', () => {
    const tidy = pemOf('citadel-root', 'ec-root');
    const untidy = `Bag Attributes: none\r\n${tidy.replaceAll('\n', '\r\n\r\n')}\r\ntrailing words`.replace('-----BEGIN', 'subject=O\n-----BEGIN');
    assert.deepEqual(subjectsOf(untidy), ['O=cluster.local', 'O=ec.example']);
  });

  it('passes over blocks that are no certificates', () => {
    const key = '-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n';
    assert.deepEqual(subjectsOf(key + pemOf('citadel-root')), ['O=cluster.local']);
  });

  it('says which block is bad', () => {
    const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
    assert.match(reasonOf(pemOf('citadel-root') + broken), /^certificate 2 of the text/);
    assert.match(reasonOf('-----BEGIN CERTIFICATE-----\nAA!!\n-----END CERTIFICATE-----\n'), /certificate 1 .* not base64/);
    assert.match(reasonOf(pemOf('citadel-root') + '-----BEGIN CERTIFICATE-----\nAAAA'), /certificate 2 .* no end/);
    assert.match(reasonOf('no certificate'), /no certificate/);
  });
});
