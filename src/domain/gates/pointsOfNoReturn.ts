// Steps after which the procedure has no way back, named before they are passed.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { StepId } from '../procedure/stepOrder.js';

/** What can no longer be undone once this step has run; undefined for all others. */
export function pointOfNoReturn(step: StepId, revision: string): Message | undefined {
  return step === 'delete-old-istiod' ? message('gates.pointOfNoReturn', { revision }) : undefined;
}
