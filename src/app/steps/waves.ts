// Puts namespaces into waves: so many at once, and the next ones when these are verified.
import { clusterKey } from '../../domain/cluster.js';
import type { StepOrder } from '../../domain/procedure/stepOrder.js';

/** The orders in groups of at most `size`; one cluster's namespaces stand together, so that a wave stays in one place. */
export function inWaves(orders: readonly StepOrder[], size: number): readonly (readonly StepOrder[])[] {
  const most = Math.max(1, Math.floor(size));
  const clusters = [...new Set(orders.map(clusterOf))];
  return clusters.flatMap((cluster) => {
    const own = orders.filter((order) => clusterOf(order) === cluster);
    return Array.from({ length: Math.ceil(own.length / most) }, (_, index) => own.slice(index * most, (index + 1) * most));
  });
}

function clusterOf({ target }: StepOrder): string {
  return target.scope === 'mesh' ? '' : clusterKey(target.cluster);
}
