// Which revision a label means and which injector wins, line by line as Istio's webhooks decide it.
import assert from 'node:assert/strict';
import type { Labels } from '../../../../src/domain/mesh/facts.js';
import { forecastInjection, injectionRules, meaningOf } from '../../../../src/domain/mesh/revisions.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import { cluster, controlPlane, injector, inState } from '../../../support/meshBuilder.js';

const MESH = cluster([
  ...controlPlane('default', '1.16.7', { isDefault: true }),
  ...controlPlane('asm-1', '1.23.2-asm.2'),
  injector('asm-1', { tag: 'prod' }),
]);

function forecast(labels: Labels, podLabels: Labels = {}, snapshot: ClusterSnapshot = MESH, hostNetwork = false): string {
  const result = forecastInjection(injectionRules(snapshot), { name: 'foo', labels }, { labels: podLabels, hostNetwork });
  return result.kind === 'injected' ? `${result.revision} by ${result.webhook}` : result.kind;
}

describe('revisions', () => {
  it('lets istio-injection=enabled win over istio.io/rev', () => {
    assert.equal(forecast({ 'istio-injection': 'enabled' }), 'default by namespace.sidecar-injector.istio.io');
    assert.equal(forecast({ 'istio-injection': 'enabled', 'istio.io/rev': 'asm-1' }), 'default by namespace.sidecar-injector.istio.io');
  });

  it('injects by the namespace revision, by a tag, or by the label of the pod', () => {
    assert.equal(forecast({ 'istio.io/rev': 'asm-1' }), 'asm-1 by rev.namespace.sidecar-injector.istio.io');
    assert.equal(forecast({ 'istio.io/rev': 'prod' }), 'asm-1 by rev.namespace.sidecar-injector.istio.io');
    assert.equal(forecast({}, { 'istio.io/rev': 'asm-1' }), 'asm-1 by rev.object.sidecar-injector.istio.io');
    assert.equal(forecast({}, { 'sidecar.istio.io/inject': 'true' }), 'default by object.sidecar-injector.istio.io');
  });

  it('injects nothing where nobody asks, where it is refused, and in host networking', () => {
    assert.equal(forecast({}), 'notInjected');
    assert.equal(forecast({ 'istio-injection': 'disabled', 'istio.io/rev': 'asm-1' }), 'notInjected');
    assert.equal(forecast({ 'istio.io/rev': 'asm-1' }, { 'sidecar.istio.io/inject': 'false' }), 'notInjected');
    assert.equal(forecast({ 'istio.io/rev': 'asm-1' }, {}, MESH, true), 'notInjected');
    assert.equal(forecast({ 'istio.io/rev': 'asm-2' }), 'notInjected');
  });

  it('resolves a label to a tag first, then to a revision, else calls it dangling', () => {
    const rules = injectionRules(MESH);
    assert.deepEqual(meaningOf(rules, 'prod'), { kind: 'tag', tag: 'prod', revision: 'asm-1' });
    assert.deepEqual(meaningOf(rules, 'asm-1'), { kind: 'revision', revision: 'asm-1' });
    assert.deepEqual(meaningOf(rules, 'asm-2'), { kind: 'dangling', value: 'asm-2' });
  });

  it('says unknown while the webhooks were never read', () => {
    const unread = inState(MESH, { state: 'failed', failure: { kind: 'forbidden', reason: 'no' } }, ['mutatingwebhookconfigurations']);
    assert.deepEqual(meaningOf(injectionRules(unread), 'asm-1'), { kind: 'unknown' });
    assert.equal(forecast({ 'istio.io/rev': 'asm-1' }, {}, unread), 'unknown');
  });

  it('takes for the injector the istiod that the Service of the webhook leads to, not what the webhook is called', () => {
    const [istiodDeployment, istiodPod] = controlPlane('asm-1', '1.23.2-asm.2');
    const repointed = cluster([
      injector('default', { isDefault: true }),
      istiodDeployment!,
      istiodPod!,
      { kind: 'services', facts: { namespace: 'istio-system', name: 'istiod', uid: 'u', type: 'ClusterIP', labels: {}, selector: { app: 'istiod' } } },
    ]);
    assert.equal(forecast({ 'istio-injection': 'enabled' }, {}, repointed), 'asm-1 by namespace.sidecar-injector.istio.io');
  });
});
