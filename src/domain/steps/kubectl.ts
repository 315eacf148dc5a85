// Builds kubectl command lines; none is built without saying which cluster it acts on.
import type { ClusterRef } from '../cluster.js';
import type { CommandSpec } from './commandSpec.js';

/** The kubectl to run (a path, or the name that PATH resolves) and the cluster it acts on. */
export interface KubectlTarget {
  readonly kubectl: string;
  readonly cluster: ClusterRef;
}

/** One kubectl command line; kubeconfig and context stand right after the executable, whatever follows. */
export function kubectlCommand(target: KubectlTarget, ...words: readonly string[]): CommandSpec {
  const { kubectl, cluster } = target;
  return { argv: [kubectl, '--kubeconfig', cluster.kubeconfig, '--context', cluster.context, ...words] };
}
