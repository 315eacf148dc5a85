// Keys and key identifiers as they stand in the DER, against what OpenSSL makes of the same certificates.
import assert from 'node:assert/strict';
import { createHash, X509Certificate } from 'node:crypto';
import { keyPartsOf, sha256 } from '../../../src/adapters/certificateKeyParts.js';
import { factsOf, makeKey, makeRoot } from '../../support/madeCertificates.js';
import type { FixtureName } from '../../support/trustCertificates.js';
import { certificate, pemOf } from '../../support/trustCertificates.js';

const ALL: readonly FixtureName[] = ['citadel-root', 'citadel-leaf', 'mesh-root', 'mesh-intermediate', 'mesh-leaf', 'ec-root', 'ec-leaf', 'corporate-root'];

describe('the key of a certificate', () => {
  it('is taken out byte for byte, RSA and elliptic curve alike', () => {
    for (const name of ALL) {
      const parsed = new X509Certificate(pemOf(name));
      assert.deepEqual(keyPartsOf(parsed.raw).publicKey, parsed.publicKey.export({ type: 'spki', format: 'der' }), name);
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

  it('is not looked for in what is no certificate', () => {
    assert.throws(() => keyPartsOf(Buffer.from('3003020101', 'hex')));
    assert.throws(() => keyPartsOf(Buffer.from('30820fff', 'hex')));
    assert.equal(sha256(Buffer.from('abc')).slice(0, 8), 'BA:78:16');
  });
});
