// Roots that share a key or a name: what is the same CA, what only looks so, and what a verifier may mix up.
import assert from 'node:assert/strict';
import { unknownTrustMessage } from '../../../../src/app/trust/matrixWords.js';
import { trustRow } from '../../../../src/app/trust/trustPresenter.js';
import { findAmbiguousRoots } from '../../../../src/domain/trust/ambiguousRoots.js';
import { authenticate } from '../../../../src/domain/trust/authentication.js';
import type { CertificateFacts } from '../../../../src/domain/trust/certificateFacts.js';
import type { NamedRoot } from '../../../../src/domain/trust/proxyTrust.js';
import { gatherRootKnowledge, MESH_CA_KEY, nameRoot } from '../../../../src/domain/trust/rootNames.js';
import { classifyProxies } from '../../../../src/domain/trust/trustClasses.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { factsOf, makeKey, makeRoot } from '../../../support/madeCertificates.js';
import { certificate } from '../../../support/trustCertificates.js';
import { caRoots, cluster, NOW, pod, snapshot } from '../../../support/trustMesh.js';
import type { ProxyWords } from '../../../support/trustPositions.js';
import { proxy } from '../../../support/trustPositions.js';

const KEY = makeKey();
const FIRST = factsOf(makeRoot({ key: KEY }));
const RENEWED = factsOf(makeRoot({ key: KEY, until: '2050-01-01T00:00:00Z' }));
const NAMESAKE = factsOf(makeRoot({ key: makeKey() }));

function named(facts: CertificateFacts): NamedRoot {
  return { fingerprint: facts.fingerprint, subject: facts.subject, notAfter: facts.notAfter, name: { kind: 'other' }, certificate: facts };
}

function between(client: ProxyWords, server: ProxyWords): string {
  const [from, to] = classifyProxies([proxy('client', client), proxy('server', server)], NOW);
  return authenticate(from!, to ?? from!, NOW).kind;
}

describe('a root renewed with its key', () => {
  const knowledge = gatherRootKnowledge([
    snapshot('one', [], { caRoots: new Map([['default', { ...caRoots(FIRST.fingerprint).get('default')!, keys: [FIRST.spki] }]]) }),
  ]);

  it('is the Istio CA whose key it has, said to be another certificate of it', () => {
    assert.deepEqual(nameRoot(RENEWED, cluster('one'), knowledge), { kind: 'istioCa', clusters: ['one'], renewed: true });
    assert.deepEqual(nameRoot(FIRST, cluster('one'), knowledge), { kind: 'istioCa', clusters: ['one'] });
    assert.equal(nameRoot(NAMESAKE, cluster('one'), knowledge).kind, 'unknownIstioCa');
  });

  it('is Mesh CA with Mesh CA’s key, and a lookalike with its name alone', () => {
    assert.deepEqual(nameRoot({ ...RENEWED, spki: MESH_CA_KEY }, cluster('one'), knowledge), { kind: 'meshCa', rehearsal: false, renewed: true });
    assert.equal(nameRoot(certificate('lookalike-root'), cluster('one'), knowledge).kind, 'lookalike');
  });

  it('verifies what the one before it signed, and the other way round, unless both have expired', () => {
    const [old, renewed] = [named(FIRST), named(RENEWED)];
    assert.equal(between({ anchors: [old], signedBy: old }, { anchors: [renewed], signedBy: renewed }), 'authenticates');
    assert.equal(between({ anchors: [{ ...old, notAfter: NOW }, renewed], signedBy: renewed }, { anchors: [renewed], signedBy: old }), 'authenticates');
    assert.equal(between({ anchors: [{ ...old, notAfter: NOW }], signedBy: renewed }, { anchors: [renewed], signedBy: renewed }), 'broken');
  });

  it('is not taken for a root of its name with another key', () => {
    assert.equal(between({ anchors: [named(FIRST)], signedBy: named(FIRST) }, { anchors: [named(NAMESAKE)], signedBy: named(NAMESAKE) }), 'broken');
  });
});

describe('two roots of one name', () => {
  it('may be mixed up when they have other keys and no key identifiers', () => {
    const [one, other] = [makeKey(), makeKey()].map((key) => named(factsOf(makeRoot({ key, keyIds: false }))));
    assert.equal(findAmbiguousRoots([one!, other!]), other);
    assert.equal(findAmbiguousRoots([named(FIRST), other!]), other);
  });

  it('leave a proxy that trusts both unknown to everybody, in the matrix and in its row, until one of them has expired', () => {
    const [one, other] = [makeKey(), makeKey()].map((key) => named(factsOf(makeRoot({ key, keyIds: false }))));
    const both: ProxyWords = { anchors: [one!, other!], signedBy: one! };
    const [mixed] = classifyProxies([proxy('mixed', both)], NOW);
    assert.deepEqual(mixed?.kind === 'unknown' && mixed.why, { kind: 'ambiguousRoots', subject: other!.subject });
    assert.match(textRenderer('en')(unknownTrustMessage({ kind: 'ambiguousRoots', subject: other!.subject })), /two roots named O=cluster\.local with different keys/);
    assert.equal(between(both, { anchors: [one!], signedBy: one! }), 'unknown');
    const target = { cluster: cluster('one'), pod: pod('foo', 'mixed') };
    assert.equal(trustRow(target, proxy('mixed', both).trust, NOW).state, 'unknown');
    const ended: ProxyWords = { anchors: [one!, { ...other!, notAfter: NOW }], signedBy: one! };
    assert.equal(between(ended, { anchors: [one!], signedBy: one! }), 'authenticates');
    assert.equal(trustRow(target, proxy('mixed', ended).trust, NOW).state, 'read');
  });

  it('are told apart by key identifiers, and need not be when their key is one', () => {
    assert.equal(findAmbiguousRoots([named(FIRST), named(NAMESAKE)]), undefined);
    assert.equal(findAmbiguousRoots([named(FIRST), named(RENEWED)]), undefined);
    assert.equal(findAmbiguousRoots([named(certificate('mesh-root')), named(certificate('citadel-root'))]), undefined);
  });
});
