// How many proxies are in which class, over the whole scope and per cluster, and what there is to choose in the facets.
import type { TrustRow } from '../../src/shared/trustRows.js';
import type { ClassCounts, TrustClass } from '../../src/shared/trustClass.js';
import { trustClassOf } from '../../src/shared/trustClass.js';

export interface ClusterSummary {
  readonly key: string;
  readonly context: string;
  /** Unique among the clusters: the cluster's own name, where two share one the context, and where two share that as well its key. */
  readonly name: string;
  readonly total: number;
  readonly counts: ClassCounts;
}

export interface MeshSummary {
  readonly total: number;
  readonly counts: ClassCounts;
  /** By name. */
  readonly clusters: readonly ClusterSummary[];
  /** In order. */
  readonly namespaces: readonly string[];
}

type Counting = Record<TrustClass, number>;

function nothingCounted(): Counting {
  return { both: 0, istioCa: 0, meshCa: 0, otherRoots: 0, unknown: 0, notLoaded: 0, waiting: 0 };
}

export function summariseMesh(rows: ReadonlyMap<string, TrustRow>): MeshSummary {
  const all = nothingCounted();
  const clusters = new Map<string, CountedCluster>();
  const namespaces = new Set<string>();
  for (const row of rows.values()) {
    const found = trustClassOf(row);
    const cluster = clusters.get(row.clusterKey) ?? { name: row.cluster, context: row.context, counts: nothingCounted() };
    clusters.set(row.clusterKey, cluster);
    all[found] += 1;
    cluster.counts[found] += 1;
    namespaces.add(row.namespace);
  }
  return { total: rows.size, counts: all, clusters: clusterSummaries(clusters), namespaces: [...namespaces].sort() };
}

interface CountedCluster {
  readonly name: string;
  readonly context: string;
  readonly counts: Counting;
}

function clusterSummaries(clusters: ReadonlyMap<string, CountedCluster>): readonly ClusterSummary[] {
  const names = [...clusters.values()].map(({ name }) => name);
  const contexts = [...clusters.values()].map(({ context }) => context);
  return [...clusters]
    .map(([key, { name, context, counts }]) => ({
      key,
      context,
      name: isOnce(names, name) ? name : isOnce(contexts, context) ? context : key,
      total: Object.values(counts).reduce((sum, count) => sum + count, 0),
      counts,
    }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}

function isOnce(names: readonly string[], name: string): boolean {
  return names.indexOf(name) === names.lastIndexOf(name);
}
