// The nodes of the tree Migration: what a node stands for, and which nodes are below it. How it stands is read from the
// position when it is drawn.
//
//   phase → step → cluster → namespace or gateway; where there is one cluster, or the step is on clusters, one level less
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { MigrationPosition, PhasePosition, StepPosition, TargetPosition } from '../../domain/position/position.js';
import type { Phase, StepId, StepTarget } from '../../domain/procedure/stepOrder.js';
import type { Message } from '../../shared/text/message.js';

export type MigrationNote = 'reading' | 'noPlan' | 'unusablePlan' | 'finished' | 'nothing';

interface NodeBase {
  /** Stays the same as long as the thing exists. */
  readonly id: string;
  readonly parent: MigrationNode | undefined;
}

export type MigrationNode =
  | (NodeBase & { readonly kind: 'note'; readonly note: MigrationNote })
  | (NodeBase & { readonly kind: 'phase'; readonly phase: Phase })
  | (NodeBase & { readonly kind: 'step'; readonly phase: Phase; readonly step: StepId })
  /** The targets of a step in one cluster. */
  | (NodeBase & { readonly kind: 'stepCluster'; readonly phase: Phase; readonly step: StepId; readonly cluster: ClusterRef })
  | (NodeBase & { readonly kind: 'target'; readonly phase: Phase; readonly step: StepId; readonly target: StepTarget });

/** What the tree is drawn from. */
export interface MigrationState {
  readonly position: MigrationPosition;
  readonly hasPlan: boolean;
  /** Why the plan that is there is not used: it is used whole or not at all. */
  readonly planProblem: Message | undefined;
  /** Some cluster is still being read for the first time. */
  readonly isReading: boolean;
}

export function rootNodes(state: MigrationState): readonly MigrationNode[] {
  const { position } = state;
  const note = noteOf(state);
  const phases = position.phases.map(({ phase }): MigrationNode => ({ kind: 'phase', id: `phase:${phase}`, parent: undefined, phase }));
  return [...(note === undefined ? [] : [{ kind: 'note', id: `note:${note}`, parent: undefined, note } as const]), ...phases];
}

function noteOf({ position: { finished, next }, hasPlan, planProblem, isReading }: MigrationState): MigrationNote | undefined {
  if (finished) return 'finished';
  if (isReading) return 'reading';
  if (!hasPlan) return planProblem === undefined ? 'noPlan' : 'unusablePlan';
  return next === undefined ? 'nothing' : undefined;
}

export function childNodes(node: MigrationNode, { position }: MigrationState): readonly MigrationNode[] {
  switch (node.kind) {
    case 'phase':
      return (phaseIn(position, node.phase)?.steps ?? []).map(({ step }) => ({ kind: 'step', id: `${node.id}|${step}`, parent: node, phase: node.phase, step }));
    case 'step':
      return stepChildren(node, stepIn(position, node));
    case 'stepCluster': {
      const targets = stepIn(position, node)?.targets ?? [];
      return targets.filter(({ target }) => isIn(target, node.cluster)).map((each) => targetNode(node, each));
    }
    case 'note':
    case 'target':
      return [];
  }
}

function stepChildren(node: Extract<MigrationNode, { kind: 'step' }>, found: StepPosition | undefined): readonly MigrationNode[] {
  const targets = found?.targets ?? [];
  const [only] = targets;
  if (targets.length === 1 && only?.target.scope === 'mesh') return [];
  const clusters = new Map(targets.flatMap(({ target }) => (target.scope === 'mesh' ? [] : [[clusterKey(target.cluster), target.cluster] as const])));
  const isInside = targets.some(({ target }) => target.scope === 'namespace' || target.scope === 'gateway');
  if (!isInside || clusters.size < 2) return targets.map((each) => targetNode(node, each));
  return [...clusters].map(([key, cluster]) => ({ kind: 'stepCluster', id: `${node.id}|cluster:${key}`, parent: node, phase: node.phase, step: node.step, cluster }));
}

function targetNode(parent: Extract<MigrationNode, { step: StepId }>, { target }: TargetPosition): MigrationNode {
  return { kind: 'target', id: `${parent.id}|${targetKey(target)}`, parent, phase: parent.phase, step: parent.step, target };
}

/** Names a target in ids; two targets are the same when their keys are equal. */
export function targetKey(target: StepTarget): string {
  switch (target.scope) {
    case 'mesh':
      return 'mesh';
    case 'cluster':
      return clusterKey(target.cluster);
    case 'namespace':
      return `${target.namespace}@${clusterKey(target.cluster)}`;
    case 'gateway':
      return `${target.namespace}/${target.name}@${clusterKey(target.cluster)}`;
  }
}

export function isIn(target: StepTarget, cluster: ClusterRef): boolean {
  return target.scope !== 'mesh' && clusterKey(target.cluster) === clusterKey(cluster);
}

export function phaseIn({ phases }: MigrationPosition, phase: Phase): PhasePosition | undefined {
  return phases.find((candidate) => candidate.phase === phase);
}

export function stepIn(position: MigrationPosition, { phase, step }: { readonly phase: Phase; readonly step: StepId }): StepPosition | undefined {
  return phaseIn(position, phase)?.steps.find((candidate) => candidate.step === step);
}

const targetsByKey = new WeakMap<StepPosition, ReadonlyMap<string, TargetPosition>>();

export function targetIn(position: MigrationPosition, node: Extract<MigrationNode, { kind: 'target' }>): TargetPosition | undefined {
  const step = stepIn(position, node);
  if (step === undefined) return undefined;
  const known = targetsByKey.get(step) ?? new Map(step.targets.map((each) => [targetKey(each.target), each]));
  targetsByKey.set(step, known);
  return known.get(targetKey(node.target));
}
