// `kubectl logs`: the rehearsal's containers write nothing, so a log says when its container started; the errors are the real ones.
import type { Answer } from './answer.js';
import { plainText } from './answer.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { textAt } from './json.js';
import { chooseContainer } from './podContainers.js';
import { requireObject } from './updating.js';

/** GET `pods/NAME/log`. */
export function servePodLog(context: ApiContext, request: ResourceRequest): Answer {
  const pod = requireObject(context, request.target);
  const container = chooseContainer(pod, request.params.get('container') ?? '');
  const started = textAt(pod, 'status', 'startTime') || pod.metadata.creationTimestamp;
  return plainText(`${started} container ${container} of the rehearsal pod ${pod.metadata.name} started\n`);
}
