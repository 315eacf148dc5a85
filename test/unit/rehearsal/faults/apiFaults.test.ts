// Trouble on the way to the API server: what it looks like on the wire, and what the product's own reader makes of it.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import https from 'node:https';
import { parse } from 'yaml';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import type { Failure, Result } from '../../../../src/shared/failure.js';
import type { ControlledRehearsal } from '../../../support/controlledRehearsal.js';
import { startControlledRehearsal } from '../../../support/controlledRehearsal.js';

interface Reply {
  readonly code: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: { readonly message?: string; readonly reason?: string; readonly details?: { readonly retryAfterSeconds?: number } };
}

describe('trouble with the API server', function () {
  this.timeout(60_000);
  let mesh: ControlledRehearsal;

  before(async () => {
    mesh = await startControlledRehearsal();
  });
  afterEach(() => mesh.tell('clear'));
  after(() => mesh.end());

  const readAll = (signal = new AbortController().signal): Promise<Result<ClusterSnapshot>> => mesh.clusterReader.readOnce(mesh.ref, signal);

  /** What became of one kind, with the rest as it should be. */
  async function podsState(): Promise<Failure | 'live'> {
    const snapshot = await readAll();
    if (!snapshot.ok) return snapshot.failure;
    const { pods, services } = snapshot.value.kinds;
    assert.equal(services.state, 'live');
    return pods.state === 'failed' ? pods.failure : 'live';
  }

  /** Connection, token and CA as the kubeconfig has them at this moment. */
  async function request(path: string): Promise<Reply> {
    interface Kubeconfig {
      readonly clusters: readonly { readonly cluster: { readonly server: string; readonly 'certificate-authority-data': string } }[];
      readonly users: readonly { readonly user: { readonly token: string } }[];
    }
    const { clusters, users } = parse(await readFile(mesh.ref.kubeconfig, 'utf8')) as Kubeconfig;
    const { server, 'certificate-authority-data': ca } = clusters[0]!.cluster;
    const headers = { authorization: `Bearer ${users[0]!.user.token}` };
    return new Promise((resolve, reject) => {
      https
        .get(server + path, { ca: Buffer.from(ca, 'base64'), headers, agent: false }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', reject);
          response.on('end', () => {
            resolve({ code: response.statusCode ?? 0, headers: response.headers, body: JSON.parse(Buffer.concat(chunks).toString()) as Reply['body'] });
          });
        })
        .on('error', reject);
    });
  }

  const codeOf = async (path: string): Promise<string> => {
    try {
      return String((await request(path)).code);
    } catch (error) {
      return (error as NodeJS.ErrnoException).code ?? String(error);
    }
  };

  it('throttles as priority and fairness does, with the time to wait in header and body', async () => {
    await mesh.tell('api throttle --resource pods --seconds 7');
    const { code, headers, body } = await request('/api/v1/namespaces/foo/pods');
    assert.deepEqual([code, headers['retry-after'], body.reason, body.details?.retryAfterSeconds], [429, '7', 'TooManyRequests', 7]);
    assert.equal((await request('/api/v1/namespaces/foo/services')).code, 200);
    assert.equal((await request('/version')).code, 200);
  });

  it('fails so many times, and then is well again by itself', async () => {
    await mesh.tell('api fail --resource pods --times 2 --context ' + mesh.ref.context);
    assert.deepEqual(
      [await codeOf('/api/v1/pods'), await codeOf('/api/v1/namespaces/foo/pods'), await codeOf('/api/v1/pods')],
      ['500', '500', '200'],
    );
    assert.deepEqual(await mesh.tell('list'), ['no fault is in force']);
  });

  it('fails with the status that is asked for, for one verb and one namespace only', async () => {
    await mesh.tell('api fail --code 503 --verb list --resource pods -n foo');
    assert.equal(await codeOf('/api/v1/namespaces/foo/pods'), '503');
    assert.equal(await codeOf('/api/v1/namespaces/bar/pods'), '200');
  });

  it('breaks an answer off in the middle, or the connection before it', async () => {
    await mesh.tell('api half --resource pods');
    assert.equal(await codeOf('/api/v1/pods'), 'ECONNRESET');
    await mesh.tell('clear');
    await mesh.tell('api reset --resource pods');
    assert.equal(await codeOf('/api/v1/pods'), 'ECONNRESET');
    await mesh.tell('clear');
    assert.equal(await codeOf('/api/v1/pods'), '200');
  });

  it('answers late', async () => {
    await mesh.tell('api slow --resource pods --seconds 1');
    const order: string[] = [];
    await Promise.all([
      codeOf('/api/v1/pods').then((code) => order.push(`pods ${code}`)),
      codeOf('/api/v1/services').then((code) => order.push(`services ${code}`)),
    ]);
    assert.deepEqual(order, ['services 200', 'pods 200']);
  });

  it('is told by the reader as what it is, for the one kind that it concerns', async () => {
    const failures: [string, RegExp][] = [
      ['api fail --resource pods', /"kind":"apiError","status":500,"reason":"Internal error occurred: etcdserver/u],
      ['api throttle --resource pods --seconds 0', /"kind":"apiError","status":429/u],
      ['api half --resource pods', /"kind":"clusterUnreachable"/u],
      ['api reset --resource pods', /"kind":"clusterUnreachable","reason":"the connection was broken off"/u],
      ['forbid --resource pods', /"kind":"forbidden","reason":"pods is forbidden: User/u],
    ];
    for (const [fault, expected] of failures) {
      await mesh.tell(fault);
      assert.match(JSON.stringify(await podsState()), expected, fault);
      await mesh.tell('clear');
      assert.equal(await podsState(), 'live', `after ${fault}`);
    }
  });

  it('keeps a reader waiting that is never answered, until the reader gives up', async () => {
    await mesh.tell('api hang --resource pods');
    const cancel = new AbortController();
    const reading = readAll(cancel.signal);
    assert.equal(await Promise.race([reading.then(() => 'answered'), codeOf('/api/v1/services')]), '200');
    cancel.abort();
    const result = await reading;
    assert.ok(!result.ok || result.value.kinds.pods.state !== 'live');
  });

  it('forbids one namespace, and nothing else', async () => {
    await mesh.tell('forbid -n foo');
    assert.equal(await codeOf('/api/v1/namespaces/foo/pods'), '403');
    assert.equal(await codeOf('/api/v1/namespaces/bar/pods'), '200');
    assert.equal(await codeOf('/api/v1/pods'), '200');
  });

  it('takes no token that has expired, and a new one as soon as the kubeconfig has it', async () => {
    await mesh.tell(`expire-token --context ${mesh.ref.context}`);
    assert.equal(await codeOf('/api/v1/pods'), '401');
    assert.match(JSON.stringify((await readAll())), /"kind":"unauthenticated"/u);
    await mesh.tell('renew-token');
    assert.equal(await codeOf('/api/v1/pods'), '200');
    assert.equal(await podsState(), 'live');
  });

  it('goes down and comes up on the same port', async () => {
    const { port } = mesh.first;
    assert.equal((await mesh.tell('down')).length, 2);
    assert.match((await mesh.tell('down'))[0] ?? '', /already so/u);
    assert.equal(await codeOf('/api/v1/pods'), 'ECONNREFUSED');
    assert.match(JSON.stringify(await readAll()), /"kind":"clusterUnreachable","reason":"connection refused"/u);
    await mesh.tell('up');
    assert.equal(mesh.first.port, port);
    assert.equal(await podsState(), 'live');
    assert.match((await mesh.tell('up'))[0] ?? '', /was not down/u);
  });

  it('is listed and cleared by number, and in one cluster where that is said', async () => {
    const [line = ''] = await mesh.tell(`api fail --resource pods --context ${mesh.ref.context}`);
    const [number = '', context, text] = line.split('\t');
    assert.deepEqual([context, text], [mesh.ref.context, 'the API server answers 500: every verb on pods']);
    assert.deepEqual(await mesh.tell('list'), [line]);
    await assert.rejects(mesh.tell(`clear ${Number(number) + 1}`), /there is no fault/u);
    assert.deepEqual(await mesh.tell(`clear ${number}`), [`cleared ${number}`]);
    assert.deepEqual(await mesh.tell('clear'), ['there was no fault']);
    await assert.rejects(mesh.tell('down --context nowhere'), /there is no context "nowhere"; there are gke_/u);
  });
});
