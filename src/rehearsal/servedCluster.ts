// One simulated cluster behind its API server, with all that can befall the way to it: closed port, expired token, refusals, troubles.
import { randomBytes } from 'node:crypto';
import type { DenyRule } from './api/accessPolicy.js';
import { startApiServer } from './api/apiServer.js';
import type { ApiServer } from './api/apiServer.js';
import type { ObjectStore } from './clusterBackend.js';
import type { RehearsalClock } from './controllers/rehearsalClock.js';
import { troubledAdmin } from './faults/adminTroubles.js';
import type { AdminTroubles } from './faults/adminTroubles.js';
import type { MeshTroubles } from './faults/meshTroubles.js';
import { createRequestGate } from './faults/requestGate.js';
import type { GateControl } from './faults/requestGate.js';
import type { ClusterAccess } from './kubeconfig.js';
import type { SimulatedCluster } from './mesh/simulatedCluster.js';
import { bindPersonas, credentialsOfPersonas } from './personas.js';
import type { Persona } from './personas.js';
import { createClusterAuthority, issueServerCertificate } from './pki/certificateAuthority.js';

export interface ServedCluster {
  readonly contextName: string;
  readonly url: string;
  readonly port: number;
  readonly store: ObjectStore;
  readonly simulation: SimulatedCluster;
  readonly meshTroubles: MeshTroubles;
  readonly adminTroubles: AdminTroubles;
  readonly gate: GateControl;
  /** How clients reach it at this moment, unless its token has expired. */
  access(): ClusterAccess;
  /** Forbids what the rules name, from the next request on. */
  denyAccess(rules: readonly DenyRule[]): void;
  /** Forbids this too, until the returned function is called. */
  alsoDeny(rule: DenyRule): () => void;
  /** From now on no token is taken. */
  expireToken(): void;
  /** From now on another one is. */
  renewToken(): void;
  /** Frees the port; open connections break. */
  goDown(): Promise<void>;
  /** Listens again on the same port. */
  comeUp(): Promise<void>;
}

export interface ServedClusterParts {
  readonly contextName: string;
  readonly cluster: SimulatedCluster;
  readonly meshTroubles: MeshTroubles;
  readonly clock: RehearsalClock;
  readonly personas?: readonly Persona[];
  readonly listen: { readonly host: string; readonly port: number };
  readonly log: (line: string) => void;
}

/** The names under which a rehearsal may listen. */
const SERVER_NAMES = [
  { kind: 'dns', value: 'localhost' },
  { kind: 'dns', value: 'kubernetes.default.svc' },
  { kind: 'ip', value: '127.0.0.1' },
] as const;

function newToken(): string {
  return randomBytes(24).toString('base64url');
}

/** Listens when it resolves. */
export async function serveCluster(parts: ServedClusterParts): Promise<ServedCluster> {
  const { contextName, cluster, clock, personas = [], listen, log } = parts;
  bindPersonas(cluster.backend.store, personas);
  const authority = createClusterAuthority(clock.now());
  const tls = issueServerCertificate(authority, 'kube-apiserver', SERVER_NAMES, clock.now());
  const { backend, troubles } = troubledAdmin(cluster.backend);
  const gate = createRequestGate();
  const denied = { told: [] as readonly DenyRule[], added: new Set<DenyRule>() };
  const access = { token: newToken() };
  const start = (port: number): Promise<ApiServer> =>
    startApiServer({
      backend,
      listen: { host: listen.host, port },
      tls,
      get token() {
        return access.token;
      },
      access: {
        get deny() {
          return [...denied.told, ...denied.added];
        },
      },
      users: credentialsOfPersonas(personas),
      gate,
      now: () => clock.now(),
      log: ({ method, url, code }) => { log(`${contextName} ${method} ${url} ${code}`); },
    });
  const { url, port, ...first } = await start(listen.port);
  const server: { running: Pick<ApiServer, 'close'> | undefined } = { running: first };
  return {
    contextName,
    url,
    port,
    store: cluster.backend.store,
    simulation: cluster,
    meshTroubles: parts.meshTroubles,
    adminTroubles: troubles,
    gate,
    access: () => ({ contextName, server: url, certificateAuthorityPem: authority.rootPem, token: access.token }),
    denyAccess(rules) {
      denied.told = rules;
    },
    alsoDeny(rule) {
      denied.added.add(rule);
      return () => { denied.added.delete(rule); };
    },
    // Nobody ever learns this one.
    expireToken() {
      access.token = newToken();
    },
    renewToken() {
      access.token = newToken();
    },
    async goDown() {
      const { running } = server;
      server.running = undefined;
      await running?.close();
    },
    async comeUp() {
      server.running ??= await start(port);
    },
  };
}
