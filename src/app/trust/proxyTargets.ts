// Which proxies a survey looks at, and which of them can be asked now.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey, clusterName } from '../../domain/cluster.js';
import type { PodFacts } from '../../domain/mesh/facts.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { failureMessage } from '../../shared/failure.js';
import type { Failure } from '../../shared/failure.js';
import type { Message, TextKey } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { TrustScope } from '../../shared/trustRows.js';
import type { Work } from './stretches.js';
import { finish } from './stretches.js';

/** A pod with a proxy, and the cluster it runs in. */
export interface ProxyTarget {
  readonly cluster: ClusterRef;
  readonly pod: PodFacts;
}

/** Unique over clusters, and the same for a StatefulSet's pod before and after it was restarted. */
export function targetId({ cluster, pod }: ProxyTarget): string {
  return targetIdOf(cluster, pod.namespace, pod.name);
}

/** The same for a pod of which nothing but its name is known. */
export function targetIdOf(cluster: ClusterRef, namespace: string, pod: string): string {
  return `${clusterKey(cluster)}/${namespace}/${pod}`;
}

/**
 * The pods with a proxy in the scope, in the order in which the API lists them. Those that are over (Succeeded, Failed)
 * are no proxies any more; those that do not run yet are, and are reported as unknown.
 */
export function proxyTargets(snapshots: readonly ClusterSnapshot[], scope: TrustScope): readonly ProxyTarget[] {
  return finish(proxyTargetsWork(snapshots, scope));
}

/** The same in stretches. */
export function* proxyTargetsWork(snapshots: readonly ClusterSnapshot[], scope: TrustScope): Work<readonly ProxyTarget[]> {
  const targets: ProxyTarget[] = [];
  for (const { ref: cluster, namespaces } of inScope(snapshots, scope)) {
    const inOrder = [...namespaces.values()]
      .filter(({ name }) => scope.namespaces.length === 0 || scope.namespaces.includes(name))
      .sort((one, other) => byName(one.name, other.name));
    for (const { pods } of inOrder) {
      const proxies = [...pods.values()].filter(({ proxy, phase }) => proxy !== undefined && phase !== 'Succeeded' && phase !== 'Failed');
      for (const pod of proxies.sort((one, other) => byName(one.name, other.name))) targets.push({ cluster, pod });
      yield;
    }
  }
  return targets;
}

/** What keeps the list of proxies from being complete, for the survey as a whole. */
export function surveyNotices(snapshots: readonly ClusterSnapshot[], scope: TrustScope): readonly Message[] {
  return inScope(snapshots, scope).flatMap(({ ref, kinds }) => {
    const cluster = clusterName(ref);
    switch (kinds.pods.state) {
      case 'live':
        return [];
      case 'loading':
        return [message('trust.notice.podsLoading', { cluster })];
      case 'stale':
        return [message('trust.notice.podsStale', { cluster, failure: failureMessage(kinds.pods.failure) })];
      case 'failed':
        return [message('trust.notice.podsUnknown', { cluster, failure: failureMessage(kinds.pods.failure) })];
    }
  });
}

/** Those of the notices after which proxies may be missing altogether: whatever is said of all proxies is not known then. */
export function missingProxies(notices: readonly Message[]): readonly Message[] {
  return notices.filter(({ key }) => MISSING.has(key));
}

const MISSING: ReadonlySet<TextKey> = new Set<TextKey>(['trust.notice.podsLoading', 'trust.notice.podsStale', 'trust.notice.podsUnknown']);

/** Why this proxy cannot be asked now; undefined when it can. A native sidecar runs while its pod is still Pending. */
export function notRunning({ proxy, phase, trouble }: PodFacts): Failure | undefined {
  if (proxy?.state === 'running' || (proxy?.state === 'unknown' && phase === 'Running')) return undefined;
  return { kind: 'proxyNotRunning', state: trouble ?? (proxy?.state === 'terminated' ? 'terminated' : phase) };
}

function inScope(snapshots: readonly ClusterSnapshot[], { contexts }: TrustScope): readonly ClusterSnapshot[] {
  return snapshots.filter(({ ref }) => contexts.length === 0 || contexts.includes(ref.context));
}

/** The API server sorts by bytes, not by a language's rules. */
function byName(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
