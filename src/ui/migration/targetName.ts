// What people call a target.
import { clusterName } from '../../domain/cluster.js';
import type { StepTarget } from '../../domain/procedure/stepOrder.js';

/** Empty for the mesh as a whole. */
export function targetName(target: StepTarget): string {
  switch (target.scope) {
    case 'mesh':
      return '';
    case 'cluster':
      return clusterName(target.cluster);
    case 'namespace':
      return target.namespace;
    case 'gateway':
      return target.name;
  }
}
