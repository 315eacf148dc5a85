// Where snapshots come from: an inventory that follows clusters, or clusters that were read once for a tool that does not stay.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { GateObjects } from '../../domain/mesh/gateObjects.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { MeshInventory } from '../inventory/meshInventory.js';

export type SnapshotSource = Pick<MeshInventory, 'clusters' | 'snapshot' | 'onDidChange'>;

/** These snapshots and no others, for ever. */
export function fixedSnapshots(snapshots: readonly ClusterSnapshot[]): SnapshotSource {
  const byKey = new Map(snapshots.map((snapshot) => [clusterKey(snapshot.ref), snapshot]));
  return {
    clusters: snapshots.map(({ ref }) => ref),
    snapshot: (ref: ClusterRef) => byKey.get(clusterKey(ref)),
    onDidChange: () => ({ dispose: () => undefined }),
  };
}

const merged = new WeakMap<ClusterSnapshot, ClusterSnapshot>();

/** The snapshot with what was listed beside it; the same object for the same two, so that what was computed from it stays valid. */
export function withObjects(snapshot: ClusterSnapshot, objects: GateObjects | undefined): ClusterSnapshot {
  if (objects === undefined || snapshot.objects === objects) return snapshot;
  const known = merged.get(snapshot);
  if (known?.objects === objects) return known;
  const made = { ...snapshot, objects };
  merged.set(snapshot, made);
  return made;
}
