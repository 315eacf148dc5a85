// As much of an API server as exec needs: scripted frames of one command; port-forward is forbidden where a test says so.
import http from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { WebSocketServer } from 'ws';
import type { ClusterConnection } from '../../src/adapters/kubernetes/clusterConnection.js';

export interface ExecScript {
  readonly stdout?: string | Buffer;
  readonly stderr?: string;
  /** The text of the status channel; none leaves the end untold. */
  readonly status?: string;
  /** Nothing is closed: the command goes on. */
  readonly runsOn?: true;
}

export interface PodStreamScript {
  readonly exec: (path: string) => ExecScript;
  /** Subresources that are refused with 403, as `namespace/subresource`; read at each request. */
  readonly forbidden: Set<string>;
  readonly protocol?: 'v4.channel.k8s.io' | 'v5.channel.k8s.io';
}

export interface PodStreamServer {
  readonly connection: ClusterConnection;
  /** Upgrades as `namespace/subresource`, in order. */
  readonly upgrades: string[];
  /** Queries of the exec upgrades, in order. */
  readonly queries: string[];
  /** Frames that clients sent. */
  readonly received: Buffer[];
  openSockets(): number;
  close(): Promise<void>;
}

export const SUCCESS = '{"metadata":{},"status":"Success"}';

export function exitWith(code: number): string {
  const details = { causes: [{ reason: 'ExitCode', message: String(code) }] };
  return JSON.stringify({ status: 'Failure', reason: 'NonZeroExitCode', message: `command terminated with non-zero exit code: exit status ${code}`, details });
}

export async function servePodStreams({ exec, forbidden, protocol = 'v5.channel.k8s.io' }: PodStreamScript): Promise<PodStreamServer> {
  const [upgrades, queries, received, sockets]: [string[], string[], Buffer[], Set<Socket>] = [[], [], [], new Set()];
  const webSockets = new WebSocketServer({ noServer: true, handleProtocols: (offered) => (offered.has(protocol) ? protocol : 'v4.channel.k8s.io') });
  const api = http.createServer();
  api.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  api.on('upgrade', (request, socket, head) => {
    const url = new URL(request.url ?? '', 'http://api');
    const [, namespace = '', pod = '', subresource = ''] = /namespaces\/([^/]+)\/pods\/([^/]+)\/([^/]+)$/u.exec(url.pathname) ?? [];
    upgrades.push(`${namespace}/${subresource}`);
    if (forbidden.has(`${namespace}/${subresource}`)) {
      const body = JSON.stringify({ kind: 'Status', message: `pods "${pod}" may not ${subresource}` });
      socket.end(`HTTP/1.1 403 Forbidden\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
      return;
    }
    if (subresource === 'exec') queries.push(url.search);
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => undefined);
      webSocket.on('message', (data: Buffer) => received.push(data));
      if (subresource !== 'exec') {
        webSocket.close();
        return;
      }
      const { stdout = '', stderr = '', status, runsOn } = exec(url.searchParams.getAll('command').at(-1) ?? '');
      webSocket.send(Buffer.of(1));
      for (const [channel, payload] of [[1, stdout], [2, stderr], [3, status ?? '']] as const) {
        if (payload.length > 0) webSocket.send(Buffer.concat([Buffer.of(channel), Buffer.from(payload as string)]));
      }
      if (!runsOn) webSocket.close(1000);
    });
  });
  await new Promise<void>((resolve) => { api.listen(0, '127.0.0.1', resolve); });
  return {
    connection: {
      server: new URL(`http://127.0.0.1:${(api.address() as AddressInfo).port}`),
      httpsOptions: () => Promise.resolve({ headers: {} }),
      declaredMeshCaRoots: [],
    },
    upgrades,
    queries,
    received,
    openSockets: () => sockets.size,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        api.close(() => { resolve(); });
      }),
  };
}
