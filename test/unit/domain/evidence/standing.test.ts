// What a proxy counts as: read, following its injector, not loaded, with certificates of its own, or unknown and why.
import assert from 'node:assert/strict';
import type { ProxyEvidence } from '../../../../src/domain/evidence/gateInputs.js';
import { standingOf } from '../../../../src/domain/evidence/standing.js';
import type { ProxyStanding } from '../../../../src/domain/gates/gateFacts.js';
import type { MeshConfigFacts, PodFacts } from '../../../../src/domain/mesh/facts.js';
import type { NamedRoot, ProxyTrust } from '../../../../src/domain/trust/proxyTrust.js';
import { fail, succeed } from '../../../../src/shared/failure.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { NOW, pod } from '../../../support/trustMesh.js';

const DAY = 86_400_000;
const OLD: NamedRoot = { fingerprint: 'OLD', subject: 'O=cluster.local', notAfter: NOW + 1000 * DAY, name: { kind: 'istioCa', clusters: ['one'] } };
const MESH: NamedRoot = { fingerprint: 'REHEARSED', subject: 'CN=x', notAfter: NOW + 1000 * DAY, name: { kind: 'meshCa', rehearsal: true } };
const CONFIG: MeshConfigFacts = {
  name: 'istio', uid: 'u', revision: 'default', trustDomain: 'cluster.local', trustDomainAliases: ['fleet.svc.id.goog'], extraAnchors: [], proxyMetadata: {}, unreadable: undefined,
};

function trust(changes: Partial<ProxyTrust> = {}, signedBy: NamedRoot | undefined = OLD): ProxyTrust {
  return {
    anchors: { state: 'active', value: [OLD, MESH] },
    anchorsConflict: false,
    certificate: {
      state: 'active',
      value: { spiffeId: 'spiffe://cluster.local/ns/foo/sa/x', notBefore: NOW - DAY, notAfter: NOW + DAY, fingerprint: 'F', serial: '1', chain: [], signedBy },
    },
    otherSecrets: [],
    ...changes,
  };
}

function read(of: PodFacts, changes: Partial<ProxyEvidence> = {}): ProxyEvidence {
  return { namespace: of.namespace, pod: of.name, uid: of.uid, ready: of.ready, readAt: NOW, trust: succeed(trust()), inbound: undefined, ...changes };
}

const CONTEXT = { now: NOW, freshForMs: 60_000, config: CONFIG };

function standing(changes: Parameters<typeof pod>[2] = {}, evidence: Partial<ProxyEvidence> | 'none' = {}, context = CONTEXT): ProxyStanding | undefined {
  const of = pod('foo', 'x', changes);
  return standingOf(of, evidence === 'none' ? undefined : read(of, evidence), context);
}

const english = textRenderer('en');

function reason(found: ProxyStanding | undefined): string | undefined {
  return found?.kind === 'unknown' ? english(found.reason) : found?.kind;
}

const PROXY = pod('foo', 'x').proxy!;

/** `OLD` with a key of its own, and an identifier of the key where there is one. */
function namesake(fingerprint: string, subjectKeyId?: string): NamedRoot {
  const { subject, notAfter } = OLD;
  const key = { keyType: 'rsa', keyAlgorithm: 'RSA 2048', spki: `key of ${fingerprint}`, subjectKeyId, authorityKeyId: undefined, isAuthority: true, pathLength: undefined };
  const certificate = { fingerprint, subject, issuer: subject, serial: '1', notBefore: 0, notAfter, uris: [], ...key, selfSigned: true, pem: '' };
  return { ...OLD, fingerprint, certificate };
}

