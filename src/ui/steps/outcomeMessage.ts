// Says how command lines ended that did not all run.
import type { StepOutcome } from '../../domain/steps/commandSpec.js';
import { assertNever } from '../../shared/assertNever.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';

/** `count` is how many command lines there were. */
export function outcomeMessage(outcome: Exclude<StepOutcome, { kind: 'ran' }>, count: number): Message {
  switch (outcome.kind) {
    case 'failed':
      return message('steps.outcome.failed', { number: outcome.command + 1, count, exitCode: outcome.exitCode });
    case 'interrupted':
      return outcome.signal === undefined ? message('steps.outcome.lost') : message('steps.outcome.interrupted', { signal: outcome.signal });
    case 'notStarted':
      return notStartedMessage(outcome);
    default:
      return assertNever(outcome);
  }
}

function notStartedMessage({ reason, detail }: Extract<StepOutcome, { kind: 'notStarted' }>): Message {
  switch (reason) {
    case 'untrustedWorkspace':
      return message('steps.outcome.untrustedWorkspace');
    case 'noStartEvent':
      return detail === '' ? message('steps.outcome.noStart') : message('steps.outcome.noStartBecause', { reason: detail });
    case 'toolMissing':
      return message('steps.outcome.toolMissing', { tool: detail });
    default:
      return assertNever(reason);
  }
}
