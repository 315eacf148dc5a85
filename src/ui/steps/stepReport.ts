// What is said when steps have run: one sentence for all, and the details for who asks.
import type { StepOrder, StepRunResult } from '../../app/steps/stepPorts.js';
import { clusterName } from '../../domain/cluster.js';
import { findingMessage } from '../../domain/steps/finding.js';
import { blockingFindings } from '../../domain/steps/namespaceStep.js';
import { openItemMessage } from '../../domain/steps/openItemMessage.js';
import type { Verification } from '../../domain/steps/verification.js';
import { assertNever } from '../../shared/assertNever.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import { outcomeMessage } from './outcomeMessage.js';

export interface StepReport {
  /** Everything that was wanted is verified. */
  readonly isGood: boolean;
  readonly sentence: Message;
  /** There is more to say than the sentence does. */
  readonly hasDetails: boolean;
}

/** Undefined when there is nothing to say: cancelled, or only shown. */
export function reportOf(results: readonly StepRunResult[]): StepReport | undefined {
  const verified = results.filter(({ kind }) => kind === 'verified');
  const open = results.filter(isOpen);
  const [firstOpen] = open;
  if (firstOpen !== undefined) {
    const sentence = openSentence(firstOpen);
    const isOnlyOne = results.length === 1;
    return {
      isGood: false,
      sentence: isOnlyOne ? sentence : message('steps.report.someOpen', { verified: verified.length, count: results.length, sentence }),
      hasDetails: open.length > 1 || detailsOf(firstOpen).length > 1,
    };
  }
  if (verified.length === 0) return undefined;
  return { isGood: true, sentence: verifiedSentence(verified), hasDetails: false };
}

/** Every namespace with what is open there, in Markdown. */
export function detailsText(results: readonly StepRunResult[], text: RenderText): string {
  return results
    .map((result) => {
      const heading = `## ${result.plan.target.namespace} · ${clusterName(result.plan.target.cluster)}`;
      const lines = isOpen(result) ? detailsOf(result) : [stateOf(result)];
      return [heading, '', ...lines.map((line) => `- ${text(line)}`)].join('\n');
    })
    .join('\n\n');
}

/** The orders that are not done, to be previewed again. */
export function ordersToRepeat(results: readonly StepRunResult[]): readonly StepOrder[] {
  return results
    .filter(({ kind }) => kind !== 'verified' && kind !== 'shown')
    .map(({ plan }) => ({ target: plan.target, choice: plan.choice }));
}

type OpenResult = Exclude<StepRunResult, { readonly kind: 'verified' | 'shown' | 'cancelled' }>;

function isOpen(result: StepRunResult): result is OpenResult {
  return result.kind !== 'verified' && result.kind !== 'shown' && result.kind !== 'cancelled';
}

function stateOf({ kind }: Exclude<StepRunResult, OpenResult>): Message {
  return kind === 'verified' ? message('steps.state.verified') : message('steps.state.notRun');
}

function verifiedSentence(results: readonly StepRunResult[]): Message {
  const [only] = results;
  if (only?.kind !== 'verified' || results.length > 1) return message('steps.report.allVerified', { count: results.length });
  const { plan, verification } = only;
  const args = { namespace: plan.target.namespace, cluster: clusterName(plan.target.cluster) };
  const { revision, proxies } = verification;
  if (revision === undefined) return message('steps.report.verifiedOutside', args);
  return message('steps.report.verified', { ...args, proxies, revision });
}

function openSentence(result: OpenResult): Message {
  const { plan } = result;
  const [first = message('steps.state.notRun'), ...others] = detailsOf(result);
  const reason = others.length === 0 ? first : message('steps.report.andMore', { reason: first, count: others.length });
  const args = { namespace: plan.target.namespace, cluster: clusterName(plan.target.cluster), reason };
  switch (result.kind) {
    case 'notVerified':
      return message('steps.report.notVerified', args);
    case 'notDone':
    case 'busy':
    case 'blocked':
    case 'changedSincePreview':
      return message('steps.report.notDone', args);
    default:
      return assertNever(result);
  }
}

function detailsOf(result: OpenResult): readonly Message[] {
  switch (result.kind) {
    case 'notVerified':
      return verificationDetails(result.verification);
    case 'notDone':
      return [outcomeMessage(result.outcome, result.plan.commands.length)];
    case 'busy':
      return [message('steps.state.busy')];
    case 'blocked':
      return blockingFindings(result.plan).map(findingMessage);
    case 'changedSincePreview':
      return [message('steps.state.changedSincePreview')];
    default:
      return assertNever(result);
  }
}

function verificationDetails(verification: Exclude<Verification, { kind: 'verified' }>): readonly Message[] {
  return verification.kind === 'open' ? verification.items.map(openItemMessage) : verification.findings.map(findingMessage);
}
