// What a proxy trusts after each of the things that can happen to it.
import assert from 'node:assert/strict';
import { anchorsOf, firstCertificate, isExpired, receivePush, renewalDue, renewCertificate, samePush } from '../../../../src/rehearsal/mesh/proxyTrust.js';

const CITADEL = { id: 'citadel', root: 'root-c', identityDomain: 'cluster.local' };
const MESH_CA = { id: 'meshca', root: 'root-m', identityDomain: 'fleet.svc.id.goog' };
const BOTH = { anchors: ['root-m', 'root-c'], acceptedDomains: ['cluster.local'], pinnedDomains: ['cluster.local'] };
const AGENT_116 = { listensForAnchors: true, resignsOnNewAnchors: false, speaksMeshCa: true };
const AGENT_123 = { listensForAnchors: true, resignsOnNewAnchors: true, speaksMeshCa: true };
const DEAF = { listensForAnchors: false, resignsOnNewAnchors: false, speaksMeshCa: true };

describe('the trust of a proxy', () => {
  it('is its CA’s root alone until the first push', () => {
    assert.deepEqual(anchorsOf(AGENT_123, firstCertificate(CITADEL, 1)), ['root-c']);
  });

  it('is the union of CA root and pushed anchors, sorted and without doubles', () => {
    const trust = receivePush(AGENT_123, firstCertificate(CITADEL, 1), BOTH, CITADEL, 2);
    assert.deepEqual(anchorsOf(AGENT_123, trust), ['root-c', 'root-m']);
  });

  it('does not grow in a proxy that does not listen for anchors', () => {
    const trust = receivePush(DEAF, firstCertificate(CITADEL, 1), BOTH, CITADEL, 2);
    assert.deepEqual(anchorsOf(DEAF, trust), ['root-c']);
    assert.deepEqual(trust.push?.acceptedDomains, ['cluster.local']);
    assert.equal(trust.anchorsChangedAt, 1);
  });

  it('changes together with the certificate in 1.23 agents, and alone in 1.16 agents', () => {
    const fresh = firstCertificate(CITADEL, 1);
    const [young, old] = [receivePush(AGENT_123, fresh, BOTH, CITADEL, 5), receivePush(AGENT_116, fresh, BOTH, CITADEL, 5)];
    assert.deepEqual([young.certifiedAt, young.anchorsChangedAt], [5, 5]);
    assert.deepEqual([old.certifiedAt, old.anchorsChangedAt], [1, 5]);
  });

  it('keeps the certificate when anchors change and nobody signs', () => {
    const trust = receivePush(AGENT_123, firstCertificate(CITADEL, 1), BOTH, undefined, 5);
    assert.equal(trust.certifiedAt, 1);
    assert.deepEqual(anchorsOf(AGENT_123, trust), ['root-c', 'root-m']);
  });

  it('follows the signer at a renewal, in root and identity', () => {
    const trust = renewCertificate(AGENT_123, firstCertificate(CITADEL, 1), MESH_CA, 9);
    assert.deepEqual(anchorsOf(AGENT_123, trust), ['root-m']);
    assert.equal(trust.signer.identityDomain, 'fleet.svc.id.goog');
    assert.deepEqual([trust.certifiedAt, trust.anchorsChangedAt], [9, 9]);
  });

  it('is renewed at about half of its lifetime, sooner or later by the proxy', () => {
    const trust = firstCertificate(CITADEL, 0);
    assert.deepEqual([renewalDue(trust, 0), renewalDue(trust, 0.5), renewalDue(trust, 1)].map((due) => due / 3_600_000), [12, 10.8, 9.6]);
  });

  it('ends after 24 hours where no renewal came', () => {
    const trust = firstCertificate(CITADEL, 0);
    assert.equal(isExpired(trust, 24 * 3_600_000 - 1), false);
    assert.equal(isExpired(trust, 24 * 3_600_000), true);
  });

  it('is changed by a push only where the push says something else', () => {
    assert.equal(samePush(undefined, BOTH), false);
    assert.equal(samePush({ ...BOTH }, BOTH), true);
    assert.equal(samePush({ ...BOTH, anchors: ['root-c'] }, BOTH), false);
    assert.equal(samePush({ ...BOTH, pinnedDomains: [] }, BOTH), false);
  });

  it('leaves the date of the anchors alone when a renewal brings the same root', () => {
    assert.equal(renewCertificate(AGENT_123, firstCertificate(CITADEL, 1), CITADEL, 9).anchorsChangedAt, 1);
  });
});
