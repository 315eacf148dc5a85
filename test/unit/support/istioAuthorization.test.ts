// AuthorizationPolicies of a simulated server: which principals istiod expands to its trust domains, and who is let in.
import assert from 'node:assert/strict';
import type { KubeObject } from '../../../src/rehearsal/kubeObject.js';
import { expandedPrincipals, letsIn } from '../../support/istioAuthorization.js';

const FLEET = 'fleet.svc.id.goog';
const SERVER = { namespace: 'foo', labels: { app: 'httpbin' }, trustDomains: [FLEET, 'cluster.local'] };
const OLD = 'cluster.local/ns/bar/sa/sleep';
const NEW = `${FLEET}/ns/bar/sa/sleep`;

function policy(spec: object, namespace = 'foo'): KubeObject {
  return { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'p', namespace }, spec };
}

function from(source: object): readonly object[] {
  return [{ from: [{ source }] }];
}

describe('a principal', () => {
  it('of one of istiod’s trust domains, or of cluster.local, stands for all of them (bundle_test.go)', () => {
    assert.deepEqual(expandedPrincipals('cluster.local/ns/foo/sa/bar', ['td2', 'td1']), ['td2/ns/foo/sa/bar', 'td1/ns/foo/sa/bar']);
    assert.deepEqual(expandedPrincipals('td1/ns/foo/sa/bar', ['td2', 'td1']), ['td2/ns/foo/sa/bar', 'td1/ns/foo/sa/bar']);
    assert.deepEqual(expandedPrincipals('*-td/ns/foo/sa/bar', ['new-td', 'other']), ['*-td/ns/foo/sa/bar', 'other/ns/foo/sa/bar']);
  });

  it('of another domain, of any, or of another shape is kept as it is written', () => {
    for (const kept of ['some-td/ns/foo/sa/bar', '*/ns/foo/sa/bar', '*', 'cluster.local/ns/foo/*', 'sa/bar']) {
      assert.deepEqual(expandedPrincipals(kept, ['td2', 'td1']), [kept]);
    }
  });
});

describe('policies', () => {
  it('let everybody in where none is for the server, and only those whom one names where one is', () => {
    const allowing = policy({ selector: { matchLabels: { app: 'httpbin' } }, rules: from({ principals: [OLD] }) });
    assert.deepEqual([OLD, NEW, 'cluster.local/ns/baz/sa/sleep'].map((caller) => letsIn([allowing], SERVER, caller)), [true, true, false]);
    assert.ok(letsIn([allowing], { ...SERVER, labels: { app: 'other' } }, 'cluster.local/ns/baz/sa/sleep'));
    assert.ok(!letsIn([policy({}, 'istio-system')], SERVER, OLD), 'one without rules, of istio-system, lets nobody in anywhere');
  });

  it('refuse before they allow, and an exception is kept as literally as anything', () => {
    const denying = policy({ action: 'DENY', rules: from({ notPrincipals: ['cluster.local/ns/bar/*'] }) });
    assert.deepEqual([OLD, NEW].map((caller) => letsIn([denying, policy({ rules: [{}] })], SERVER, caller)), [true, false]);
    const byCondition = policy({ action: 'DENY', rules: [{ when: [{ key: 'source.principal', values: ['cluster.local/ns/bar/*'] }] }] });
    assert.deepEqual([OLD, NEW].map((caller) => letsIn([byCondition], SERVER, caller)), [false, true]);
  });
});
