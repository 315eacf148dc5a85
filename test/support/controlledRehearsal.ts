// A rehearsal in this process that tests speak to in the words of `mesh-ca rehearsal`, with the readers of the product on it.
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ClusterConnections } from '../../src/adapters/kubernetes/clusterConnection.js';
import { KubernetesClusterReader } from '../../src/adapters/kubernetes/kubernetesClusterReader.js';
import { EnvoyProxyReader } from '../../src/adapters/proxies/envoyProxyReader.js';
import type { ClusterRef } from '../../src/domain/cluster.js';
import { parseCommand, parseWords, splitWords } from '../../src/rehearsal/control/controlArguments.js';
import { asPod, isReady } from '../../src/rehearsal/mesh/podTypes.js';
import type { StoredPod } from '../../src/rehearsal/mesh/podTypes.js';
import { startRehearsal } from '../../src/rehearsal/rehearsal.js';
import type { Rehearsal, RehearsedCluster } from '../../src/rehearsal/rehearsal.js';
import { findScene } from '../../src/rehearsal/scenes/scenes.js';
import { silentLog, wallClock } from './clusterFollower.js';
import { recycledKeys } from './recycledKeys.js';

export const NEW_REVISION = 'asm-1232-2-distribute-root';

export interface ControlledRehearsal {
  readonly rehearsal: Rehearsal;
  readonly first: RehearsedCluster;
  readonly ref: ClusterRef;
  readonly clusterReader: KubernetesClusterReader;
  readonly proxyReader: EnvoyProxyReader;
  /** One command, as it would be typed; resolves with what is printed. Rejects where the command is refused. */
  tell(words: string): Promise<readonly string[]>;
  /** Lets simulated time pass. */
  pass(seconds: number): void;
  pods(namespace: string, app: string): readonly StoredPod[];
  end(): Promise<void>;
}

/** Time stands still unless a speed is given. */
export async function startControlledRehearsal(options: { readonly speed?: number; readonly scene?: string } = {}): Promise<ControlledRehearsal> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'mesh-ca-faults-'));
  const rehearsal = await startRehearsal({
    scene: findScene(options.scene ?? 'istio-default')!,
    newKey: recycledKeys(),
    listen: { host: '127.0.0.1', port: 0 },
    kubeconfigPath: path.join(folder, 'config'),
    withRevisions: [NEW_REVISION],
    speed: options.speed ?? 0,
    log: () => undefined,
  });
  const first = rehearsal.clusters[0]!;
  const connections = new ClusterConnections();
  return {
    rehearsal,
    first,
    ref: { kubeconfig: rehearsal.kubeconfigPath, context: first.contextName },
    clusterReader: new KubernetesClusterReader(connections, wallClock, silentLog),
    proxyReader: new EnvoyProxyReader({ connectionOf: (cluster) => connections.connectionOf(cluster), clock: wallClock, transport: () => 'portForward' }),
    tell: (words) => rehearsal.control(parseCommand(parseWords(splitWords(words)))),
    pass: (seconds) => { rehearsal.clock.advance(seconds * 1000); },
    pods: (namespace, app) => first.store.list('pods', namespace).map(asPod).filter(({ metadata }) => metadata.labels?.app === app),
    async end() {
      await rehearsal.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** What kubectl would show as STATUS, READY and RESTARTS of the pod's application container. */
export function drawPod(pod: StoredPod): string {
  interface Entry {
    readonly name: string;
    readonly restartCount: number;
    readonly state: { readonly waiting?: { readonly reason: string }; readonly terminated?: { readonly reason: string } };
  }
  const entries = (pod.status as { readonly containerStatuses?: readonly Entry[] } | undefined)?.containerStatuses ?? [];
  const troubled = entries.find(({ state }) => state.waiting ?? state.terminated);
  const state = pod.metadata.deletionTimestamp === undefined ? (troubled?.state.waiting ?? troubled?.state.terminated)?.reason : 'Terminating';
  const restarts = entries.reduce((sum, { restartCount }) => sum + restartCount, 0);
  return `${state ?? pod.status?.phase ?? '?'}${isReady(pod) ? ' ready' : ''} ${restarts}`;
}
