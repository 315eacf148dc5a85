// The part of the composition that needs no editor: what reads clusters and proxies, and what starts processes.
import type { ClusterAdapters, ProcessAdapterOptions, ProcessAdapters, ProxyReading } from './adapters.js';
import { systemClock } from './adapters/systemClock.js';
import type { Clock, Log } from './app/ports.js';

export interface Host {
  readonly log: Log;
  /** How long a proxy may take to answer and by which way it is asked; the reader's own defaults where they are not given. */
  readonly proxyReading?: ProxyReading;
}

export interface Core extends ClusterAdapters {
  readonly clock: Clock;
  /** In [0, 1); spreads what would otherwise happen at the same moment. No secret comes of it. */
  readonly random: () => number;
}

/** Loads dist/adapters.js, so call it when a cluster is about to be read and not before. */
export async function composeCore({ log, proxyReading }: Host): Promise<Core> {
  const { createClusterAdapters } = await import('./adapters.js');
  return { clock: systemClock, random: Math.random, ...createClusterAdapters(systemClock, log, proxyReading) };
}

/** Loads dist/adapters.js, so call it when a process is about to be started and not before. */
export async function composeProcesses(options: ProcessAdapterOptions): Promise<ProcessAdapters> {
  const { createProcessAdapters } = await import('./adapters.js');
  return createProcessAdapters(options);
}

export { systemClock };
export type { ProcessAdapters };
