// The nodes of the tree Clusters: a closed union of what a node stands for, and which nodes each has below it. A node says
// which thing it is, never how that thing is; that is read from the snapshot when the node is drawn.
//
//   cluster → troubles · control planes → revision → istiod's pods · gateways → gateway → pods
//           · namespaces → namespace → workload → pods, and those outside the mesh
import { assertNever } from '../../shared/assertNever.js';
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import { controlPlane, controlPlanes } from '../../domain/mesh/controlPlanes.js';
import type { PodFacts, WatchedKind } from '../../domain/mesh/facts.js';
import { gateways } from '../../domain/mesh/gateways.js';
import { isKnown } from '../../domain/mesh/known.js';
import { namespaceView } from '../../domain/mesh/namespaceView.js';
import { podGroups } from '../../domain/mesh/podGroups.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { workloadKey, workloadView, workloadViews } from '../../domain/mesh/workloadView.js';
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import { clusterCondition, troubleGroups } from './clusterCondition.js';

export type GroupName = 'controlPlanes' | 'gateways' | 'namespaces' | 'outside';
/** What a node says in place of children: why there are none. */
export type NoteName = 'reading' | 'unknown' | 'noControlPlane' | 'noNamespaces' | 'noPods' | 'noIstiod';

interface NodeBase {
  /** Stays the same as long as the thing exists, over repaints and reconnects. */
  readonly id: string;
  readonly ref: ClusterRef;
  readonly parent: MeshNode | undefined;
}

export type MeshNode =
  | (NodeBase & { readonly kind: 'cluster' })
  /** Kinds of the cluster that cannot be read for one reason; `trouble` names the group in `troubleGroups`. */
  | (NodeBase & { readonly kind: 'trouble'; readonly trouble: string })
  | (NodeBase & { readonly kind: 'group'; readonly group: GroupName })
  | (NodeBase & { readonly kind: 'controlPlane'; readonly revision: string })
  | (NodeBase & { readonly kind: 'gateway'; readonly namespace: string; readonly workload: string })
  | (NodeBase & { readonly kind: 'namespace'; readonly namespace: string })
  | (NodeBase & { readonly kind: 'workload'; readonly namespace: string; readonly workload: string })
  | (NodeBase & { readonly kind: 'pod'; readonly namespace: string; readonly pod: string })
  | (NodeBase & { readonly kind: 'note'; readonly note: NoteName });

export type SnapshotOf = (ref: ClusterRef) => ClusterSnapshot | undefined;

/** One node per chosen cluster, in the order in which they were chosen. */
export function clusterNodes(refs: readonly ClusterRef[]): readonly MeshNode[] {
  return refs.map((ref) => ({ kind: 'cluster', ref, id: clusterKey(ref), parent: undefined }));
}

/** Whether the node can have children at all. */
export function isBranch(node: MeshNode): boolean {
  return node.kind !== 'pod' && node.kind !== 'note' && node.kind !== 'trouble';
}

/** The nodes below, in the order in which they are shown. */
export function childrenOf(node: MeshNode, snapshotOf: SnapshotOf): readonly MeshNode[] {
  const snapshot = snapshotOf(node.ref);
  if (snapshot === undefined) return [];
  switch (node.kind) {
    case 'cluster':
      return clusterChildren(node, snapshot);
    case 'group':
      return groupChildren(node, node.group, snapshot);
    case 'controlPlane': {
      const view = controlPlane(snapshot, node.revision);
      if (view === undefined || view.istiods.length === 0) return [absenceNode(node, snapshot, 'deployments', 'noIstiod')];
      return view.pods.length > 0 ? podNodes(node, view.pods) : [absenceNode(node, snapshot, 'pods', 'noPods')];
    }
    case 'namespace':
      return namespaceChildren(node, node.namespace, snapshot);
    case 'gateway':
    case 'workload': {
      const namespace = snapshot.namespaces.get(node.namespace);
      const pods = namespace === undefined ? [] : (workloadView(namespace, node.workload)?.pods ?? []);
      return pods.length > 0 ? podNodes(node, pods) : [absenceNode(node, snapshot, 'pods', 'noPods')];
    }
    case 'pod':
    case 'note':
    case 'trouble':
      return [];
    default:
      return assertNever(node);
  }
}

/** Which namespaces are shown as meshed and which as outside, by name. istio-system's parts are shown as what they are. */
export function sortNamespaces(snapshot: ClusterSnapshot): { readonly meshed: readonly string[]; readonly outside: readonly string[] } {
  const meshed: string[] = [];
  const outside: string[] = [];
  for (const name of [...snapshot.namespaces.keys()].sort()) {
    const namespace = snapshot.namespaces.get(name);
    if (namespace === undefined) continue;
    if (namespaceView(snapshot, namespace).meshed) meshed.push(name);
    else if (name !== ISTIO_NAMESPACE) outside.push(name);
  }
  return { meshed, outside };
}

