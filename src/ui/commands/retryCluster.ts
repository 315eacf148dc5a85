// Retry: tries at once to connect to a cluster that could not be read; all of them from the palette.
import type { MeshInventory } from '../../app/inventory/meshInventory.js';
import { clusterTarget } from '../tree/targets.js';

export function retryCluster(inventory: MeshInventory, clicked?: unknown): void {
  const ref = clusterTarget(clicked);
  for (const one of ref === undefined ? inventory.clusters : [ref]) inventory.retry(one);
}
