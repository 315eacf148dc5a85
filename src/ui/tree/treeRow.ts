// Draws a node of the tree Clusters: label is the thing's own name, description the one fact that matters now, the rest is
// in the tooltip.
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import { assertNever } from '../../shared/assertNever.js';
import type { RenderText } from '../../shared/text/render.js';
import { clusterCondition } from './clusterCondition.js';
import { clusterRow, groupRow, noteRow, troubleRow } from './clusterRows.js';
import { controlPlaneRow, gatewayRow } from './controlPlaneRows.js';
import type { MeshNode, SnapshotOf } from './meshNodes.js';
import { isBranch } from './meshNodes.js';
import { namespaceRow } from './namespaceRow.js';
import type { Row, RowParts } from './row.js';
import { joinParts } from './row.js';
import { podRow, workloadRow } from './workloadRows.js';

/** What rows are drawn from. */
export interface RowSource {
  readonly snapshotOf: SnapshotOf;
  readonly text: RenderText;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Whether a step of ours runs on the namespace, or is being verified. */
  readonly isRunning: (target: NamespaceTarget) => boolean;
}

/** Undefined when the thing is no longer there. */
export function treeRow(node: MeshNode, source: RowSource): Row | undefined {
  const snapshot = source.snapshotOf(node.ref);
  const parts = snapshot === undefined ? undefined : rowParts(node, snapshot, source);
  if (snapshot === undefined || parts === undefined) return undefined;
  return {
    links: [],
    state: isBranch(node) ? 'collapsed' : 'none',
    ...parts,
    ...(isOutdated(node, snapshot) && { color: 'disabledForeground' as const }),
    accessibilityLabel: joinParts([parts.label, parts.description.replaceAll('⚠ ', '')]),
  };
}

/** Below a cluster that is no longer followed nothing is shown in the colours of what is so now. */
function isOutdated({ kind }: MeshNode, snapshot: ClusterSnapshot): boolean {
  return kind !== 'cluster' && kind !== 'trouble' && clusterCondition(snapshot).kind === 'stale';
}

function rowParts(node: MeshNode, snapshot: ClusterSnapshot, { text, now, isRunning }: RowSource): RowParts | undefined {
  switch (node.kind) {
    case 'cluster':
      return clusterRow(snapshot, text, now());
    case 'trouble':
      return troubleRow(snapshot, node.trouble, text, now());
    case 'group':
      return groupRow(snapshot, node.group, text);
    case 'controlPlane':
      return controlPlaneRow(snapshot, node.revision, text);
    case 'gateway':
      return gatewayRow(snapshot, node.namespace, node.workload, text);
    case 'namespace':
      return namespaceRow(snapshot, node.namespace, text, isRunning({ cluster: node.ref, namespace: node.namespace }));
    case 'workload':
      return workloadRow(snapshot, node.namespace, node.workload, text);
    case 'pod':
      return podRow(snapshot, node.namespace, node.pod, text);
    case 'note':
      return noteRow(node.note, text);
    default:
      return assertNever(node);
  }
}
