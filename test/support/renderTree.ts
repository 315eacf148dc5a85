// Draws the tree Clusters as text, the way it stands on the screen: every node with its icon, label and description.
import { clusterNodes, childrenOf } from '../../src/ui/tree/meshNodes.js';
import type { MeshNode } from '../../src/ui/tree/meshNodes.js';
import type { RowSource } from '../../src/ui/tree/treeRow.js';
import { treeRow } from '../../src/ui/tree/treeRow.js';
import type { ClusterRef } from '../../src/domain/cluster.js';

/** Everything expanded but what `expand` says no to, one line a node: indent, `[icon]` unless it is plain, label, two blanks, description. */
export function renderTree(refs: readonly ClusterRef[], source: RowSource, expand: (node: MeshNode) => boolean = () => true): string {
  const lines: string[] = [];
  const draw = (nodes: readonly MeshNode[], depth: number): void => {
    for (const node of nodes) {
      const row = treeRow(node, source);
      if (row === undefined) continue;
      lines.push(`${'  '.repeat(depth)}[${row.icon}] ${row.label}${row.description === '' ? '' : `  ${row.description}`}`);
      if (expand(node)) draw(childrenOf(node, source.snapshotOf), depth + 1);
    }
  };
  draw(clusterNodes(refs), 0);
  return lines.join('\n');
}
