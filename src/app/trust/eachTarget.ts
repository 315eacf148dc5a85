// Goes through the proxies of several clusters, a bounded number at a time in each cluster.
import { clusterKey } from '../../domain/cluster.js';
import type { ProxyTarget } from './proxyTargets.js';

/** How many connections into pods one cluster's API server is asked to carry at a time. */
const DEFAULT_CONCURRENCY = 8;

/** Does the work for each target once; clusters do not wait for each other. Resolves when all is done. */
export async function forEachTarget(
  targets: readonly ProxyTarget[],
  concurrencyPerCluster: number | undefined,
  work: (target: ProxyTarget) => Promise<void>,
): Promise<void> {
  const queues = new Map<string, ProxyTarget[]>();
  for (const target of targets) {
    const key = clusterKey(target.cluster);
    const queue = queues.get(key);
    if (queue) queue.push(target);
    else queues.set(key, [target]);
  }
  const workers = [...queues.values()].flatMap((queue) => {
    // The workers of a cluster share one iterator: each takes what comes next.
    const rest = queue.values();
    const count = Math.min(concurrencyPerCluster ?? DEFAULT_CONCURRENCY, queue.length);
    return Array.from({ length: count }, async () => {
      for (const target of rest) await work(target);
    });
  });
  await Promise.all(workers);
}
