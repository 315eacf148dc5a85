// How many proxies are in which class, over the whole scope and per cluster, and what there is to choose in the facets.
import type { TrustRow } from '../../src/shared/trustRows.js';
import type { TrustClass } from './trustClass.js';
import { trustClassOf } from './trustClass.js';

export type ClassCounts = Readonly<Record<TrustClass, number>>;

export interface ClusterSummary {
  readonly context: string;
  /** Unique among the clusters: the cluster's own name, or the context where two clusters share a name. */
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
  const clusters = new Map<string, { readonly name: string; readonly counts: Counting }>();
  const namespaces = new Set<string>();
  for (const row of rows.values()) {
    const found = trustClassOf(row);
    const cluster = clusters.get(row.context) ?? { name: row.cluster, counts: nothingCounted() };
    clusters.set(row.context, cluster);
    all[found] += 1;
    cluster.counts[found] += 1;
    namespaces.add(row.namespace);
  }
  return { total: rows.size, counts: all, clusters: clusterSummaries(clusters), namespaces: [...namespaces].sort() };
}

function clusterSummaries(clusters: ReadonlyMap<string, { readonly name: string; readonly counts: Counting }>): readonly ClusterSummary[] {
  const names = [...clusters.values()].map(({ name }) => name);
  return [...clusters]
    .map(([context, { name, counts }]) => ({
      context,
      name: names.indexOf(name) === names.lastIndexOf(name) ? name : context,
      total: Object.values(counts).reduce((sum, count) => sum + count, 0),
      counts,
    }))
    .sort((left, right) => (left.name < right.name ? -1 : 1));
}
