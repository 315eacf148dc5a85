// One TCP connection into a pod: the API server's port-forward over a WebSocket (v4.channel.k8s.io) as a Duplex stream.
// client-node's own port-forward closes the WebSocket when its input ends, loses refusals and has no back-pressure.
import { Duplex } from 'node:stream';
import WebSocket from 'ws';
import type { IncomingMessage } from 'node:http';
import type { ProxyAddress } from '../../app/ports.js';
import type { Failure, Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { connectionFailure, statusFailure } from '../kubernetes/connectionFailure.js';
import type { ClusterConnection } from '../kubernetes/clusterConnection.js';

const PROTOCOL = 'v4.channel.k8s.io';
/** Channels of the first forwarded port; the first frame on each carries the port number, two bytes. */
const DATA_CHANNEL = 0;
const ERROR_CHANNEL = 1;
const PORT_BYTES = 2;
/** More than any Status object takes. */
const LARGEST_REFUSAL = 64 * 1024;

/** Opens the connection; resolves once the API server agreed. A refusal comes with the words of its Status body. */
export async function openPortForward(
  connection: ClusterConnection,
  proxy: ProxyAddress,
  port: number,
  signal: AbortSignal,
): Promise<Result<Duplex>> {
  const options = await connection.httpsOptions().catch((error: unknown) => connectionFailure(error));
  if ('kind' in options) return fail(options);
  // Errors of the stream come as events; this is the only moment at which the signal could be missed.
  if (signal.aborted) return fail({ kind: 'cancelled' });
  const socket = new WebSocket(portForwardUrl(connection.server, proxy, port), [PROTOCOL], {
    ...options,
    perMessageDeflate: false,
  });
  return new Promise((resolve) => {
    const abort = (): void => {
      socket.terminate();
      resolve(fail({ kind: 'cancelled' }));
    };
    const settle = (result: Result<Duplex>): void => {
      signal.removeEventListener('abort', abort);
      resolve(result);
    };
    signal.addEventListener('abort', abort, { once: true });
    socket.on('unexpected-response', (request, response) => {
      void refusalOf(response).then((failure) => {
        request.destroy();
        settle(fail(failure));
      });
    });
    socket.once('error', (error) => {
      settle(fail(connectionFailure(error)));
    });
    // At once and not in the 'open' event: the first frames may come with the handshake.
    const stream = new PortForwardStream(socket);
    socket.once('open', () => {
      settle(succeed(stream));
    });
  });
}

function portForwardUrl(server: URL, { namespace, pod }: ProxyAddress, port: number): URL {
  const url = new URL(server);
  url.protocol = server.protocol === 'http:' ? 'ws:' : 'wss:';
  const base = server.pathname.replace(/\/+$/, '');
  url.pathname = `${base}/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/portforward`;
  url.search = `?ports=${port}`;
  return url;
}

/** Why the API server would not: its Status body. A kubelet that cannot reach the pod shows as a server error. */
async function refusalOf(response: IncomingMessage): Promise<Failure> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > LARGEST_REFUSAL) break;
    }
  } catch {
    // Broken off: the status code still says what it was.
  }
  const status = response.statusCode ?? 0;
  const failure = statusFailure(status, Buffer.concat(chunks).toString('utf8'));
  return failure.kind === 'apiError' && status >= 500 ? { kind: 'proxyUnreachable', reason: failure.reason } : failure;
}

/** Carries bytes of the data channel; text on the error channel becomes the stream's error when the WebSocket closes. */
class PortForwardStream extends Duplex {
  readonly #socket: WebSocket;
  readonly #skip = [PORT_BYTES, PORT_BYTES];
  #trouble = '';

  constructor(socket: WebSocket) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    socket.on('message', (data: WebSocket.RawData) => {
      this.#take(Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]));
    });
    socket.on('close', () => {
      if (this.#trouble === '') this.push(null);
      else this.destroy(new Error(this.#trouble.trim()));
    });
    socket.on('error', (error) => {
      this.destroy(error);
    });
    // Before it is open, errors are told by openPortForward; nobody may be listening here yet.
    this.on('error', () => undefined);
  }

  #take(frame: Buffer): void {
    const channel = frame[0] ?? -1;
    const skip = Math.min(this.#skip[channel] ?? 0, frame.length - 1);
    this.#skip[channel] = (this.#skip[channel] ?? 0) - skip;
    const bytes = frame.subarray(1 + skip);
    if (bytes.length === 0) return;
    if (channel === ERROR_CHANNEL) this.#trouble += bytes.toString('utf8');
    else if (channel === DATA_CHANNEL && !this.push(bytes)) this.#socket.pause();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    // A write that comes too late is no error of its own: the closing that it met is told with its reason.
    this.#socket.send(Buffer.concat([Buffer.of(DATA_CHANNEL), chunk]), () => {
      done();
    });
  }

  // Not ended when writing ends: closing the WebSocket now would lose the answer. Destroying it does.
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.terminate();
    done(error);
  }

  // What node:http expects of a socket and a WebSocket has no use for.
  setTimeout(): this {
    return this;
  }
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