function clusterChildren(parent: MeshNode, snapshot: ClusterSnapshot): readonly MeshNode[] {
  const troubles = troubleGroups(snapshot).map(({ id }): MeshNode => {
    return { kind: 'trouble', ref: parent.ref, parent, id: `${parent.id}|trouble:${id}`, trouble: id };
  });
  const condition = clusterCondition(snapshot);
  if (condition.kind === 'failed') return troubles;
  // One reason for everything stands on the cluster already.
  const told = condition.kind === 'stale' && troubles.length === 1 ? [] : troubles;
  if (condition.kind === 'reading' && snapshot.namespaces.size === 0) return [...troubles, noteNode(parent, 'reading')];
  // Left out only when it is known that there are none.
  const showsGateways = gateways(snapshot).length > 0 || !isKnown(snapshot, 'pods');
  const groups: readonly GroupName[] = ['controlPlanes', ...(showsGateways ? (['gateways'] as const) : []), 'namespaces'];
  return [...told, ...groups.map((group) => groupNode(parent, group))];
}

function groupChildren(parent: MeshNode, group: GroupName, snapshot: ClusterSnapshot): readonly MeshNode[] {
  const { ref } = parent;
  switch (group) {
    case 'controlPlanes': {
      const nodes = controlPlanes(snapshot).map(({ revision }): MeshNode => {
        return { kind: 'controlPlane', ref, parent, id: `${parent.id}|revision:${revision}`, revision };
      });
      if (nodes.length > 0) return nodes;
      return [absenceNode(parent, snapshot, 'deployments', 'noControlPlane')];
    }
    case 'gateways': {
      const nodes = gateways(snapshot).map(({ namespace, workload }): MeshNode => {
        const key = workloadKey(workload);
        return { kind: 'gateway', ref, parent, id: `${parent.id}|gateway:${namespace}/${key}`, namespace, workload: key };
      });
      return nodes.length > 0 ? nodes : [absenceNode(parent, snapshot, 'pods', 'noPods')];
    }
    case 'namespaces': {
      const { meshed, outside } = sortNamespaces(snapshot);
      const nodes = meshed.map((name) => namespaceNode(parent, name));
      if (outside.length > 0) return [...nodes, groupNode(parent, 'outside')];
      return nodes.length > 0 ? nodes : [absenceNode(parent, snapshot, 'namespaces', 'noNamespaces')];
    }
    case 'outside':
      return sortNamespaces(snapshot).outside.map((name) => namespaceNode(parent, name));
    default:
      return assertNever(group);
  }
}

function namespaceChildren(parent: MeshNode, name: string, snapshot: ClusterSnapshot): readonly MeshNode[] {
  const namespace = snapshot.namespaces.get(name);
  if (namespace === undefined) return [];
  const workloads = workloadViews(namespace).map((view): MeshNode => {
    const workload = workloadKey(view);
    return { kind: 'workload', ref: parent.ref, parent, id: `${parent.id}|workload:${workload}`, namespace: name, workload };
  });
  const nodes = [...workloads, ...podNodes(parent, podGroups(namespace).bare)];
  return nodes.length > 0 ? nodes : [absenceNode(parent, snapshot, 'pods', 'noPods')];
}

function podNodes(parent: MeshNode, pods: readonly PodFacts[]): readonly MeshNode[] {
  return pods.map(({ namespace, name }) => {
    return { kind: 'pod', ref: parent.ref, parent, id: `${parent.id}|pod:${namespace}/${name}`, namespace, pod: name };
  });
}

function namespaceNode(parent: MeshNode, namespace: string): MeshNode {
  // Without the group in it: a namespace that joins the mesh moves and stays the same node.
  return { kind: 'namespace', ref: parent.ref, parent, id: `${clusterKey(parent.ref)}|namespace:${namespace}`, namespace };
}

function groupNode(parent: MeshNode, group: GroupName): MeshNode {
  return { kind: 'group', ref: parent.ref, parent, id: `${clusterKey(parent.ref)}|group:${group}`, group };
}

/** Says that there is nothing, or, where the kind that would show it was not read, that this is not known. */
function absenceNode(parent: MeshNode, snapshot: ClusterSnapshot, kind: WatchedKind, note: NoteName): MeshNode {
  if (isKnown(snapshot, kind)) return noteNode(parent, note);
  return noteNode(parent, snapshot.kinds[kind].state === 'loading' ? 'reading' : 'unknown');
}

function noteNode(parent: MeshNode, note: NoteName): MeshNode {
  return { kind: 'note', ref: parent.ref, parent, id: `${parent.id}|note:${note}`, note };
}
