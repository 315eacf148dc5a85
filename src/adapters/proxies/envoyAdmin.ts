// One GET of Envoy's admin interface over a connection into the pod.
import http from 'node:http';
import type { Duplex } from 'node:stream';
import type { Failure, Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';

/** Far above any list of secrets; below what would hurt an editor's process. */
export const LARGEST_ANSWER_BYTES = 20 * 1024 * 1024;

export function answerTooLarge(): Failure {
  return { kind: 'proxyAnswerUnreadable', reason: `larger than ${LARGEST_ANSWER_BYTES / 1024 / 1024} MB` };
}

export interface AdminAnswer {
  readonly status: number;
  readonly body: string;
}

/** Asks for `path` and closes the connection. Envoy's status codes are answers; only a broken connection is a failure. */
export function getFromEnvoy(stream: Duplex, path: string, signal: AbortSignal): Promise<Result<AdminAnswer>> {
  return new Promise((resolve) => {
    const settle = (result: Result<AdminAnswer>): void => {
      signal.removeEventListener('abort', abort);
      resolve(result);
      stream.destroy();
    };
    // Not http.request's own signal, which costs each request a watch over the end of its streams.
    const abort = (): void => {
      settle(fail({ kind: 'cancelled' }));
    };
    const broken = (error: Error): void => {
      settle(fail({ kind: 'proxyUnreachable', reason: brokenReason(error, stream) }));
    };
    const headers = { Host: 'localhost', Connection: 'close', Accept: 'application/json' };
    const request = http.request(
      // VS Code patches http.request with an agent of its own (http.proxySupport), which would ignore the connection and
      // dial localhost:80; it leaves requests to a socket path alone, and with `createConnection` Node never uses the path.
      { createConnection: () => stream, socketPath: 'pod', path, headers },
      (response) => {
        const chunks: Buffer[] = [];
        let size = 0;
        response.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= LARGEST_ANSWER_BYTES) chunks.push(chunk);
          else settle(fail(answerTooLarge()));
        });
        response.on('error', broken);
        response.on('end', () => {
          settle(succeed({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') }));
        });
      },
    );
    request.on('error', broken);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    request.end();
  });
}

/** The error channel's text explains what Node only calls a "socket hang up". */
function brokenReason(error: Error, stream: Duplex): string {
  return stream.errored?.message ?? error.message;
}
