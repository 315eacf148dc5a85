// Changes over real HTTPS: creating, replacing, patching, scaling and deleting, with the refusals of a real server.
import assert from 'node:assert/strict';
import type { KubeObject } from '../../../../src/rehearsal/kubeObject.js';
import { startTestApi } from '../../../support/rehearsalApi.js';
import type { TestApi, TestReply } from '../../../support/rehearsalApi.js';

const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const APPLY = 'application/apply-patch+yaml';
const CART = '/apis/apps/v1/namespaces/foo/deployments/cart';

describe('changes over the API', () => {
  let api: TestApi;
  const send = (method: string, path: string, body?: unknown, contentType = 'application/json'): Promise<TestReply> =>
    api.request(path, { method, contentType, ...(body === undefined ? {} : { body }) });

  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.close());

  it('creates from JSON and from YAML, fills in defaults and refuses a second time', async () => {
    const yaml = 'apiVersion: v1\nkind: Service\nmetadata: {name: istiod}\nspec:\n  ports: [{port: 15012}]\n';
    const { code, json } = await send('POST', '/api/v1/namespaces/istio-system/services', yaml, 'application/yaml');
    assert.equal(code, 201);
    assert.deepEqual([json.at('spec', 'type'), json.at('spec', 'ports', 0, 'protocol'), json.at('spec', 'ports', 0, 'targetPort')], ['ClusterIP', 'TCP', 15012]);
    const again = await send('POST', '/api/v1/namespaces/istio-system/services', yaml, 'application/yaml');
    assert.deepEqual([again.code, again.json.at('message')], [409, 'services "istiod" already exists']);
  });

  it('names what asks for a generated name', async () => {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'c-' } };
    assert.match((await send('POST', '/api/v1/namespaces/foo/configmaps', body)).json.text('metadata', 'name'), /^c-[a-z0-9]{5}$/u);
  });

  it('refuses what does not fit its path, its name or its namespace', async () => {
    const body = (name: string, namespace?: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace } });
    assert.match((await send('POST', '/api/v1/namespaces/foo/configmaps', body('c', 'bar'))).json.text('message'), /does not match the namespace sent/u);
    assert.equal((await send('POST', '/api/v1/namespaces/foo/configmaps', body('Wrong_Name'))).code, 422);
    assert.equal((await send('POST', '/api/v1/namespaces/nowhere/configmaps', body('c'))).json.at('message'), 'namespaces "nowhere" not found');
    assert.equal((await send('POST', '/api/v1/namespaces/foo/secrets', body('c'))).code, 400);
    assert.equal((await send('POST', '/api/v1/configmaps', body('c'))).code, 405);
    assert.equal((await send('POST', '/api/v1/namespaces/foo/configmaps', '{broken')).code, 400);
    assert.equal((await send('POST', '/api/v1/namespaces/foo/configmaps', body('c'), 'text/plain')).code, 415);
  });

  it('shows every pod to admission and passes its refusal on', async () => {
    const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'p', labels: { refuse: 'yes' } }, spec: { containers: [{ name: 'a', image: 'a' }] } };
    const { code, json } = await send('POST', '/api/v1/namespaces/foo/pods', body);
    assert.deepEqual([code, json.at('message')], [500, 'Internal error occurred: failed calling webhook "rev.namespace.sidecar-injector.istio.io"']);
  });

  it('changes nothing on a dry run', async () => {
    const before = api.cluster.backend.store.resourceVersion;
    const patched = await send('PATCH', '/api/v1/namespaces/foo?dryRun=All', { metadata: { labels: { a: 'b' } } }, MERGE);
    assert.equal(patched.json.at('metadata', 'labels', 'a'), 'b');
    assert.equal((await send('POST', '/api/v1/namespaces?dryRun=All', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'dry' } })).code, 201);
    assert.equal((await send('DELETE', `${CART}?dryRun=All`)).code, 200);
    assert.equal(api.cluster.backend.store.resourceVersion, before);
  });

  it('moves a namespace to another revision as `kubectl label` does, and keeps its version the second time', async () => {
    const labels = { 'istio.io/rev': 'asm-1232-2', 'istio-injection': null };
    const first = (await send('PATCH', '/api/v1/namespaces/foo', { metadata: { labels } }, MERGE)).json;
    assert.deepEqual(first.at('metadata', 'labels'), { 'kubernetes.io/metadata.name': 'foo', 'istio.io/rev': 'asm-1232-2' });
    const second = (await send('PATCH', '/api/v1/namespaces/foo', { metadata: { labels } }, MERGE)).json;
    assert.equal(second.at('metadata', 'resourceVersion'), first.at('metadata', 'resourceVersion'));
  });

  it('restarts a rollout by a strategic patch, which counts a generation', async () => {
    const annotations = { 'kubectl.kubernetes.io/restartedAt': '2026-03-01T10:00:00Z' };
    const { json } = await send('PATCH', CART, { spec: { template: { metadata: { annotations } } } }, STRATEGIC);
    assert.equal(json.at('metadata', 'generation'), 2);
    assert.deepEqual(json.at('spec', 'template', 'metadata'), { labels: { app: 'cart' }, annotations });
  });

  it('has no strategic patches for custom resources, and none of unknown types for any', async () => {
    const operator = '/apis/install.istio.io/v1alpha1/namespaces/istio-system/istiooperators/installed-state-asm-1162-2';
    const refused = await send('PATCH', operator, {}, STRATEGIC);
    assert.equal(refused.code, 415);
    assert.doesNotMatch(refused.json.text('message'), /strategic/u);
    assert.equal((await send('PATCH', CART, {}, 'application/json')).code, 415);
  });

  it('creates and changes by server-side apply', async () => {
    const path = '/api/v1/namespaces/foo/configmaps/applied?fieldManager=kubectl&force=true';
    const yaml = (value: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {${value}}\n`;
    assert.equal((await send('PATCH', path, yaml('a: "1", b: "2"'), APPLY)).code, 201);
    const changed = await send('PATCH', path, yaml('a: "3"'), APPLY);
    assert.deepEqual([changed.code, changed.json.at('data')], [200, { a: '3' }]);
  });

  it('replaces with optimistic locking, and leaves status to its own door', async () => {
    const old = JSON.parse((await api.request(CART)).text) as KubeObject;
    const spec = { ...(old.spec as object), paused: true };
    const change = { ...old, spec, status: {} };
    const replaced = await send('PUT', CART, change);
    assert.deepEqual([replaced.code, replaced.json.at('spec', 'paused'), replaced.json.at('status', 'replicas')], [200, true, 2]);
    const stale = await send('PUT', CART, { ...change, spec: { ...spec, paused: false } });
    assert.deepEqual([stale.code, stale.json.at('reason')], [409, 'Conflict']);
    assert.match(stale.json.text('message'), /^Operation cannot be fulfilled on deployments\.apps "cart": the object has been modified/u);
    const status = await send('PUT', `${CART}/status`, { ...(JSON.parse(replaced.text) as KubeObject), status: { replicas: 9 }, spec: {} });
    assert.deepEqual([status.json.at('status', 'replicas'), status.json.at('spec', 'paused')], [9, true]);
  });

  it('keeps what a client cannot change', async () => {
    const metadata = { creationTimestamp: '1999-01-01T00:00:00Z', generation: 77 };
    const { json } = await send('PATCH', CART, { metadata }, MERGE);
    assert.notEqual(json.at('metadata', 'creationTimestamp'), metadata.creationTimestamp);
    assert.equal(json.at('metadata', 'generation'), 1);
  });

  it('scales through the subresource', async () => {
    assert.equal((await api.request(`${CART}/scale`)).json.at('status', 'selector'), 'app=cart');
    const { json } = await send('PATCH', `${CART}/scale`, { spec: { replicas: 5 } }, MERGE);
    assert.deepEqual([json.at('kind'), json.at('spec', 'replicas')], ['Scale', 5]);
    assert.equal((await api.request(CART)).json.at('spec', 'replicas'), 5);
  });

  it('stops a pod gracefully and removes it when it has stopped, or at once when forced', async () => {
    const path = '/api/v1/namespaces/bar/pods/lonely';
    assert.ok((await send('DELETE', path, { propagationPolicy: 'Background' })).json.at('metadata', 'deletionTimestamp'));
    assert.equal((await api.request(path)).code, 200);
    const forced = await send('DELETE', path, { gracePeriodSeconds: 0 });
    assert.equal(forced.json.at('kind'), 'Status');
    assert.equal((await api.request(path)).code, 404);
  });

  it('takes what a deployment owns with it, its pods gracefully', async () => {
    const { json } = await send('DELETE', CART, { propagationPolicy: 'Background' });
    assert.deepEqual([json.at('status'), json.at('details', 'kind'), json.at('details', 'group'), json.at('details', 'name')], ['Success', 'deployments', 'apps', 'cart']);
    assert.equal((await api.request('/apis/apps/v1/namespaces/foo/replicasets/cart-7d9f')).code, 404);
    assert.ok((await api.request('/api/v1/namespaces/foo/pods/cart-7d9f-aaaaa')).json.at('metadata', 'deletionTimestamp'));
    api.cluster.finishStopping();
    assert.deepEqual((await api.request('/api/v1/namespaces/foo/pods')).json.at('items'), []);
  });

  it('leaves dependents alone when they are to be orphaned', async () => {
    await send('DELETE', `${CART}?propagationPolicy=Orphan`);
    assert.deepEqual((await api.request('/apis/apps/v1/namespaces/foo/replicasets/cart-7d9f')).json.at('metadata', 'ownerReferences'), []);
  });

  it('waits for finalizers', async () => {
    const path = '/api/v1/namespaces/istio-system/configmaps/istio';
    await send('PATCH', path, { metadata: { finalizers: ['example.com/hold'] } }, MERGE);
    assert.ok((await send('DELETE', path)).json.at('metadata', 'deletionTimestamp'));
    assert.equal((await api.request(path)).code, 200);
    await send('PATCH', path, { metadata: { finalizers: null } }, MERGE);
    assert.equal((await api.request(path)).code, 404);
  });

  it('refuses a delete whose precondition does not hold', async () => {
    assert.equal((await send('DELETE', CART, { preconditions: { uid: 'another' } })).code, 409);
  });

  it('empties a namespace before it goes, and lets nothing new in meanwhile', async () => {
    const { json } = await send('DELETE', '/api/v1/namespaces/foo');
    assert.equal(json.at('status', 'phase'), 'Terminating');
    const late = await send('POST', '/api/v1/namespaces/foo/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } });
    assert.match(late.json.text('message'), /because it is being terminated$/u);
    api.cluster.finishStopping();
    assert.equal((await api.request('/api/v1/namespaces/foo')).code, 404);
    assert.equal((await api.request(CART)).code, 404);
  });

  it('deletes a collection by label', async () => {
    await send('DELETE', '/apis/apps/v1/namespaces/foo/deployments?labelSelector=app%3Dother');
    assert.equal((await api.request(CART)).code, 200);
    await send('DELETE', '/apis/apps/v1/namespaces/foo/deployments?labelSelector=app%3Dcart');
    assert.equal((await api.request(CART)).code, 404);
  });

  it('evicts a pod', async () => {
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'lonely' } };
    assert.equal((await send('POST', '/api/v1/namespaces/bar/pods/lonely/eviction', body)).code, 201);
    assert.ok((await api.request('/api/v1/namespaces/bar/pods/lonely')).json.at('metadata', 'deletionTimestamp'));
  });

  it('asks which container a log is wanted of', async () => {
    const path = '/api/v1/namespaces/bar/pods/lonely/log';
    assert.equal((await api.request(path)).json.at('message'), 'a container name must be specified for pod lonely, choose one of: [app istio-proxy]');
    assert.match((await api.request(`${path}?container=app`)).text, /container app/u);
  });
});
