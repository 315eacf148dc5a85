// As much of an API server as a port-forward needs: a WebSocket (v4.channel.k8s.io) into a stand-in for Envoy's admin port.
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import type { ClusterConnection } from '../../src/adapters/kubernetes/clusterConnection.js';

export interface Refusal {
  readonly status: number;
  readonly body: string;
}

export interface PodBehaviour {
  /** Envoy's answer to a path. */
  readonly answer?: (path: string, response: http.ServerResponse) => void;
  /** The API server refuses the upgrade. */
  readonly refusal?: Refusal;
  /** Written to the error channel instead of connecting. */
  readonly portError?: string;
}

export interface PortForwardServer {
  readonly connection: ClusterConnection;
  /** Paths asked of Envoy, in order. */
  readonly asked: string[];
  /** Upgrade requests, in order. */
  readonly upgrades: string[];
  openSockets(): number;
  close(): Promise<void>;
}

/** Serves one pod's behaviour on a free port; `prefix` is a path before the API's, as proxies of clusters have. */
export async function servePortForward(behaviour: PodBehaviour, prefix = ''): Promise<PortForwardServer> {
  const [asked, upgrades, sockets]: [string[], string[], Set<Socket>] = [[], [], new Set()];
  const envoy = http.createServer((request, response) => {
    asked.push(request.url ?? '');
    behaviour.answer?.(request.url ?? '', response);
  });
  const api = http.createServer();
  const webSockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v4.channel.k8s.io' });
  api.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  api.on('upgrade', (request, socket, head) => {
    upgrades.push(`${String(request.url)} ${String(request.headers.authorization)}`);
    const { refusal } = behaviour;
    if (refusal) {
      const headers = `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(refusal.body)}\r\nConnection: close`;
      socket.end(`HTTP/1.1 ${refusal.status} Refused\r\n${headers}\r\n\r\n${refusal.body}`);
      return;
    }
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      announcePort(webSocket);
      if (behaviour.portError === undefined) envoy.emit('connection', tunnel(webSocket));
      else {
        webSocket.send(Buffer.concat([Buffer.of(1), Buffer.from(behaviour.portError)]));
        webSocket.close();
      }
    });
  });
  await new Promise<void>((resolve) => { api.listen(0, '127.0.0.1', resolve); });
  const { port } = api.address() as AddressInfo;
  return {
    connection: {
      server: new URL(`http://127.0.0.1:${port}${prefix}`),
      httpsOptions: () => Promise.resolve({ headers: { authorization: 'Bearer token' } }),
      declaredMeshCaRoots: [],
    },
    asked,
    upgrades,
    openSockets: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        api.close(() => { resolve(); });
      }),
  };
}

/** First frame on each channel: the port, as uint16 little endian. */
function announcePort(webSocket: WebSocket): void {
  for (const channel of [0, 1]) webSocket.send(Buffer.of(channel, 15000 & 0xff, 15000 >> 8));
}

/** The pod's end of the data channel. */
function tunnel(webSocket: WebSocket): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, done) => { webSocket.send(Buffer.concat([Buffer.of(0), chunk]), done); },
    final: (done) => { webSocket.close(); done(); },
    destroy: (error, done) => { webSocket.close(); done(error); },
  });
  webSocket.on('message', (data: Buffer) => stream.push(data.subarray(1)));
  webSocket.on('close', () => stream.push(null));
  return Object.assign(stream, { setTimeout: () => stream, setNoDelay: () => stream, setKeepAlive: () => stream });
}
