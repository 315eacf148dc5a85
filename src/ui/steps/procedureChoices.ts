// What is said beside the choices of a preview: what is to be decided, how a dry run ended, and what running comes to.
import type { DryRunEnd } from '../../app/steps/procedurePorts.js';
import { isBlocked } from '../../domain/procedure/planStep.js';
import type { StepPlan } from '../../domain/procedure/procedureStep.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import { outcomeMessage } from './outcomeMessage.js';
import { obstaclesOf, procedureCommands, procedureTitle, whereOf } from './procedurePreview.js';

/** What stands in the box while nothing is typed. */
export function previewQuestion(plans: readonly StepPlan[], dryRun: DryRunEnd | undefined): Message {
  const blocked = plans.filter(isBlocked);
  const [reason] = plans.flatMap(obstaclesOf);
  if (dryRun !== undefined) {
    const { outcome, count } = dryRun;
    return outcome.kind === 'ran' ? message('procedureRun.preview.dryRan') : message('procedureRun.preview.dryRunFailed', { reason: outcomeMessage(outcome, count) });
  }
  if (reason === undefined) return message('steps.preview.ask');
  if (blocked.length === plans.length) return message('steps.preview.blocked', { reason });
  return message('procedureRun.preview.someBlocked', { first: procedureTitle(blocked.slice(0, 1)), count: blocked.length });
}

/** What is offered first, and what it comes to: command lines, or what the extension does by itself. */
export function runChoice(plans: readonly StepPlan[], text: RenderText): { readonly label: Message; readonly description: string } {
  const where = [...new Set(plans.map(({ order }) => whereOf(order.target)).map((place) => (typeof place === 'string' ? place : text(place))))].join(', ');
  const count = procedureCommands(plans).length;
  if (count > 0) return { label: message('steps.preview.run'), description: text(message('steps.preview.runOn', { count, where })) };
  return { label: message('procedureRun.preview.start'), description: text(message('procedureRun.preview.startHint', { where })) };
}
