// Names that a simulated client takes from a server: of the service accounts, or of a DestinationRule, literally.
import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/rehearsal/kubeObject.js';
import { writtenServerNames } from '../../../../src/rehearsal/mesh/serverNames.js';

const SERVICE = { name: 'sleep', namespace: 'bar', client: 'foo' };

function rule(namespace: string, host: string, subjectAltNames: readonly string[], mode = 'ISTIO_MUTUAL'): KubeObject {
  const spec = { host, trafficPolicy: { tls: { mode, subjectAltNames } } };
  return { apiVersion: 'networking.istio.io/v1', kind: 'DestinationRule', metadata: { name: 'r', namespace }, spec };
}

describe('the names of a server', () => {
  it('are what a rule for its host writes, in full or short in the rule’s namespace', () => {
    assert.deepEqual(writtenServerNames([rule('foo', 'sleep.bar.svc.cluster.local', ['a'])], SERVICE), ['a']);
    assert.deepEqual(writtenServerNames([rule('bar', 'sleep', ['b'])], SERVICE), ['b']);
    assert.equal(writtenServerNames([rule('foo', 'sleep', ['c'])], SERVICE), undefined);
  });

  it('are of the client’s own rule before that of the Service’s namespace or of istio-system', () => {
    const host = 'sleep.bar.svc.cluster.local';
    assert.deepEqual(writtenServerNames([rule('istio-system', host, ['c']), rule('bar', 'sleep', ['b']), rule('foo', host, ['a'])], SERVICE), ['a']);
    assert.deepEqual(writtenServerNames([rule('baz', host, ['z']), rule('istio-system', host, ['c'])], SERVICE), ['c']);
  });

  it('are those of the service accounts where a rule lists none or does not speak of Istio’s mTLS', () => {
    assert.equal(writtenServerNames([rule('bar', 'sleep', [])], SERVICE), undefined);
    assert.equal(writtenServerNames([rule('bar', 'sleep', ['a'], 'SIMPLE')], SERVICE), undefined);
  });
});
