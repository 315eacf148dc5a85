// Opens a WebSocket to a streaming subresource of a pod (port-forward, exec), with the API server's words where it refuses.
import type { IncomingMessage } from 'node:http';
import WebSocket from 'ws';
import type { ProxyAddress } from '../../app/ports.js';
import type { Failure, Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { connectionFailure, statusFailure } from '../kubernetes/connectionFailure.js';
import type { ClusterConnection } from '../kubernetes/clusterConnection.js';

/** More than any Status object takes. */
const LARGEST_REFUSAL = 64 * 1024;

export interface PodStream {
  readonly subresource: 'portforward' | 'exec';
  readonly query: URLSearchParams;
  /** Subprotocols, best first. */
  readonly protocols: readonly string[];
}

/**
 * Resolves once the API server agreed, with what `carry` made of the socket; a refusal comes with its Status body's words.
 * `carry` is called at once and not in the 'open' event: the first frames may come with the handshake.
 */
export async function openPodSocket<Carrier>(
  connection: ClusterConnection,
  pod: ProxyAddress,
  stream: PodStream,
  carry: (socket: WebSocket) => Carrier,
  signal: AbortSignal,
): Promise<Result<Carrier>> {
  const options = await connection.httpsOptions().catch((error: unknown) => connectionFailure(error));
  if ('kind' in options) return fail(options);
  // Errors of the stream come as events; this is the only moment at which the signal could be missed.
  if (signal.aborted) return fail({ kind: 'cancelled' });
  const socket = new WebSocket(podStreamUrl(connection.server, pod, stream), [...stream.protocols], {
    ...options,
    perMessageDeflate: false,
  });
  return new Promise((resolve) => {
    const abort = (): void => {
      socket.terminate();
      resolve(fail({ kind: 'cancelled' }));
    };
    const settle = (result: Result<Carrier>): void => {
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
    const carrier = carry(socket);
    socket.once('open', () => {
      settle(succeed(carrier));
    });
  });
}

/** One frame: the channel's number and its bytes. */
export function readFrame(data: WebSocket.RawData): { readonly channel: number; readonly bytes: Buffer } {
  const frame = Buffer.isBuffer(data) ? data : Buffer.concat(Array.isArray(data) ? data : [Buffer.from(data)]);
  return { channel: frame[0] ?? -1, bytes: frame.subarray(1) };
}

function podStreamUrl(server: URL, { namespace, pod }: ProxyAddress, { subresource, query }: PodStream): URL {
  const url = new URL(server);
  url.protocol = server.protocol === 'http:' ? 'ws:' : 'wss:';
  const base = server.pathname.replace(/\/+$/, '');
  url.pathname = `${base}/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(pod)}/${subresource}`;
  url.search = query.toString();
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
  if (failure.kind !== 'apiError') return failure;
  // 503 is the API server itself, which has too much to do, as 429 is.
  if (status >= 500 && status !== 503) return { kind: 'proxyUnreachable', reason: failure.reason };
  const retryAfterSeconds = readRetryAfter(response.headers['retry-after']);
  return retryAfterSeconds === undefined ? failure : { ...failure, retryAfterSeconds };
}

/** In seconds, as Kubernetes writes it; the other form of the header, a date, is not used there. */
function readRetryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header.trim()) ? Number(header) : undefined;
}
