// The adapters of the migration's evidence on a rehearsal mesh: records, permissions, dry-runs, backups, listed kinds.
import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { stringify } from 'yaml';
import { itemsOf } from '../../../../src/domain/mesh/gateObjects.js';
import type { ClusterRef } from '../../../../src/domain/cluster.js';
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
    assert.deepEqual(objects.memberships, { state: 'listed', items: [], served: false });
    assert.deepEqual(itemsOf(objects.cronJobs).map(({ name, templateLabels }) => [name, templateLabels]), [['nightly', { app: 'nightly' }]]);
    assert.ok(itemsOf(objects.secrets).some(({ name, uid, resourceVersion }) => name === 'cacerts' && uid !== '' && resourceVersion !== ''));
    assert.doesNotMatch(JSON.stringify(objects), /BEGIN|ca-key/);
    const [webhook] = itemsOf(objects.mutatingWebhooks);
    assert.match(webhook?.webhooks[0]?.caBundle?.[0] ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    assert.deepEqual(itemsOf(objects.gatewayApi).map(({ name, labels }) => [name, labels['istio.io/rev']]), [['partners', 'default']]);
    assert.ok(itemsOf(objects.autoscalers).some(({ target }) => target.name === 'istiod'));
    assert.ok(itemsOf(objects.disruptionBudgets).some(({ selector }) => selector.length > 0));
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
