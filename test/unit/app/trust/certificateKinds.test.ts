// Every kind of certificate and dump that a mesh may hold, from Envoy's JSON to the row that people see.
import assert from 'node:assert/strict';
import { trustRow } from '../../../../src/app/trust/trustPresenter.js';
import { parseSecretDump } from '../../../../src/domain/trust/envoyDump.js';
import { judgeProxy } from '../../../../src/domain/trust/judgeProxy.js';
import type { ProxyTrust } from '../../../../src/domain/trust/proxyTrust.js';
import { gatherRootKnowledge, nameRoot } from '../../../../src/domain/trust/rootNames.js';
import { succeed } from '../../../../src/shared/failure.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { TrustRow } from '../../../../src/shared/trustRows.js';
import { base64, camelCased, chainEntry, emptyEntry, flatAnswer, fullAnswer, rootsEntry } from '../../../support/envoyAnswers.js';
import { factsOf, makeKey, makeLeaf, makeRoot } from '../../../support/madeCertificates.js';
import { fingerprint, pemOf, reader } from '../../../support/trustCertificates.js';
import { caRoots, cluster, NOW, pod, snapshot } from '../../../support/trustMesh.js';

const KNOWLEDGE = gatherRootKnowledge([
  snapshot('one', [], { caRoots: caRoots(fingerprint('citadel-root')), declaredMeshCaRoots: [fingerprint('mesh-root')] }),
]);
const TARGET = { cluster: cluster('one'), pod: pod('foo', 'httpbin-1') };
const CHAIN = chainEntry(pemOf('citadel-leaf', 'citadel-root'));
const ROOTS = rootsEntry(pemOf('citadel-root'));
const english = textRenderer('en');

function judge(answer: unknown): ProxyTrust {
  const dump = parseSecretDump(answer);
  assert.ok(dump.ok);
  return judgeProxy(dump.value, {
    readBundle: (pem) => reader.read(pem),
    readChain: (pem) => reader.read(pem),
    isSignedBy: (certificate, issuer) => reader.isSignedBy(certificate, issuer),
    nameRoot: (root) => nameRoot(root, cluster('one'), KNOWLEDGE),
  });
}

function row(answer: unknown): TrustRow {
  return trustRow(TARGET, succeed(judge(answer)), NOW);
}

function short({ state, roots, signedBy, why }: TrustRow): object {
  return { state, roots: roots.map(({ label }) => label), signedBy: signedBy?.label, why: why && english(why) };
}

