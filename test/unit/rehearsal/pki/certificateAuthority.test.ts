// Certificates of the rehearsal's CAs, verified by node:crypto and by openssl.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { authorityInSecret, pluggedInCaSecret, selfSignedCaSecret, splitPem } from '../../../../src/rehearsal/pki/caSecrets.js';
import {
  createPluggedInAuthority,
  createRehearsalMeshCa,
  createSelfSignedAuthority,
  issueWorkloadChain,
  signerOf,
} from '../../../../src/rehearsal/pki/certificateAuthority.js';
import { generateEcKey, generateRsaKey } from '../../../../src/rehearsal/pki/keySource.js';
import type { CertificateAuthority } from '../../../../src/rehearsal/pki/certificateAuthority.js';

const NOW = new Date('2026-03-01T12:00:00Z');
const SPIFFE = 'spiffe://cluster.local/ns/foo/sa/httpbin';
const KEY = generateRsaKey().publicKey;
const CITADEL = createSelfSignedAuthority('cluster.local', NOW, generateRsaKey);
const OTHER_CITADEL = createSelfSignedAuthority('cluster.local', NOW, generateRsaKey);
const PLUGGED_IN = createPluggedInAuthority('Rehearsal', NOW, generateRsaKey);
const MESH_CA = createRehearsalMeshCa(NOW, generateRsaKey);
const PLUGGED_IN_EC = createPluggedInAuthority('Rehearsal', NOW, generateEcKey);
const EC_KEY = generateEcKey().publicKey;
/** Leaves of either key under CAs of either key. */
const KINDS = [
  ['RSA under RSA', PLUGGED_IN, KEY],
  ['EC under RSA', MESH_CA, EC_KEY],
  ['RSA under EC', PLUGGED_IN_EC, KEY],
  ['EC under EC', PLUGGED_IN_EC, EC_KEY],
] as const;

function chainOf(authority: CertificateAuthority): X509Certificate[] {
  return splitPem(issueWorkloadChain(signerOf(authority), SPIFFE, KEY, NOW)).map((pem) => new X509Certificate(pem));
}

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version']);
    return true;
  } catch {
    return false;
  }
}

describe('a workload certificate chain', () => {
  for (const [name, authority, length] of [['a self-signed CA', CITADEL, 2], ['a plugged-in CA', PLUGGED_IN, 3], ['Mesh CA', MESH_CA, 3]] as const) {
    it(`of ${name} verifies link by link, root last`, () => {
      const chain = chainOf(authority);
      assert.equal(chain.length, length);
      chain.forEach((certificate, index) => {
        const issuer = chain[index + 1] ?? certificate;
        assert.ok(certificate.checkIssued(issuer), `link ${index} is named as issued`);
        assert.ok(certificate.verify(issuer.publicKey), `link ${index} is signed`);
      });
      assert.equal(chain.at(-1)?.raw.toString('hex'), new X509Certificate(authority.rootPem).raw.toString('hex'));
    });
  }

  it('begins with a leaf of empty subject, one URI name and 24 hours', () => {
    const [leaf] = chainOf(CITADEL);
    assert.equal(leaf?.subject, undefined);
    assert.equal(leaf?.subjectAltName, `URI:${SPIFFE}`);
    assert.equal(leaf.ca, false);
    assert.equal(leaf.validTo, 'Mar  2 12:00:00 2026 GMT');
    assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2']);
    assert.ok(leaf.publicKey.equals(KEY));
  });

  for (const [name, authority, key] of KINDS) {
    it(`verifies with ${name}`, () => {
      const chain = splitPem(issueWorkloadChain(signerOf(authority), SPIFFE, key, NOW)).map((pem) => new X509Certificate(pem));
      chain.forEach((certificate, index) => {
        const issuer = chain[index + 1] ?? certificate;
        assert.ok(certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey), `link ${index}`);
      });
      assert.equal(chain[0]?.publicKey.asymmetricKeyType, key.asymmetricKeyType);
    });
  }

  it('is accepted by openssl, where there is one', () => {
    if (!hasOpenssl()) return;
    const folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-test-'));
    try {
      const [roots, chain] = [path.join(folder, 'roots.pem'), path.join(folder, 'chain.pem')];
      for (const [authority, key] of [[CITADEL, KEY], ...KINDS.map(([, issuer, leafKey]) => [issuer, leafKey] as const)] as const) {
        writeFileSync(roots, authority.rootPem);
        writeFileSync(chain, issueWorkloadChain(signerOf(authority), SPIFFE, key, NOW));
        const moment = String(NOW.getTime() / 1000);
        const verdict = execFileSync('openssl', ['verify', '-attime', moment, '-CAfile', roots, '-untrusted', chain, chain]);
        assert.match(verdict.toString(), /: OK/u);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('roots', () => {
  it('of two Citadels have one subject and two keys', () => {
    const [one, other] = [CITADEL, OTHER_CITADEL].map(({ rootPem }) => new X509Certificate(rootPem));
    assert.equal(one?.subject, 'O=cluster.local');
    assert.equal(one.subject, other?.subject);
    assert.notEqual(one.fingerprint256, other?.fingerprint256);
    assert.ok(one.checkIssued(other!), 'the names fit');
    assert.equal(one.verify(other!.publicKey), false, 'the signature does not');
  });

  it('of the rehearsal’s Mesh CA have the real name and dates', () => {
    const root = new X509Certificate(MESH_CA.rootPem);
    assert.match(root.subject, /\nCN=istio_v1_cloud_workload_root-signer-0-2018-04-25T14:11:33-07:00 K:1\\, 1:H52vgwEm3tc:0:18$/u);
    assert.equal(root.validFrom, 'Apr 25 21:11:33 2018 GMT');
    assert.equal(root.validTo, 'Apr 25 21:11:33 2118 GMT');
  });
});

describe('a CA in its Secret', () => {
  it('comes out as it went in', () => {
    assert.deepEqual(authorityInSecret(pluggedInCaSecret(PLUGGED_IN)), PLUGGED_IN);
    assert.deepEqual(authorityInSecret(selfSignedCaSecret(CITADEL)), CITADEL);
  });

  it('is none when the key belongs to another certificate', () => {
    const secret = pluggedInCaSecret(PLUGGED_IN);
    const { data } = pluggedInCaSecret(PLUGGED_IN_EC);
    const key = (data as Record<string, string>)['ca-key.pem'];
    assert.equal(authorityInSecret({ ...secret, data: { ...(secret.data as object), 'ca-key.pem': key } }), undefined);
    assert.deepEqual(authorityInSecret(pluggedInCaSecret(PLUGGED_IN_EC)), PLUGGED_IN_EC);
  });

  it('is none when the key is missing', () => {
    const { data, ...rest } = pluggedInCaSecret(PLUGGED_IN);
    const others = { ...(data as Record<string, string>), 'ca-key.pem': '' };
    assert.equal(authorityInSecret({ ...rest, data: others }), undefined);
  });
});
