// Which proxies a change of a cluster may have touched, and which proxy it is that has the place of one that was read.
import { keysUnlike } from '../../domain/mesh/layeredMap.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { TrustScope } from '../../shared/trustRows.js';
import type { ProxyTarget } from './proxyTargets.js';
import { proxyTargets } from './proxyTargets.js';

/** What was read of a proxy: another uid is another proxy, and one that runs now may not have run then. */
export type ReadAs = string;

export function readAs({ pod }: ProxyTarget): ReadAs {
  return `${pod.uid} ${pod.proxy?.state ?? ''}`;
}

/** The proxies of the namespaces in which the two differ, then and now; all of them where a cluster came or went. */
export function changedTargets(
  before: ClusterSnapshot | undefined,
  after: ClusterSnapshot | undefined,
  scope: TrustScope,
): { readonly was: readonly ProxyTarget[]; readonly now: readonly ProxyTarget[] } {
  const differing = (one: ClusterSnapshot | undefined, other: ClusterSnapshot | undefined): readonly ProxyTarget[] => {
    if (one === undefined) return [];
    const changed = keysUnlike(one.namespaces, other?.namespaces).map((name) => [name, one.namespaces.get(name)] as const);
    const namespaces = new Map(changed.flatMap(([name, namespace]) => (namespace === undefined ? [] : [[name, namespace] as const])));
    return proxyTargets([{ ...one, namespaces }], scope);
  };
  return { was: differing(before, after), now: differing(after, before) };
}
