// Follows the clusters of a kubeconfig for a test, with the product's own reader, and waits for what they come to.
import { setTimeout as pause } from 'node:timers/promises';
import { ClusterConnections } from '../../src/adapters/kubernetes/clusterConnection.js';
import { KubernetesClusterReader } from '../../src/adapters/kubernetes/kubernetesClusterReader.js';
import { MeshInventory } from '../../src/app/inventory/meshInventory.js';
import type { Clock, Log } from '../../src/app/ports.js';
import type { WatchedKind } from '../../src/domain/mesh/facts.js';
import type { ClusterSnapshot } from '../../src/domain/mesh/snapshot.js';

export const silentLog: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Real time. */
export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (milliseconds, signal) => pause(milliseconds, undefined, { signal }).catch(() => undefined),
};

/** An inventory that reads for real. */
export function followingInventory(clock: Clock = wallClock): MeshInventory {
  return new MeshInventory(new KubernetesClusterReader(new ClusterConnections(), clock, silentLog), clock, silentLog);
}

export function isLive(snapshot: ClusterSnapshot): boolean {
  return Object.values(snapshot.kinds).every(({ state }) => state === 'live');
}

/** The kinds that are in a state, in the order of the snapshot. */
export function kindsIn(snapshot: ClusterSnapshot, wanted: string): readonly WatchedKind[] {
  return (Object.keys(snapshot.kinds) as WatchedKind[]).filter((kind) => snapshot.kinds[kind].state === wanted);
}
