// What a command was meant for: the clicked node and the selection of the tree, as VS Code hands them over, or a link.
import type { ClusterRef } from '../../domain/cluster.js';
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';

/**
 * The namespaces that a command acts on. Clicked outside the selection: the clicked one alone, as in VS Code's own trees.
 * None from the palette or from a node that is no namespace: the command then asks.
 */
export function namespaceTargets(clicked: unknown, selected: unknown): readonly NamespaceTarget[] {
  const target = namespaceOf(clicked);
  if (target === undefined) return [];
  const selection = (Array.isArray(selected) ? (selected as readonly unknown[]) : []).map(namespaceOf).filter((one) => one !== undefined);
  return selection.some((one) => isSame(one, target)) ? selection : [target];
}

/** A namespace as a command takes it that was not clicked in the tree: read back by `namespaceTargets`. */
export function namespaceNode({ cluster, namespace }: NamespaceTarget): { readonly kind: 'namespace'; readonly ref: ClusterRef; readonly namespace: string } {
  return { kind: 'namespace', ref: cluster, namespace };
}

/** The same of a gateway; without its workload the command asks which. */
export function gatewayNode(gateway: NamespaceTarget & { readonly workload: string | undefined }): object {
  const { cluster, namespace, workload } = gateway;
  return { kind: 'gateway', ref: cluster, namespace, workload };
}

/** The cluster that the node belongs to; undefined from the palette. */
export function clusterTarget(clicked: unknown): ClusterRef | undefined {
  return refOf(fieldsOf(clicked)?.ref);
}

/** The name of the thing that a node stands for, as one would type it. */
export function nameTarget(clicked: unknown): string | undefined {
  const node = fieldsOf(clicked);
  switch (node?.kind) {
    case 'cluster':
      return clusterTarget(clicked)?.context;
    case 'controlPlane':
      return textOf(node.revision);
    case 'gateway':
    case 'workload':
      return textOf(node.workload)?.replace(/^[^/]*\//, '');
    case 'namespace':
      return textOf(node.namespace);
    case 'pod':
      return textOf(node.pod);
    default:
      return undefined;
  }
}

function namespaceOf(value: unknown): NamespaceTarget | undefined {
  const node = fieldsOf(value);
  const cluster = refOf(node?.ref);
  const namespace = textOf(node?.namespace);
  return node?.kind === 'namespace' && cluster !== undefined && namespace !== undefined ? { cluster, namespace } : undefined;
}

function refOf(value: unknown): ClusterRef | undefined {
  const fields = fieldsOf(value);
  const kubeconfig = textOf(fields?.kubeconfig);
  const context = textOf(fields?.context);
  return kubeconfig === undefined || context === undefined ? undefined : { kubeconfig, context };
}

/** Whoever can run a command can hand it anything, so a node is read like any other outside value. */
function fieldsOf(value: unknown): Partial<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null ? value : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function isSame(one: NamespaceTarget, other: NamespaceTarget): boolean {
  return (
    one.namespace === other.namespace &&
    one.cluster.context === other.cluster.context &&
    one.cluster.kubeconfig === other.cluster.kubeconfig
  );
}
