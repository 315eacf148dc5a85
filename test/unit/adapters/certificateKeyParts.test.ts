// Keys and key identifiers as they stand in the DER, against what OpenSSL makes of the same certificates.
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { keyPartsOf, sha256 } from '../../../src/adapters/certificateKeyParts.js';
import { factsOf, makeCertificate, makeKey, makeRoot, rawExtension } from '../../support/madeCertificates.js';
import type { FixtureName } from '../../support/trustCertificates.js';
import { certificate, pemOf } from '../../support/trustCertificates.js';

const SUBJECT_KEY_ID = '2.5.29.14';
const AUTHORITY_KEY_ID = '2.5.29.35';

/** What OpenSSL reads as a certificate all the same: lengths that are left open, too long, or lead out of the extension; another type; more than one value; none. */
const MALFORMED_KEY_IDS: readonly string[] = [
  `0480${'aa'.repeat(128)}`, '0487ffffffffffffff', '04ff', '0405aa', '3003020101', '0401aa00', '0401aa0401bb', '',
];

const ALL: readonly FixtureName[] = ['citadel-root', 'citadel-leaf', 'mesh-root', 'mesh-intermediate', 'mesh-leaf', 'ec-root', 'ec-leaf', 'corporate-root'];

describe('the key of a certificate', () => {
  it('is taken out byte for byte, RSA and elliptic curve alike', () => {
    for (const name of ALL) {
      const parsed = new X509Certificate(pemOf(name));
      assert.deepEqual(keyPartsOf(parsed.raw)?.publicKey, parsed.publicKey.export({ type: 'spki', format: 'der' }), name);
    }
  });

  it('is in the facts by its SHA-256, with its kind and size', () => {
    const spki = new X509Certificate(pemOf('mesh-root')).publicKey.export({ type: 'spki', format: 'der' });
    const digest = createHash('sha256').update(spki).digest('hex').toUpperCase();
    assert.equal(certificate('mesh-root').spki.replaceAll(':', ''), digest);
    assert.deepEqual([certificate('mesh-root').keyAlgorithm, certificate('ec-root').keyAlgorithm], ['RSA 2048', 'EC prime256v1']);
  });

  it('is the same in a root that was renewed with it, whose fingerprint is another', () => {
    const key = makeKey();
    const [first, renewed] = [factsOf(makeRoot({ key })), factsOf(makeRoot({ key, until: '2050-01-01T00:00:00Z' }))];
    assert.equal(first.spki, renewed.spki);
    assert.notEqual(first.fingerprint, renewed.fingerprint);
    assert.notEqual(first.spki, factsOf(makeRoot({ key: makeKey() })).spki);
  });

  it('has identifiers where the certificate names them: the issuer’s in what it signed', () => {
    const [root, intermediate] = [certificate('ec-root'), certificate('ec-intermediate')];
    assert.match(root.subjectKeyId ?? '', /^([0-9A-F]{2}){20}$/);
    assert.equal(intermediate.authorityKeyId ?? root.subjectKeyId, root.subjectKeyId);
    assert.equal(factsOf(makeRoot({ key: makeKey(), keyIds: false })).subjectKeyId, undefined);
  });

  it('has no identifier where that is malformed, and is told all the same', () => {
    for (const hex of MALFORMED_KEY_IDS) {
      const key = makeKey();
      const extensions = [rawExtension(SUBJECT_KEY_ID, hex), rawExtension(AUTHORITY_KEY_ID, hex)];
      const { spki, subjectKeyId, authorityKeyId } = factsOf(makeCertificate({ name: [['O', 'odd']], key, extensions }).pem);
      assert.deepEqual([subjectKeyId, authorityKeyId], [undefined, undefined], hex);
      assert.equal(spki, sha256(key.publicKey.export({ type: 'spki', format: 'der' })), hex);
    }
  });

  it('has no identifier where there are two, and keeps the one beside a malformed one', () => {
    const twice = factsOf(makeCertificate({ name: [['O', 'odd']], extensions: [rawExtension(SUBJECT_KEY_ID, '0401aa'), rawExtension(SUBJECT_KEY_ID, '0401bb')] }).pem);
    assert.equal(twice.subjectKeyId, undefined);
    const beside = factsOf(makeCertificate({ name: [['O', 'odd']], extensions: [rawExtension(SUBJECT_KEY_ID, '0401aa'), rawExtension(AUTHORITY_KEY_ID, '3087')] }).pem);
    assert.deepEqual([beside.subjectKeyId, beside.authorityKeyId], ['AA', undefined]);
  });

  it('is told of a certificate whose length is left open, which is no DER but a certificate to OpenSSL', () => {
    const { raw, publicKey } = new X509Certificate(pemOf('ec-root'));
    const open = Buffer.concat([Buffer.from('3080', 'hex'), raw.subarray(4), Buffer.from('0000', 'hex')]);
    const { spki } = factsOf(`-----BEGIN CERTIFICATE-----\n${open.toString('base64')}\n-----END CERTIFICATE-----\n`);
    assert.equal(spki, sha256(publicKey.export({ type: 'spki', format: 'der' })));
  });

  it('is not looked for in what is no certificate', () => {
    assert.equal(keyPartsOf(Buffer.from('3003020101', 'hex')), undefined);
    assert.equal(keyPartsOf(Buffer.from('30820fff', 'hex')), undefined);
    assert.equal(sha256(Buffer.from('abc')).slice(0, 8), 'BA:78:16');
  });
});
