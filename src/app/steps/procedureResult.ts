// What a result of a step says: whether the step is done, and what was found for the journal.
import { placedProblem } from '../../domain/gates/gateItem.js';
import type { Message } from '../../shared/text/message.js';
import type { ProcedureResult } from './procedurePorts.js';

/** Nothing is left of the step: verified by the clusters, or only shown. */
export function isDone({ kind }: ProcedureResult): boolean {
  return kind === 'verified' || kind === 'shown';
}

/** Evidence of what is so, or what is in the way of it. */
export function evidenceOf(result: ProcedureResult): readonly Message[] {
  switch (result.kind) {
    case 'verified':
    case 'shown':
      return result.evidence;
    case 'notVerified':
      return result.verification.kind === 'open' ? result.verification.items : result.verification.why;
    case 'blocked':
      return [
        ...result.plan.findings.filter(({ severity }) => severity === 'blocks').map((finding) => finding.message),
        ...result.plan.gates.flatMap(({ state, items }) => (state === 'open' ? [] : items.map(placedProblem))),
      ];
    default:
      return [];
  }
}
