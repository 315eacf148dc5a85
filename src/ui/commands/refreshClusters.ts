// Refresh: reads all chosen clusters anew, or the clicked one.
import type { MeshInventory } from '../../app/inventory/meshInventory.js';
import { clusterTarget } from '../tree/targets.js';

export function refreshClusters(inventory: MeshInventory, clicked?: unknown): void {
  const ref = clusterTarget(clicked);
  inventory.refresh(ref === undefined ? inventory.clusters : [ref]);
}
