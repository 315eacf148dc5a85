// Envoy admin ports in trouble: connections into a pod that hang, are refused, or answer what nobody can use.
import { createServer } from 'node:http';
import type { RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { ENVOY_ADMIN_PORT } from '../../shared/istioNames.js';
import type { ClusterBackend } from '../clusterBackend.js';
import { createDuplexPair } from '../envoy/duplexPair.js';
import { asPod } from '../mesh/podTypes.js';
import type { StoredPod } from '../mesh/podTypes.js';
import type { AdminFault, AdminTrouble } from './fault.js';
import { podMatcher } from './podFilter.js';

const LARGE_BYTES = 50 * 1024 * 1024;
const PIECE = Buffer.alloc(256 * 1024, ' ');

/** JSON that is valid and means nothing, at the pace at which it is read. */
function answerLarge(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  let sent = 0;
  const more = (): void => {
    while (sent < LARGE_BYTES) {
      sent += PIECE.length;
      if (!response.write(PIECE)) {
        response.once('drain', more);
        return;
      }
    }
    response.end('{}');
  };
  more();
}

const ANSWERS: Readonly<Record<Exclude<AdminTrouble, 'refuse' | 'hang'>, (response: ServerResponse) => void>> = {
  garbage: (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>It works!</html>'),
  error: (response) => response.writeHead(503, { 'content-type': 'text/plain' }).end('upstream connect error or disconnect/reset before headers'),
  half: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 4096 });
    // An Envoy that dies in the middle: its side of the connection ends.
    response.write('{"configs":[', () => { response.socket?.end(); });
  },
  large: answerLarge,
};

function connectTo(listener: RequestListener): Duplex {
  const [near, far] = createDuplexPair();
  // Node documents that any Duplex may be handed over this way.
  createServer(listener).emit('connection', far);
  return near;
}

/** In the words of kubelet for a port on which nothing listens. */
function refused(pod: StoredPod): Error {
  const { uid } = pod.metadata;
  return new Error(
    `error forwarding port ${ENVOY_ADMIN_PORT} to pod ${uid}, uid : failed to execute portforward in network namespace ` +
      `"/var/run/netns/cni-${uid}": failed to connect to localhost:${ENVOY_ADMIN_PORT} inside namespace "${uid}", ` +
      `IPv4: dial tcp4 127.0.0.1:${ENVOY_ADMIN_PORT}: connect: connection refused`,
  );
}

function connectInTrouble(pod: StoredPod, trouble: AdminTrouble): Duplex {
  if (trouble === 'refuse') throw refused(pod);
  // Connected, and whatever is asked is never answered.
  if (trouble === 'hang') return connectTo(() => undefined);
  const answer = ANSWERS[trouble];
  return connectTo((_request, response) => { answer(response); });
}

export interface AdminTroubles {
  /** Returns how to end it. */
  add(fault: AdminFault): () => void;
}

/** The same backend, but for connections to the admin ports of pods that a fault is about. */
export function troubledAdmin(backend: ClusterBackend): { readonly backend: ClusterBackend; readonly troubles: AdminTroubles } {
  const active = new Set<{ readonly trouble: AdminTrouble; readonly matches: (pod: StoredPod) => boolean }>();
  const troubleOf = (namespace: string, name: string): { readonly pod: StoredPod; readonly trouble: AdminTrouble } | undefined => {
    if (active.size === 0) return undefined;
    const object = backend.store.get('pods', namespace, name);
    const pod = object && asPod(object);
    const found = pod && [...active].find(({ matches }) => matches(pod));
    return pod && found && { pod, trouble: found.trouble };
  };
  return {
    backend: {
      ...backend,
      connectToPod(namespace, name, port) {
        const troubled = port === ENVOY_ADMIN_PORT ? troubleOf(namespace, name) : undefined;
        if (troubled === undefined) return backend.connectToPod(namespace, name, port);
        return connectInTrouble(troubled.pod, troubled.trouble);
      },
    },
    troubles: {
      add({ pods, trouble }) {
        const entry = { trouble, matches: podMatcher(pods) };
        active.add(entry);
        return () => { active.delete(entry); };
      },
    },
  };
}
