// Deleting: pods stop gracefully, finalizers hold what they hold, what was owned goes with its owner, namespaces empty themselves first.
import type { StoredObject } from '../kubeObject.js';
import type { Answer } from './answer.js';
import { ok } from './answer.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { isDryRun } from './apiContext.js';
import type { Status } from './apiError.js';
import { conflict, detailsOf, invalid } from './apiError.js';
import { deleteInForeground, markDeleted, orphanDependents, removeWithDependents } from './garbageCollection.js';
import { isObject, listAt, numberAt, textAt } from './json.js';
import { parseSelectors } from './listing.js';
import { terminateNamespace } from './namespaceTermination.js';
import { parseOptions } from './requestBody.js';
import { NAMESPACES, PODS, resourceName } from './resources.js';
import type { Resource } from './resources.js';
import { requireObject } from './updating.js';

type Propagation = 'Background' | 'Foreground' | 'Orphan';

interface DeleteOptions {
  readonly propagation: Propagation;
  readonly dryRun: boolean;
  /** 0 removes a pod without waiting for it. */
  readonly gracePeriodSeconds: number | undefined;
  readonly preconditions: Readonly<Record<string, unknown>>;
}

function readPropagation(policy: string, orphans: boolean): Propagation {
  if (policy === '') return orphans ? 'Orphan' : 'Background';
  const known = (['Background', 'Foreground', 'Orphan'] as const).find((name) => name === policy);
  if (known) return known;
  const problem = `Unsupported value: "${policy}": supported values: "Foreground", "Background", "Orphan", "nil"`;
  throw invalid('DeleteOptions.meta.k8s.io', '', 'propagationPolicy', problem);
}

function readOptions(request: ResourceRequest): DeleteOptions {
  const body = parseOptions(request.body);
  const fromQuery = (field: string): string => request.params.get(field) ?? textAt(body, field);
  const grace = fromQuery('gracePeriodSeconds');
  return {
    propagation: readPropagation(fromQuery('propagationPolicy'), fromQuery('orphanDependents') === 'true'),
    dryRun: isDryRun(request) || listAt(body, 'dryRun').includes('All'),
    gracePeriodSeconds: grace === '' ? undefined : numberAt({ grace: Number(grace) }, 0, 'grace'),
    preconditions: isObject(body.preconditions) ? body.preconditions : {},
  };
}

function checkPreconditions(resource: Resource, object: StoredObject, options: DeleteOptions): void {
  const name = resourceName(resource);
  for (const [field, label] of [['uid', 'UID'], ['resourceVersion', 'ResourceVersion']] as const) {
    const wanted = textAt(options.preconditions, field);
    if (wanted === '' || wanted === object.metadata[field]) continue;
    const mismatch = `the ${label} in the precondition (${wanted}) does not match the ${label} in record (${object.metadata[field]})`;
    throw conflict(name, object.metadata.name, `${mismatch}. The object might have been deleted and then recreated`);
  }
}

/** Deletes one object; what comes back is the object while it lingers, or undefined once it is gone. */
function deleteOne(context: ApiContext, resource: Resource, object: StoredObject, options: DeleteOptions): StoredObject | undefined {
  const name = resourceName(resource);
  const { store } = context.backend;
  const { namespace, name: objectName } = object.metadata;
  if (resource === NAMESPACES) return terminateNamespace(context, object);
  if (resource === PODS && options.gracePeriodSeconds !== 0) {
    context.backend.stopPod(object);
    return store.get(name, namespace, objectName) ?? object;
  }
  if (options.propagation === 'Foreground') return deleteInForeground(context, resource, object);
  if (options.propagation === 'Orphan') orphanDependents(context, object);
  if ((object.metadata.finalizers ?? []).length > 0) return markDeleted(context, resource, object);
  removeWithDependents(context, resource, object);
  return undefined;
}

function deletedStatus(resource: Resource, object: StoredObject): Status {
  const details = { ...detailsOf(resourceName(resource), object.metadata.name), uid: object.metadata.uid };
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details };
}

/** Answers the object while it lingers and a Status once it is gone: kubectl waits only after the former. */
export function deleteObject(context: ApiContext, request: ResourceRequest): Answer {
  const { resource } = request.target;
  const object = requireObject(context, request.target);
  const options = readOptions(request);
  checkPreconditions(resource, object, options);
  const lingering = options.dryRun ? object : deleteOne(context, resource, object, options);
  return ok(lingering ? request.representation.object(lingering) : deletedStatus(resource, object));
}

/** Deletes what the selectors pick. */
export function deleteCollection(context: ApiContext, request: ResourceRequest): Answer {
  const { resource, namespace } = request.target;
  const options = readOptions(request);
  const { store } = context.backend;
  const objects = store.list(resourceName(resource), namespace).filter(parseSelectors(request));
  if (!options.dryRun) for (const object of objects) deleteOne(context, resource, object, options);
  return ok(request.representation.list(objects, { resourceVersion: store.resourceVersion }));
}
