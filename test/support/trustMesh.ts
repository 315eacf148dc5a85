// A mesh in memory for tests of trust: snapshots from a few words, and the readers that tell of it.
import type { PodFacts } from '../../src/domain/mesh/facts.js';
import { emptySnapshot } from '../../src/domain/mesh/fold.js';
import type { ClusterSnapshot, NamespaceSnapshot } from '../../src/domain/mesh/snapshot.js';
import type { ClusterRef } from '../../src/domain/cluster.js';
import type { Clock } from '../../src/app/ports.js';

/** When these tests take place: within the validity of the fixtures. */
export const NOW = Date.parse('2030-01-01T00:00:00Z');

export function cluster(context: string): ClusterRef {
  return { kubeconfig: '/home/me/.kube/config', context };
}

export function pod(namespace: string, name: string, { revision = 'default', ...changes }: Partial<PodFacts> & { revision?: string } = {}): PodFacts {
  return {
    namespace,
    name,
    uid: `uid-of-${name}`,
    labels: {},
    annotations: {},
    phase: 'Running',
    ready: true,
    terminating: false,
    hostNetwork: false,
    createdAt: 0,
    owner: undefined,
    serviceAccount: 'default',
    proxy: { role: 'sidecar', native: false, image: 'proxyv2', revision, state: 'running', ready: true, caAddress: undefined },
    trouble: undefined,
    ...changes,
  };
}

/** A cluster in which every kind is known; `namespaces` without pods are given by name. */
export function snapshot(context: string, pods: readonly PodFacts[], more: Partial<ClusterSnapshot> & { empty?: readonly string[] } = {}): ClusterSnapshot {
  const { empty = [], ...changes } = more;
  const known = emptySnapshot(cluster(context));
  const names = [...new Set([...empty, ...pods.map(({ namespace }) => namespace)])];
  const live = Object.fromEntries(Object.keys(known.kinds).map((kind) => [kind, { state: 'live' }])) as unknown as ClusterSnapshot['kinds'];
  const namespaces = new Map(names.map((name) => [name, namespaceOf(name, pods)]));
  return { ...known, kinds: live, namespaces, ...changes };
}

function namespaceOf(name: string, pods: readonly PodFacts[]): NamespaceSnapshot {
  const own = pods.filter(({ namespace }) => namespace === name);
  return { name, facts: undefined, pods: new Map(own.map((facts) => [facts.name, facts])), workloads: new Map(), services: new Map() };
}

export function caRoots(...fingerprints: readonly string[]): ClusterSnapshot['caRoots'] {
  return new Map([['default', { namespace: 'default', uid: 'ca-root', fingerprints }]]);
}

export type MeshConfigWords = readonly [revision: string, trustDomain: string, ...aliases: string[]];

export function meshConfigs(...configs: readonly MeshConfigWords[]): ClusterSnapshot['meshConfigs'] {
  return new Map(
    configs.map(([revision, trustDomain, ...trustDomainAliases]) => {
      const name = revision === 'default' ? 'istio' : `istio-${revision}`;
      return [name, { name, uid: name, revision, trustDomain, trustDomainAliases, extraAnchors: [], proxyMetadata: {}, unreadable: undefined }];
    }),
  );
}

/** Time that passes at once whenever somebody waits for it. */
export const instantClock: Clock = { now: () => NOW, sleep: () => Promise.resolve() };

/** Time that stands still: whoever waits for any time, waits until its signal aborts. */
export const stoppedClock: Clock = {
  now: () => NOW,
  sleep: (milliseconds, signal) =>
    new Promise((resolve) => {
      if (signal.aborted || milliseconds === 0) resolve();
      else signal.addEventListener('abort', () => { resolve(); }, { once: true });
    }),
};
