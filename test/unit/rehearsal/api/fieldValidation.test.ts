// Fields that do not exist: refused where the client is strict, with the path of each.
import assert from 'node:assert/strict';
import { startTestApi } from '../../../support/rehearsalApi.js';
import type { TestApi } from '../../../support/rehearsalApi.js';

const SERVICE = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's', label: {} }, spec: { ports: [{ port: 1, targetport: 2 }], selectors: {} } };
const SERVICES = '/api/v1/namespaces/foo/services';

describe('unknown fields', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  it('are refused with all their paths where the client asks for strictness', async () => {
    const { code, json } = await api.request(`${SERVICES}?fieldValidation=Strict`, { method: 'POST', contentType: 'application/json', body: SERVICE });
    assert.equal(code, 400);
    assert.equal(
      json.at('message'),
      'Service in version "v1" cannot be handled as a Service: strict decoding error: ' +
        'unknown field "metadata.label", unknown field "spec.ports[0].targetport", unknown field "spec.selectors"',
    );
  });

  it('pass where it does not, and in custom resources', async () => {
    assert.equal((await api.request(SERVICES, { method: 'POST', contentType: 'application/json', body: SERVICE })).code, 201);
    const body = { apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', metadata: { name: 'any' }, spec: { anything: 1 } };
    const path = '/apis/install.istio.io/v1alpha1/namespaces/foo/istiooperators?fieldValidation=Strict';
    assert.equal((await api.request(path, { method: 'POST', contentType: 'application/json', body })).code, 201);
  });

  it('are refused in patches and in what is applied on the server', async () => {
    const cart = '/apis/apps/v1/namespaces/foo/deployments/cart';
    const patched = await api.request(`${cart}?fieldValidation=Strict`, { method: 'PATCH', contentType: 'application/merge-patch+json', body: { spec: { replica: 1 } } });
    assert.deepEqual([patched.code, patched.json.text('message').endsWith('strict decoding error: unknown field "spec.replica"')], [422, true]);
    const body = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart' }, spec: { replica: 1 } };
    const applied = await api.request(`${cart}?fieldManager=one`, { method: 'PATCH', contentType: 'application/apply-patch+yaml', body });
    assert.equal(applied.json.at('message'), 'failed to create typed patch object (foo/cart; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema');
  });
});
