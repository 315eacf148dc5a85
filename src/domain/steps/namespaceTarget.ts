// A namespace of one cluster: what the namespace steps act on.
import type { ClusterRef } from '../cluster.js';

export interface NamespaceTarget {
  readonly cluster: ClusterRef;
  readonly namespace: string;
}
