// Which clusters belong to the mesh without being looked at: each cluster's remote secrets name the others.
import type { ClusterRef } from '../cluster.js';
import { clusterKey, clusterName, gkeName } from '../cluster.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { MigrationPlan } from '../plan/migrationPlan.js';
import type { Waivers } from './waivers.js';

/** By name. Without a plan the clusters that are looked at are taken for the mesh. */
export function clustersNotInPlan(snapshots: readonly ClusterSnapshot[], plan: MigrationPlan | undefined, waivers: Waivers): readonly string[] {
  const planned = plan?.clusters.flatMap(({ ref, project, location, name }) => [...spellingsOf(ref), ...spellings(project, location, name)]);
  const known = new Set(planned ?? snapshots.flatMap(({ ref }) => spellingsOf(ref)));
  const remote = snapshots.flatMap(({ objects }) => itemsOf(objects.secrets).map(({ remoteCluster }) => remoteCluster));
  const strangers = remote.filter((name) => name !== undefined && !known.has(name) && !waivers.covers('membership', name));
  return [...new Set(strangers.filter((name) => name !== undefined))].sort();
}

/** Clusters of the plan that nobody looks at. */
export function plannedAndNotRead(snapshots: readonly ClusterSnapshot[], plan: MigrationPlan | undefined): readonly ClusterRef[] {
  const read = new Set(snapshots.map(({ ref }) => clusterKey(ref)));
  return (plan?.clusters ?? []).map(({ ref }) => ref).filter((ref) => !read.has(clusterKey(ref)));
}

/** Every name by which the context's cluster may be called elsewhere. */
export function spellingsOf(ref: ClusterRef): readonly string[] {
  const gke = gkeName(ref.context);
  return [ref.context, clusterName(ref), ...(gke === undefined ? [] : spellings(gke.project, gke.location, gke.cluster))];
}

/** How asmcli (`cn-…`), gcloud (`gke_…`) and people name one cluster in a remote secret. */
export function spellings(project: string, location: string, name: string): readonly string[] {
  return [name, `cn-${project}-${location}-${name}`, `gke_${project}_${location}_${name}`];
}
