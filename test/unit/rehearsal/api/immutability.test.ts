// Fields that stay as they were made, refused with the field and the words of the real server.
import assert from 'node:assert/strict';
import { startTestApi } from '../../../support/rehearsalApi.js';
import type { TestApi } from '../../../support/rehearsalApi.js';

const CART = '/apis/apps/v1/namespaces/foo/deployments/cart';
const LONELY = '/api/v1/namespaces/bar/pods/lonely';

describe('immutable fields', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  const patch = async (path: string, body: unknown): Promise<readonly [number, string]> => {
    const { code, json } = await api.request(path, { method: 'PATCH', contentType: 'application/merge-patch+json', body });
    return [code, json.text('message')];
  };
  const create = (path: string, body: unknown): Promise<unknown> => api.request(path, { method: 'POST', contentType: 'application/json', body });

  it('are the selector of a deployment, in Go’s notation', async () => {
    const labels = { app: 'cart', more: '1' };
    const [code, message] = await patch(CART, { spec: { selector: { matchLabels: labels }, template: { metadata: { labels } } } });
    assert.equal(code, 422);
    const value = 'v1.LabelSelector{MatchLabels:map[string]string{"app":"cart", "more":"1"}, MatchExpressions:[]v1.LabelSelectorRequirement(nil)}';
    assert.equal(message, `Deployment.apps "cart" is invalid: spec.selector: Invalid value: ${value}: field is immutable`);
  });

  it('are not the labels of a template, which the selector has to select all the same', async () => {
    assert.equal((await patch(CART, { spec: { template: { metadata: { labels: { 'istio.io/rev': 'new' } } } } }))[0], 200);
    const [, message] = await patch(CART, { spec: { template: { metadata: { labels: { app: 'other' } } } } });
    assert.match(message, /spec\.template\.metadata\.labels: Invalid value: map\[string\]string\{"app":"other", "istio\.io\/rev":"new"\}: `selector` does not match template `labels`$/u);
  });

  it('are nearly all of a pod but its images', async () => {
    const containers = (image: string, name = 'app'): object => ({ spec: { containers: [{ name, image }, { name: 'istio-proxy', image: 'proxyv2:1.16.2-asm.2' }] } });
    assert.equal((await patch(LONELY, containers('app:2')))[0], 200);
    assert.match((await patch(LONELY, containers('app:2', 'renamed')))[1], /^Pod "lonely" is invalid: spec: Forbidden: pod updates may not change fields other than `spec\.containers\[\*\]\.image`/u);
  });

  it('are the address of a service and the type of a secret', async () => {
    await create('/api/v1/namespaces/foo/services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' }, spec: { clusterIP: '10.8.0.9', ports: [{ port: 1 }] } });
    assert.match((await patch('/api/v1/namespaces/foo/services/s', { spec: { clusterIP: '10.8.0.8', clusterIPs: ['10.8.0.8'] } }))[1], /spec\.clusterIPs\[0\]: Invalid value: \[\]string\{"10\.8\.0\.8"\}: may not change once set$/u);
    assert.match((await patch('/api/v1/namespaces/istio-system/secrets/cacerts', { type: 'other' }))[1], /type: Invalid value: "other": field is immutable$/u);
  });

  it('are the data of what was made immutable', async () => {
    await create('/api/v1/namespaces/foo/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'fixed' }, data: { a: '1' }, immutable: true });
    assert.match((await patch('/api/v1/namespaces/foo/configmaps/fixed', { data: { a: '2' } }))[1], /data: Forbidden: field is immutable when `immutable` is set$/u);
    assert.equal((await patch('/api/v1/namespaces/foo/configmaps/fixed', { metadata: { labels: { a: 'b' } } }))[0], 200);
  });
});
