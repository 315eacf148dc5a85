// Connections: contexts and credentials of kubeconfig files, good and bad.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ClusterConnections } from '../../../../src/adapters/kubernetes/clusterConnection.js';
import { connectionFailure } from '../../../../src/adapters/kubernetes/connectionFailure.js';
import { KubeconfigFiles, parseKubeconfig } from '../../../../src/adapters/kubernetes/kubeconfigFile.js';

const ROOT = 'AB'.repeat(32);

function extension(server: string): string {
  return `
clusters:
- name: c
  cluster:
    server: ${server}
    extensions:
    - {name: mesh-ca-migration/rehearsal, extension: {meshCaRootSha256: "${ROOT.toLowerCase()}"}}
contexts: [{name: x, context: {cluster: c}}]
`;
}

describe('kubeconfig', () => {
  let folder: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'mesh-ca-kubeconfig-'));
    file = path.join(folder, 'config');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function failureOf(context: string): Promise<unknown> {
    const result = await new ClusterConnections().connectionOf({ kubeconfig: file, context });
    return result.ok ? 'connected' : result.failure;
  }

  it('lists contexts with their servers, those with a missing cluster too, and says what is wrong when they are used', async () => {
    await writeFile(file, `
clusters: [{name: c, cluster: {server: "https://10.0.0.1"}}]
users: [{name: u, user: {token: t}}]
contexts:
- {name: good, context: {cluster: c, user: u}}
- {name: noCluster, context: {cluster: gone, user: u}}
- {name: noUser, context: {cluster: c, user: gone}}
`);
    const contexts = await new KubeconfigFiles().contexts(file);
    assert.deepEqual(contexts.ok && contexts.value.map(({ context, server }) => [context, server]), [
      ['good', 'https://10.0.0.1'], ['noCluster', ''], ['noUser', 'https://10.0.0.1'],
    ]);
    assert.equal(await failureOf('good'), 'connected');
    assert.match(JSON.stringify(await failureOf('noCluster')), /cluster gone of the context noCluster is missing/);
    assert.match(JSON.stringify(await failureOf('noUser')), /user gone of the context noUser is missing/);
    assert.deepEqual(await failureOf('other'), { kind: 'contextMissing', path: file, context: 'other' });
  });

  it('says why a file cannot be read, without quoting what is in it', async () => {
    const files = new KubeconfigFiles();
    const missing = await files.contexts(file);
    assert.deepEqual(missing, { ok: false, failure: { kind: 'kubeconfigUnreadable', path: file, reason: 'there is no such file' } });
    await writeFile(file, 'users: [{token: secret-token\n  broken');
    const broken = await files.contexts(file);
    assert.equal(broken.ok, false);
    assert.equal(JSON.stringify(broken).includes('secret-token'), false);
    await writeFile(file, '- just\n- a list\n');
    assert.match(JSON.stringify(await files.contexts(file)), /it is not a kubeconfig/);
    await writeFile(file, '');
    assert.deepEqual(await files.contexts(file), { ok: true, value: [] });
  });

  it('believes a declared Mesh CA root of this machine and of no other', () => {
    const declared = (server: string): unknown => {
      const result = parseKubeconfig('f', extension(server));
      return result.ok && result.value[0]?.declaredMeshCaRoots;
    };
    const root = (ROOT.match(/../g) ?? []).join(':');
    assert.deepEqual(declared('https://127.0.0.1:6443'), [root]);
    assert.deepEqual(declared('https://[::1]:6443'), [root]);
    assert.deepEqual(declared('https://localhost:6443'), [root]);
    assert.deepEqual(declared('https://10.0.0.1'), []);
    assert.deepEqual(declared('https://127.0.0.1.example.com'), []);
  });

  it('refuses http without insecure-skip-tls-verify and takes a context without a user', async () => {
    await writeFile(file, extension('http://127.0.0.1:1'));
    assert.match(JSON.stringify(await failureOf('x')), /insecure-skip-tls-verify/);
    await writeFile(file, extension('https://127.0.0.1:1'));
    assert.equal(await failureOf('x'), 'connected');
  });

  it('starts one credential plugin for many requests, and reads the file anew a tenth of a second after it changed', async () => {
    const plugin = path.join(folder, 'plugin.js');
    const runs = path.join(folder, 'runs');
    const credential = '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"minted"}}';
    await writeFile(plugin, `require('fs').appendFileSync(${JSON.stringify(runs)}, 'run\\n'); process.stdout.write('${credential}');`);
    const config = (user: string): string => `
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: ${user}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
`;
    await writeFile(file, config(`{exec: {apiVersion: client.authentication.k8s.io/v1, command: ${JSON.stringify(process.execPath)}, args: [${JSON.stringify(plugin)}]}}`));
    const clock = { now: 0 };
    const connections = new ClusterConnections(() => clock.now);
    const authorization = async (): Promise<unknown> => {
      const connection = await connections.connectionOf({ kubeconfig: file, context: 'x' });
      assert.ok(connection.ok);
      return (await connection.value.httpsOptions()).headers.Authorization;
    };
    const first = await connections.connectionOf({ kubeconfig: file, context: 'x' });
    assert.ok(first.ok);
    const many = await Promise.all(Array.from({ length: 10 }, () => first.value.httpsOptions()));
    assert.deepEqual(new Set(many.map(({ headers }) => headers.Authorization)), new Set(['Bearer minted']));
    assert.equal(await readFile(runs, 'utf8'), 'run\n');
    assert.equal(new Set(many.map(({ agent }) => agent)).size, 1);
    await writeFile(file, config('{token: another-longer-token}'));
    assert.equal(await authorization(), 'Bearer minted', 'the file was looked at a moment ago');
    clock.now += 100;
    assert.equal(await authorization(), 'Bearer another-longer-token');
    await writeFile(file, config('{token: the-longest-token-of-all}'));
    connections.forget({ kubeconfig: file, context: 'x' });
    assert.equal(await authorization(), 'Bearer the-longest-token-of-all', 'whoever has it forgotten wants it from the file');
  });

  it('says that a credential plugin is missing', async () => {
    await writeFile(file, `
clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: no-such-plugin}}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
`);
    const connection = await new ClusterConnections().connectionOf({ kubeconfig: file, context: 'x' });
    assert.ok(connection.ok);
    const failure = await connection.value.httpsOptions().then(() => undefined, connectionFailure);
    assert.deepEqual(failure, { kind: 'unauthenticated', reason: 'the credential plugin no-such-plugin was not found on PATH' });
  });
});
