// Label and field selectors choose as the real server's do.
import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/rehearsal/kubeObject.js';
import { parseFieldSelector } from '../../../../src/rehearsal/api/fieldSelector.js';
import { parseLabelSelector } from '../../../../src/rehearsal/api/labelSelector.js';

function object(labels: Record<string, string>, rest: Record<string, unknown> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', namespace: 'foo', labels }, ...rest };
}

describe('label selector', () => {
  const cases: readonly (readonly [string, Record<string, string>, boolean])[] = [
    ['', {}, true],
    ['app=istiod', { app: 'istiod' }, true],
    ['app==istiod', { app: 'istiod' }, true],
    ['app=istiod', { app: 'other' }, false],
    ['app!=istiod', {}, true],
    ['app!=istiod', { app: 'istiod' }, false],
    ['istio.io/rev in (a, b)', { 'istio.io/rev': 'b' }, true],
    ['istio.io/rev in (a,b)', {}, false],
    ['istio.io/rev notin (a,b)', { 'istio.io/rev': 'a' }, false],
    ['istio.io/rev notin (a,b)', {}, true],
    ['istio.io/rev', { 'istio.io/rev': '' }, true],
    ['!istio.io/tag', { 'istio.io/tag': 'x' }, false],
    ['istio.io/rev=R,!istio.io/tag', { 'istio.io/rev': 'R' }, true],
    ['app=istio-ingressgateway,istio.io/rev in (x,y)', { app: 'istio-ingressgateway', 'istio.io/rev': 'z' }, false],
    ['app=', { app: '' }, true],
  ];
  for (const [selector, labels, expected] of cases) {
    it(`${expected ? 'picks' : 'leaves'} ${JSON.stringify(labels)} by "${selector}"`, () => {
      assert.equal(parseLabelSelector(selector)(object(labels)), expected);
    });
  }

  it('refuses what is no selector with 400', () => {
    assert.throws(() => parseLabelSelector('a b c'), { code: 400, reason: 'BadRequest' });
  });
});

describe('field selector', () => {
  it('picks pods by phase', () => {
    const match = parseFieldSelector('pods', 'status.phase=Running,metadata.namespace!=bar');
    assert.equal(match(object({}, { status: { phase: 'Running' } })), true);
    assert.equal(match(object({}, { status: { phase: 'Failed' } })), false);
  });

  it('takes a field that is not there for empty', () => {
    assert.equal(parseFieldSelector('pods', 'spec.nodeName=')(object({})), true);
  });

  it('finds the source of an event where events keep it', () => {
    assert.equal(parseFieldSelector('events', 'source=kubelet')(object({}, { source: { component: 'kubelet' } })), true);
  });

  it('refuses fields that the real server does not index', () => {
    assert.throws(() => parseFieldSelector('configmaps', 'data.mesh=x'), { code: 400, message: 'field label not supported: data.mesh' });
  });
});