describe('the standing of a proxy', () => {
  it('is read by key: Mesh CA by its name for gates, every other root by its fingerprint', () => {
    assert.deepEqual(standing(), {
      kind: 'read', anchors: ['MESHCA', 'OLD'], issuer: 'OLD', domain: 'cluster.local', inbound: ['cluster.local', 'fleet.svc.id.goog'],
      outbound: ['cluster.local', 'fleet.svc.id.goog'], expired: false,
    });
  });

  it('is unknown with two roots of one name that no key identifier tells apart, and read where one does', () => {
    const holding = (...roots: readonly NamedRoot[]): ProxyStanding | undefined => standing({}, { trust: succeed(trust({ anchors: { state: 'active', value: roots } }, roots[0])) });
    assert.equal(reason(holding(namesake('A'), namesake('B'))), 'trusts two roots of one name, O=cluster.local, that no key identifier tells apart');
    assert.equal(reason(holding(namesake('A', 'a'), namesake('B', 'b'))), 'read');
    const ended = { ...namesake('B'), notAfter: NOW - DAY };
    assert.equal(reason(holding(namesake('A'), ended)), 'read', 'one that has ended is tried by nobody');
  });

  it('is unknown for a ztunnel, whatever it answers', () => {
    assert.match(reason(standing({ owner: { kind: 'DaemonSet', name: 'ztunnel' } })) ?? '', /^ztunnel: .*istio#47427/);
    assert.equal(reason(standing({ owner: { kind: 'DaemonSet', name: 'agent' } })), 'read');
  });

  it('goes by the matchers of its own listener: one that a push has not reached refuses peers whose root it trusts', () => {
    const late = standing({}, { inbound: succeed({ kind: 'domains', domains: ['cluster.local'] }) });
    assert.deepEqual(late?.kind === 'read' && late.inbound, ['cluster.local']);
    const unread = standing({}, { inbound: fail({ kind: 'timedOut', seconds: 5 }) });
    assert.equal(unread?.kind === 'read' && unread.inbound, 'unknown');
    const unconfigured = standing({}, {}, { ...CONTEXT, config: { ...CONFIG, unreadable: 'no YAML' } });
    assert.deepEqual(unconfigured?.kind === 'read' && [unconfigured.inbound, unconfigured.outbound], ['unknown', 'unknown']);
  });

  it('counts a finished Job whose sidecar runs, and none whose proxy is over', () => {
    assert.equal(standing({ phase: 'Succeeded', ready: false })?.kind, 'read');
    assert.equal(standing({ phase: 'Succeeded', proxy: { ...PROXY, state: 'terminated' } }), undefined);
    assert.equal(standing({ phase: 'Failed', proxy: { ...PROXY, state: 'unknown' } }), undefined);
    assert.equal(standing({ proxy: undefined }), undefined);
  });

  it('follows the injector while it waits, crash-loops, or waits for its first certificate', () => {
    const waiting = { ready: false, proxy: { ...PROXY, state: 'waiting' } } as const;
    assert.equal(standing({ phase: 'Pending', ...waiting }, 'none')?.kind, 'followsInjector');
    assert.equal(standing({ ...waiting, trouble: 'CrashLoopBackOff' })?.kind, 'followsInjector');
    const warming = { trust: succeed(trust({ certificate: { state: 'warming' } })) };
    assert.equal(standing({ ready: false }, warming)?.kind, 'followsInjector');
    assert.equal(reason(standing({ ready: true }, warming)), 'waits for its CA');
  });

  it('is not loaded where nothing uses mTLS, and unknown where only half is loaded', () => {
    const none = { state: 'notLoaded' } as const;
    assert.equal(standing({}, { trust: succeed(trust({ anchors: none, certificate: none })) })?.kind, 'notLoaded');
    assert.match(reason(standing({}, { trust: succeed(trust({ anchors: none })) })) ?? '', /not both/);
  });

  it('has certificates of its own where SPIRE or files give them', () => {
    assert.equal(standing({ annotations: { 'inject.istio.io/templates': 'sidecar,spire' } })?.kind, 'ownCertificates');
    const file = { state: 'unreadable', failure: { kind: 'proxyAnswerUnreadable', reason: 'r' }, file: '/etc/certs/root.pem' } as const;
    assert.equal(standing({}, { trust: succeed(trust({ anchors: file })) })?.kind, 'ownCertificates');
  });

  it('is unknown when it was not read, forbidden, read of another pod, too long ago, or before it was Ready', () => {
    assert.equal(reason(standing({}, 'none')), 'not read yet');
    assert.match(reason(standing({}, { trust: fail({ kind: 'forbidden', reason: 'no' }) })) ?? '', /not permitted: no/);
    assert.equal(reason(standing({}, { uid: 'of the pod before' })), 'not read yet');
    assert.equal(reason(standing({}, { readAt: NOW - 61_000 })), 'read too long ago');
    assert.match(reason(standing({}, { ready: false })) ?? '', /became ready/);
  });

  it('is unknown when its certificate verifies to nothing known, names nobody, or Envoy holds two sets of roots', () => {
    const nobody = trust();
    assert.match(reason(standing({}, { trust: succeed({ ...nobody, certificate: { state: 'active', value: { ...certificateOf(nobody), signedBy: undefined } } }) })) ?? '', /no root/);
    assert.match(reason(standing({}, { trust: succeed({ ...nobody, certificate: { state: 'active', value: { ...certificateOf(nobody), spiffeId: undefined } } }) })) ?? '', /SPIFFE/);
    assert.match(reason(standing({}, { trust: succeed(trust({ anchorsConflict: true })) })) ?? '', /two different/);
  });

  it('is unknown when its roots are each for one trust domain, which gates do not judge', () => {
    const anchors = { state: 'active', value: [OLD, { ...MESH, trustDomains: ['cluster.local'] }] } as const;
    assert.match(reason(standing({}, { trust: succeed(trust({ anchors })) })) ?? '', /for one trust domain each/);
  });

  it('does not count an anchor that has expired, and says when the certificate has', () => {
    const anchors = { state: 'active', value: [{ ...OLD, notAfter: NOW - 1 }, MESH] } as const;
    const found = standing({}, { trust: succeed(trust({ anchors })) });
    assert.deepEqual(found?.kind === 'read' && found.anchors, ['MESHCA']);
    const whole = trust();
    const ended = { ...whole, certificate: { state: 'active', value: { ...certificateOf(whole), intermediatesNotAfter: NOW - 1 } } } as const;
    assert.equal((standing({}, { trust: succeed(ended) }) as { expired?: boolean }).expired, true);
  });

  it('does not count an anchor that is not valid yet, and goes by intermediates that are not', () => {
    const anchors = { state: 'active', value: [{ ...OLD, notBefore: NOW + 1 }, { ...MESH, notBefore: NOW }] } as const;
    const found = standing({}, { trust: succeed(trust({ anchors })) });
    assert.deepEqual(found?.kind === 'read' && found.anchors, ['MESHCA']);
    const whole = trust();
    const early = { ...whole, certificate: { state: 'active', value: { ...certificateOf(whole), intermediatesNotBefore: NOW + 1 } } } as const;
    assert.equal((standing({}, { trust: succeed(early) }) as { expired?: boolean }).expired, true);
  });

  it('leaves proxyless gRPC unknown: there is no Envoy to ask', () => {
    assert.match(reason(standing({ annotations: { 'inject.istio.io/templates': 'grpc-agent' } })) ?? '', /gRPC/);
  });
});

function certificateOf({ certificate }: ProxyTrust) {
  assert.equal(certificate.state, 'active');
  return certificate.value;
}
