// Exec over real HTTPS, as client-node asks for it over WebSocket channels and old kubectls over SPDY.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { TOKEN, startTestApi } from '../../../support/rehearsalApi.js';
import type { TestApi } from '../../../support/rehearsalApi.js';
import { connectSpdyStreams } from '../../../support/rehearsalApiSpdy.js';

const PATH = '/api/v1/namespaces/bar/pods/lonely/exec';
const LARGE = 20 * 1024 * 1024;

interface Received {
  readonly protocol: string;
  readonly channels: ReadonlyMap<number, Buffer>;
  readonly status: { readonly status?: string; readonly reason?: string; readonly message?: string; readonly details?: unknown };
}

function query(container: string, command: readonly string[], ...streams: readonly string[]): string {
  return new URLSearchParams([...command.map((word) => ['command', word]), ['container', container], ...streams.map((stream) => [stream, 'true'])]).toString();
}

describe('exec', () => {
  let api: TestApi;
  before(async () => {
    api = await startTestApi();
  });
  after(() => api.close());

  /** Runs a command over a subprotocol, feeding it stdin in one message, and collects every channel until the server closes. */
  const run = async (protocol: string, search: string, stdin?: Buffer): Promise<Received> => {
    const socket = new WebSocket(`${api.server.url.replace('https', 'wss')}${PATH}?${search}`, [protocol], {
      ca: api.certificate.cert,
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const chunks = new Map<number, Buffer[]>();
    socket.on('message', (data: Buffer) => {
      chunks.set(data.readUInt8(0), [...(chunks.get(data.readUInt8(0)) ?? []), data.subarray(1)]);
    });
    await once(socket, 'open');
    if (stdin) {
      socket.send(Buffer.concat([Buffer.from([4]), Buffer.from('{"Width":80,"Height":24}')]));
      socket.send(Buffer.concat([Buffer.from([0]), stdin]));
      socket.send(Buffer.from([255, 0]));
    }
    await once(socket, 'close');
    const channels = new Map([...chunks].map(([channel, parts]) => [channel, Buffer.concat(parts)]));
    return { protocol: socket.protocol, channels, status: JSON.parse(String(channels.get(3))) as Received['status'] };
  };

  for (const protocol of ['v5.channel.k8s.io', 'v4.channel.k8s.io']) {
    it(`tells output, error output and exit code apart over ${protocol}`, async () => {
      const received = await run(protocol, query('app', ['sh', '-c', 'echo out; echo oops >&2; exit 3'], 'stdout', 'stderr'));
      assert.equal(received.protocol, protocol);
      assert.deepEqual([String(received.channels.get(1)), String(received.channels.get(2))], ['out\n', 'oops\n']);
      assert.deepEqual([received.status.reason, received.status.details], ['NonZeroExitCode', { causes: [{ reason: 'ExitCode', message: '3' }] }]);
    });

    it(`never sends the close channel, which older clients choke on, over ${protocol}`, async () => {
      const { channels } = await run(protocol, query('app', ['true'], 'stdout'));
      assert.deepEqual([...channels.keys()].sort(), [1, 3]);
    });
  }

  it('feeds stdin until the client closes it, and ignores the size of a terminal', async () => {
    const input = Buffer.alloc(3_000_000, 'abcdefg');
    const { channels, status } = await run('v5.channel.k8s.io', query('app', ['cat'], 'stdin', 'stdout'), input);
    assert.ok(channels.get(1)?.equals(input));
    assert.equal(status.status, 'Success');
  });

  it('carries 20 MB before the status', async () => {
    const { channels } = await run('v5.channel.k8s.io', query('app', ['head', '-c', String(LARGE), '/dev/zero'], 'stdout'));
    assert.ok(channels.get(1)?.equals(Buffer.alloc(LARGE)));
  });

  it('says what a distroless container has not', async () => {
    const { status } = await run('v5.channel.k8s.io', query('istio-proxy', ['sh', '-c', 'curl localhost:15000/certs'], 'stdout'));
    assert.equal(status.reason, 'InternalError');
    assert.match(status.message ?? '', /^Internal error occurred: error executing command in container: .*exec: "sh": executable file not found in \$PATH: unknown$/u);
  });

  it('shows both outputs of a terminal as one', async () => {
    const { channels } = await run('v5.channel.k8s.io', query('app', ['sh', '-c', 'echo oops >&2'], 'stdout', 'tty'));
    assert.equal(String(channels.get(1)), 'oops\n');
  });

  it('serves a client over SPDY: outputs end before the status does', async () => {
    const client = await connectSpdyStreams(api, `${PATH}?${query('app', ['sh', '-c', 'echo out; echo oops >&2; exit 4'], 'stdout', 'stderr')}`, 'v4.channel.k8s.io');
    const [error, out, err] = await Promise.all(['error', 'stdout', 'stderr'].map((streamtype) => client.open({ streamtype })));
    assert.deepEqual([out, err], ['out\n', 'oops\n']);
    assert.match(error ?? '', /"reason":"ExitCode","message":"4"/u);
    client.close();
  });

  it('refuses before the upgrade what names no command, no stream or no container', async () => {
    for (const [search, problem] of [
      ['container=app&stdout=true', /at least one command/u],
      ['container=app&command=true', /at least 1 of stdin, stdout, stderr/u],
      ['command=true&stdout=true', /a container name must be specified for pod lonely, choose one of: \[app istio-proxy\]/u],
    ] as const) {
      const refused = await client(search);
      assert.equal(refused.code, 400);
      assert.match(refused.text, problem);
    }
  });

  const client = async (search: string): Promise<{ code: number; text: string }> => {
    const socket = new WebSocket(`${api.server.url.replace('https', 'wss')}${PATH}?${search}`, ['v5.channel.k8s.io'], {
      ca: api.certificate.cert,
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, AsyncIterable<Buffer> & { statusCode: number }];
    let text = '';
    for await (const chunk of response) text += chunk.toString('utf8');
    return { code: response.statusCode, text };
  };
});
