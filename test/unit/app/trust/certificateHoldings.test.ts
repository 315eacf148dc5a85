// Each root and issuer with its holders: who trusts it, who is signed under it, counted in one pass.
import assert from 'node:assert/strict';
import { certificateHoldings, HoldingBook } from '../../../../src/app/trust/certificateHoldings.js';
import { finish } from '../../../../src/app/trust/stretches.js';
import type { ProxyReading } from '../../../../src/app/trust/trustSurvey.js';
import type { CertificateHolding } from '../../../../src/shared/certificateHolding.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { CITADEL_CHAIN, holding, MIXED_ANSWERS, recordOf } from '../../../support/surveyRecords.js';
import type { FixtureName } from '../../../support/trustCertificates.js';
import { certificate, fingerprint } from '../../../support/trustCertificates.js';
import { NOW } from '../../../support/trustMesh.js';

const english = textRenderer('en');

function holdingOf(holdings: readonly CertificateHolding[], print: string): CertificateHolding {
  const found = holdings.find((holding) => holding.fingerprint === print);
  assert.ok(found, print);
  return found;
}

describe('holdings of certificates', () => {
  it('are one for each distinct root and issuer, anchors first, with their place in the chain', async () => {
    const holdings = finish(certificateHoldings((await recordOf()).proxies, NOW));
    assert.deepEqual(
      holdings.map(({ fingerprint: print, role, name, anchoredBy, signs }) => [print, role, name.label, anchoredBy, signs]),
      [
        [fingerprint('mesh-root'), 'anchor', 'MESHCA', 2, 1],
        [fingerprint('citadel-root'), 'anchor', 'CITADEL', 3, 2],
        [fingerprint('mesh-intermediate'), 'leafIssuer', 'MESHCA', 0, 1],
      ],
    );
  });

  it('say by cluster and namespace who holds them', async () => {
    const root = holdingOf(finish(certificateHoldings((await recordOf()).proxies, NOW)), fingerprint('citadel-root'));
    assert.deepEqual(root.holders, [
      { cluster: 'one', context: 'gke_p_z-a_one', namespaces: [{ namespace: 'bar', anchoredBy: 1, signs: 0 }, { namespace: 'foo', anchoredBy: 2, signs: 2 }] },
    ]);
  });

  it('have the facts of the certificate and where it comes from', async () => {
    const holdings = finish(certificateHoldings((await recordOf()).proxies, NOW));
    const intermediate = holdingOf(holdings, fingerprint('mesh-intermediate'));
    const { spki, serial, notAfter } = certificate('mesh-intermediate');
    assert.deepEqual([intermediate.spki, intermediate.serial, intermediate.notAfter, intermediate.keyAlgorithm], [spki, serial, notAfter, 'RSA 2048']);
    assert.equal(intermediate.subject, 'O=Google LLC, CN=istio workload intermediate');
    assert.equal(english(intermediate.source), 'issued under the root that stands for Mesh CA in this rehearsal');
    assert.equal(english(holdingOf(holdings, fingerprint('citadel-root')).source), 'Istio CA of one');
  });

  it('are kept while proxies come and go, and vanish with their last holder', async () => {
    const read = (await recordOf()).proxies.filter((proxy): proxy is typeof proxy & { trust: { ok: true } } => proxy.trust.ok);
    const book = new HoldingBook();
    for (const { target, trust } of read) book.add(target, trust.value);
    assert.deepEqual(finish(book.holdings(NOW)), finish(certificateHoldings(read, NOW)));
    const gone = read.filter(({ target }) => target.pod.name === 'new-1');
    for (const { target, trust } of gone) book.remove(target, trust.value);
    const rest: readonly ProxyReading[] = read.filter(({ target }) => target.pod.name !== 'new-1');
    assert.deepEqual(finish(book.holdings(NOW)), finish(certificateHoldings(rest, NOW)));
    assert.ok(!finish(book.holdings(NOW)).some(({ fingerprint: print }) => print === fingerprint('mesh-intermediate')));
  });

  it('say what is remarkable: expired, and one name or one key twice', async () => {
    const { proxies } = await recordOf();
    const later = Math.max(...(['mesh-root', 'citadel-root', 'mesh-intermediate'] as const).map((name) => certificate(name).notAfter));
    assert.ok(finish(certificateHoldings(proxies, later)).every(({ remarks }) => remarks.some(({ key }) => key === 'surveys.holding.expired')));
    assert.deepEqual(finish(certificateHoldings(proxies, NOW)).flatMap(({ remarks }) => remarks), []);
    const twoKeys = await recordOf(undefined, { ...MIXED_ANSWERS, 'old-1': holding(CITADEL_CHAIN, 'citadel-root', 'citadel-root-of-another-cluster') });
    const remarks = (name: FixtureName): readonly string[] => holdingOf(finish(certificateHoldings(twoKeys.proxies, NOW)), fingerprint(name)).remarks.map(({ key }) => key);
    assert.deepEqual([remarks('citadel-root'), remarks('mesh-root')], [['surveys.holding.sameName'], []]);
  });
});
