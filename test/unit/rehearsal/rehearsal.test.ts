// A rehearsal from end to end: started in this process and read over https with its own kubeconfig.
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse } from 'yaml';
import { runControl } from '../../../src/rehearsal/control/controlCommandLine.js';
import { contextNameOf, startRehearsal } from '../../../src/rehearsal/rehearsal.js';
import type { Rehearsal } from '../../../src/rehearsal/rehearsal.js';
import { SCENES } from '../../../src/rehearsal/scenes/scenes.js';

interface Kubeconfig {
  readonly clusters: readonly {
    readonly name: string;
    readonly cluster: {
      readonly server: string;
      readonly 'certificate-authority-data': string;
      readonly extensions: readonly { readonly name: string; readonly extension: { readonly meshCaRootSha256: string } }[];
    };
  }[];
  readonly users: readonly { readonly name: string; readonly user: { readonly token: string } }[];
  readonly 'current-context': string;
}

interface Reply {
  readonly code: number;
  readonly body: { readonly items?: readonly { readonly metadata: { readonly name: string } }[] };
}

function get(url: string, ca: Buffer, token: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    https
      .get(url, { ca, headers: { authorization: `Bearer ${token}` }, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          resolve({ code: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) as Reply['body'] });
        });
      })
      .on('error', reject);
  });
}

describe('a rehearsal in this process', () => {
  let folder: string;
  let rehearsal: Rehearsal;
  let kubeconfig: Kubeconfig;

  before(async function () {
    // Some ten RSA keys are made; on a busy machine that takes a while.
    this.timeout(60_000);
    folder = await mkdtemp(path.join(tmpdir(), 'mesh-ca-test-'));
    rehearsal = await startRehearsal({
      scene: SCENES[0],
      listen: { host: '127.0.0.1', port: 0 },
      kubeconfigPath: path.join(folder, 'deeper', 'kubeconfig'),
      withRevisions: ['asm-1232-2-distribute-root'],
      speed: 1,
      log: () => undefined,
    });
    kubeconfig = parse(await readFile(rehearsal.kubeconfigPath, 'utf8')) as Kubeconfig;
  });

  after(async () => {
    await rehearsal.stop();
    await rm(folder, { recursive: true });
  });

  const ask = (index: number, resource: string): Promise<Reply> => {
    const { server, 'certificate-authority-data': ca } = kubeconfig.clusters[index]!.cluster;
    return get(`${server}/api/v1/${resource}`, Buffer.from(ca, 'base64'), kubeconfig.users[index]!.user.token);
  };

  it('writes a kubeconfig with a context per cluster, none of them current, for its owner alone', async () => {
    const names = ['gke_rehearsal-project_us-central1_cluster-1', 'gke_rehearsal-project_us-east1-b_cluster-2'];
    assert.deepEqual(kubeconfig.clusters.map(({ name }) => name), names);
    assert.deepEqual(rehearsal.clusters.map(({ contextName }) => contextName), names);
    assert.equal(kubeconfig['current-context'], '');
    if (process.platform !== 'win32') assert.equal((await stat(rehearsal.kubeconfigPath)).mode & 0o777, 0o600);
  });

  it('says in each cluster entry which root stands for Mesh CA’s', () => {
    for (const { cluster } of kubeconfig.clusters) {
      assert.deepEqual(cluster.extensions, [
        { name: 'mesh-ca-migration/rehearsal', extension: { meshCaRootSha256: rehearsal.meshCaRootSha256 } },
      ]);
    }
    assert.match(rehearsal.meshCaRootSha256, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/u);
  });

  it('answers over https under the CA of the kubeconfig, with the token of that cluster only', async () => {
    for (const index of [0, 1]) {
      const { code, body } = await ask(index, 'namespaces/foo/pods');
      assert.equal(code, 200);
      assert.equal(body.items?.length, 3);
    }
    const { server, 'certificate-authority-data': ca } = kubeconfig.clusters[0]!.cluster;
    const wrong = await get(`${server}/api/v1/namespaces`, Buffer.from(ca, 'base64'), kubeconfig.users[1]!.user.token);
    assert.equal(wrong.code, 401);
  });

  it('forbids what it is told to forbid, and allows it again', async () => {
    const [first] = rehearsal.clusters;
    first!.denyAccess([{ resources: ['pods'], namespaces: ['foo'] }]);
    assert.equal((await ask(0, 'namespaces/foo/pods')).code, 403);
    assert.equal((await ask(1, 'namespaces/foo/pods')).code, 200);
    first!.denyAccess([]);
    assert.equal((await ask(0, 'namespaces/foo/pods')).code, 200);
  });
});

describe('starting a rehearsal', () => {
  it('is refused on an address that others can reach', async () => {
    const options = { scene: SCENES[0], kubeconfigPath: '/nowhere', withRevisions: [], speed: 1, log: () => undefined };
    await assert.rejects(startRehearsal({ ...options, listen: { host: '0.0.0.0', port: 0 } }), /this machine only/u);
  });

  it('names contexts as gcloud does', () => {
    const place = { fleetProject: 'fleet', project: 'proj', location: 'europe-west4-a', cluster: 'blue' };
    assert.equal(contextNameOf(place), 'gke_proj_europe-west4-a_blue');
  });
});

describe('a rehearsal that takes commands', function () {
  this.timeout(60_000);

  it('is found by its kubeconfig, begins with the faults it was given, and ends them when it is told to', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'mesh-ca-test-'));
    const kubeconfigPath = path.join(folder, 'kubeconfig');
    const rehearsal = await startRehearsal({
      scene: SCENES[0],
      listen: { host: '127.0.0.1', port: 0 },
      kubeconfigPath,
      withRevisions: [],
      speed: 1,
      controlFile: path.join(folder, 'control.json'),
      commands: [{ action: { kind: 'fault', fault: { kind: 'down' } }, context: 'gke_rehearsal-project_us-central1_cluster-1' }],
      log: () => undefined,
    });
    const told: string[] = [];
    const control = (...words: string[]): Promise<number> =>
      runControl([...words, '--kubeconfig', kubeconfigPath], {
        writeOut: (text) => told.push(text),
        writeError: (text) => told.push(text),
        environment: {},
      });
    const code = async (): Promise<number | string> => {
      const { cluster } = (parse(await readFile(kubeconfigPath, 'utf8')) as Kubeconfig).clusters[0]!;
      return get(`${cluster.server}/version`, Buffer.from(cluster['certificate-authority-data'], 'base64'), '').then(
        (reply) => reply.code,
        (error: unknown) => (error as NodeJS.ErrnoException).code ?? '',
      );
    };
    try {
      assert.equal(await code(), 'ECONNREFUSED');
      assert.equal(await control('list'), 0);
      assert.equal(told.join(''), '1\tgke_rehearsal-project_us-central1_cluster-1\tthe API server is down\n');
      assert.equal(await control('clear', '1'), 0);
      assert.equal(typeof (await code()), 'number');
    } finally {
      await rehearsal.stop();
    }
    assert.equal(await control('list'), 1);
    assert.match(told.at(-1) ?? '', /the rehearsal does not answer/u);
    await rm(folder, { recursive: true });
  });
});
