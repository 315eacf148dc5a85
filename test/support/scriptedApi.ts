// An API server that a test plays by hand: it waits for each request and decides what the answer is.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type { ClusterRef } from '../../src/domain/cluster.js';

export interface ReceivedRequest {
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly response: ServerResponse;
  readonly isWatch: boolean;
  /** A whole answer. */
  json(value: unknown, status?: number): void;
  /** One line of a watch. */
  event(type: string, object: unknown): void;
}

export class ScriptedApi {
  readonly ref: ClusterRef;
  readonly port: number;
  readonly #server: http.Server;
  readonly #folder: string;
  readonly #waiting: ReceivedRequest[] = [];
  readonly #wanted: ((request: ReceivedRequest) => void)[] = [];

  private constructor(server: http.Server, folder: string) {
    this.#server = server;
    this.#folder = folder;
    this.port = (server.address() as AddressInfo).port;
    this.ref = { kubeconfig: path.join(folder, 'config'), context: 'scripted' };
    server.on('request', (request, response) => {
      this.#receive(request, response);
    });
  }

  static async start(): Promise<ScriptedApi> {
    const server = http.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const api = new ScriptedApi(server, await mkdtemp(path.join(os.tmpdir(), 'mesh-ca-scripted-')));
    await api.writeKubeconfig('    token: secret');
    return api;
  }

  /** `user` is the body of the user entry, indented by four. */
  async writeKubeconfig(user: string): Promise<void> {
    const cluster = `{server: "http://127.0.0.1:${this.port}", insecure-skip-tls-verify: true}`;
    const lines = [
      'clusters:', `- {name: c, cluster: ${cluster}}`,
      'contexts:', '- {name: scripted, context: {cluster: c, user: u}}',
      'users:', '- name: u', '  user:', user,
    ];
    await writeFile(this.ref.kubeconfig, `${lines.join('\n')}\n`);
  }

  /** The next request, in the order of arrival. */
  request(): Promise<ReceivedRequest> {
    const next = this.#waiting.shift();
    return next === undefined ? new Promise((resolve) => this.#wanted.push(resolve)) : Promise.resolve(next);
  }

  /** Requests that arrived and nobody asked for. */
  get pending(): number {
    return this.#waiting.length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
    await rm(this.#folder, { recursive: true });
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://scripted');
    const received: ReceivedRequest = {
      url,
      headers: request.headers,
      response,
      isWatch: url.searchParams.get('watch') === 'true',
      json: (value, status = 200) => {
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(value));
      },
      event: (type, object) => {
        response.write(`${JSON.stringify({ type, object })}\n`);
      },
    };
    const wanted = this.#wanted.shift();
    if (wanted === undefined) this.#waiting.push(received);
    else wanted(received);
  }
}

/** A list as the API server answers it. */
export function listOf(names: readonly string[], resourceVersion: string, next?: string): unknown {
  return {
    metadata: { resourceVersion, ...(next === undefined ? {} : { continue: next }) },
    items: names.map((name) => objectNamed(name, '1')),
  };
}

export function objectNamed(name: string, resourceVersion: string): unknown {
  return { metadata: { name, resourceVersion } };
}
