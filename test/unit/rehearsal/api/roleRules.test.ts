// RBAC over real HTTPS: what roles and bindings grant to several users, to those they impersonate, and what reviews say of it.
import assert from 'node:assert/strict';
import https from 'node:https';
import { userNamed } from '../../../../src/rehearsal/api/authentication.js';
import { clusterRoleBinding } from '../../../../src/rehearsal/api/bootstrapRoles.js';
import { TOKEN, startTestApi } from '../../../support/rehearsalApi.js';
import type { TestApi, TestReply } from '../../../support/rehearsalApi.js';

const RBAC = 'rbac.authorization.k8s.io';
const DEVELOPER = 'token-of-a-developer';
const VIEWER = 'token-of-a-viewer';

describe('roles', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi({ users: [{ token: DEVELOPER, user: userNamed('dev') }, { token: VIEWER, user: userNamed('viewer', 'readers') }] });
    const { store } = api.cluster.backend;
    store.create(`clusterrolebindings.${RBAC}`, clusterRoleBinding('readers', 'view', { kind: 'Group', name: 'readers' }));
    const rules = [
      { apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] },
      { apiGroups: ['apps'], resources: ['deployments'], resourceNames: ['cart'], verbs: ['patch'] },
      { apiGroups: [''], resources: ['*/exec'], verbs: ['create'] },
    ];
    store.create(`roles.${RBAC}`, { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata: { name: 'dev', namespace: 'foo' }, rules });
    store.create(`rolebindings.${RBAC}`, {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'dev', namespace: 'foo' },
      roleRef: { apiGroup: RBAC, kind: 'Role', name: 'dev' },
      subjects: [{ kind: 'User', apiGroup: RBAC, name: 'dev' }, { kind: 'ServiceAccount', name: 'robot', namespace: 'bar' }],
    });
  });
  after(() => api.close());

  const as = async (token: string, path: string, method = 'GET', body?: unknown): Promise<number> =>
    (await api.request(path, { token, method, contentType: method === 'PATCH' ? 'application/merge-patch+json' : 'application/json', ...(body === undefined ? {} : { body }) })).code;

  it('grant what a binding in the namespace grants, and nowhere else', async () => {
    assert.deepEqual([await as(DEVELOPER, '/api/v1/namespaces/foo/pods'), await as(DEVELOPER, '/api/v1/namespaces/bar/pods'), await as(DEVELOPER, '/api/v1/pods')], [200, 403, 403]);
    assert.equal(await as(DEVELOPER, '/api/v1/namespaces/foo/pods?watch=1'), 403);
  });

  it('tell subresources and names apart', async () => {
    assert.equal(await as(DEVELOPER, '/apis/apps/v1/namespaces/foo/deployments/cart', 'PATCH', {}), 200);
    assert.equal(await as(DEVELOPER, '/apis/apps/v1/namespaces/foo/deployments/other', 'PATCH', {}), 403);
    assert.equal(await as(DEVELOPER, '/api/v1/namespaces/foo/pods/cart-7d9f-aaaaa/log?container=app'), 200);
    assert.equal(await as(DEVELOPER, '/api/v1/namespaces/foo/pods/cart-7d9f-aaaaa/eviction', 'POST', {}), 403);
  });

  it('let a member of a group read everything but secrets', async () => {
    assert.equal(await as(VIEWER, '/apis/apps/v1/deployments'), 200);
    const { code, json } = await api.request('/api/v1/namespaces/istio-system/secrets', { token: VIEWER });
    assert.deepEqual([code, json.at('message')], [403, 'secrets is forbidden: User "viewer" cannot list resource "secrets" in API group "" in the namespace "istio-system"']);
  });

  const review = async (kind: string, group: string, spec: unknown, token: string): Promise<TestReply> =>
    api.request(`/apis/${group}/v1/${kind.toLowerCase()}s`, { method: 'POST', token, body: { apiVersion: `${group}/v1`, kind, metadata: {}, spec } });

  it('are what access reviews answer by', async () => {
    const ask = async (verb: string, resource: string, subresource = ''): Promise<unknown> =>
      (await review('SelfSubjectAccessReview', 'authorization.k8s.io', { resourceAttributes: { verb, resource, subresource, namespace: 'foo' } }, DEVELOPER)).json.at('status', 'allowed');
    assert.deepEqual([await ask('list', 'pods'), await ask('delete', 'pods'), await ask('create', 'pods', 'exec'), await ask('get', 'pods', 'exec')], [true, false, true, false]);
    const path = await review('SelfSubjectAccessReview', 'authorization.k8s.io', { nonResourceAttributes: { verb: 'get', path: '/openapi/v3' } }, DEVELOPER);
    assert.equal(path.json.at('status', 'allowed'), true);
  });

  it('are listed for their user, who is told who it is', async () => {
    const { json } = await review('SelfSubjectRulesReview', 'authorization.k8s.io', { namespace: 'foo' }, DEVELOPER);
    assert.ok(json.list('status', 'resourceRules').some((rule) => rule.list('resourceNames').length > 0));
    assert.equal(json.at('status', 'incomplete'), false);
    const self = await review('SelfSubjectReview', 'authentication.k8s.io', {}, VIEWER);
    assert.deepEqual(self.json.at('status', 'userInfo'), { username: 'viewer', groups: ['readers', 'system:authenticated'] });
  });

  const impersonating = (token: string, user: string, path: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token}`, 'impersonate-user': user };
      https.get(api.server.url + path, { ca: api.certificate.cert, agent: false, headers }, (response) => {
        response.resume().on('end', () => { resolve(response.statusCode ?? 0); });
      }).on('error', reject);
    });

  it('hold for those whom the administrator asks as, and nobody else may', async () => {
    assert.equal(await impersonating(TOKEN, 'dev', '/api/v1/namespaces/bar/pods'), 403);
    assert.equal(await impersonating(TOKEN, 'system:serviceaccount:bar:robot', '/api/v1/namespaces/foo/pods'), 200);
    assert.equal(await impersonating(DEVELOPER, 'viewer', '/api/v1/namespaces/foo/pods'), 403);
  });

  it('cannot be rebound to another role', async () => {
    const { code, json } = await api.request(`/apis/${RBAC}/v1/clusterrolebindings/readers`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { roleRef: { name: 'edit' } },
    });
    assert.deepEqual([code, json.text('message').endsWith('cannot change roleRef')], [422, true]);
  });
});
