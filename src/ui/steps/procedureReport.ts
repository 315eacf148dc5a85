// What is said when rows of the procedure have run: one sentence for all, and the details for who asks.
import type { ProcedureResult } from '../../app/steps/procedurePorts.js';
import type { StepOrder } from '../../domain/procedure/stepOrder.js';
import { assertNever } from '../../shared/assertNever.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import { outcomeMessage } from './outcomeMessage.js';
import { obstaclesOf, procedureTitle, whereOf } from './procedurePreview.js';

export interface ProcedureReport {
  /** Everything that was wanted is verified. */
  readonly isGood: boolean;
  readonly sentence: Message;
  /** There is more to say than the sentence does. */
  readonly hasDetails: boolean;
}

type OpenResult = Exclude<ProcedureResult, { readonly kind: 'verified' | 'shown' | 'cancelled' }>;

/** Undefined when there is nothing to say: all cancelled. */
export function procedureReport(results: readonly ProcedureResult[]): ProcedureReport | undefined {
  const done = results.flatMap((result) => (result.kind === 'verified' || result.kind === 'shown' ? [result] : []));
  const open = results.flatMap((result) => (isOpen(result) ? [result] : []));
  const [firstOpen] = open;
  if (firstOpen !== undefined) {
    const sentence = openSentence(firstOpen);
    return {
      isGood: false,
      sentence: results.length === 1 ? sentence : message('procedureRun.report.someOpen', { done: done.length, count: results.length, sentence }),
      hasDetails: open.length > 1 || detailsOf(firstOpen).length > 1,
    };
  }
  const [only, ...others] = done;
  if (only === undefined) return undefined;
  const hasDetails = done.some(({ evidence }) => evidence.length > 1) || others.length > 0;
  if (others.length > 0) return { isGood: true, sentence: message('procedureRun.report.allVerified', { count: done.length }), hasDetails };
  const args = { title: only.plan.title, where: whereOf(only.plan.order.target), evidence: only.evidence[0] ?? '' };
  return { isGood: true, sentence: only.kind === 'verified' ? message('procedureRun.report.verified', args) : message('procedureRun.report.shown', args), hasDetails };
}

/** Every step with what was found or is open, in Markdown. */
export function procedureDetails(results: readonly ProcedureResult[], text: RenderText): string {
  return results
    .map((result) => {
      const lines = isOpen(result) ? detailsOf(result) : result.kind === 'cancelled' ? [message('steps.state.notRun')] : result.evidence;
      return [`## ${text(procedureTitle([result.plan]))}`, '', ...lines.map((line) => `- ${text(line)}`)].join('\n');
    })
    .join('\n\n');
}

/** The orders that are not done, to be previewed again. */
export function ordersLeft(results: readonly ProcedureResult[]): readonly StepOrder[] {
  return results.filter(({ kind }) => kind !== 'verified' && kind !== 'shown').map(({ plan }) => plan.order);
}

function isOpen(result: ProcedureResult): result is OpenResult {
  return result.kind !== 'verified' && result.kind !== 'shown' && result.kind !== 'cancelled';
}

function openSentence(result: OpenResult): Message {
  const [first = message('steps.state.notRun'), ...others] = detailsOf(result);
  const reason = others.length === 0 ? first : message('steps.report.andMore', { reason: first, count: others.length });
  const args = { title: result.plan.title, where: whereOf(result.plan.order.target), reason };
  return result.kind === 'notVerified' ? message('procedureRun.report.notVerified', args) : message('procedureRun.report.notDone', args);
}

function detailsOf(result: OpenResult): readonly Message[] {
  switch (result.kind) {
    case 'notVerified':
      return result.verification.kind === 'open' ? result.verification.items : result.verification.why;
    case 'notDone':
      return [outcomeMessage(result.outcome, result.plan.commands.length)];
    case 'actionFailed':
      return [failureMessage(result.failure)];
    case 'blocked':
      return obstaclesOf(result.plan);
    case 'changedSincePreview':
      return [message('steps.state.changedSincePreview')];
    case 'busy':
      return [message('procedureRun.state.busy')];
    default:
      return assertNever(result);
  }
}
