// Why the plan that is in the folder is not used: it cannot be read, or has mistakes in it.
import type { PlanState } from '../../app/plan/planPorts.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';

/** Undefined where there is none, or nothing is wrong with it. */
export function planProblem(state: PlanState): Message | undefined {
  if (state.kind === 'unreadable') return failureMessage(state.failure);
  if (state.kind === 'none' || state.plan !== undefined) return undefined;
  return message('migration.row.unusablePlan.mistakes', { count: state.problems.filter(({ severity }) => severity === 'error').length });
}
