// Starts a rehearsal mesh in this process: simulated clusters that have grown up, each behind an API server on loopback.
import { X509Certificate } from 'node:crypto';
import type { ControlCommand } from './control/controlCommands.js';
import { writeControlFile } from './control/controlFile.js';
import { startControlServer } from './control/controlServer.js';
import type { ControlServer } from './control/controlServer.js';
import { createRehearsalControl } from './control/rehearsalControl.js';
import type { RehearsalControl } from './control/rehearsalControl.js';
import { createRehearsalClock } from './controllers/rehearsalClock.js';
import type { DrivenClock } from './controllers/rehearsalClock.js';
import { createAdminServer } from './envoy/adminServer.js';
import { createMeshTroubles } from './faults/meshTroubles.js';
import type { MeshTroubles } from './faults/meshTroubles.js';
import { kubeconfigText, writeKubeconfig } from './kubeconfig.js';
import type { MeshCaVariant } from './mesh/controlPlane.js';
import { fleetTrustDomain } from './mesh/installation/controlPlaneSpec.js';
import type { MeshPlace } from './mesh/installation/controlPlaneSpec.js';
import { createProxyCertificates } from './mesh/proxyCertificates.js';
import { createSimulatedCluster } from './mesh/simulatedCluster.js';
import type { SimulatedCluster } from './mesh/simulatedCluster.js';
import { createPersonas } from './personas.js';
import { createRehearsalMeshCa } from './pki/certificateAuthority.js';
import type { CertificateAuthority } from './pki/certificateAuthority.js';
import { generateRsaKey } from './pki/keySource.js';
import type { KeySource } from './pki/keySource.js';
import { beginningOf, meshPlaces, playHistory } from './scenes/sceneHistory.js';
import type { Scene } from './scenes/scene.js';
import { serveCluster } from './servedCluster.js';
import type { ServedCluster } from './servedCluster.js';

export interface RehearsalOptions {
  readonly scene: Scene;
  /** Loopback only. Port 0: any free port for each; otherwise cluster i listens on port + i. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly kubeconfigPath: string;
  /** Revisions installed beside the old control plane; see `revisionSpec`. */
  readonly withRevisions: readonly string[];
  /** How much faster than life pods start and pushes arrive; 1 is already brisk. With 0 time stands until it is advanced. */
  readonly speed: number;
  readonly meshCaVariant?: MeshCaVariant;
  /** Where to write how commands reach it; without it none do. */
  readonly controlFile?: string;
  /** Where the keys of the CAs come from; new ones unless said otherwise. */
  readonly newKey?: KeySource;
  /** Carried out as soon as the clusters answer. */
  readonly commands?: readonly ControlCommand[];
  readonly log: (line: string) => void;
}

/** What tests and tools in this process may do with a served cluster. */
export type RehearsedCluster = ServedCluster;

export interface Rehearsal {
  readonly clusters: readonly RehearsedCluster[];
  /** Upper-case, colon-separated: which root stands for Mesh CA's here. */
  readonly meshCaRootSha256: string;
  /** The same root as a certificate: asmcli's options hand it out. */
  readonly meshCaRootPem: string;
  readonly kubeconfigPath: string;
  /** Changes the mesh while it runs; what the control channel does, for this process. */
  readonly control: RehearsalControl;
  readonly clock: DrivenClock;
  /** Ends all servers and the simulation; the kubeconfig stays. */
  stop(): Promise<void>;
}

/** Addresses that only this machine reaches. */
const LOOPBACK_HOSTS: readonly string[] = ['127.0.0.1', 'localhost', '::1'];

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
  readonly clusters: readonly { readonly place: MeshPlace; readonly cluster: SimulatedCluster; readonly meshTroubles: MeshTroubles }[];
}

/** The scene's clusters with their past behind them, the clock still standing. */
export function simulateScene(
  scene: Scene,
  options: {
    readonly now: Date;
    readonly withRevisions: readonly string[];
    readonly meshCaVariant?: MeshCaVariant | undefined;
    readonly newKey: KeySource;
  },
): SimulatedMesh {
  const { newKey } = options;
  const clock = createRehearsalClock(beginningOf(options.now));
  const meshCa = createRehearsalMeshCa(clock.now(), newKey);
  const places = meshPlaces(scene);
  const identityDomain = places[0] === undefined ? '' : fleetTrustDomain(places[0]);
  const world = {
    clock,
    certificates: createProxyCertificates(),
    admin: createAdminServer(),
    meshCa: { authority: meshCa, identityDomain },
    meshCaVariant: options.meshCaVariant ?? scene.meshCaVariant ?? 'oldRootToo',
    newKey,
  } as const;
  const clusters = places.map((place, index) => {
    const meshTroubles = createMeshTroubles();
    return { place, meshTroubles, cluster: createSimulatedCluster(world, `10.${8 + 4 * index}`, meshTroubles) };
  });
  playHistory(scene, { clock, clusters, meshCa, withRevisions: options.withRevisions, newKey });
  return { clock, meshCa, clusters };
}

/** Resolves when all clusters answer and the kubeconfig is written. Rejects, with nothing left open, when it cannot. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const { scene, listen, kubeconfigPath, withRevisions, speed, meshCaVariant, controlFile, commands = [], log } = options;
  if (!isLoopback(listen.host)) {
    throw new Error(`a rehearsal listens on this machine only (127.0.0.1), not on ${listen.host}`);
  }
  const { newKey = generateRsaKey } = options;
  const { clock, meshCa, clusters } = simulateScene(scene, { now: new Date(), withRevisions, meshCaVariant, newKey });
  const served: ServedCluster[] = [];
  const personas = createPersonas();
  const channel: { server?: ControlServer } = {};
  const stop = async (): Promise<void> => {
    clock.stop();
    await Promise.all([...served.map((cluster) => cluster.goDown()), channel.server?.close()]);
  };
  try {
    for (const [index, { place, cluster, meshTroubles }] of clusters.entries()) {
      const port = listen.port === 0 ? 0 : listen.port + index;
      served.push(await serveCluster({ contextName: contextNameOf(place), cluster, meshTroubles, clock, personas, listen: { host: listen.host, port }, log }));
    }
    const meshCaRootSha256 = new X509Certificate(meshCa.rootPem).fingerprint256;
    const writeAccess = (): Promise<void> =>
      writeKubeconfig(kubeconfigPath, kubeconfigText(served.map((cluster) => cluster.access()), meshCaRootSha256, controlFile, personas));
    const control = createRehearsalControl({ clock, clusters: served, writeKubeconfig: writeAccess });
    if (controlFile !== undefined) {
      const { url, token } = (channel.server = await startControlServer(control));
      await writeControlFile(controlFile, { url, token, kubeconfig: kubeconfigPath });
    }
    await writeAccess();
    if (speed > 0) clock.goLive(speed);
    for (const command of commands) await control(command);
    return { clusters: served, meshCaRootSha256, meshCaRootPem: meshCa.rootPem, kubeconfigPath, control, clock, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
