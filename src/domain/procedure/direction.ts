// Steps that a rollback carries out in the other direction: an order says so by a parameter.
import type { MeshSituation } from './procedureStep.js';
import { newRevision, oldRevision } from './situationParts.js';
import type { StepOrder } from './stepOrder.js';

/** Parameter of a rollback's order. */
export const BACK = { direction: 'back' } as const;

export function isBack({ parameters }: StepOrder): boolean {
  return parameters.direction === BACK.direction;
}

/** The revision that is left, and the one that takes its place. */
export function directionOf(order: StepOrder, situation: MeshSituation): readonly [from: string | undefined, to: string | undefined] {
  const [old, next] = [oldRevision(order, situation), newRevision(order, situation)];
  return isBack(order) ? [next, old] : [old, next];
}
