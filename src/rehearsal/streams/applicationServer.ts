// What answers at the ports of simulated applications: HTTP that returns as many bytes as asked for, or what it was sent.
import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import type { Duplex } from 'node:stream';
import { createDuplexPair } from '../envoy/duplexPair.js';
import { PROXY_CONTAINER } from '../../shared/istioNames.js';
import { listAt, numberAt, textAt } from '../api/json.js';
import type { StoredObject } from '../kubeObject.js';
import { zeros } from './zeros.js';

/** Whether an application in a running pod says that it listens there. */
export function servesApplication(pod: StoredObject, port: number): boolean {
  if (textAt(pod, 'status', 'phase') !== 'Running') return false;
  const applications = listAt(pod, 'spec', 'containers').filter((container) => textAt(container, 'name') !== PROXY_CONTAINER);
  return applications.some((container) => listAt(container, 'ports').some((declared) => numberAt(declared, 0, 'containerPort') === port));
}

export interface ApplicationServer {
  connect(): Duplex;
}

/** `GET /bytes/N` answers N zero bytes (a file of that name in a real container serves the same), POST echoes, all else is a line. */
export function createApplicationServer(): ApplicationServer {
  const server = createServer((request, response) => {
    const [, count] = /^\/bytes\/(\d+)$/u.exec(request.url ?? '') ?? [];
    if (request.method === 'POST') request.pipe(response);
    else if (count === undefined) response.end(`${request.method ?? 'GET'} ${request.url ?? '/'}\n`);
    else {
      response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': count });
      Readable.from(zeros(Number(count))).pipe(response);
    }
  });
  return {
    connect() {
      const [near, far] = createDuplexPair();
      // Node documents that any Duplex may be handed over this way.
      server.emit('connection', far);
      return near;
    },
  };
}
