// Which trust domains a proxy accepts, by its listener and by its control plane's mesh config.
import assert from 'node:assert/strict';
import { judgeDomains } from '../../../../src/domain/trust/acceptedDomains.js';
import type { DomainVerdict } from '../../../../src/domain/trust/acceptedDomains.js';
import { parseInboundDomains } from '../../../../src/domain/trust/inboundDomains.js';
import type { InboundDomains } from '../../../../src/domain/trust/inboundDomains.js';
import { camelCased, domainMatchers, listenersAnswer } from '../../../support/envoyAnswers.js';
import type { MeshConfigWords } from '../../../support/trustMesh.js';
import { meshConfigs } from '../../../support/trustMesh.js';

function inbound(answer: unknown): InboundDomains {
  const read = parseInboundDomains(answer);
  assert.ok(read.ok);
  return read.value;
}

const CITADEL = ['default', 'cluster.local'] as const;
const DISTRIBUTE = ['asm-1232-2-distribute-root', 'cluster.local', 'fleet-1.svc.id.goog'] as const;
const MESH_CA = ['asm-1232-2-migrate', 'fleet-1.svc.id.goog', 'fleet-1.hub.id.goog', 'cluster.local'] as const;

function judge(domains: readonly string[] | 'none' | 'any', revision: string, ...configs: readonly MeshConfigWords[]): DomainVerdict | undefined {
  const answer = domains === 'none' ? {} : listenersAnswer(domains === 'any' ? [] : domainMatchers(...domains));
  return judgeDomains(inbound(answer), revision, [...meshConfigs(...configs).values()]);
}

describe("an inbound listener's domains", () => {
  it('are those of its prefix matchers, in both spellings and both forms', () => {
    const answer = listenersAnswer(domainMatchers('cluster.local', 'fleet-1.svc.id.goog'));
    const expected = { kind: 'domains', domains: ['cluster.local', 'fleet-1.svc.id.goog'] };
    assert.deepEqual(inbound(answer), expected);
    assert.deepEqual(inbound(camelCased(answer)), expected);
    const typed = domainMatchers('cluster.local').map((matcher) => ({ san_type: 'URI', matcher }));
    const typedText = JSON.stringify(listenersAnswer(typed)).replace('match_subject_alt_names', 'match_typed_subject_alt_names');
    assert.deepEqual(inbound(JSON.parse(typedText)), { kind: 'domains', domains: ['cluster.local'] });
  });

  it('are only those that every filter chain accepts', () => {
    const answer = listenersAnswer(domainMatchers('cluster.local', 'fleet-1.svc.id.goog'), domainMatchers('cluster.local'));
    assert.deepEqual(inbound(answer), { kind: 'domains', domains: ['cluster.local'] });
  });

  it('are not made by a matcher for one service account, or for a longer domain', () => {
    const answer = listenersAnswer([{ exact: 'spiffe://cluster.local/ns/foo/sa/bar' }, { prefix: 'spiffe://cluster.local.evil/' }]);
    assert.deepEqual(inbound(answer), { kind: 'domains', domains: ['cluster.local.evil'] });
  });

  it('are any when validation names none, and nothing when there is no mTLS', () => {
    assert.deepEqual(inbound(listenersAnswer([])), { kind: 'any' });
    assert.deepEqual(inbound(listenersAnswer()), { kind: 'noInbound' });
    assert.ok(!parseInboundDomains('text').ok);
  });

  it('are not told by an answer without the listener, or with one that waits or was refused', () => {
    const warming = { name: 'virtualInbound', warming_state: { listener: { name: 'virtualInbound', filter_chains: [] } } };
    const refused = { name: 'virtualInbound', error_state: { details: 'no' } };
    for (const configs of [[], [warming], [refused]]) assert.deepEqual(inbound({ configs }), { kind: 'noListener' });
    assert.deepEqual(inbound({}), { kind: 'noListener' });
  });
});

describe('accepted trust domains', () => {
  it('of an old Istio proxy lack Mesh CA', () => {
    const verdict = judge(['cluster.local'], 'default', CITADEL);
    assert.deepEqual([verdict?.acceptsCitadel, verdict?.acceptsMeshCa], [true, false]);
  });

  it('are both when the listener has both', () => {
    const verdict = judge(['cluster.local', 'fleet-1.svc.id.goog'], DISTRIBUTE[0], CITADEL, DISTRIBUTE);
    assert.deepEqual([verdict?.acceptsCitadel, verdict?.acceptsMeshCa], [true, true]);
    assert.deepEqual(verdict?.undelivered, []);
  });

  it("are the proxy's own even when its control plane promises more", () => {
    const verdict = judge(['cluster.local'], DISTRIBUTE[0], CITADEL, DISTRIBUTE);
    assert.equal(verdict?.acceptsMeshCa, false);
    assert.deepEqual(verdict.undelivered, ['fleet-1.svc.id.goog']);
  });

  it('lack Citadel on a Mesh CA proxy that dropped the old domain', () => {
    assert.equal(judge(['fleet-1.svc.id.goog'], MESH_CA[0], MESH_CA)?.acceptsCitadel, false);
    assert.equal(judge(['fleet-1.svc.id.goog', 'cluster.local'], MESH_CA[0], MESH_CA, ['default', 'corp.example'])?.acceptsCitadel, false);
    assert.equal(judge(['fleet-1.svc.id.goog', 'corp.example'], MESH_CA[0], MESH_CA, ['default', 'corp.example'])?.acceptsCitadel, true);
  });

  it('are not made Mesh CA by a domain that only contains the suffix', () => {
    assert.equal(judge(['cluster.local', 'fleet-1.svc.id.goog.example'], 'default', CITADEL)?.acceptsMeshCa, false);
  });

  it('come from the mesh config where the proxy has no inbound mTLS, and from nowhere without one', () => {
    const verdict = judge('none', DISTRIBUTE[0], CITADEL, DISTRIBUTE);
    assert.deepEqual([verdict?.acceptsCitadel, verdict?.acceptsMeshCa, verdict?.fromMeshConfig], [true, true, true]);
    assert.equal(judge('none', 'gone', CITADEL), undefined);
  });

  it('are all where validation is switched off', () => {
    const verdict = judge('any', 'default', CITADEL);
    assert.deepEqual([verdict?.acceptsCitadel, verdict?.acceptsMeshCa, verdict?.accepted], [true, true, undefined]);
  });
});
