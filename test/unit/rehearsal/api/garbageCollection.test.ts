// What goes with its owner, when, and what an eviction has to ask first.
import assert from 'node:assert/strict';
import { startTestApi } from '../../../support/rehearsalApi.js';
import type { TestApi, TestReply } from '../../../support/rehearsalApi.js';
import { pod } from '../../../support/rehearsalApiBackend.js';

const CART = '/apis/apps/v1/namespaces/foo/deployments/cart';
const SET = '/apis/apps/v1/namespaces/foo/replicasets/cart-7d9f';
const POD = '/api/v1/namespaces/foo/pods/cart-7d9f-aaaaa';

describe('deleting what is owned', () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.close());

  const remove = (path: string, propagationPolicy: string): Promise<TestReply> =>
    api.request(path, { method: 'DELETE', contentType: 'application/json', body: { propagationPolicy } });
  const at = async (path: string, ...fields: string[]): Promise<unknown> => (await api.request(path)).json.at('metadata', ...fields);
  const codeOf = async (path: string): Promise<number> => (await api.request(path)).code;

  it('keeps owners in the foreground until the last pod has stopped', async () => {
    const { json } = await remove(CART, 'Foreground');
    assert.deepEqual(json.at('metadata', 'finalizers'), ['foregroundDeletion']);
    assert.deepEqual([await at(SET, 'finalizers'), typeof (await at(POD, 'deletionTimestamp'))], [['foregroundDeletion'], 'string']);
    api.cluster.finishStopping();
    assert.deepEqual([await codeOf(CART), await codeOf(SET), await codeOf(POD)], [404, 404, 404]);
  });

  it('lets owners go first in the background', async () => {
    await remove(CART, 'Background');
    assert.deepEqual([await codeOf(CART), await codeOf(SET), await codeOf(POD)], [404, 404, 200]);
  });

  it('waits in the background for what a finalizer holds, without its owner', async () => {
    await api.request(SET, { method: 'PATCH', contentType: 'application/merge-patch+json', body: { metadata: { finalizers: ['example.com/hold'] } } });
    await remove(CART, 'Background');
    assert.deepEqual([await codeOf(CART), typeof (await at(SET, 'deletionTimestamp'))], [404, 'string']);
    await api.request(SET, { method: 'PATCH', contentType: 'application/merge-patch+json', body: { metadata: { finalizers: null } } });
    assert.equal(await codeOf(SET), 404);
  });

  it('knows no other propagation', async () => {
    assert.equal((await remove(CART, 'Sideways')).code, 422);
  });

  it('leaves what has another owner, who is still there', async () => {
    const { store } = api.cluster.backend;
    const other = store.create('replicasets.apps', { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'other', namespace: 'foo' } });
    const owned = store.get('replicasets.apps', 'foo', 'cart-7d9f');
    assert.ok(owned);
    const second = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'other', uid: other.metadata.uid };
    store.replace('replicasets.apps', { ...owned, metadata: { ...owned.metadata, ownerReferences: [...(owned.metadata.ownerReferences ?? []), second] } });
    await remove(CART, 'Background');
    assert.deepEqual(await at(SET, 'ownerReferences'), [second]);
  });

  describe('a disruption budget', () => {
    const evict = (): Promise<TestReply> =>
      api.request(`${POD}/eviction`, { method: 'POST', contentType: 'application/json', body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'cart-7d9f-aaaaa' } } });
    const budget = (name: string, spec: object): void => {
      const selector = { matchLabels: { app: 'cart' } };
      api.cluster.backend.store.create('poddisruptionbudgets.policy', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name, namespace: 'foo' }, spec: { selector, ...spec } });
    };

    it('refuses an eviction that leaves too few healthy pods, with its numbers', async () => {
      budget('strict', { minAvailable: '100%' });
      const { code, json } = await evict();
      assert.equal(code, 429);
      assert.equal(json.at('message'), "Cannot evict pod as it would violate the pod's disruption budget.");
      assert.deepEqual(json.at('details', 'causes', 0), { reason: 'DisruptionBudget', message: 'The disruption budget strict needs 2 healthy pods and has 2 currently' });
      assert.equal(await at(POD, 'deletionTimestamp'), undefined);
    });

    it('allows as many as it says, and no more while the first is stopping', async () => {
      api.cluster.backend.store.create('pods', pod('foo', 'cart-third', { app: 'cart' }));
      budget('lax', { minAvailable: 2 });
      assert.equal((await evict()).code, 201);
      const third = await api.request('/api/v1/namespaces/foo/pods/cart-third/eviction', { method: 'POST', contentType: 'application/json', body: {} });
      assert.notEqual(third.code, 201);
    });

    it('does not count where two of them cover a pod', async () => {
      budget('one', { maxUnavailable: 1 });
      budget('two', { maxUnavailable: 1 });
      assert.match((await evict()).json.text('message'), /more than one PodDisruptionBudget/u);
    });
  });
});
