// One request to the API server of a cluster: status and headers first, then the body as text, piece by piece.
import type { IncomingMessage } from 'node:http';
import http from 'node:http';
import https from 'node:https';
import type { Clock } from '../../app/ports.js';
import type { ClusterRef } from '../../domain/cluster.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import type { ClusterConnections } from './clusterConnection.js';
import { connectionFailure, statusFailure } from './connectionFailure.js';

/** How long an answer may take to begin, and a list to arrive. Big lists are paged, so a page is quick. */
const ANSWER_SECONDS = 30;
const PAGE_SECONDS = 60;
/** Errors of the API server are short; a proxy in between may send pages. */
const MAX_ERROR_CHARACTERS = 64 * 1024;

export interface ApiPath {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** The form of the answer that is asked for; JSON of whole objects unless said otherwise. */
  readonly accept?: string;
  /** What is sent; without it the request is a GET. */
  readonly send?: { readonly method: 'POST' | 'PATCH'; readonly contentType: string; readonly body: string };
}

export interface ApiClient {
  /** A whole JSON answer. */
  getJson(request: ApiPath, signal: AbortSignal): Promise<Result<unknown>>;
  /** An answer that goes on: resolves when it has begun with status 200 or 201. The signal ends it. */
  open(request: ApiPath, signal: AbortSignal): Promise<Result<AsyncIterable<string>>>;
}

/** Requests to one cluster. Every failure is a value; an aborted signal gives `cancelled`. */
export function apiClient(ref: ClusterRef, connections: ClusterConnections, clock: Clock): ApiClient {
  const open = async (request: ApiPath, signal: AbortSignal): Promise<Result<AsyncIterable<string>>> => {
    const response = await within(ANSWER_SECONDS, clock, signal, (limited) => begin(ref, connections, request, limited, signal));
    if (!response.ok) return response;
    response.value.setEncoding('utf8');
    const body = response.value as AsyncIterable<string>;
    const status = response.value.statusCode ?? 0;
    if (status === 200 || status === 201) return succeed(body);
    // Whoever was not let in may be with new credentials: a renewed token, a repaired kubeconfig.
    if (status === 401) connections.forget(ref);
    return within(ANSWER_SECONDS, clock, signal, async () => fail(statusFailure(status, await readStart(body))));
  };
  return {
    open,
    async getJson(request, signal) {
      return within(PAGE_SECONDS, clock, signal, async (limited) => {
        const body = await open(request, limited);
        return body.ok ? parseBody(await readAll(body.value)) : body;
      });
    },
  };
}

async function begin(
  ref: ClusterRef,
  connections: ClusterConnections,
  request: ApiPath,
  limited: AbortSignal,
  signal: AbortSignal,
): Promise<Result<IncomingMessage>> {
  const connection = await connections.connectionOf(ref);
  if (!connection.ok) return connection;
  const options = await connection.value.httpsOptions();
  const { server } = connection.value;
  const url = new URL(server);
  url.pathname = server.pathname.replace(/\/$/, '') + request.path;
  url.search = new URLSearchParams(request.query).toString();
  return new Promise((resolve, reject) => {
    const { request: send } = server.protocol === 'http:' ? http : https;
    // Only the outer signal may end the body; the time limit is for its beginning.
    const headers = { ...options.headers, Accept: request.accept ?? 'application/json', ...bodyHeaders(request) };
    // A signal of its own: node:http leaves its listener there for as long as the body lasts, and many requests share one.
    const call = send(url, { ...options, method: request.send?.method ?? 'GET', headers, signal: AbortSignal.any([signal]) });
    const giveUp = (): void => void call.destroy();
    limited.addEventListener('abort', giveUp, { once: true });
    call.once('socket', (socket) => socket.setKeepAlive(true, 30_000));
    call.once('response', (response) => {
      limited.removeEventListener('abort', giveUp);
      resolve(succeed(response));
    });
    // Stays for the life of the connection: an error after the answer began would otherwise be an uncaught exception.
    call.on('error', reject);
    call.end(request.send?.body);
  });
}

function bodyHeaders({ send }: ApiPath): Readonly<Record<string, string | number>> {
  return send === undefined ? {} : { 'Content-Type': send.contentType, 'Content-Length': Buffer.byteLength(send.body) };
}

/** Runs the read with a signal that also ends after the time; what it throws becomes a failure. */
async function within<Value>(
  seconds: number,
  clock: Clock,
  signal: AbortSignal,
  read: (limited: AbortSignal) => Promise<Result<Value>>,
): Promise<Result<Value>> {
  if (signal.aborted) return fail({ kind: 'cancelled' });
  const done = new AbortController();
  const limit = new AbortController();
  const ended = AbortSignal.any([signal, done.signal]);
  const timedOut = clock.sleep(seconds * 1000, ended).then((): Result<Value> => {
    if (!ended.aborted) limit.abort();
    return signal.aborted ? fail({ kind: 'cancelled' }) : fail({ kind: 'timedOut', seconds });
  });
  const answer = read(AbortSignal.any([signal, limit.signal])).catch((error: unknown): Result<Value> => {
    return signal.aborted ? fail({ kind: 'cancelled' }) : fail(connectionFailure(error));
  });
  const first = await Promise.race([answer, timedOut]);
  done.abort();
  return first;
}

async function readAll(body: AsyncIterable<string>): Promise<string> {
  const pieces: string[] = [];
  for await (const piece of body) pieces.push(piece);
  return pieces.join('');
}

async function readStart(body: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of body) {
    text += piece;
    if (text.length > MAX_ERROR_CHARACTERS) break;
  }
  return text;
}

function parseBody(text: string): Result<unknown> {
  try {
    return succeed(JSON.parse(text) as unknown);
  } catch {
    return fail({ kind: 'apiError', status: 200, reason: 'the answer is not JSON' });
  }
}
