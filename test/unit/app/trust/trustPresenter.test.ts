// Rows say what is known, in words, and never more than that.
import assert from 'node:assert/strict';
import { certificateFinding } from '../../../../src/app/trust/checkReport.js';
import { trustRow } from '../../../../src/app/trust/trustPresenter.js';
import type { CertificateFacts } from '../../../../src/domain/trust/certificateFacts.js';
import type { NamedRoot, ProxyTrust, RootName, WorkloadCertificate } from '../../../../src/domain/trust/proxyTrust.js';
import { fail, succeed } from '../../../../src/shared/failure.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { trustClassOf } from '../../../../src/shared/trustClass.js';
import type { TrustRow } from '../../../../src/shared/trustRows.js';
import { cluster, NOW, pod } from '../../../support/trustMesh.js';

const TARGET = { cluster: cluster('gke_p_europe-west1_one'), pod: pod('foo', 'httpbin-1', { revision: 'asm-1' }) };

function root(name: RootName, validity: Partial<NamedRoot> = {}): NamedRoot {
  return { fingerprint: name.kind, subject: 'O=Example Corp\nCN=Root', notAfter: NOW + 1, name, ...validity };
}

const ISTIO_CA = root({ kind: 'istioCa', clusters: ['one', 'two'] });
const MESH_CA = root({ kind: 'meshCa', rehearsal: false });

function trusting(roots: readonly NamedRoot[], certificate: Partial<WorkloadCertificate> = {}, more: Partial<ProxyTrust> = {}): ProxyTrust {
  const value = { spiffeId: 'spiffe://td/ns/foo/sa/x', notBefore: NOW - 1, notAfter: NOW + 1, fingerprint: 'F', serial: '01', chain: [], signedBy: ISTIO_CA };
  return { anchors: { state: 'active', value: roots }, anchorsConflict: false, certificate: { state: 'active', value: { ...value, ...certificate } }, otherSecrets: [], ...more };
}

function rowOf(trust: ProxyTrust): TrustRow {
  return trustRow(TARGET, succeed(trust), NOW);
}

const english = textRenderer('en');

function why(trust: ProxyTrust): string {
  const { why: reason } = rowOf(trust);
  return reason ? english(reason) : '';
}

describe('a row of the trust page', () => {
  it('names pod, cluster and revision, and every root in a fixed order', () => {
    const row = rowOf(trusting([root({ kind: 'other' }), MESH_CA, ISTIO_CA]));
    assert.deepEqual([row.cluster, row.context, row.namespace, row.pod, row.revision], ['one', 'gke_p_europe-west1_one', 'foo', 'httpbin-1', 'asm-1']);
    assert.deepEqual(row.roots.map(({ label }) => label), ['CITADEL', 'MESHCA', 'OTHER']);
    assert.deepEqual(row.roots.map(({ detail }) => english(detail)), [
      'Istio CA of one, two',
      'Mesh CA, by its key',
      'not a root of Istio CA or Mesh CA: O=Example Corp, CN=Root',
    ]);
    assert.equal(row.signedBy?.label, 'CITADEL');
    assert.deepEqual([row.state, row.why], ['read', undefined]);
  });

  it('calls neither a lookalike nor the mere form of an Istio CA by a name it does not deserve', () => {
    const row = rowOf(trusting([root({ kind: 'lookalike' }), root({ kind: 'unknownIstioCa', trustDomain: 'cluster.local' })]));
    assert.deepEqual(row.roots.map(({ label }) => label), ['OTHER', 'OTHER']);
    assert.match(why(trusting([root({ kind: 'lookalike' })])), /named like Mesh CA/);
  });

  it('is unknown with the exact reason when the proxy could not be read', () => {
    const row = trustRow(TARGET, fail({ kind: 'forbidden', reason: 'pods/portforward is forbidden' }), NOW);
    assert.equal(row.state, 'unknown');
    assert.equal(row.why && english(row.why), 'not permitted: pods/portforward is forbidden');
    assert.deepEqual(row.roots, []);
  });

  it('is unknown while a secret is on its way or cannot be read', () => {
    assert.equal(rowOf(trusting([ISTIO_CA], {}, { certificate: { state: 'warming' } })).state, 'unknown');
    const broken = trusting([ISTIO_CA], {}, { anchors: { state: 'unreadable', failure: { kind: 'certificateUnreadable', reason: 'certificate 2' } } });
    assert.equal(rowOf(broken).state, 'unknown');
    assert.match(why(broken), /certificate 2/);
  });

  it('is not loaded, and not trusting nothing, when Envoy did not ask for its secrets', () => {
    const row = rowOf(trusting([], {}, { anchors: { state: 'notLoaded' }, certificate: { state: 'notLoaded' } }));
    assert.equal(row.state, 'notLoaded');
    assert.equal(rowOf(trusting([], {}, { anchors: { state: 'notLoaded' } })).state, 'notLoaded');
  });

  it('says what is remarkable about a proxy that was read', () => {
    assert.match(why(trusting([ISTIO_CA], { notAfter: NOW })), /has expired/);
    assert.match(why(trusting([ISTIO_CA], { notBefore: NOW + 1 })), /not valid yet/);
    assert.match(why(trusting([ISTIO_CA], { signedBy: undefined })), /verifies to no root/);
  });

  it('says so when what its certificate leads over, or to, is out of its time, though the certificate itself is not', () => {
    assert.match(why(trusting([ISTIO_CA], { intermediatesNotAfter: NOW })), /intermediate .* has expired/);
    assert.match(why(trusting([ISTIO_CA], { intermediatesNotBefore: NOW + 1 })), /intermediate .* not valid yet/);
    const expired = root({ kind: 'istioCa', clusters: ['one', 'two'] }, { notAfter: NOW });
    assert.match(why(trusting([expired], { signedBy: expired })), /the root .* has expired/);
    const early = root({ kind: 'istioCa', clusters: ['one', 'two'] }, { notBefore: NOW + 1 });
    assert.match(why(trusting([early], { signedBy: early })), /the root .* not valid yet/);
    const key = { certificate: { spki: 'key' } as CertificateFacts };
    const renewed: NamedRoot = { ...ISTIO_CA, ...key, fingerprint: 'renewed' };
    assert.equal(why(trusting([{ ...expired, ...key }, renewed], { signedBy: renewed })), '', 'another of the same key is valid');
  });

  it('is unknown when it holds two sets of roots, whatever else is remarkable, and trusts neither for any count', () => {
    const doubled = trusting([ISTIO_CA, MESH_CA], { notAfter: NOW }, { anchorsConflict: true });
    assert.deepEqual([rowOf(doubled).state, trustClassOf(rowOf(doubled))], ['unknown', 'unknown']);
    assert.match(why(doubled), /two different sets/);
    assert.equal(certificateFinding('root-cert', { target: TARGET, trust: succeed(doubled) }, NOW).verdict.kind, 'unknown');
    const issuer = certificateFinding('workload-cert', { target: TARGET, trust: succeed(doubled) }, NOW);
    assert.deepEqual([issuer.verdict.kind, issuer.remark?.key], ['known', 'trust.why.expired']);
  });

  it('marks gateways', () => {
    const gateway = { ...TARGET.pod, proxy: { ...TARGET.pod.proxy!, role: 'router' as const } };
    assert.equal(trustRow({ ...TARGET, pod: gateway }, succeed(trusting([])), NOW).gateway, true);
    assert.equal(rowOf(trusting([])).gateway, false);
  });
});