describe('the row of a proxy', () => {
  it('with roots by SPIRE, one bundle a trust domain and none in the chain, has every root and the one that signed', () => {
    const trust_domains = [
      { name: 'ec.example', trust_bundle: { inline_bytes: base64(pemOf('ec-root')) } },
      { name: 'corp.example', trust_bundle: { inline_string: pemOf('corporate-root') } },
    ];
    const validation_context = { trusted_ca: {}, custom_validator_config: { name: 'envoy.tls.cert_validator.spiffe', typed_config: { trust_domains } } };
    const spire = row(flatAnswer([chainEntry(pemOf('ec-leaf', 'ec-intermediate')), { name: 'ROOTCA', secret: { validation_context } }]));
    assert.deepEqual(short(spire), { state: 'read', roots: ['OTHER', 'OTHER'], signedBy: 'OTHER', why: undefined });
    assert.equal(spire.signedBy?.fingerprint, fingerprint('ec-root'));
  });

  it('with certificates from files is read where the agent serves them, and unknown with the path where Envoy reads them itself', () => {
    const served = flatAnswer([CHAIN, ROOTS, chainEntry(pemOf('corporate-root'), { name: 'file-cert:/etc/certs/cert-chain.pem~/etc/certs/key.pem' })]);
    assert.deepEqual(short(row(served)), { state: 'read', roots: ['CITADEL'], signedBy: 'CITADEL', why: undefined });
    const own = flatAnswer([CHAIN, { name: 'ROOTCA', secret: { validation_context: { trusted_ca: { filename: '/etc/certs/root-cert.pem' } } } }]);
    assert.deepEqual([row(own).state, english(row(own).why!)], ['unknown', 'the proxy gave an answer that cannot be read: secret ROOTCA is the file /etc/certs/root-cert.pem in the pod']);
  });

  it('with elliptic curve keys is verified like any other', () => {
    const trust = row(flatAnswer([chainEntry(pemOf('ec-leaf', 'ec-intermediate', 'ec-root')), rootsEntry(pemOf('ec-root'))]));
    assert.deepEqual([trust.state, trust.signedBy?.fingerprint, trust.spiffeId], ['read', fingerprint('ec-root'), 'spiffe://ec.example/ns/foo/sa/sleep']);
  });

  it('with every secret twice has the newer of each, and is unknown where the roots differ', () => {
    const newer = { updated: '2027-01-01T00:00:00.5Z' };
    const same = flatAnswer([CHAIN, ROOTS, chainEntry(pemOf('mesh-leaf', 'mesh-intermediate', 'mesh-root'), newer), rootsEntry(pemOf('citadel-root'), newer)]);
    assert.deepEqual(short(row(same)), { state: 'read', roots: ['CITADEL'], signedBy: 'MESHCA', why: undefined });
    const differing = flatAnswer([rootsEntry(pemOf('citadel-root', 'mesh-root'), newer), CHAIN, ROOTS]);
    assert.deepEqual(short(row(differing)), { state: 'unknown', roots: ['CITADEL', 'MESHCA'], signedBy: 'CITADEL', why: 'it holds two different sets of roots; shown is the newer one' });
  });

  it('that waits for its CA is not one that trusts nothing, and one that loaded nothing is neither', () => {
    const warming = row(fullAnswer([CHAIN], [emptyEntry('ROOTCA')]));
    assert.deepEqual(short(warming), { state: 'unknown', roots: [], signedBy: 'CITADEL', why: 'still waiting for its CA to deliver' });
    assert.equal(row({}).state, 'notLoaded');
    assert.equal(row(flatAnswer([chainEntry(pemOf('corporate-root'), { name: 'kubernetes://shop-tls' })])).state, 'notLoaded');
  });

  it('is the same in the spellings of Envoy and istioctl, flat and whole, in any order', () => {
    const expected = { state: 'read', roots: ['CITADEL'], signedBy: 'CITADEL', why: undefined };
    const old = fullAnswer([CHAIN, ROOTS], [], 'type.googleapis.com/envoy.admin.v2alpha.SecretsConfigDump');
    for (const answer of [flatAnswer([CHAIN, ROOTS]), fullAnswer([ROOTS, CHAIN]), old, camelCased(fullAnswer([CHAIN, ROOTS])), camelCased({ dynamic_active_secrets: [ROOTS, CHAIN] })]) {
      assert.deepEqual(short(row(answer)), expected);
    }
  });

  it('of a gateway counts none of its own TLS secrets as mesh trust', () => {
    const own = [chainEntry(pemOf('mesh-leaf', 'mesh-intermediate', 'mesh-root'), { name: 'kubernetes://shop-tls' }), rootsEntry(pemOf('mesh-root'), { name: 'kubernetes://shop-tls-cacert' })];
    const answer = flatAnswer([...own, ROOTS, CHAIN]);
    assert.deepEqual(short(row(answer)), { state: 'read', roots: ['CITADEL'], signedBy: 'CITADEL', why: undefined });
    assert.deepEqual(judge(answer).otherSecrets, ['kubernetes://shop-tls', 'kubernetes://shop-tls-cacert']);
  });

  it('warns of roots that a verifier may mix up', () => {
    const [one, other] = [makeKey(), makeKey()];
    const pem = (keyIds: boolean): string => makeRoot({ key: one, keyIds }) + makeRoot({ key: other, keyIds });
    const chain = chainEntry(makeLeaf(one));
    assert.match(english(row(flatAnswer([chain, rootsEntry(pem(false))])).why!), /^it trusts two roots named O=cluster\.local with different keys/);
    assert.equal(row(flatAnswer([chain, rootsEntry(pem(true))])).why, undefined);
  });

  it('signed under a renewed root names the one that it trusts', () => {
    const key = makeKey();
    const [first, renewed] = [makeRoot({ key }), makeRoot({ key, until: '2050-01-01T00:00:00Z' })];
    const trust = row(flatAnswer([chainEntry(makeLeaf(key) + first), rootsEntry(renewed)]));
    assert.equal(trust.signedBy?.fingerprint, factsOf(renewed).fingerprint);
  });
});
