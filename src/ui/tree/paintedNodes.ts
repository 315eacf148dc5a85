// Remembers what the tree has drawn, and says after a change which of it has to be drawn again: no more than what differs.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { MeshNode, SnapshotOf } from './meshNodes.js';
import { childrenOf, clusterNodes } from './meshNodes.js';
import type { Row } from './row.js';
import type { RowSource } from './treeRow.js';
import { treeRow } from './treeRow.js';

interface Painted {
  readonly node: MeshNode;
  /** The row as last drawn; undefined until it was. */
  row: string | undefined;
  /** Ids of the children as last handed out; undefined while it was never expanded. */
  children: string | undefined;
}

/** What to draw again: the whole tree, or these nodes with what is below them. */
export type Repaint = { readonly kind: 'all' } | { readonly kind: 'nodes'; readonly nodes: readonly MeshNode[] };

export class PaintedNodes {
  readonly #source: RowSource;
  readonly #painted = new Map<string, Painted>();
  #roots: string | undefined;

  constructor(source: RowSource) {
    this.#source = source;
  }

  /** The nodes at the top; the same objects for the same things as before, because a view knows its items by them. */
  roots(refs: readonly ClusterRef[]): readonly MeshNode[] {
    const nodes = clusterNodes(refs).map((node) => this.#intern(node));
    this.#roots = idsOf(nodes);
    return nodes;
  }

  children(parent: MeshNode): readonly MeshNode[] {
    const nodes = childrenOf(parent, this.#source.snapshotOf).map((node) => this.#intern(node));
    const painted = this.#painted.get(parent.id);
    if (painted !== undefined) painted.children = idsOf(nodes);
    return nodes;
  }

  /** The row to draw; undefined when the thing has gone and the view has not heard of it yet. */
  row(node: MeshNode): Row | undefined {
    const row = treeRow(node, this.#source);
    const painted = this.#painted.get(node.id);
    if (painted !== undefined) painted.row = JSON.stringify(row);
    return row;
  }

  /** Compares everything drawn of these clusters with how it is now. */
  repaint(refs: readonly ClusterRef[], changed: readonly ClusterRef[]): Repaint | undefined {
    if (this.#roots === undefined) return undefined;
    if (idsOf(clusterNodes(refs)) !== this.#roots) {
      this.#forgetAllBut(refs);
      return { kind: 'all' };
    }
    const keys = new Set(changed.map(clusterKey));
    const differing = new Map<string, MeshNode>();
    for (const painted of this.#painted.values()) {
      if (keys.has(clusterKey(painted.node.ref)) && this.#differs(painted)) differing.set(painted.node.id, painted.node);
    }
    // A node is drawn with all that is below it.
    const nodes = [...differing.values()].filter((node) => !hasAncestorIn(node, differing));
    return nodes.length === 0 ? undefined : { kind: 'nodes', nodes };
  }

  #differs({ node, row, children }: Painted): boolean {
    const now = treeRow(node, this.#source);
    if (now === undefined) {
      // Gone: its parent's children differ and the parent is drawn again.
      this.#painted.delete(node.id);
      return false;
    }
    if (row !== undefined && JSON.stringify(now) !== row) return true;
    return children !== undefined && idsOf(childrenOf(node, this.#source.snapshotOf)) !== children;
  }

  #intern(node: MeshNode): MeshNode {
    const known = this.#painted.get(node.id);
    // A namespace that joined the mesh has another parent now.
    if (known !== undefined && known.node.parent?.id === node.parent?.id) return known.node;
    this.#painted.set(node.id, { node, row: undefined, children: undefined });
    return node;
  }

  #forgetAllBut(refs: readonly ClusterRef[]): void {
    const keys = new Set(refs.map(clusterKey));
    for (const [id, { node }] of [...this.#painted]) if (!keys.has(clusterKey(node.ref))) this.#painted.delete(id);
  }
}

function idsOf(nodes: readonly MeshNode[]): string {
  return nodes.map(({ id }) => id).join('\n');
}

function hasAncestorIn(node: MeshNode, nodes: ReadonlyMap<string, MeshNode>): boolean {
  for (let ancestor = node.parent; ancestor !== undefined; ancestor = ancestor.parent) if (nodes.has(ancestor.id)) return true;
  return false;
}

/** The node of a namespace and what is above it, to be revealed; undefined when it is not there. */
export function namespaceNodeIn(
  refs: readonly ClusterRef[],
  ref: ClusterRef,
  namespace: string,
  snapshotOf: SnapshotOf,
): MeshNode | undefined {
  const search = (nodes: readonly MeshNode[]): MeshNode | undefined => {
    for (const node of nodes) {
      if (node.kind === 'namespace') {
        if (node.namespace === namespace) return node;
      } else if (node.kind === 'cluster' || (node.kind === 'group' && (node.group === 'namespaces' || node.group === 'outside'))) {
        const found = search(childrenOf(node, snapshotOf));
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
  return search(clusterNodes(refs.filter((candidate) => clusterKey(candidate) === clusterKey(ref))));
}
