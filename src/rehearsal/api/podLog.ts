// `kubectl logs`: the rehearsal's containers write nothing, so a log says when its container started; the errors are the real ones.
import type { StoredObject } from '../kubeObject.js';
import type { Answer } from './answer.js';
import { plainText } from './answer.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { badRequest } from './apiError.js';
import { listAt, textAt } from './json.js';
import { requireObject } from './updating.js';

function containerNames(pod: StoredObject, list: 'containers' | 'initContainers'): readonly string[] {
  return listAt(pod, 'spec', list).map((container) => textAt(container, 'name'));
}

function chooseContainer(pod: StoredObject, wanted: string): string {
  const containers = containerNames(pod, 'containers');
  const initContainers = containerNames(pod, 'initContainers');
  const { name } = pod.metadata;
  if (wanted !== '') {
    if ([...containers, ...initContainers].includes(wanted)) return wanted;
    throw badRequest(`container ${wanted} is not valid for pod ${name}`);
  }
  const [only, ...others] = containers;
  if (only !== undefined && others.length === 0) return only;
  const also = initContainers.length === 0 ? '' : ` or one of the init containers: [${initContainers.join(' ')}]`;
  throw badRequest(`a container name must be specified for pod ${name}, choose one of: [${containers.join(' ')}]${also}`);
}

/** GET `pods/NAME/log`. */
export function servePodLog(context: ApiContext, request: ResourceRequest): Answer {
  const pod = requireObject(context, request.target);
  const container = chooseContainer(pod, request.params.get('container') ?? '');
  const started = textAt(pod, 'status', 'startTime') || pod.metadata.creationTimestamp;
  return plainText(`${started} container ${container} of the rehearsal pod ${pod.metadata.name} started\n`);
}
