// Ports that are there at once and load what is behind them at the first use, so that activation reads and loads nothing.
import type { ClusterRef } from '../domain/cluster.js';
import { clusterKey } from '../domain/cluster.js';
import { everyKindFailed } from '../domain/mesh/fold.js';
import type { ClusterReader, KubeconfigReader, Log, StepRunFolders, ToolFinder } from './ports.js';

/**
 * A cluster reader whose first `follow` loads the real one. Where that cannot be loaded every kind has failed, with what to do about
 * it, and Retry loads again: a cluster that nobody reads must not seem to be read for ever.
 */
export function lateClusterReader(load: () => Promise<ClusterReader>, log: Log): ClusterReader {
  const unread = new Set<{ readonly ref: ClusterRef; readonly follow: () => Promise<void> }>();
  const loadOr = async (failed: (reason: string) => void): Promise<ClusterReader | undefined> => {
    try {
      return await load();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.error(`what reads clusters could not be loaded: ${reason}`);
      failed(reason);
      return undefined;
    }
  };
  return {
    follow: (ref, onDeltas, signal) => {
      const waiting = {
        ref,
        follow: async (): Promise<void> => {
          unread.delete(waiting);
          const reader = await loadOr((reason) => {
            if (signal.aborted) return;
            unread.add(waiting);
            onDeltas(everyKindFailed({ kind: 'extensionBroken', reason }));
          });
          if (!signal.aborted) reader?.follow(ref, onDeltas, signal);
        },
      };
      signal.addEventListener('abort', () => unread.delete(waiting), { once: true });
      void waiting.follow();
    },
    retryNow: (ref) => {
      const again = [...unread].filter((one) => clusterKey(one.ref) === clusterKey(ref));
      if (again.length > 0) again.forEach((one) => void one.follow());
      else void loadOr(() => undefined).then((reader) => reader?.retryNow(ref));
    },
    readOnce: async (ref, signal) => (await load()).readOnce(ref, signal),
  };
}

export function lateKubeconfigReader(load: () => Promise<KubeconfigReader>): KubeconfigReader {
  return { contexts: async (path) => (await load()).contexts(path) };
}

export function lateToolFinder(load: () => Promise<ToolFinder>): ToolFinder {
  return { kubectl: async () => (await load()).kubectl() };
}

export function lateStepRunFolders(load: () => Promise<StepRunFolders>): StepRunFolders {
  return { prepare: async (spec) => (await load()).prepare(spec) };
}
