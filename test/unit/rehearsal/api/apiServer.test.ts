// The server over real HTTPS: who is let in, what is served, in which form, and what is refused with which words.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import type { DenyRule } from '../../../../src/rehearsal/api/accessPolicy.js';
import { startTestApi } from '../../../support/rehearsalApi.js';
import type { TestApi } from '../../../support/rehearsalApi.js';
import { configMap } from '../../../support/rehearsalApiBackend.js';

const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json';
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';
const AGGREGATED_BETA = 'application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json';

describe('API server', () => {
  let api: TestApi;
  const deny: DenyRule[] = [];
  const names = async (path: string): Promise<string[]> => {
    const { json } = await api.request(path);
    return json.list('items').map((item) => item.text('metadata', 'name'));
  };

  before(async () => {
    api = await startTestApi({ access: { deny } });
  });
  after(() => api.close());
  afterEach(() => {
    deny.length = 0;
  });

  describe('authentication', () => {
    for (const [what, token] of [['no token', null], ['a wrong token', 'guess']] as const) {
      it(`answers 401 to ${what}`, async () => {
        const { code, json } = await api.request('/api/v1/namespaces', { token });
        assert.equal(code, 401);
        assert.deepEqual([json.at('kind'), json.at('reason'), json.at('message')], ['Status', 'Unauthorized', 'Unauthorized']);
      });
    }

    it('lets everyone read version and health', async () => {
      assert.equal((await api.request('/version', { token: null })).json.at('minor'), '32');
      assert.equal((await api.request('/readyz', { token: null })).text, 'ok');
    });
  });

  describe('discovery', () => {
    it('answers the aggregated form with the media type that kubectl insists on', async () => {
      const { headers, json } = await api.request('/apis', { accept: AGGREGATED });
      assert.equal(headers['content-type'], 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList');
      const apps = json.list('items').find((item) => item.text('metadata', 'name') === 'apps');
      assert.ok(apps?.list('versions', 0, 'resources').some((resource) => resource.text('resource') === 'deployments'));
    });

    it('answers the beta form to clients that know no other', async () => {
      const { headers, json } = await api.request('/api', { accept: AGGREGATED_BETA });
      assert.match(String(headers['content-type']), /v=v2beta1;/u);
      assert.equal(json.at('apiVersion'), 'apidiscovery.k8s.io/v2beta1');
    });

    it('answers the old form, one document per group version', async () => {
      assert.deepEqual((await api.request('/api')).json.at('versions'), ['v1']);
      const { json } = await api.request('/api/v1');
      const portForward = json.list('resources').find((resource) => resource.text('name') === 'pods/portforward');
      assert.deepEqual(portForward?.at('verbs'), ['create', 'get']);
      assert.equal((await api.request('/apis/apps/v2')).code, 404);
    });

    it('prefers the newest version of a group and serves the older ones', async () => {
      const { json } = await api.request('/apis/networking.istio.io');
      assert.deepEqual(json.list('versions').map((entry) => entry.text('version')), ['v1', 'v1beta1', 'v1alpha3']);
    });

    it('tells in OpenAPI that fieldValidation is understood, without which kubectl does not apply', async () => {
      const index = await api.request('/openapi/v3');
      const { json } = await api.request(index.json.text('paths', 'api/v1', 'serverRelativeURL'));
      const patch = ['paths', '/api/v1/namespaces/{namespace}/services/{name}', 'patch'];
      assert.ok(json.list(...patch, 'parameters').some((parameter) => parameter.text('name') === 'fieldValidation'));
      assert.deepEqual(json.at(...patch, 'x-kubernetes-group-version-kind'), { group: '', version: 'v1', kind: 'Service' });
    });
  });

  describe('lists', () => {
    it('lists one namespace or all, picked by labels and fields', async () => {
      assert.deepEqual(await names('/api/v1/pods'), ['lonely', 'cart-7d9f-aaaaa', 'cart-7d9f-bbbbb']);
      assert.deepEqual(await names('/api/v1/namespaces/foo/pods?labelSelector=app%3Dcart&fieldSelector=metadata.name%3Dcart-7d9f-bbbbb'), ['cart-7d9f-bbbbb']);
      assert.equal((await api.request('/api/v1/pods?fieldSelector=spec.unheard%3Dx')).code, 400);
    });

    it('leaves kind and version out of built-in items and keeps them in custom ones', async () => {
      assert.equal((await api.request('/api/v1/pods')).json.at('items', 0, 'kind'), undefined);
      assert.equal((await api.request('/apis/install.istio.io/v1alpha1/istiooperators')).json.at('items', 0, 'kind'), 'IstioOperator');
    });

    it('pages through the list as it stood at the first page', async () => {
      for (const name of ['p1', 'p2', 'p3']) api.cluster.backend.store.create('configmaps', configMap('kube-system', name));
      const first = (await api.request('/api/v1/namespaces/kube-system/configmaps?limit=2')).json;
      assert.equal(first.at('metadata', 'remainingItemCount'), 1);
      api.cluster.backend.store.remove('configmaps', 'kube-system', 'p3');
      const second = (await api.request(`/api/v1/namespaces/kube-system/configmaps?limit=2&continue=${first.text('metadata', 'continue')}`)).json;
      assert.deepEqual(second.list('items').map((item) => item.text('metadata', 'name')), ['p3']);
      assert.equal(second.at('metadata', 'continue'), undefined);
      assert.equal(second.at('metadata', 'resourceVersion'), first.at('metadata', 'resourceVersion'));
    });

    it('answers 410 for a continue token of a list it has forgotten, 400 for nonsense', async () => {
      const { json } = await api.request('/api/v1/namespaces?limit=1');
      for (let index = 0; index < 40; index += 1) await api.request('/api/v1/namespaces?limit=1');
      const stale = await api.request(`/api/v1/namespaces?limit=1&continue=${json.text('metadata', 'continue')}`);
      assert.deepEqual([stale.code, stale.json.at('reason')], [410, 'Expired']);
      assert.equal((await api.request('/api/v1/namespaces?continue=nonsense')).code, 400);
    });

    it('answers tables with metadata for label columns, or with whole objects when asked', async () => {
      const { json } = await api.request('/api/v1/namespaces', { accept: TABLE });
      assert.equal(json.at('kind'), 'Table');
      const bar = json.list('rows').find((row) => row.text('cells', 0) === 'bar');
      assert.equal(bar?.at('object', 'kind'), 'PartialObjectMetadata');
      assert.equal(bar.at('object', 'metadata', 'labels', 'istio.io/rev'), 'asm-1162-2');
      const whole = await api.request('/api/v1/namespaces/foo/pods?includeObject=Object', { accept: TABLE });
      assert.equal(whole.json.at('rows', 0, 'object', 'spec', 'nodeName'), 'node-1');
    });

    it('answers metadata only, so that secrets can be listed without their data', async () => {
      const accept = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
      const { json, text } = await api.request('/api/v1/namespaces/istio-system/secrets', { accept });
      assert.equal(json.at('kind'), 'PartialObjectMetadataList');
      assert.equal(json.at('items', 0, 'metadata', 'name'), 'cacerts');
      assert.doesNotMatch(text, /root-cert/u);
    });

    it('converts objects to the version that is asked for', async () => {
      const { json } = await api.request('/apis/networking.istio.io/v1beta1/namespaces/foo/gateways', {
        method: 'POST',
        contentType: 'application/json',
        body: { apiVersion: 'networking.istio.io/v1beta1', kind: 'Gateway', metadata: { name: 'gw' }, spec: {} },
      });
      assert.equal(json.at('apiVersion'), 'networking.istio.io/v1beta1');
      assert.equal((await api.request('/apis/networking.istio.io/v1/namespaces/foo/gateways/gw')).json.at('apiVersion'), 'networking.istio.io/v1');
    });
  });

  describe('access', () => {
    it('refuses a namespace with the words of RBAC, for every verb in it', async () => {
      deny.push({ namespaces: ['foo'] });
      const list = await api.request('/api/v1/namespaces/foo/pods');
      assert.equal(list.code, 403);
      assert.equal(list.json.at('message'), 'pods is forbidden: User "rehearsal" cannot list resource "pods" in API group "" in the namespace "foo"');
      const restart = await api.request('/apis/apps/v1/namespaces/foo/deployments/cart', { method: 'PATCH', body: {}, contentType: 'application/merge-patch+json' });
      assert.equal(restart.json.at('message'), 'deployments.apps "cart" is forbidden: User "rehearsal" cannot patch resource "deployments" in API group "apps" in the namespace "foo"');
      assert.equal((await api.request('/api/v1/namespaces/foo')).code, 403);
      assert.equal((await api.request('/api/v1/namespaces/bar/pods')).code, 200);
    });

    it('refuses a resource over all namespaces at the cluster scope', async () => {
      deny.push({ resources: ['secrets'], verbs: ['list', 'watch'] });
      const { json } = await api.request('/api/v1/secrets?watch=1');
      assert.equal(json.at('message'), 'secrets is forbidden: User "rehearsal" cannot watch resource "secrets" in API group "" at the cluster scope');
      assert.equal((await api.request('/api/v1/namespaces/istio-system/secrets/cacerts')).code, 200);
    });

    it('tells a subresource from its resource', async () => {
      deny.push({ resources: ['pods/log'] });
      const { json } = await api.request('/api/v1/namespaces/bar/pods/lonely/log?container=app');
      assert.match(json.text('message'), /cannot get resource "pods\/log" in API group ""/u);
      assert.equal((await api.request('/api/v1/namespaces/bar/pods/lonely')).code, 200);
    });

    it('answers access reviews by the same rules', async () => {
      deny.push({ resources: ['pods/portforward'] });
      const review = async (resource: string, subresource: string): Promise<unknown> => {
        const spec = { resourceAttributes: { verb: 'create', resource, subresource, namespace: 'foo' } };
        const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', metadata: {}, spec };
        return (await api.request('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { method: 'POST', body })).json.at('status', 'allowed');
      };
      assert.deepEqual([await review('pods', 'portforward'), await review('pods', 'exec')], [false, true]);
    });
  });

  it('answers unknown paths and objects with 404 as kubectl prints them', async () => {
    assert.equal((await api.request('/apis/unheard.io/v1/things')).json.at('message'), 'the server could not find the requested resource');
    assert.equal((await api.request('/apis/apps/v1/namespaces/foo/deployments/nope')).json.at('message'), 'deployments.apps "nope" not found');
  });

  it('ends every connection when it closes, and frees the port', async () => {
    const other = await startTestApi();
    await other.request('/version');
    // Connected, but never as far as TLS.
    const silent = connect(other.server.port, '127.0.0.1').on('error', () => undefined);
    await once(silent, 'connect');
    await other.close();
    await assert.rejects(other.request('/version'), { code: 'ECONNREFUSED' });
  });
});
