// Field managers over real HTTPS: who owns what, conflicts, force, and what goes when a manager names it no more.
import assert from 'node:assert/strict';
import { startTestApi } from '../../../support/rehearsalApi.js';
import type { TestApi, TestReply } from '../../../support/rehearsalApi.js';

const MERGE = 'application/merge-patch+json';
const APPLY = 'application/apply-patch+yaml';
const CART = '/apis/apps/v1/namespaces/foo/deployments/cart';

describe('field managers', () => {
  let api: TestApi;
  beforeEach(async () => {
    api = await startTestApi();
  });
  afterEach(() => api.close());

  const config = (data: unknown): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'shared' }, data });
  const send = (path: string, query: string, body: unknown, contentType: string): Promise<TestReply> =>
    api.request(`${path}?${query}`, { method: 'PATCH', body, contentType });
  const apply = (data: unknown, query: string): Promise<TestReply> => send('/api/v1/namespaces/foo/configmaps/shared', query, config(data), APPLY);
  const update = (data: unknown, manager: string): Promise<TestReply> =>
    send('/api/v1/namespaces/foo/configmaps/shared', `fieldManager=${manager}`, { data }, MERGE);
  const owners = ({ json }: TestReply): string[] =>
    json.list('metadata', 'managedFields').map((entry) => `${entry.text('manager')} ${entry.text('operation')} ${Object.keys(entry.at('fieldsV1', 'f:data') as object).join(' ')}`);

  it('remembers who wrote which field, and how', async () => {
    await apply({ a: '1', b: '2' }, 'fieldManager=one');
    assert.deepEqual(owners(await update({ c: '3' }, 'two')), ['one Apply f:a f:b', 'two Update f:c']);
    assert.deepEqual(owners(await update({ a: 'other' }, 'two')), ['one Apply f:b', 'two Update f:a f:c']);
  });

  it('refuses to take over a field without force, naming manager and path', async () => {
    await apply({ a: '1' }, 'fieldManager=one');
    await update({ a: '2', b: '3' }, 'two');
    const refused = await apply({ a: '4', b: '5' }, 'fieldManager=one');
    assert.equal(refused.code, 409);
    assert.equal(refused.json.at('message'), 'Apply failed with 2 conflicts: conflicts with "two" using v1:\n- .data.a\n- .data.b');
    assert.deepEqual(refused.json.at('details', 'causes', 0), { reason: 'FieldManagerConflict', message: 'conflict with "two" using v1', field: '.data.a' });
    const forced = await apply({ a: '4', b: '5' }, 'fieldManager=one&force=true');
    assert.deepEqual([forced.json.at('data'), owners(forced)], [{ a: '4', b: '5' }, ['one Apply f:a f:b']]);
  });

  it('shares a field that two managers apply with the same value', async () => {
    await apply({ a: '1' }, 'fieldManager=one');
    assert.deepEqual(owners(await apply({ a: '1' }, 'fieldManager=two')), ['one Apply f:a', 'two Apply f:a']);
    const left = await apply({}, 'fieldManager=one');
    assert.deepEqual([left.json.at('data'), owners(left)], [{ a: '1' }, ['two Apply f:a', 'one Apply ']]);
  });

  it('is no change the second time', async () => {
    const first = await apply({ a: '1' }, 'fieldManager=one');
    assert.equal((await apply({ a: '1' }, 'fieldManager=one')).json.at('metadata', 'resourceVersion'), first.json.at('metadata', 'resourceVersion'));
  });

  it('names items of lists by their key', async () => {
    await send(CART, 'fieldManager=two', { spec: { template: { spec: { containers: [{ name: 'app', image: 'app:2' }] } } } }, 'application/strategic-merge-patch+json');
    const body = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'cart' },
      spec: { template: { spec: { containers: [{ name: 'app', image: 'app:3' }, { name: 'more', image: 'more:1' }] } } },
    };
    const refused = await send(CART, 'fieldManager=one', body, APPLY);
    assert.equal(refused.json.at('message'), 'Apply failed with 1 conflict: conflict with "two" using apps/v1: .spec.template.spec.containers[name="app"].image');
    await send(CART, 'fieldManager=one&force=true', body, APPLY);
    body.spec.template.spec.containers.pop();
    const { json } = await send(CART, 'fieldManager=one', body, APPLY);
    assert.deepEqual(json.list('spec', 'template', 'spec', 'containers').map((item) => item.text('name')), ['app']);
  });

  it('counts a scale as a manager of its own', async () => {
    await send(`${CART}/scale`, 'fieldManager=autoscaler', { spec: { replicas: 5 } }, MERGE);
    const refused = await send(CART, 'fieldManager=one', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'cart' }, spec: { replicas: 1 } }, APPLY);
    assert.equal(refused.json.at('message'), 'Apply failed with 1 conflict: conflict with "autoscaler" with subresource "scale" using apps/v1: .spec.replicas');
  });

  it('asks for a manager, and changes nothing in a dry run', async () => {
    assert.equal((await apply({}, '')).code, 400);
    assert.equal((await apply({ a: '1' }, 'fieldManager=one&dryRun=All')).code, 201);
    assert.equal((await api.request('/api/v1/namespaces/foo/configmaps/shared')).code, 404);
  });
});
