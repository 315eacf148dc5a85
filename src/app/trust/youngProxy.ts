// A proxy that has just started has its CA's root alone: extra anchors are pushed to it a moment later. Says when it is
// too early to believe what it lacks.
import { clusterKey } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { ProxyTrust } from '../../domain/trust/proxyTrust.js';
import type { ProxyTarget } from './proxyTargets.js';

/** Longer than a push takes, shorter than anybody's patience. */
const YOUNG_MS = 15_000;

/** Whether the proxy is young and still lacks an anchor that the mesh config of its revision promises. */
export function awaitsAnchors(target: ProxyTarget, trust: ProxyTrust, snapshots: readonly ClusterSnapshot[], now: number): boolean {
  const { cluster, pod } = target;
  if (now - pod.createdAt > YOUNG_MS || trust.anchors.state !== 'active') return false;
  const held = new Set(trust.anchors.value.map(({ fingerprint }) => fingerprint));
  const configs = snapshots.find(({ ref }) => clusterKey(ref) === clusterKey(cluster))?.meshConfigs.values() ?? [];
  const config = [...configs].find(({ revision }) => revision === pod.proxy?.revision);
  return (config?.extraAnchors ?? []).some((fingerprint) => !held.has(fingerprint));
}
