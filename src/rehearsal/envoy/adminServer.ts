// HTTP/1.1 over any stream in front of the admin answers: one server for all simulated proxies of a process.
import { createServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { answerAdminRequest } from './adminAnswers.js';
import { createDuplexPair } from './duplexPair.js';
import type { EnvoyView } from './envoyView.js';

export interface AdminServer {
  /** A new connection to one proxy's admin port; `view` is asked at every request. */
  connect(view: () => EnvoyView): Duplex;
}

export function createAdminServer(): AdminServer {
  const views = new WeakMap<object, () => EnvoyView>();
  const server = createServer((request, response) => {
    const view = views.get(request.socket)?.();
    if (view === undefined) {
      response.destroy();
      return;
    }
    const answer = answerAdminRequest(request.method ?? 'GET', request.url ?? '/', view);
    response.writeHead(answer.status, {
      'content-type': answer.contentType,
      'cache-control': 'no-cache, max-age=0',
      'x-content-type-options': 'nosniff',
      server: 'envoy',
    });
    response.end(answer.body);
  });
  return {
    connect(view) {
      const [near, far] = createDuplexPair();
      views.set(far, view);
      // Node documents that any Duplex may be handed over this way.
      server.emit('connection', far);
      return near;
    },
  };
}
