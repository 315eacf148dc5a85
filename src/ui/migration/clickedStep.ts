// Which orders a node of the tree Migration stands for, as VS Code or a link in a tooltip hands it over.
import type { MigrationPosition, TargetPosition } from '../../domain/position/position.js';
import { STEP_IDS } from '../../domain/procedure/stepOrder.js';
import type { Phase, StepId, StepSuggestion } from '../../domain/procedure/stepOrder.js';
import type { MigrationNode } from './migrationNodes.js';
import { stepIn, targetIn } from './migrationNodes.js';

export interface ClickedStep {
  readonly step: StepId;
  readonly phase: Phase;
  /** What to run; empty where the user has to say on what. */
  readonly orders: readonly StepSuggestion[];
}

/** Undefined when the node stands for no step. A target outside the selection counts alone, as in VS Code's own trees. */
export function clickedStep(clicked: unknown, selected: unknown, position: MigrationPosition): ClickedStep | undefined {
  const node = nodeOf(clicked);
  if (node === undefined) return undefined;
  const { phase, step } = node;
  if (node.kind !== 'target') return { step, phase, orders: wholeStep(node, position) };
  const others = (Array.isArray(selected) ? (selected as readonly unknown[]) : []).flatMap((each) => nodeOf(each) ?? []);
  const selection = others.some(({ id }) => id === node.id) ? others : [node];
  const orders = selection.flatMap((each) => (each.kind === 'target' && each.step === step && each.phase === phase ? [orderOf(each, position)] : []));
  return { step, phase, orders };
}

/** The next wave where it is of this step; the only target where there is one; else the user is asked. */
function wholeStep({ phase, step }: StepNode, position: MigrationPosition): readonly StepSuggestion[] {
  const found = stepIn(position, { phase, step });
  const { next } = position;
  if (found?.state.kind === 'next' && next !== undefined) return next.wave;
  const targets = found?.targets ?? [];
  const [only] = targets;
  return targets.length === 1 && only !== undefined ? [suggestionOf(phase, only)] : [];
}

function orderOf(node: Extract<MigrationNode, { kind: 'target' }>, position: MigrationPosition): StepSuggestion {
  const found = targetIn(position, node);
  return found === undefined ? { step: node.step, phase: node.phase, target: node.target } : suggestionOf(node.phase, found);
}

function suggestionOf(phase: Phase, { target, leadsOn }: TargetPosition): StepSuggestion {
  return { step: leadsOn, phase, target };
}

type StepNode = Extract<MigrationNode, { readonly step: StepId }>;

/** Whoever can run a command can hand it anything. */
function nodeOf(value: unknown): StepNode | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { kind, step, phase } = value as { readonly kind?: unknown; readonly step?: unknown; readonly phase?: unknown };
  const isStep = STEP_IDS.some((id) => id === step) && (phase === 0 || phase === 1 || phase === 2 || phase === 3);
  if (!isStep || (kind !== 'step' && kind !== 'stepCluster' && kind !== 'target')) return undefined;
  if (kind === 'target' && !isTarget((value as { readonly target?: unknown }).target)) return undefined;
  return value as StepNode;
}

function isTarget(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { scope, cluster } = value as { readonly scope?: unknown; readonly cluster?: unknown };
  return scope === 'mesh' || (typeof scope === 'string' && typeof cluster === 'object' && cluster !== null);
}
