// Port-forward over real HTTPS, as client-node asks for it and as kubectl does.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';
import { WebSocket } from 'ws';
import type { DenyRule } from '../../../../src/rehearsal/api/accessPolicy.js';
import { TOKEN, startTestApi } from '../../../support/rehearsalApi.js';
import type { TestApi, TestReply } from '../../../support/rehearsalApi.js';
import { OPEN_PORT } from '../../../support/rehearsalApiBackend.js';
import { connectSpdy } from '../../../support/rehearsalApiSpdy.js';

const PATH = '/api/v1/namespaces/bar/pods/lonely/portforward';
const CLOSED_PORT = 9999;
const GET = 'GET /hello HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
const REFUSED = /^error forwarding port 9999 to pod lonely.*connection refused$/u;

interface Received {
  readonly channels: ReadonlyMap<number, Buffer>;
  readonly code: number;
}

describe('port-forward', () => {
  let api: TestApi;
  const deny: DenyRule[] = [];

  before(async () => {
    api = await startTestApi({ access: { deny } });
  });
  after(() => api.close());
  afterEach(() => {
    deny.length = 0;
  });

  const openChannels = (query: string, protocol = 'v4.channel.k8s.io'): WebSocket =>
    new WebSocket(`${api.server.url.replace('https', 'wss')}${PATH}?${query}`, ['v5.channel.k8s.io', protocol], {
      ca: api.certificate.cert,
      headers: { authorization: `Bearer ${TOKEN}` },
    });

  /** Sends once the socket is open, then collects every channel until the server closes. */
  const exchange = async (query: string, channel: number, text: string): Promise<Received> => {
    const socket = openChannels(query);
    const channels = new Map<number, Buffer>();
    socket.on('message', (data: Buffer) => {
      const from = data.readUInt8(0);
      channels.set(from, Buffer.concat([channels.get(from) ?? Buffer.alloc(0), data.subarray(1)]));
    });
    await once(socket, 'open');
    socket.send(Buffer.concat([Buffer.from([channel]), Buffer.from(text)]));
    const [code] = (await once(socket, 'close')) as [number];
    return { channels, code };
  };

  const portBytes = (port: number): Buffer => Buffer.from([port & 255, port >> 8]);

  it('answers on the data channel after the port, and closes when the pod does', async () => {
    const { channels, code } = await exchange(`ports=${OPEN_PORT}`, 0, GET);
    assert.equal(code, 1000);
    assert.deepEqual(channels.get(0)?.subarray(0, 2), portBytes(OPEN_PORT));
    assert.match(channels.get(0)?.toString('utf8') ?? '', /answer to \/hello$/u);
    assert.deepEqual(channels.get(1), portBytes(OPEN_PORT));
  });

  it('says on the error channel what kubelet says of a closed port', async () => {
    const { channels } = await exchange(`ports=${CLOSED_PORT}`, 0, GET);
    assert.match(channels.get(1)?.subarray(2).toString('utf8') ?? '', REFUSED);
  });

  it('serves several ports on one socket', async () => {
    const { channels } = await exchange(`ports=${CLOSED_PORT},${OPEN_PORT}`, 2, GET);
    assert.match(channels.get(1)?.subarray(2).toString('utf8') ?? '', REFUSED);
    assert.match(channels.get(2)?.toString('utf8') ?? '', /answer to \/hello$/u);
  });

  it('carries large bodies whole in both directions', async () => {
    const body = 'x'.repeat(3_000_000);
    const request = `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
    const { channels } = await exchange(`ports=${OPEN_PORT}`, 0, request);
    assert.ok((channels.get(0)?.toString('latin1') ?? '').split('x').length > body.length);
  });

  it('serves many connections on one SPDY connection', async () => {
    const client = await connectSpdy(api, PATH);
    const answers = await Promise.all(Array.from({ length: 6 }, () => client.forward(OPEN_PORT, GET)));
    for (const { data, error } of answers) {
      assert.match(data, /answer to \/hello$/u);
      assert.equal(error, '');
    }
    client.close();
  });

  it('writes the reason to the error stream and ends both streams when the port is closed', async () => {
    const client = await connectSpdy(api, PATH);
    const { data, error } = await client.forward(CLOSED_PORT, GET);
    assert.match(error, REFUSED);
    assert.equal(data, '');
    client.close();
  });

  it('answers pings', async () => {
    const client = await connectSpdy(api, PATH);
    assert.deepEqual(await client.ping(Buffer.from([0, 0, 0, 7])), Buffer.from([0, 0, 0, 7]));
    client.close();
  });

  /** An upgrade request and its answer, refused or not. */
  const requestUpgrade = (path: string, headers: Record<string, string>, token = TOKEN): Promise<Pick<TestReply, 'code' | 'text' | 'headers'>> =>
    new Promise((resolve, reject) => {
      const all = { authorization: `Bearer ${token}`, connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==', ...headers };
      const request = https.request(api.server.url + path, { ca: api.certificate.cert, agent: false, headers: all });
      request.on('upgrade', (response, socket) => {
        socket.destroy();
        resolve({ code: response.statusCode ?? 0, text: '', headers: response.headers });
      });
      request.on('response', (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
        response.on('end', () => {
          resolve({ code: response.statusCode ?? 0, text, headers: response.headers });
        });
      });
      request.on('error', reject);
      request.end();
    });

  it('accepts the tunnel of newer kubectls under its own name', async () => {
    const { code, headers } = await requestUpgrade(PATH, { 'sec-websocket-protocol': 'SPDY/3.1+portforward.k8s.io' });
    assert.deepEqual([code, headers['sec-websocket-protocol']], [101, 'SPDY/3.1+portforward.k8s.io']);
  });

  const v4 = { 'sec-websocket-protocol': 'v4.channel.k8s.io' };
  const refusals: readonly (readonly [string, string, Record<string, string>, string, number])[] = [
    ['a wrong token', PATH, v4, 'guess', 401],
    ['a pod that is not there', PATH.replace('lonely', 'nope'), v4, TOKEN, 404],
    ['a subresource without streams', PATH.replace('portforward', 'log'), v4, TOKEN, 404],
    ['an unknown subprotocol', PATH, { 'sec-websocket-protocol': 'v9.channel.k8s.io' }, TOKEN, 400],
    ['an unknown transport', PATH, { upgrade: 'h2c' }, TOKEN, 400],
  ];
  for (const [what, path, headers, token, expected] of refusals) {
    it(`refuses ${what} with an ordinary Status`, async () => {
      const reply = await requestUpgrade(path, headers, token);
      assert.equal(reply.code, expected);
      assert.equal(reply.headers.connection, 'close');
      assert.deepEqual([(JSON.parse(reply.text) as { kind: string }).kind, (JSON.parse(reply.text) as { code: number }).code], ['Status', expected]);
    });
  }

  it('obeys the access rules of the subresource', async () => {
    deny.push({ resources: ['pods/portforward'], namespaces: ['bar'] });
    const { code, text } = await requestUpgrade(PATH, v4);
    assert.equal(code, 403);
    assert.match(text, /cannot get resource \\"pods\/portforward\\" in API group/u);
  });

  it('tells a plain request that an upgrade is needed', async () => {
    assert.equal((await api.request(PATH)).json.at('message'), 'Upgrade request required');
  });
});
