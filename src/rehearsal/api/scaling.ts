// The scale subresource: how many replicas, read and written without the rest of the object.
import type { StoredObject } from '../kubeObject.js';
import type { Answer } from './answer.js';
import { ok } from './answer.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { isDryRun } from './apiContext.js';
import { conflict, invalid } from './apiError.js';
import { fieldsAt, numberAt, textAt } from './json.js';
import { formatLabelSelector } from './labelSelector.js';
import { parseObject } from './requestBody.js';
import { resourceName } from './resources.js';
import { patchValue, requireObject } from './updating.js';
import { recordChange } from './writers.js';

function scaleOf(object: StoredObject): object {
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const selector = formatLabelSelector(fieldsAt(object, 'spec', 'selector', 'matchLabels'));
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: numberAt(object, 1, 'spec', 'replicas') },
    status: { replicas: numberAt(object, 0, 'status', 'replicas'), ...(selector === '' ? {} : { selector }) },
  };
}

/** GET, PUT and PATCH of `…/scale`. */
export function serveScale(context: ApiContext, request: ResourceRequest): Answer {
  const object = requireObject(context, request.target);
  if (request.method === 'GET') return ok(scaleOf(object));
  const wanted = request.method === 'PATCH' ? patchValue(request, scaleOf(object)) : parseObject(request.body);
  const replicas = numberAt(wanted, 0, 'spec', 'replicas');
  const { name, resourceVersion } = object.metadata;
  if (replicas < 0) {
    throw invalid('Scale.autoscaling', name, 'spec.replicas', `Invalid value: ${replicas}: must be greater than or equal to 0`);
  }
  const version = textAt(wanted, 'metadata', 'resourceVersion');
  const resource = resourceName(request.target.resource);
  if (version !== '' && version !== resourceVersion) throw conflict(resource, name);
  const next = recordChange(context, request, object, { ...object, spec: { ...fieldsAt(object, 'spec'), replicas } });
  return ok(scaleOf(isDryRun(request) ? { ...object, ...next, metadata: object.metadata } : context.backend.store.replace(resource, next)));
}
