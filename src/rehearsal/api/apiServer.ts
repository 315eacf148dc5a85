// The rehearsal's API server: one https server per simulated cluster that kubectl and @kubernetes/client-node take for real.
import { Buffer } from 'node:buffer';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ClusterBackend } from '../clusterBackend.js';
import type { RequestGate } from '../faults/requestGate.js';
import { createUpgradeListener } from '../streams/upgrade.js';
import type { AccessPolicy } from './accessPolicy.js';
import type { Answer } from './answer.js';
import type { ApiContext } from './apiContext.js';
import { ApiError, unknownPath } from './apiError.js';
import { ADMINISTRATOR, authenticatedUser, hasCredentials } from './authentication.js';
import type { ApiUser, Credential } from './authentication.js';
import { ensureBootstrapRoles } from './bootstrapRoles.js';
import { createChangeLog } from './changeLog.js';
import { discover } from './discovery.js';
import { followForegroundDeletion } from './garbageCollection.js';
import { createListPages } from './listPages.js';
import { followNamespaceTermination } from './namespaceTermination.js';
import { serveOpenApi } from './openApi.js';
import { actingUser, serveResource } from './resourceRequests.js';
import { describeServer, isPublicPath } from './serverInfo.js';

/** One request as it was answered; it never holds a body or a token. */
export interface ServedRequest {
  readonly method: string;
  /** Path and query. */
  readonly url: string;
  /** 101 for an upgraded connection. */
  readonly code: number;
  readonly userAgent: string;
  /** What went wrong inside the server, for answers of 500. */
  readonly error?: unknown;
}

export interface ApiServerOptions {
  readonly backend: ClusterBackend;
  /** Port 0 takes any free one. */
  readonly listen: { readonly host: string; readonly port: number };
  /** PEM of the server's key and certificate chain. */
  readonly tls: { readonly key: string; readonly cert: string };
  /** The bearer token of the administrator; read at each request, so that a getter can let it expire. */
  readonly token: string;
  /** Others that are let in; what they may do is up to the cluster's roles. */
  readonly users?: readonly Credential[];
  readonly access?: AccessPolicy;
  /** Stands in front of everything else and may do something other than serve. */
  readonly gate?: RequestGate;
  /** The clock of the simulated cluster: ages in tables count from it. */
  readonly now: () => Date;
  readonly log: (request: ServedRequest) => void;
}

export interface ApiServer {
  /** `https://host:port`. */
  readonly url: string;
  readonly port: number;
  /** Ends watches and streams at once and frees the port. */
  close(): Promise<void>;
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new ApiError(500, 'InternalError', `Internal error occurred: ${message}`);
}

function writeAnswer(response: ServerResponse, answer: Answer): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  const body = typeof answer.body === 'string' ? answer.body : `${JSON.stringify(answer.body)}\n`;
  response.writeHead(answer.code, {
    'content-type': answer.contentType ?? 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-cache, private',
  });
  response.end(body);
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Everyone who is let in; asked at each request, for tokens expire while the server runs. */
function credentialsOf(options: ApiServerOptions): readonly Credential[] {
  const administrator: Credential = {
    get token() {
      return options.token;
    },
    user: ADMINISTRATOR,
  };
  return [administrator, ...(options.users ?? [])];
}

const ANONYMOUS: ApiUser = { name: 'system:anonymous', groups: ['system:unauthenticated'] };

async function answerRequest(context: ApiContext, credentials: readonly Credential[], exchange: Exchange): Promise<Answer | undefined> {
  const { request } = exchange;
  const url = new URL(request.url ?? '/', 'https://rehearsal');
  const isKnown = !isPublicPath(url.pathname) || hasCredentials(request.headers);
  const user = isKnown ? actingUser(context, authenticatedUser(request.headers, credentials), request.headers) : ANONYMOUS;
  if (request.method === 'GET') {
    const known = describeServer(url.pathname) ?? discover(url.pathname, request.headers.accept ?? '') ?? serveOpenApi(url.pathname);
    if (known) return known;
  }
  if (!/^\/apis?\//u.test(url.pathname)) throw unknownPath();
  return serveResource(context, user, url, exchange);
}

function createRequestListener(context: ApiContext, options: ApiServerOptions): RequestListener {
  return (request, response) => {
    const served = { method: request.method ?? 'GET', url: request.url ?? '/', userAgent: request.headers['user-agent'] ?? '' };
    answerRequest(context, credentialsOf(options), { request, response })
      .then((answer) => {
        if (answer) writeAnswer(response, answer);
        options.log({ ...served, code: answer?.code ?? response.statusCode });
      })
      .catch((error: unknown) => {
        const failure = toApiError(error);
        writeAnswer(response, { code: failure.code, body: failure.toStatus() });
        options.log({ ...served, code: failure.code, ...(failure.code === 500 ? { error } : {}) });
      });
  };
}

function listen(server: Server, { host, port }: ApiServerOptions['listen']): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Upgraded connections are no longer the server's: they are remembered here, so that closing reaches them. */
function rememberSockets(server: Server): () => void {
  const sockets = new Set<Duplex>();
  const remember = (socket: Duplex): void => {
    sockets.add(socket);
    // A client that goes away is no event worth an exception.
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
  };
  // A connection whose handshake is not over yet would hold up the closing just as well.
  server.on('connection', remember);
  server.on('secureConnection', remember);
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

/** Listens when it resolves; rejects when the address cannot be had. */
export async function startApiServer(options: ApiServerOptions): Promise<ApiServer> {
  const { backend, now, access } = options;
  ensureBootstrapRoles(backend.store);
  const context: ApiContext = { backend, access, now, changes: createChangeLog(backend.store), pages: createListPages() };
  const stopFollowing = [followNamespaceTermination(context), followForegroundDeletion(context)];
  const { gate } = options;
  const serveRequest = createRequestListener(context, options);
  const serveUpgrade = createUpgradeListener(context, { credentials: () => credentialsOf(options), log: options.log });
  const server = createServer({ ...options.tls, ALPNProtocols: ['http/1.1'] }, gate?.requests(serveRequest) ?? serveRequest);
  // Watches are silent for as long as nothing changes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = 60_000;
  server.on('upgrade', gate?.upgrades(serveUpgrade) ?? serveUpgrade);
  if (gate) server.on('connection', (socket) => { gate.connected(socket); });
  const destroySockets = rememberSockets(server);
  const stop = (): void => {
    for (const stopOne of stopFollowing) stopOne();
    context.changes.close();
  };
  try {
    const port = await listen(server, options.listen);
    const host = options.listen.host.includes(':') ? `[${options.listen.host}]` : options.listen.host;
    return {
      url: `https://${host}:${port}`,
      port,
      close() {
        stop();
        return new Promise((resolve) => {
          server.close(() => { resolve(); });
          destroySockets();
        });
      },
    };
  } catch (error) {
    stop();
    throw error;
  }
}
