// The adapters of the migration's evidence on a rehearsal mesh: records, permissions, dry-runs, backups, listed kinds.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { ClusterConnections } from '../../../../src/adapters/kubernetes/clusterConnection.js';
import { KubernetesObjectReader } from '../../../../src/adapters/kubernetes/clusterObjectReader.js';
import { itemsOf } from '../../../../src/domain/mesh/gateObjects.js';
import type { ClusterRef } from '../../../../src/domain/cluster.js';
import { generateEcKey } from '../../../../src/rehearsal/pki/keySource.js';
import { wallClock } from '../../../support/clusterFollower.js';
import type { AwkwardMesh } from '../../../support/evidenceMesh.js';
import { meshReaders, REVISION_1, startAwkwardMesh } from '../../../support/evidenceMesh.js';

describe('the evidence adapters on a rehearsal mesh', function () {
  this.timeout(60_000);
  let mesh: AwkwardMesh;
  let ref: ClusterRef;
  let folder: string;
  const { evidence } = meshReaders();
  const signal = new AbortController().signal;

  before(async () => {
    mesh = await startAwkwardMesh('istio-default');
    ref = mesh.refs[0]!;
    folder = await mkdtemp(path.join(os.tmpdir(), 'mesh-ca-backup-'));
  });
  after(async () => {
    await mesh.end();
    await rm(folder, { recursive: true });
  });

  const store = () => mesh.rehearsal.clusters[0]!.store;

  it('keep records key by key: writing one leaves the others, and none is there before the first', async () => {
    assert.deepEqual(await evidence.records.read(ref, signal), { ok: true, value: {} });
    await evidence.records.write(ref, { baseline: 'first', 'probe.x': 'kept' }, signal);
    await evidence.records.write(ref, { baseline: 'second' }, signal);
    assert.deepEqual(await evidence.records.read(ref, signal), { ok: true, value: { baseline: 'second', 'probe.x': 'kept' } });
    await evidence.records.write(ref, { baseline: undefined }, signal);
    assert.deepEqual(await evidence.records.read(ref, signal), { ok: true, value: { 'probe.x': 'kept' } });
    const stored = store().get('configmaps', 'istio-system', 'mesh-ca-migration');
    assert.match(JSON.stringify(stored?.metadata.managedFields), /"manager":"mesh-ca-migration"/);
  });

  it('say that records cannot be written where that is forbidden', async () => {
    const allowAgain = mesh.rehearsal.clusters[0]!.alsoDeny({ resources: ['configmaps'] });
    const written = await evidence.records.write(ref, { baseline: 'third' }, signal);
    const read = await evidence.records.read(ref, signal);
    allowAgain();
    assert.equal(!written.ok && written.failure.kind, 'forbidden');
    assert.equal(!read.ok && read.failure.kind, 'forbidden');
  });

  it('answer each permission by itself, subresources by the verb that is asked for', async () => {
    const allowAgain = mesh.rehearsal.clusters[0]!.alsoDeny({ resources: ['pods/portforward'], verbs: ['create'] });
    const ask = (verb: string, resource: string) => ({ verb, group: '', resource, namespace: undefined });
    const answer = await evidence.permissions.review(ref, [ask('get', 'pods/portforward'), ask('create', 'pods/portforward'), ask('get', 'pods')], signal);
    allowAgain();
    assert.deepEqual(answer, { ok: true, value: [true, false, true] });
  });

  it('let the API server say what a workload would be injected with, and create nothing', async () => {
    const before = store().list('pods').length;
    const sleep = await evidence.injectionForecaster.forecast(ref, 'foo', { kind: 'Deployment', name: 'sleep' }, signal);
    assert.ok(sleep.ok);
    assert.equal(sleep.value.revision, 'default');
    assert.match(sleep.value.proxyImage ?? '', /proxyv2:1\.16/);
    const nightly = await evidence.injectionForecaster.forecast(ref, 'odd', { kind: 'CronJob', name: 'nightly' }, signal);
    assert.equal(nightly.ok && nightly.value.hasProxy, true);
    const bare = await evidence.injectionForecaster.forecast(ref, 'plain', undefined, signal);
    assert.deepEqual(bare, { ok: true, value: { revision: undefined, proxyImage: undefined, caAddress: undefined, hasProxy: false } });
    assert.equal(store().list('pods').length, before);
  });

  it('see the new revision and its CA in the dry-run as soon as the label is there', async () => {
    const stored = store().get('namespaces', undefined, 'bar')!;
    store().replace('namespaces', { ...stored, metadata: { ...stored.metadata, labels: { 'istio.io/rev': REVISION_1 } } });
    const sleep = await evidence.injectionForecaster.forecast(ref, 'bar', { kind: 'Deployment', name: 'sleep' }, signal);
    assert.ok(sleep.ok);
    assert.equal(sleep.value.revision, REVISION_1);
    assert.match(sleep.value.proxyImage ?? '', /^gke\.gcr\.io\/asm\//);
    assert.match(sleep.value.caAddress ?? '', /istiod-asm-1232-2-distribute-root/);
  });

  it('take a backup only when it is of exactly this secret, readable by nobody else', async () => {
    const secret = store().get('secrets', 'istio-system', 'cacerts')!;
    const file = path.join(folder, 'cacerts.yaml');
    const verify = () => evidence.secretBackups.verify(ref, 'cacerts', file, signal);
    const refusal = async (): Promise<string> => {
      const answer = await verify();
      return answer.ok || !('reason' in answer.failure) ? 'verified' : answer.failure.reason;
    };
    assert.match(await refusal(), /there is no such file/);
    await writeFile(file, '', { mode: 0o600 });
    assert.match(await refusal(), /is empty/);
    await writeFile(file, stringify(secret));
    const verified = await verify();
    assert.ok(verified.ok);
    assert.deepEqual([verified.value.uid, verified.value.resourceVersion], [secret.metadata.uid, secret.metadata.resourceVersion]);
    await chmod(file, 0o644);
    assert.match(await refusal(), /others may read/);
    await chmod(file, 0o600);
    await writeFile(file, stringify({ ...secret, data: { ...(secret.data as object), 'ca-key.pem': 'AAAA' } }));
    assert.match(await refusal(), /data\.ca-key\.pem differs/);
    await writeFile(file, stringify({ ...secret, metadata: { ...secret.metadata, resourceVersion: '1' } }));
    assert.match(await refusal(), /resourceVersion differs/);
  });

  it('list the kinds of gates: what is not served is known to be empty, and no CA key is among what is read', async () => {
    const objects = await evidence.gateObjects.readGateObjects(ref, signal);
    assert.deepEqual(objects.workloadEntries, { state: 'listed', items: [], served: false });
    assert.deepEqual(objects.workloadGroups, { state: 'listed', items: [], served: false });
    assert.deepEqual(objects.memberships, { state: 'listed', items: [], served: true });
    assert.deepEqual(itemsOf(objects.cronJobs).map(({ name, templateLabels }) => [name, templateLabels]), [['nightly', { app: 'nightly' }]]);
    assert.ok(itemsOf(objects.secrets).some(({ name, uid, resourceVersion }) => name === 'cacerts' && uid !== '' && resourceVersion !== ''));
    assert.doesNotMatch(JSON.stringify(objects), /BEGIN|ca-key/);
    const [webhook] = itemsOf(objects.mutatingWebhooks);
    assert.match(webhook?.webhooks[0]?.caBundle?.[0] ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.deepEqual(itemsOf(objects.gatewayApi).map(({ name, labels }) => [name, labels['istio.io/rev']]), [['partners', 'default']]);
    assert.ok(itemsOf(objects.autoscalers).some(({ target }) => target.name === 'istiod'));
    assert.ok(itemsOf(objects.disruptionBudgets).some(({ selector }) => selector.length > 0));
  });

  it('list what gateways are given: whom a Gateway is for, what it opens, and the VirtualServices bound to it', async () => {
    const route = (name: string, gateways: readonly string[]) => ({ apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name, namespace: 'edge' }, spec: { hosts: ['shop.example.com'], gateways } });
    for (const object of [route('bound', ['shop', 'mesh', 'foo/other']), route('sidecars', ['mesh']), route('unbound', [])]) store().create('virtualservices.networking.istio.io', object);
    const objects = await evidence.gateObjects.readGateObjects(ref, signal);
    assert.deepEqual(itemsOf(objects.istioGateways).map(({ name, selector, servers }) => ({ name, selector, servers })), [
      { name: 'shop', selector: { app: 'edge-gateway', istio: 'edge' }, servers: [{ port: 443, hosts: ['shop.example.com'], credential: 'shop-tls', verifiesClients: false }] },
    ]);
    assert.deepEqual(itemsOf(objects.virtualServices).map(({ name, gateways, hosts }) => ({ name, gateways, hosts })), [
      { name: 'bound', gateways: ['edge/shop', 'foo/other'], hosts: ['shop.example.com'] },
    ]);
    const allowAgain = mesh.rehearsal.clusters[0]!.alsoDeny({ resources: ['virtualservices.networking.istio.io'] });
    const denied = await evidence.gateObjects.readGateObjects(ref, signal);
    allowAgain();
    assert.deepEqual([denied.istioGateways.state, denied.virtualServices.state], ['listed', 'unread']);
  });

  it('list routes of every kind that are attached to a Gateway, and what lets Gateways of other namespaces use Secrets', async () => {
    const api = (kind: string, version: string, name: string, spec: object) => ({ apiVersion: `gateway.networking.k8s.io/${version}`, kind, metadata: { name, namespace: 'edge' }, spec });
    const put = (kind: string, version: string, name: string, spec: object): void => { store().create(`${kind.toLowerCase()}s.gateway.networking.k8s.io`, api(kind, version, name, spec)); };
    put('HTTPRoute', 'v1', 'shop', { parentRefs: [{ name: 'partners' }, { name: 'other', namespace: 'foo' }], hostnames: ['shop.example.com'] });
    put('TCPRoute', 'v1alpha2', 'queue', { parentRefs: [{ name: 'partners' }] });
    put('HTTPRoute', 'v1', 'mesh', { parentRefs: [{ name: 'httpbin', kind: 'Service', group: '' }] });
    put('ReferenceGrant', 'v1beta1', 'one', { from: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', namespace: 'foo' }], to: [{ group: '', kind: 'Secret', name: 'shop-tls' }] });
    put('ReferenceGrant', 'v1beta1', 'backends', { from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'foo' }], to: [{ group: '', kind: 'Service' }] });
    const objects = await evidence.gateObjects.readGateObjects(ref, signal);
    assert.deepEqual(itemsOf(objects.gatewayRoutes).map(({ kind, name, gateways, hosts }) => ({ kind, name, gateways, hosts })), [
      { kind: 'HTTPRoute', name: 'shop', gateways: ['edge/partners', 'foo/other'], hosts: ['shop.example.com'] },
      { kind: 'TCPRoute', name: 'queue', gateways: ['edge/partners'], hosts: ['*'] },
    ]);
    assert.deepEqual(itemsOf(objects.referenceGrants).map(({ name, from, secrets }) => ({ name, from, secrets })), [{ name: 'one', from: ['foo'], secrets: ['shop-tls'] }]);
    const allowAgain = mesh.rehearsal.clusters[0]!.alsoDeny({ resources: ['tcproutes.gateway.networking.k8s.io'] });
    const denied = await evidence.gateObjects.readGateObjects(ref, signal);
    allowAgain();
    assert.equal(denied.gatewayRoutes.state, 'unread', 'one kind of them is enough');
  });

  it('say whether a Secret is there without ever getting what it holds', async () => {
    const reader = new KubernetesObjectReader(new ClusterConnections(), wallClock);
    assert.deepEqual(await reader.findSecret(ref, 'edge', 'none', signal), { ok: true, value: undefined });
    const stored = store().get('secrets', 'edge', 'shop-tls')!;
    const written = (fieldsV1: object) => ({ ...stored, metadata: { ...stored.metadata, managedFields: [{ manager: 'kubectl-create', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1 }] } });
    store().replace('secrets', written({ 'f:type': {} }));
    assert.deepEqual(await reader.findSecret(ref, 'edge', 'shop-tls', signal), { ok: true, value: { keys: undefined } });
    store().replace('secrets', written({ 'f:data': { '.': {}, 'f:tls.key': {}, 'f:ca.crt': {} } }));
    assert.deepEqual(await reader.findSecret(ref, 'edge', 'shop-tls', signal), { ok: true, value: { keys: ['ca.crt', 'tls.key'] } });
    const allowAgain = mesh.rehearsal.clusters[0]!.alsoDeny({ resources: ['secrets'] });
    const denied = await reader.findSecret(ref, 'edge', 'shop-tls', signal);
    allowAgain();
    assert.equal(!denied.ok && denied.failure.kind, 'forbidden');
  });

  it('know a whole backup by its name, its kind, and a key that belongs to its certificate', async () => {
    const secret = store().get('secrets', 'istio-system', 'cacerts')!;
    const data = secret.data as Readonly<Record<string, string>>;
    const file = path.join(folder, 'looked-at.yaml');
    const look = async (content: unknown): Promise<string> => {
      await writeFile(file, stringify(content), { mode: 0o600 });
      const found = await evidence.secretBackups.inspect('cacerts', file);
      return found.ok ? found.value.root : 'reason' in found.failure ? found.failure.reason : '';
    };
    const root = new X509Certificate(Buffer.from(data['root-cert.pem'] ?? '', 'base64')).fingerprint256;
    assert.equal(await look({ ...secret, kind: 'Secret' }), root);
    assert.match(await look({ data }), /is not of secret cacerts/);
    assert.match(await look({ ...secret, kind: 'Secret', metadata: { ...secret.metadata, name: 'other' } }), /is not of secret cacerts/);
    assert.match(await look({ ...secret, kind: 'Secret', data: { ...data, 'ca-key.pem': (data['ca-key.pem'] ?? '').slice(0, 80) } }), /holds no CA that can be read/);
    const another = generateEcKey().privateKey.export({ type: 'sec1', format: 'pem' });
    assert.match(await look({ ...secret, kind: 'Secret', data: { ...data, 'ca-key.pem': Buffer.from(another).toString('base64') } }), /do not belong together/);
  });

  it('give up on a scan whose kinds cannot all be read', async () => {
    const allowAgain = mesh.rehearsal.clusters[0]!.alsoDeny({ resources: ['envoyfilters.networking.istio.io'] });
    const scan = await evidence.identityObjects.readIdentityObjects(ref, signal);
    allowAgain();
    assert.equal(!scan.ok && scan.failure.kind, 'forbidden');
    const whole = await evidence.identityObjects.readIdentityObjects(ref, signal);
    assert.deepEqual(whole.ok && whole.value.map(({ kind }) => kind).sort(), ['AuthorizationPolicy', 'Gateway', 'MeshConfig', 'MeshConfig']);
  });
});
