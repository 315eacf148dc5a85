// What a step can be run on, the sensible choice first, and what a clicked node of either tree means for a step.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey, clusterName } from '../../domain/cluster.js';
import { controlPlanes } from '../../domain/mesh/controlPlanes.js';
import { gateways } from '../../domain/mesh/gateways.js';
import { namespaceView } from '../../domain/mesh/namespaceView.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { MigrationPosition, PositionState } from '../../domain/position/position.js';
import type { MeshSituation, ProcedureStep } from '../../domain/procedure/procedureStep.js';
import type { Phase, StepId, StepScope, StepTarget } from '../../domain/procedure/stepOrder.js';
import { clusterTarget, namespaceTargets } from '../tree/targets.js';
import { stepIn, targetKey } from './migrationNodes.js';

/** What choosing a target needs to know of a row of the procedure. */
export type StepShape = Pick<ProcedureStep, 'id' | 'scope' | 'phases' | 'readsOnly'>;

export interface TargetChoice {
  readonly target: StepTarget;
  readonly name: string;
  /** Undefined for the mesh. */
  readonly cluster: string | undefined;
  /** Undefined where the position does not speak of it. */
  readonly state: PositionState | undefined;
}

/** The phase the migration is in, where the step belongs to it; else the nearest of the step's own. */
export function phaseFor({ phases }: StepShape, position: Pick<MigrationPosition, 'phase'>, situation: Pick<MeshSituation, 'plan' | 'snapshots'>): Phase {
  // A pod that has just started is not read yet, and leaves phase 1 open again: what is rolled back or moved is phase 2 all the same.
  const phase = position.phase === 1 && hasBegunSwitch(situation) ? 2 : position.phase;
  const nearest = [...phases].sort((one, other) => Math.abs(one - phase) - Math.abs(other - phase));
  return nearest[0] ?? phase;
}

/** Something of the control plane of phase 2, or of its proxies, is in a cluster. */
function hasBegunSwitch({ plan, snapshots }: Pick<MeshSituation, 'plan' | 'snapshots'>): boolean {
  return plan !== undefined && snapshots.some((snapshot) => controlPlanes(snapshot).some(({ revision }) => revision === plan.revision2));
}

/** Every target in the mesh: the next one first, then what is open, then what is in the way, then the rest. */
export function targetChoices({ id, scope }: StepShape, phase: Phase, situation: MeshSituation, position: MigrationPosition): readonly TargetChoice[] {
  const states = new Map(stateSources(id, phase, position).map(({ target, state }) => [targetKey(target), state]));
  const choices = allTargets(scope, situation).map((target): TargetChoice => {
    return { target, name: nameOf(target), cluster: target.scope === 'mesh' ? undefined : clusterName(target.cluster), state: states.get(targetKey(target)) };
  });
  const rank = ({ state }: TargetChoice): number => RANKS.indexOf(state?.kind ?? 'notNeeded');
  return [...choices].sort((one, other) => rank(one) - rank(other));
}

const RANKS: readonly PositionState['kind'][] = ['next', 'open', 'inTheWay', 'unknown', 'notNeeded', 'done'];

/** A step that the position does not list (a restart, a rollback) is ranked by the move of the same target. */
function stateSources(step: StepId, phase: Phase, position: MigrationPosition): readonly { readonly target: StepTarget; readonly state: PositionState }[] {
  const own = stepIn(position, { phase, step });
  if (own !== undefined) return own.targets;
  return step === 'restart-workloads' ? (stepIn(position, { phase, step: 'migrate-namespace' })?.targets ?? []) : [];
}

function allTargets(scope: StepScope, { plan, snapshots }: MeshSituation): readonly StepTarget[] {
  switch (scope) {
    case 'mesh':
      return [{ scope: 'mesh' }];
    case 'cluster':
      return (plan?.clusters ?? snapshots).map(({ ref }) => ({ scope: 'cluster', cluster: ref }));
    case 'namespace':
      return snapshots.flatMap(namespaceTargetsOf);
    case 'gateway':
      return snapshots.flatMap((snapshot) =>
        gateways(snapshot).map(({ namespace, workload }) => ({ scope: 'gateway', cluster: snapshot.ref, namespace, name: workload.name })),
      );
  }
}

function namespaceTargetsOf(snapshot: ClusterSnapshot): readonly StepTarget[] {
  return [...snapshot.namespaces.values()]
    .filter((namespace) => namespaceView(snapshot, namespace).meshed)
    .map(({ name }): StepTarget => ({ scope: 'namespace', cluster: snapshot.ref, namespace: name }))
    .sort((one, other) => (nameOf(one) < nameOf(other) ? -1 : 1));
}

function nameOf(target: StepTarget): string {
  switch (target.scope) {
    case 'mesh':
      return '';
    case 'cluster':
      return clusterName(target.cluster);
    case 'namespace':
      return target.namespace;
    case 'gateway':
      return `${target.namespace}/${target.name}`;
  }
}

/** What a node of the tree Clusters means for a step of this scope; empty when it does not fit, and from the palette. */
export function clickedTargets(scope: StepScope, clicked: unknown, selected: unknown): readonly StepTarget[] {
  switch (scope) {
    case 'mesh':
      return [{ scope: 'mesh' }];
    case 'cluster':
      return clickedClusters(clicked, selected).map((cluster) => ({ scope, cluster }));
    case 'namespace':
      return namespaceTargets(clicked, selected).map(({ cluster, namespace }) => ({ scope, cluster, namespace }));
    case 'gateway':
      return gatewayTarget(clicked);
  }
}

/** Clicked inside the selection, the clusters of everything selected that is of the same kind: a phase is rolled back in all of them at once. */
function clickedClusters(clicked: unknown, selected: unknown): readonly ClusterRef[] {
  const cluster = clusterTarget(clicked);
  if (cluster === undefined) return [];
  const alike = (Array.isArray(selected) ? (selected as readonly unknown[]) : []).filter((node) => kindOf(node) === kindOf(clicked));
  const byKey = new Map(alike.flatMap((node) => clusterTarget(node) ?? []).map((ref) => [clusterKey(ref), ref]));
  return byKey.has(clusterKey(cluster)) ? [...byKey.values()] : [cluster];
}

function kindOf(node: unknown): unknown {
  return typeof node === 'object' && node !== null ? (node as { readonly kind?: unknown }).kind : undefined;
}

function gatewayTarget(clicked: unknown): readonly StepTarget[] {
  const cluster = clusterTarget(clicked);
  if (cluster === undefined || typeof clicked !== 'object' || clicked === null) return [];
  const { namespace, workload } = clicked as { readonly namespace?: unknown; readonly workload?: unknown };
  if (typeof namespace !== 'string' || typeof workload !== 'string') return [];
  return [{ scope: 'gateway', cluster, namespace, name: workload.replace(/^[^/]*\//, '') }];
}
