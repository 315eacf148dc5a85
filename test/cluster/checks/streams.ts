// exec and port-forward through the real client: bytes, exit codes, parallel use and the fallbacks to SPDY.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import http from 'node:http';
import { sha256 } from '../support/kubectlRunner.js';
import { LARGE_BYTES, SERVED_PORT } from '../support/manifests.js';
import { itWithPods } from '../support/session.js';
import type { Session } from '../support/session.js';

const ZEROS = sha256(Buffer.alloc(LARGE_BYTES));

/** Environment in which kubectl gives up WebSockets; older ones have none and ignore it. */
const SPDY_ONLY = { KUBECTL_REMOTE_COMMAND_WEBSOCKETS: 'false', KUBECTL_PORT_FORWARD_WEBSOCKETS: 'false' };
const TRANSPORTS = [['the transport it prefers', {}], ['SPDY', SPDY_ONLY]] as const;
type Transport = (typeof TRANSPORTS)[number][1];

function fetchBytes(port: number, path: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    http
      .get({ host: '127.0.0.1', port, path, agent: false }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => { resolve(Buffer.concat(chunks)); });
      })
      .on('error', reject);
  });
}

function describeExec(session: Session, name: string, env: Transport): void {
  const exec = (command: readonly string[], ...options: string[]): string[] => ['exec', ...options, '-n', session.namespace, session.pod, '-c', 'app', '--', ...command];

  itWithPods(session, `runs commands over ${name}: output, errors and exit codes`, async () => {
    const { kubectl } = session;
    const said = await kubectl.run(exec(['echo', 'hello']), { env });
    assert.deepEqual([said.code, said.stdout, said.stderr], [0, 'hello\n', '']);
    const failed = await kubectl.run(exec(['sh', '-c', 'echo out; echo oops >&2; exit 3']), { env });
    assert.deepEqual([failed.code, failed.stdout, failed.stderr], [3, 'out\n', 'oops\ncommand terminated with exit code 3\n']);
    const missing = await kubectl.run(exec(['no-such-program']), { env });
    // Some container runtimes say it by exit code, as a shell does.
    assert.ok([1, 126, 127].includes(missing.code), String(missing.code));
    assert.match(missing.stderr, /exec: "no-such-program": executable file not found in \$PATH/u);
  });
  itWithPods(session, `carries 20 MB out and 3 MB in and out over ${name}, byte by byte`, async () => {
    const { kubectl } = session;
    const out = await kubectl.run(exec(['head', '-c', String(LARGE_BYTES), '/dev/zero']), { env });
    // What kubectl complains of is part of it: it may lose the end of an output and exit with 0 (kubernetes#124571).
    assert.deepEqual([out.code, out.stderr, out.bytes, out.sha256], [0, '', LARGE_BYTES, ZEROS]);
    const input = randomBytes(3_000_000);
    const echoed = await kubectl.run(exec(['cat'], '-i'), { env, input });
    assert.deepEqual([echoed.code, echoed.sha256], [0, sha256(input)]);
  });
}

function describePortForward(session: Session, name: string, env: Transport): void {
  itWithPods(session, `forwards 20 MB and six connections at once over ${name}`, async () => {
    const forward = session.kubectl.start(['port-forward', '-n', session.namespace, `pod/${session.pod}`, `:${SERVED_PORT}`], { env });
    try {
      const [, port] = await forward.line(/^Forwarding from 127\.0\.0\.1:(\d+) ->/u);
      const bodies = await Promise.all(Array.from({ length: 6 }, (_, index) => fetchBytes(Number(port), index === 0 ? `/bytes/${LARGE_BYTES}` : '/bytes/hello')));
      assert.deepEqual([bodies[0]?.length, bodies[0] && sha256(bodies[0])], [LARGE_BYTES, ZEROS]);
      assert.ok(bodies.slice(1).every((body) => body.length > 0));
    } finally {
      await forward.stop();
    }
  });
}

export function describeStreams(session: Session): void {
  describe('streams', () => {
    for (const [name, env] of TRANSPORTS) {
      describeExec(session, name, env);
      describePortForward(session, name, env);
    }
    itWithPods(session, 'names a container that is not there', () =>
      session.kubectl.fails(/container nope is not valid for pod/u, 'exec', '-n', session.namespace, session.pod, '-c', 'nope', '--', 'true').then(() => undefined));
    itWithPods(session, 'may not run commands with the right to read alone', () =>
      session.kubectl.fails(/pods "\S+" is forbidden: User "checks-user" cannot (create|get) resource "pods\/exec" in API group ""/u, 'exec', '-n', session.namespace, session.pod, '--as=checks-user', '--', 'true').then(() => undefined));
  });
}
