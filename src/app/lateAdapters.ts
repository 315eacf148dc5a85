// Ports that are there at once and load what is behind them at the first use, so that activation reads and loads nothing.
import type { ClusterReader, KubeconfigReader, StepRunFolders, ToolFinder } from './ports.js';

/** A cluster reader whose first `follow` loads the real one. */
export function lateClusterReader(load: () => Promise<ClusterReader>): ClusterReader {
  return {
    follow: (ref, onDeltas, signal) => {
      void load().then((reader) => {
        if (!signal.aborted) reader.follow(ref, onDeltas, signal);
      });
    },
    retryNow: (ref) => {
      void load().then((reader) => {
        reader.retryNow(ref);
      });
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
