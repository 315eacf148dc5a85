// Whether one order may be given now: the gates that its step stands behind, judged on the mesh as it was read.
import type { Message } from '../../shared/text/message.js';
import type { GateVerdict } from '../gates/gate.js';
import { placedProblem } from '../gates/gateItem.js';
import { judgedGates } from '../procedure/planStep.js';
import type { MeshSituation } from '../procedure/procedureStep.js';
import type { StepSuggestion } from '../procedure/stepOrder.js';

export type Readiness =
  | { readonly kind: 'ready'; readonly evidence: readonly Message[] }
  | { readonly kind: 'inTheWay' | 'unknown'; readonly what: readonly Message[] };

export type JudgeOrder = (order: StepSuggestion, situation: MeshSituation) => Readiness;

/**
 * The gates alone: what a step has read for itself only (files, tools) is judged in its preview. There the mesh is read until two
 * readings agree, too; a suggestion does not wait for the second one.
 */
export const judgeOrder: JudgeOrder = (order, situation) => {
  const gates = gatesOf(order, { ...situation, facts: { ...situation.facts, settled: true } });
  const closed = gates.filter(({ state }) => state !== 'open');
  if (closed.length === 0) return { kind: 'ready', evidence: gates.flatMap(({ evidence }) => evidence) };
  const isShut = closed.some(({ state }) => state === 'shut');
  const items = closed.flatMap((gate) => gate.items).filter(({ unknown }) => unknown !== isShut);
  return { kind: isShut ? 'inTheWay' : 'unknown', what: items.map(placedProblem) };
};

/** Every gate of the order's step as it stands now. */
export function gatesOf(order: StepSuggestion, situation: MeshSituation): readonly GateVerdict[] {
  return judgedGates({ ...order, parameters: {} }, situation);
}
