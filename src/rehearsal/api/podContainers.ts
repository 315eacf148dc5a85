// Which container of a pod a request for its log or a command means, with the API server's refusals.
import type { StoredObject } from '../kubeObject.js';
import { badRequest } from './apiError.js';
import { listAt, textAt } from './json.js';

function containerNames(pod: StoredObject, list: 'containers' | 'initContainers'): readonly string[] {
  return listAt(pod, 'spec', list).map((container) => textAt(container, 'name'));
}

/** `wanted` is empty where the client named none; 400 where it has to. */
export function chooseContainer(pod: StoredObject, wanted: string): string {
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
