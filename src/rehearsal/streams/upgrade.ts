// Upgrade requests: who may stream to which pod, over which transport; a refusal is an ordinary Status answer.
import { Buffer } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { ApiContext } from '../api/apiContext.js';
import { ApiError, badRequest, unknownPath } from '../api/apiError.js';
import { authenticatedUser } from '../api/authentication.js';
import type { Credential } from '../api/authentication.js';
import { parseTarget } from '../api/requestTarget.js';
import { actingUser, checkAccess } from '../api/resourceRequests.js';
import { requireObject } from '../api/updating.js';
import { createExec } from './exec.js';
import type { PodStreamKind, PodStreamRequest } from './podStream.js';
import { createPortForward } from './portForward.js';
import { createSpdyConnection } from './spdyConnection.js';

export interface UpgradeOptions {
  /** Who is let in at this moment. */
  readonly credentials: () => readonly Credential[];
  readonly log: (request: { method: string; url: string; code: number; userAgent: string; error?: unknown }) => void;
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
  readonly kind: PodStreamKind;
  readonly stream: PodStreamRequest;
}

/** A port-forward of a large file arrives in frames of at most 32 KiB; this is far above. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

function offeredProtocols(header: string | readonly string[] | undefined): readonly string[] {
  return [header ?? []].flat().join(',').split(',').map((protocol) => protocol.trim());
}

/** kubectl prints the message of the Status; `connection: close` lets it read the body to its end. */
function refuseUpgrade(socket: Duplex, error: ApiError): void {
  const body = Buffer.from(JSON.stringify(error.toStatus()));
  socket.end(
    `HTTP/1.1 ${error.code} ${STATUS_CODES[error.code] ?? error.reason}\r\n` +
      `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body.toString('utf8')}`,
  );
}

function serveSpdyTunnel(socket: WebSocket, upgrade: Upgrade): void {
  const connection = createSpdyConnection(
    {
      write(bytes, done) {
        if (socket.readyState === socket.OPEN) socket.send(bytes, { binary: true }, done);
        else done();
      },
      end() {
        socket.close(1000);
      },
    },
    { stream: upgrade.kind.serveSpdy(upgrade.stream, { end: () => { socket.close(1000); } }), failed: () => { socket.terminate(); } },
  );
  // Message borders mean nothing inside the tunnel.
  socket.on('message', (data) => {
    if (Buffer.isBuffer(data)) connection.receive(data);
  });
  socket.on('close', () => { connection.close(); });
  socket.on('error', () => { socket.terminate(); });
}

function upgradeToWebSocket(upgrade: Upgrade): void {
  const { request, socket, head, kind } = upgrade;
  const offered = offeredProtocols(request.headers['sec-websocket-protocol']);
  const { tunnelProtocol } = kind;
  const isTunnel = tunnelProtocol !== undefined && offered.includes(tunnelProtocol);
  const channel = kind.channels.find(({ protocol }) => offered.includes(protocol));
  if (!isTunnel && !channel) throw badRequest(`unable to upgrade: none of the subprotocols is known: ${offered.join(', ')}`);
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES, handleProtocols: () => channel?.protocol ?? false });
  if (isTunnel) {
    // ws refuses the name because `/` is not allowed in a token; kubectl insists on it. So it never sees it.
    delete request.headers['sec-websocket-protocol'];
    server.on('headers', (headers) => headers.push(`Sec-WebSocket-Protocol: ${tunnelProtocol}`));
  }
  server.handleUpgrade(request, socket, head, (webSocket) => {
    if (isTunnel) serveSpdyTunnel(webSocket, upgrade);
    else channel?.serve(webSocket, upgrade.stream);
  });
}

function upgradeToSpdy({ request, socket, head, kind, stream }: Upgrade): void {
  const offered = offeredProtocols(request.headers['x-stream-protocol-version']);
  const protocol = kind.spdyProtocols.find((known) => offered.includes(known));
  if (protocol === undefined) {
    const sides = `client supports [${offered.join(' ')}], server accepts [${kind.spdyProtocols.join(' ')}]`;
    throw new ApiError(403, 'Forbidden', `unable to upgrade: unable to negotiate protocol: ${sides}`);
  }
  const lines = ['HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: SPDY/3.1', `X-Stream-Protocol-Version: ${protocol}`];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const connection = createSpdyConnection(
    { write: (bytes, done) => { socket.write(bytes, done); }, end: () => { socket.end(); } },
    { stream: kind.serveSpdy(stream, { end: () => { socket.end(); } }), failed: () => { socket.destroy(); } },
  );
  socket.on('data', (bytes: Buffer) => { connection.receive(bytes); });
  socket.on('close', () => { connection.close(); });
  if (head.length > 0) connection.receive(head);
}

type RawUpgrade = Pick<Upgrade, 'request' | 'socket' | 'head'>;
type StreamKinds = ReadonlyMap<string, PodStreamKind>;

/** Refused by a throw, so that every reason ends in the same kind of answer. */
function startUpgrade(context: ApiContext, kinds: StreamKinds, credentials: readonly Credential[], raw: RawUpgrade): void {
  const { request } = raw;
  const user = actingUser(context, authenticatedUser(request.headers, credentials), request.headers);
  const url = new URL(request.url ?? '/', 'https://rehearsal');
  const target = parseTarget(url.pathname);
  const kind = target.resource.plural === 'pods' ? kinds.get(target.subresource ?? '') : undefined;
  if (!kind) throw unknownPath();
  checkAccess(context, { method: request.method ?? 'GET', user, target, params: url.searchParams });
  const upgrade: Upgrade = { ...raw, kind, stream: { pod: requireObject(context, target), params: url.searchParams } };
  kind.check?.(upgrade.stream);
  const transport = request.headers.upgrade?.toLowerCase();
  if (transport === 'websocket') upgradeToWebSocket(upgrade);
  else if (transport === 'spdy/3.1') upgradeToSpdy(upgrade);
  else throw badRequest('unable to upgrade: only WebSocket and SPDY/3.1 are served');
}

type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

/** For the server's `upgrade` event. */
export function createUpgradeListener(context: ApiContext, options: UpgradeOptions): UpgradeListener {
  const connect = ({ pod }: PodStreamRequest, port: number): Duplex =>
    context.backend.connectToPod(pod.metadata.namespace ?? '', pod.metadata.name, port);
  const kinds = new Map([
    ['portforward', createPortForward(connect)],
    ['exec', createExec((command) => context.backend.execInPod(command, (port) => context.backend.connectToPod(command.namespace, command.pod, port)))],
  ]);
  return (request, socket, head) => {
    const served = { method: request.method ?? 'GET', url: request.url ?? '/', userAgent: request.headers['user-agent'] ?? '' };
    try {
      startUpgrade(context, kinds, options.credentials(), { request, socket, head });
      options.log({ ...served, code: 101 });
    } catch (error) {
      const failure = error instanceof ApiError ? error : new ApiError(500, 'InternalError', `Internal error occurred: ${String(error)}`);
      refuseUpgrade(socket, failure);
      options.log({ ...served, code: failure.code, ...(failure.code === 500 ? { error } : {}) });
    }
  };
}
