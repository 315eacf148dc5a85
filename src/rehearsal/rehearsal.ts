// Starts a rehearsal mesh in this process: simulated clusters that have grown up, each behind an API server on loopback.
import { randomBytes, X509Certificate } from 'node:crypto';
import type { AccessPolicy, DenyRule } from './api/accessPolicy.js';
import { startApiServer } from './api/apiServer.js';
import type { ApiServer } from './api/apiServer.js';
import type { ObjectStore } from './clusterBackend.js';
import { createRehearsalClock } from './controllers/rehearsalClock.js';
import type { DrivenClock } from './controllers/rehearsalClock.js';
import { createAdminServer } from './envoy/adminServer.js';
import { kubeconfigText, writeKubeconfig } from './kubeconfig.js';
import type { ClusterAccess } from './kubeconfig.js';
import type { MeshCaVariant } from './mesh/controlPlane.js';
import { fleetTrustDomain } from './mesh/installation/controlPlaneSpec.js';
import type { MeshPlace } from './mesh/installation/controlPlaneSpec.js';
import { createProxyCertificates } from './mesh/proxyCertificates.js';
import { createSimulatedCluster } from './mesh/simulatedCluster.js';
import type { SimulatedCluster } from './mesh/simulatedCluster.js';
import { createClusterAuthority, createRehearsalMeshCa, issueServerCertificate } from './pki/certificateAuthority.js';
import type { CertificateAuthority } from './pki/certificateAuthority.js';
import { generateRsaKey } from './pki/rsaKeySource.js';
import type { RsaKeySource } from './pki/rsaKeySource.js';
import { beginningOf, meshPlaces, playHistory } from './scenes/sceneHistory.js';
import type { Scene } from './scenes/scene.js';

export interface RehearsalOptions {
  readonly scene: Scene;
  /** Loopback only. Port 0: any free port for each; otherwise cluster i listens on port + i. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly kubeconfigPath: string;
  /** Revisions installed beside the old control plane; see `revisionSpec`. */
  readonly withRevisions: readonly string[];
  /** How much faster than life pods start and pushes arrive; 1 is already brisk. */
  readonly speed: number;
  readonly meshCaVariant?: MeshCaVariant;
  readonly log: (line: string) => void;
}

export interface RehearsedCluster {
  readonly contextName: string;
  readonly url: string;
  readonly port: number;
  readonly store: ObjectStore;
  readonly simulation: SimulatedCluster;
  /** Forbids what the rules name, from the next request on. */
  denyAccess(rules: readonly DenyRule[]): void;
}

export interface Rehearsal {
  readonly clusters: readonly RehearsedCluster[];
  /** Upper-case, colon-separated: which root stands for Mesh CA's here. */
  readonly meshCaRootSha256: string;
  readonly kubeconfigPath: string;
  /** Ends all servers and the simulation; the kubeconfig stays. */
  stop(): Promise<void>;
}

/** The names under which a rehearsal may listen. */
const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '::1'];
const SERVER_NAMES = [
  { kind: 'dns', value: 'localhost' },
  { kind: 'dns', value: 'kubernetes.default.svc' },
  { kind: 'ip', value: '127.0.0.1' },
] as const;

export function isLoopback(host: string): boolean {
  return LOOPBACK_HOSTS.includes(host);
}

/** As `gcloud container clusters get-credentials` names contexts. */
export function contextNameOf({ project, location, cluster }: MeshPlace): string {
  return `gke_${project}_${location}_${cluster}`;
}

interface SimulatedMesh {
  readonly clock: DrivenClock;
  readonly meshCa: CertificateAuthority;
  readonly clusters: readonly { readonly place: MeshPlace; readonly cluster: SimulatedCluster }[];
}

/** The scene's clusters with their past behind them, the clock still standing. */
export function simulateScene(
  scene: Scene,
  options: {
    readonly now: Date;
    readonly withRevisions: readonly string[];
    readonly meshCaVariant?: MeshCaVariant | undefined;
    /** Where the keys of the CAs come from; new ones unless said otherwise. */
    readonly newKey?: RsaKeySource;
  },
): SimulatedMesh {
  const clock = createRehearsalClock(beginningOf(options.now));
  const newKey = options.newKey ?? generateRsaKey;
  const meshCa = createRehearsalMeshCa(clock.now(), newKey);
  const places = meshPlaces(scene);
  const identityDomain = places[0] === undefined ? '' : fleetTrustDomain(places[0]);
  const world = {
    clock,
    certificates: createProxyCertificates(),
    admin: createAdminServer(),
    meshCa: { authority: meshCa, identityDomain },
    meshCaVariant: options.meshCaVariant ?? 'oldRootToo',
    newKey,
  } as const;
  const clusters = places.map((place, index) => ({ place, cluster: createSimulatedCluster(world, `10.${8 + 4 * index}`) }));
  playHistory(scene, { clock, clusters, meshCa, withRevisions: options.withRevisions, newKey });
  return { clock, meshCa, clusters };
}

interface ServedCluster {
  readonly server: ApiServer;
  readonly access: ClusterAccess;
  readonly rehearsed: RehearsedCluster;
}

async function serve(
  { place, cluster }: SimulatedMesh['clusters'][number],
  clock: DrivenClock,
  listen: { readonly host: string; readonly port: number },
  log: (line: string) => void,
): Promise<ServedCluster> {
  const now = clock.now();
  const authority = createClusterAuthority(now);
  const token = randomBytes(24).toString('base64url');
  const contextName = contextNameOf(place);
  const policy: { deny: readonly DenyRule[] } & AccessPolicy = { deny: [] };
  const server = await startApiServer({
    backend: cluster.backend,
    listen,
    tls: issueServerCertificate(authority, 'kube-apiserver', SERVER_NAMES, now),
    token,
    access: policy,
    now: () => clock.now(),
    log: ({ method, url, code }) => { log(`${contextName} ${method} ${url} ${code}`); },
  });
  const rehearsed: RehearsedCluster = {
    contextName,
    url: server.url,
    port: server.port,
    store: cluster.backend.store,
    simulation: cluster,
    denyAccess(rules) {
      policy.deny = rules;
    },
  };
  return { server, rehearsed, access: { contextName, server: server.url, certificateAuthorityPem: authority.rootPem, token } };
}

/** Resolves when all clusters answer and the kubeconfig is written. Rejects, with nothing left open, when it cannot. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { scene, listen, kubeconfigPath, withRevisions, speed, meshCaVariant, log } = options;
  if (!isLoopback(listen.host)) {
    throw new Error(`a rehearsal listens on this machine only (127.0.0.1), not on ${listen.host}`);
  }
  const { clock, meshCa, clusters } = simulateScene(scene, { now: new Date(), withRevisions, meshCaVariant });
  const served: ServedCluster[] = [];
  const stop = async (): Promise<void> => {
    clock.stop();
    await Promise.all(served.map(({ server }) => server.close()));
  };
  try {
    for (const [index, cluster] of clusters.entries()) {
      const port = listen.port === 0 ? 0 : listen.port + index;
      served.push(await serve(cluster, clock, { host: listen.host, port }, log));
    }
    const meshCaRootSha256 = new X509Certificate(meshCa.rootPem).fingerprint256;
    await writeKubeconfig(kubeconfigPath, kubeconfigText(served.map(({ access }) => access), meshCaRootSha256));
    clock.goLive(speed);
    return { clusters: served.map(({ rehearsed }) => rehearsed), meshCaRootSha256, kubeconfigPath, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
