// What is worth knowing of a cluster though no gate turns on it: releases, roots, bundles that lag, certificates that end soon.
import assert from 'node:assert/strict';
import { concernsOf } from '../../../../src/domain/evidence/concerns.js';
import type { ClusterEvidence, ProxyEvidence } from '../../../../src/domain/evidence/gateInputs.js';
import { waiversAt } from '../../../../src/domain/evidence/waivers.js';
import type { WebhookConfigurationFacts } from '../../../../src/domain/mesh/gateObjects.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import type { NamedRoot } from '../../../../src/domain/trust/proxyTrust.js';
import { succeed } from '../../../../src/shared/failure.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { planOf } from '../../../support/evidenceMesh.js';
import { CLUSTER_1, cluster, controlPlane } from '../../../support/meshBuilder.js';

const NOW = Date.UTC(2030, 0, 1);
const DAY = 86_400_000;
const english = textRenderer('en');

function said(snapshot: ClusterSnapshot, evidence?: ClusterEvidence): string {
  return concernsOf(snapshot, evidence, planOf([CLUSTER_1]), NOW).map(english).join('\n');
}

function root(fingerprint: string, subject: string, days = 1000): NamedRoot {
  return { fingerprint, subject, notAfter: NOW + days * DAY, name: { kind: 'other' } };
}

function holding(...anchors: readonly NamedRoot[]): ClusterEvidence {
  const certificate = {
    spiffeId: 'spiffe://cluster.local/ns/foo/sa/x', notBefore: 0, notAfter: NOW + DAY, intermediatesNotAfter: NOW + 20 * DAY, fingerprint: 'F', serial: '1',
    chain: [{ fingerprint: 'F', subject: '' }, { fingerprint: 'I', subject: 'CN=i' }], signedBy: anchors[0],
  };
  const trust = succeed({ anchors: { state: 'active', value: anchors }, anchorsConflict: false, certificate: { state: 'active', value: certificate }, otherSecrets: [] } as const);
  const one = (pod: string): ProxyEvidence => ({ namespace: 'foo', pod, uid: pod, ready: true, readAt: NOW, trust, inbound: undefined });
  return { proxies: new Map([['foo/a', one('a')], ['foo/b', one('b')]]), records: undefined, identity: undefined };
}

describe('what is worth knowing of a cluster', () => {
  const plain = cluster(controlPlane('default', '1.16.7'));

  it('is nothing where all is well', () => {
    assert.equal(said(plain), '');
  });

  it('names a release whose agents hand on one root of several, and not the one with the fix', () => {
    assert.match(said(cluster(controlPlane('x', '1.25.1'))), /known to keep only one .*istio#55793/);
    assert.match(said(cluster(controlPlane('x', '1.24.4'))), /known to keep only one .*istio#55793/);
    for (const release of ['1.25.2', '1.24.5', '1.24.3', '1.25.10']) assert.equal(said(cluster(controlPlane('x', release))), '');
  });

  it('finds two roots of one subject in one bundle', () => {
    assert.match(said(plain, holding(root('A', 'O=cluster.local'), root('B', 'O=cluster.local'))), /same subject O=cluster\.local/);
    assert.doesNotMatch(said(plain, holding(root('A', 'O=cluster.local'), root('B', 'O=other'))), /same subject/);
  });

  it('counts the days of roots and intermediates that end during a long canary, each once', () => {
    const lines = said(plain, holding(root('A', 'O=cluster.local', 30))).split('\n');
    assert.deepEqual(lines, ['the root O=cluster.local ends within 30 days', 'foo/a: an intermediate certificate of its chain ends within 20 days']);
  });

  it('names namespaces whose published root lags behind, and webhooks that trust none of the published', () => {
    const published = (namespace: string, ...fingerprints: string[]) => [namespace, { namespace, uid: namespace, fingerprints }] as const;
    const webhooks = [{ name: 'w', service: { namespace: 'istio-system', name: 'istiod' }, caBundle: ['GONE'], failurePolicy: 'Fail', resources: [] }];
    const stale: WebhookConfigurationFacts = { namespace: '', name: 'istio-sidecar-injector', uid: 'u', labels: {}, annotations: {}, revision: 'default', tag: undefined, webhooks };
    const snapshot = {
      ...plain,
      caRoots: new Map([published('a', 'NEW'), published('b', 'NEW'), published('late', 'OLD')]),
      objects: { ...plain.objects, mutatingWebhooks: { state: 'listed', items: [stale], served: true } },
    } as const;
    assert.match(said(snapshot), /lagging: late/);
    assert.match(said(snapshot), /webhook istio-sidecar-injector does not trust any root/);
  });

  it('names a control plane that runs on with the CA from before its secret was written, and none where secrets were not read', () => {
    const written = (changedAt: number): ClusterSnapshot => {
      const secret = { namespace: 'istio-system', name: 'cacerts', uid: 'u', labels: {}, resourceVersion: '1', changedAt, remoteCluster: undefined };
      return { ...plain, objects: { ...plain.objects, secrets: { state: 'listed', served: true, items: [secret] } } };
    };
    assert.match(said(written(1)), /^istiod of default started before its CA secret was last written/);
    assert.equal(said(written(0)), '');
    assert.equal(said(plain), '');
  });
});

describe('waivers', () => {
  const plan = (until: string, reason = 'moved by hand') => planOf([CLUSTER_1], { waivers: [{ subject: 'cluster-1/foo', what: 'proxy', reason, until }] });

  it('cover what is in their subject, and nothing beside or above it', () => {
    const waivers = waiversAt(plan('2030-01-01'), NOW);
    const covered = ['cluster-1/foo', 'cluster-1/foo/Deployment/web', 'cluster-1', 'cluster-1/food', 'cluster-2/foo'].map((subject) => waivers.covers('proxy', subject));
    assert.deepEqual(covered, [true, true, false, false, false]);
    assert.equal(waivers.covers('creatable', 'cluster-1/foo'), false);
  });

  it('hold until the end of their day, and not at all without a reason or a day', () => {
    const holds = (until: string, now: number, reason?: string): boolean => waiversAt(plan(until, reason), now).covers('proxy', 'cluster-1/foo');
    assert.deepEqual([holds('2030-01-01', NOW + DAY - 1), holds('2030-01-01', NOW + DAY)], [true, false]);
    assert.deepEqual([holds('2032-02-29', Date.UTC(2032, 1, 29)), holds('2030-02-30', 0), holds('some day', 0), holds('2030-01-01', NOW, ' ')], [true, false, false, false]);
    for (const day of ['1999-12-31', '2000-02-29', '2026-03-01', '2100-03-01']) {
      const end = Date.parse(`${day}T23:59:59.999Z`);
      assert.deepEqual([holds(day, end), holds(day, end + 1)], [true, false], day);
    }
  });
});
