// What a proxy trusts and who signed its certificate, from what its Envoy holds.
import assert from 'node:assert/strict';
import { parseSecretDump } from '../../../../src/domain/trust/envoyDump.js';
import { judgeProxy } from '../../../../src/domain/trust/judgeProxy.js';
import type { ProxyTrust } from '../../../../src/domain/trust/proxyTrust.js';
import { gatherRootKnowledge, nameRoot } from '../../../../src/domain/trust/rootNames.js';
import type { Entry } from '../../../support/envoyAnswers.js';
import { chainEntry, emptyEntry, fullAnswer, rootsEntry, spiffeRootsEntry } from '../../../support/envoyAnswers.js';
import { certificate as certificateOf, fingerprint, pemOf, reader } from '../../../support/trustCertificates.js';
import { caRoots, cluster, snapshot } from '../../../support/trustMesh.js';

const KNOWLEDGE = gatherRootKnowledge([
  snapshot('one', [], { caRoots: caRoots(fingerprint('citadel-root')), declaredMeshCaRoots: [fingerprint('mesh-root')] }),
]);

function judge(active: readonly Entry[], warming: readonly Entry[] = []): ProxyTrust {
  const dump = parseSecretDump(fullAnswer(active, warming));
  assert.ok(dump.ok);
  return judgeProxy(dump.value, {
    readBundle: (pem) => reader.read(pem),
    readChain: (pem) => reader.read(pem),
    isSignedBy: (certificate, issuer) => reader.isSignedBy(certificate, issuer),
    nameRoot: (root) => nameRoot(root, cluster('one'), KNOWLEDGE),
  });
}

function rootKinds({ anchors }: ProxyTrust): readonly string[] {
  assert.ok(anchors.state === 'active');
  return anchors.value.map(({ name }) => name.kind);
}

const CITADEL_CHAIN = chainEntry(pemOf('citadel-leaf', 'citadel-root'));

describe('what a proxy trusts', () => {
  it('is every root of its bundle, also behind the first', () => {
    assert.deepEqual(rootKinds(judge([CITADEL_CHAIN, rootsEntry(pemOf('citadel-root', 'mesh-root'))])), ['istioCa', 'meshCa']);
    assert.deepEqual(rootKinds(judge([CITADEL_CHAIN, rootsEntry(pemOf('mesh-root', 'citadel-root'))])), ['meshCa', 'istioCa']);
    assert.deepEqual(rootKinds(judge([CITADEL_CHAIN, rootsEntry(pemOf('citadel-root', 'lookalike-root'))])), ['istioCa', 'lookalike']);
  });

  it('is each root for the trust domains whose bundles hold it, under SPIFFE validation', () => {
    const { anchors } = judge([spiffeRootsEntry(['east', pemOf('citadel-root')], ['west', pemOf('mesh-root', 'citadel-root')])]);
    assert.ok(anchors.state === 'active');
    assert.deepEqual(anchors.value.map(({ name, trustDomains }) => [name.kind, trustDomains]), [['istioCa', ['east', 'west']], ['meshCa', ['west']]]);
    const plain = judge([rootsEntry(pemOf('citadel-root'))]).anchors;
    assert.ok(plain.state === 'active' && plain.value[0]?.trustDomains === undefined);
  });

  it('counts a root that stands twice in the bundle once', () => {
    assert.deepEqual(rootKinds(judge([rootsEntry(pemOf('mesh-root', 'mesh-root'))])), ['meshCa']);
  });

  it('is not known while the bundle is on its way, not asked for, or broken', () => {
    assert.equal(judge([CITADEL_CHAIN], [emptyEntry('ROOTCA')]).anchors.state, 'warming');
    assert.equal(judge([CITADEL_CHAIN]).anchors.state, 'notLoaded');
    const broken = judge([CITADEL_CHAIN, rootsEntry('garbage')]).anchors;
    assert.ok(broken.state === 'unreadable' && broken.failure.kind === 'certificateUnreadable');
    assert.equal(judge([CITADEL_CHAIN, emptyEntry('ROOTCA')]).anchors.state, 'unreadable');
  });

  it('is flagged when two subscriptions hold different bundles', () => {
    const newer = rootsEntry(pemOf('citadel-root', 'mesh-root'), { updated: '2027-01-01T00:00:00Z' });
    const trust = judge([CITADEL_CHAIN, rootsEntry(pemOf('citadel-root')), newer]);
    assert.ok(trust.anchorsConflict);
    assert.deepEqual(rootKinds(trust), ['istioCa', 'meshCa']);
    assert.ok(!judge([CITADEL_CHAIN, rootsEntry(pemOf('citadel-root'))]).anchorsConflict);
  });
});

describe("a proxy's certificate", () => {
  it('has its identity, and the root that signed it by key', () => {
    const { certificate } = judge([CITADEL_CHAIN, rootsEntry(pemOf('citadel-root'))]);
    assert.ok(certificate.state === 'active');
    assert.equal(certificate.value.spiffeId, 'spiffe://cluster.local/ns/foo/sa/httpbin');
    assert.equal(certificate.value.signedBy?.fingerprint, fingerprint('citadel-root'));
    assert.equal(certificate.value.chain.length, 2);
  });

  it('goes with when its intermediates are valid, but not the roots that are presented with it, and roots with when they are', () => {
    const { anchors, certificate } = judge([chainEntry(pemOf('mesh-leaf', 'mesh-intermediate', 'mesh-root')), rootsEntry(pemOf('mesh-root'))]);
    const { notBefore, notAfter } = certificateOf('mesh-intermediate');
    assert.ok(certificate.state === 'active' && anchors.state === 'active');
    assert.deepEqual([certificate.value.intermediatesNotBefore, certificate.value.intermediatesNotAfter], [notBefore, notAfter]);
    assert.equal(anchors.value[0]?.notBefore, certificateOf('mesh-root').notBefore);
  });

  it('of an elliptic curve chain without its root is verified with the anchors', () => {
    const { certificate } = judge([chainEntry(pemOf('ec-leaf', 'ec-intermediate')), rootsEntry(pemOf('ec-root'))]);
    assert.ok(certificate.state === 'active');
    assert.equal(certificate.value.signedBy?.fingerprint, fingerprint('ec-root'));
  });

  it('has no signer when the presented root only has the right name', () => {
    const { certificate } = judge([chainEntry(pemOf('citadel-leaf', 'citadel-root-of-another-cluster'))]);
    assert.ok(certificate.state === 'active');
    assert.equal(certificate.value.signedBy, undefined);
  });

  it("is looked for among a gateway's own certificates by its name", () => {
    const own = chainEntry(pemOf('corporate-root'), { name: 'kubernetes://shop-tls' });
    const trust = judge([own, rootsEntry(pemOf('citadel-root')), CITADEL_CHAIN]);
    assert.deepEqual(trust.otherSecrets, ['kubernetes://shop-tls']);
    assert.ok(trust.certificate.state === 'active');
    assert.equal(trust.certificate.value.signedBy?.name.kind, 'istioCa');
    assert.equal(judge([own]).certificate.state, 'notLoaded');
  });
});
