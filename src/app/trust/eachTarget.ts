// Goes through the proxies of several clusters, a bounded number at a time in each cluster.
import { clusterKey } from '../../domain/cluster.js';
import type { AdaptiveLimitOptions, Turn } from './adaptiveLimit.js';
import { AdaptiveLimit } from './adaptiveLimit.js';
import type { ProxyTarget } from './proxyTargets.js';

/** How many connections into pods one cluster's API server is asked to carry at a time. */
const DEFAULT_CONCURRENCY = 8;

/** Does the work for each target once; clusters do not wait for each other. Resolves when all is done. */
export async function forEachTarget(
  targets: readonly ProxyTarget[],
  concurrencyPerCluster: number | undefined,
  work: (target: ProxyTarget) => Promise<void>,
): Promise<void> {
  const queues = byCluster(targets);
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

export interface WorkInTurn {
  readonly limitOf: (target: ProxyTarget) => AdaptiveLimit;
  readonly work: (target: ProxyTarget, turn: Turn) => Promise<void>;
  readonly leave: (target: ProxyTarget) => void;
  readonly signal: AbortSignal;
}

/**
 * Begins the work for each target once, when its cluster's limit gives it a turn; clusters do not wait for each other. The work
 * ends its turn itself, and may ask for further ones. When the signal aborts, `leave` gets at once all that were not begun.
 * Resolves when all is done; the first exception is thrown then.
 */
export async function forEachInTurn(
  targets: readonly ProxyTarget[],
  { limitOf, work, leave, signal }: WorkInTurn,
): Promise<void> {
  const failures: unknown[] = [];
  const runs = [...byCluster(targets).values()].map(async (queue) => {
    const running = new Set<Promise<void>>();
    for (const [place, target] of queue.entries()) {
      const turn = await limitOf(target).turn();
      if (signal.aborted) {
        // Thousands, for whose turns nobody waits any more.
        turn.end('quiet');
        queue.slice(place).forEach(leave);
        break;
      }
      const run: Promise<void> = work(target, turn)
        .catch((error: unknown) => void failures.push(error))
        .finally(() => {
          running.delete(run);
          turn.end('quiet');
        });
      running.add(run);
    }
    await Promise.all(running);
  });
  await Promise.all(runs);
  if (failures.length > 0) throw failures[0];
}

/** One adaptive limit for each cluster that is met. */
export function limitsByCluster(options: AdaptiveLimitOptions): (target: ProxyTarget) => AdaptiveLimit {
  const limits = new Map<string, AdaptiveLimit>();
  return ({ cluster }) => {
    // A signal of its own: whoever reads again and again has one for all, on which Node would see listeners pile up.
    const limit = limits.get(clusterKey(cluster)) ?? new AdaptiveLimit({ ...options, signal: AbortSignal.any([options.signal]) });
    limits.set(clusterKey(cluster), limit);
    return limit;
  };
}

function byCluster(targets: readonly ProxyTarget[]): ReadonlyMap<string, readonly ProxyTarget[]> {
  const queues = new Map<string, ProxyTarget[]>();
  for (const target of targets) {
    const key = clusterKey(target.cluster);
    const queue = queues.get(key);
    if (queue) queue.push(target);
    else queues.set(key, [target]);
  }
  return queues;
}
