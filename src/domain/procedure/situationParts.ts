// Finds in a situation what rows of the procedure ask for again and again: the cluster's snapshot, facts, plan and revisions.
import { DEFAULT_REVISION } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { clusterKey } from '../cluster.js';
import type { ClusterGateFacts } from '../gates/gateFacts.js';
import { controlPlanes } from '../mesh/controlPlanes.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { ClusterSnapshot, NamespaceSnapshot } from '../mesh/snapshot.js';
import type { PlannedCluster } from '../plan/migrationPlan.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { kubectlCommand } from '../steps/kubectl.js';
import type { MeshSituation } from './procedureStep.js';
import type { StepOrder } from './stepOrder.js';

/** Undefined for an order on the whole mesh. */
export function clusterOf({ target }: StepOrder): ClusterRef | undefined {
  return target.scope === 'mesh' ? undefined : target.cluster;
}

export function snapshotOf({ snapshots }: MeshSituation, cluster: ClusterRef | undefined): ClusterSnapshot | undefined {
  return cluster === undefined ? undefined : snapshots.find(({ ref }) => clusterKey(ref) === clusterKey(cluster));
}

export function factsOf({ facts }: MeshSituation, cluster: ClusterRef | undefined): ClusterGateFacts | undefined {
  return cluster === undefined ? undefined : facts.clusters.find((candidate) => candidate.cluster === clusterKey(cluster));
}

export function plannedCluster({ plan }: MeshSituation, cluster: ClusterRef | undefined): PlannedCluster | undefined {
  return cluster === undefined ? undefined : plan?.clusters.find(({ ref }) => clusterKey(ref) === clusterKey(cluster));
}

export function namespaceOf(situation: MeshSituation, order: StepOrder): NamespaceSnapshot | undefined {
  const { target } = order;
  if (target.scope !== 'namespace' && target.scope !== 'gateway') return undefined;
  return snapshotOf(situation, target.cluster)?.namespaces.get(target.namespace);
}

/** A kubectl command line on this cluster, as the situation's tools have it. */
export function kubectl({ tools }: MeshSituation, cluster: ClusterRef, ...words: readonly string[]): CommandSpec {
  return kubectlCommand({ kubectl: tools.kubectl, cluster }, ...words);
}

/** `REVISION_1` in phase 1, `REVISION_2` afterwards: where this phase moves things to. Undefined without a plan. */
export function newRevision({ phase }: StepOrder, { plan }: MeshSituation): string | undefined {
  return phase <= 1 ? plan?.revision1 : plan?.revision2;
}

/**
 * What this phase leaves behind: `REVISION_1` from phase 2 on; before, the one control plane of the cluster that the plan does
 * not name. Read, never typed; the order says which where there are several. Undefined when it cannot be told.
 */
export function oldRevision(order: StepOrder, situation: MeshSituation): string | undefined {
  const { plan } = situation;
  if (order.parameters.revision !== undefined) return order.parameters.revision;
  if (order.phase >= 2) return plan?.revision1;
  const snapshot = snapshotOf(situation, clusterOf(order));
  if (snapshot === undefined) return undefined;
  const isOld = (revision: string): boolean => revision !== plan?.revision1 && revision !== plan?.revision2;
  const present = controlPlanes(snapshot).map(({ revision }) => revision).filter(isOld);
  // Its control plane is gone already: the record that its installer left still names it.
  const recorded = itemsOf(snapshot.objects.istioOperators).flatMap(({ name }) => recordedRevision(name) ?? []).filter(isOld);
  const [only] = present.length > 0 ? present : recorded;
  if ((present.length > 0 ? present : recorded).length > 1) return undefined;
  return only ?? (plan?.startingPoint === 'istio' ? DEFAULT_REVISION : undefined);
}

function recordedRevision(name: string): string | undefined {
  if (name === 'installed-state') return DEFAULT_REVISION;
  return name.startsWith('installed-state-') ? name.slice('installed-state-'.length) : undefined;
}

/** What a revision's objects end with: nothing for `default`, `-REVISION` for the others (Istio's charts). */
export function revisionSuffix(revision: string): string {
  return revision === DEFAULT_REVISION ? '' : `-${revision}`;
}

/** A file below the folder, whichever separator the folder's path has. */
export function joinPath(folder: string, ...parts: readonly string[]): string {
  const separator = folder.includes('\\') && !folder.includes('/') ? '\\' : '/';
  return [folder.replace(/[/\\]+$/, ''), ...parts].join(separator);
}

/** Absolute on any system: asmcli changes directory, and takes neither `$PWD` nor `~`. */
export function isAbsolutePath(path: string): boolean {
  return /^(?:\/|[A-Za-z]:[\\/]|\\\\)/.test(path) && !/[$~]/.test(path);
}

/** A name for files about a cluster that no file system minds. */
export function fileNameOf(cluster: ClusterRef): string {
  return cluster.context.replace(/[^\w.-]/g, '_');
}
