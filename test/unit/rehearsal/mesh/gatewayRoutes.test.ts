// What a simulated gateway's pod is told to serve: Gateways and VirtualServices by selector, binding and revision.
import assert from 'node:assert/strict';
import { createObjectStore } from '../../../../src/rehearsal/api/objectStore.js';
import { answerOf } from '../../../../src/rehearsal/mesh/gatewayRoutes.js';
import { asPod } from '../../../../src/rehearsal/mesh/podTypes.js';

const REVISION = 'asm-1232-2-distribute-root';
const HOST = 'shop.example.com';

interface Words {
  readonly selector?: object;
  readonly gatewayLabels?: Record<string, string>;
  readonly routeLabels?: Record<string, string>;
  readonly gateways?: readonly string[];
  readonly hosts?: readonly string[];
  readonly withSecret?: boolean;
}

/** What a client gets of a pod labelled `app: edge` that asks istiod of the revision. */
function answer({ selector = { app: 'edge' }, gatewayLabels = {}, routeLabels = {}, gateways = ['shop'], hosts = [HOST], withSecret = true }: Words): string {
  const store = createObjectStore({ now: () => new Date('2026-03-01T12:00:00Z') });
  const spec = { selector, servers: [{ port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['*.example.com'], tls: { mode: 'SIMPLE', credentialName: 'tls' } }] };
  store.create('gateways.networking.istio.io', { apiVersion: 'networking.istio.io/v1', kind: 'Gateway', metadata: { name: 'shop', namespace: 'edge', labels: gatewayLabels }, spec });
  store.create('virtualservices.networking.istio.io', { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'shop', namespace: 'edge', labels: routeLabels }, spec: { gateways, hosts } });
  if (withSecret) store.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'tls', namespace: 'edge' } });
  const pod = store.create('pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'edge-1', namespace: 'edge', labels: { app: 'edge' } }, spec: { containers: [] } });
  return answerOf(store, asPod(pod), REVISION, { host: HOST, port: 443 });
}

describe('the routes of a gateway', () => {
  it('come from Gateways that select its pods, or that select nobody in particular, and VirtualServices bound to those', () => {
    assert.equal(answer({}), 'served');
    assert.equal(answer({ selector: {}, gateways: ['edge/shop'] }), 'served');
    assert.equal(answer({ selector: { app: 'other' } }), 'connection refused');
    assert.equal(answer({ gateways: ['foo/shop'] }), '404');
    assert.equal(answer({ hosts: ['other.example.com'] }), '404');
  });

  it('leave out what is labelled for another revision, whatever tag that may be', () => {
    assert.equal(answer({ gatewayLabels: { 'istio.io/rev': REVISION }, routeLabels: { 'istio.io/rev': REVISION } }), 'served');
    assert.equal(answer({ gatewayLabels: { 'istio.io/rev': 'prod' } }), 'connection refused');
    assert.equal(answer({ routeLabels: { 'istio.io/rev': 'asm-1162-2' } }), '404');
  });

  it('need the certificate to be in the namespace of the pods', () => {
    assert.equal(answer({ withSecret: false }), 'no certificate');
  });
});
