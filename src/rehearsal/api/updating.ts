// Changing objects: whole (PUT), by one of the four kinds of patch (PATCH), and their status apart.
import type { KubeObject, StoredObject } from '../kubeObject.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { isDryRun } from './apiContext.js';
import type { Answer } from './answer.js';
import { created, ok } from './answer.js';
import { badRequest, conflict, notFound, unsupportedMediaType } from './apiError.js';
import { checkValidation, prepareCreation, storeCreation } from './creating.js';
import { checkAppliedFields, checkKnownFields, checkPatchedFields } from './fieldValidation.js';
import { removeWithDependents } from './garbageCollection.js';
import { checkImmutableFields } from './immutability.js';
import { isObject } from './json.js';
import { applyJsonPatch } from './jsonPatch.js';
import { applyMergePatch } from './mergePatch.js';
import { formatTime } from './objectStore.js';
import { parseObject, parsePatch } from './requestBody.js';
import type { Target } from './requestTarget.js';
import { groupVersion, resourceName } from './resources.js';
import { applyConfiguration } from './serverSideApply.js';
import { recordChange } from './writers.js';
import { applyStrategicMergePatch } from './strategicMergePatch.js';
import { checkBodyMatchesPath, checkMetadata } from './validation.js';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

/** The object a request names; 404 when it is not there. */
export function requireObject(context: ApiContext, target: Target): StoredObject {
  const name = resourceName(target.resource);
  const object = context.backend.store.get(name, target.namespace, target.name ?? '');
  if (!object) throw notFound(name, target.name ?? '');
  return object;
}

/** Optimistic locking: a version or uid in the change has to be the stored one. */
function checkPreconditions(target: Target, old: StoredObject, next: KubeObject): void {
  const name = resourceName(target.resource);
  const { resourceVersion, uid } = next.metadata;
  if (resourceVersion !== undefined && resourceVersion !== '' && resourceVersion !== old.metadata.resourceVersion) {
    throw conflict(name, old.metadata.name);
  }
  if (uid !== undefined && uid !== '' && uid !== old.metadata.uid) {
    const problem = `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${old.metadata.uid}`;
    throw conflict(name, old.metadata.name, problem);
  }
}

/** Identity stays, and where status has a door of its own each door changes only its side. */
function keepProtectedFields(target: Target, old: StoredObject, next: KubeObject): KubeObject {
  const hasStatus = target.resource.subresources.some(({ name }) => name === 'status');
  const { name, namespace, uid, creationTimestamp, resourceVersion, generation, deletionTimestamp } = old.metadata;
  const kept = { name, namespace, uid, creationTimestamp, resourceVersion, generation, deletionTimestamp };
  const metadata = Object.fromEntries(Object.entries({ ...next.metadata, ...kept }).filter(([, value]) => value !== undefined));
  if (target.subresource === 'status') return { ...old, status: next.status };
  const apiVersion = groupVersion(target.resource.group, target.resource.versions[0]);
  const object: KubeObject = { ...next, apiVersion, kind: target.resource.kind, metadata: { ...metadata, name } };
  return hasStatus ? { ...object, status: old.status } : object;
}

/** An object that only its finalizers held goes away with the last of them. */
function finishDeletion(context: ApiContext, target: Target, object: StoredObject): StoredObject {
  const isHeld = (object.metadata.finalizers ?? []).length > 0 || target.resource.kind === 'Pod' || target.resource.kind === 'Namespace';
  if (object.metadata.deletionTimestamp === undefined || isHeld) return object;
  removeWithDependents(context, target.resource, object);
  return object;
}

function storeChange(context: ApiContext, request: ResourceRequest, old: StoredObject, change: KubeObject): StoredObject {
  const { target } = request;
  checkBodyMatchesPath(change, target);
  checkPreconditions(target, old, change);
  const kept = keepProtectedFields(target, old, change);
  checkMetadata(kept, target);
  checkValidation(context, 'UPDATE', target, kept);
  checkImmutableFields(target, old, kept);
  // Apply has its own record of who owns what.
  const next = request.body.mediaType === APPLY_PATCH ? kept : recordChange(context, request, old, kept);
  if (isDryRun(request)) {
    const { uid, resourceVersion, creationTimestamp } = old.metadata;
    return { ...next, metadata: { ...next.metadata, uid, resourceVersion, creationTimestamp } };
  }
  return finishDeletion(context, target, context.backend.store.replace(resourceName(target.resource), next));
}

/** PUT; a name that is not there yet is an error, as for nearly every real resource. */
export function updateObject(context: ApiContext, request: ResourceRequest): Answer {
  const change = parseObject(request.body);
  checkKnownFields(request, change);
  const old = requireObject(context, request.target);
  if (change.metadata.name === '') throw badRequest('name must be provided');
  return ok(request.representation.object(storeChange(context, request, old, change)));
}

/** Applies a patch of one of three media types to any object; the fourth, apply, has its own way. */
export function patchValue(request: ResourceRequest, value: unknown): unknown {
  const patch = parsePatch(request.body);
  const { custom } = request.target.resource;
  switch (request.body.mediaType) {
    case JSON_PATCH:
      return applyJsonPatch(value, patch);
    case MERGE_PATCH:
      return applyMergePatch(value, patch);
    case STRATEGIC_PATCH:
      if (!custom) return applyStrategicMergePatch(value, patch);
      throw unsupportedMediaType([JSON_PATCH, MERGE_PATCH, APPLY_PATCH]);
    default:
      throw unsupportedMediaType([JSON_PATCH, MERGE_PATCH, ...(custom ? [] : [STRATEGIC_PATCH]), APPLY_PATCH]);
  }
}

function asObject(value: unknown): KubeObject {
  if (!isObject(value) || !isObject(value.metadata) || typeof value.kind !== 'string' || typeof value.apiVersion !== 'string') {
    throw badRequest('the patched object has no kind, version or metadata');
  }
  const name = typeof value.metadata.name === 'string' ? value.metadata.name : '';
  return { ...value, apiVersion: value.apiVersion, kind: value.kind, metadata: { ...value.metadata, name } };
}

/** An object as a client of the path's version sees it; patches are written against that. */
function inRequestVersion(target: Target, object: StoredObject): StoredObject {
  return { ...object, apiVersion: groupVersion(target.resource.group, target.version), kind: target.resource.kind };
}

function applyObject(context: ApiContext, request: ResourceRequest): Answer {
  const { target, params } = request;
  const manager = params.get('fieldManager') ?? '';
  if (manager === '') throw badRequest('PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch');
  const name = resourceName(target.resource);
  const old = context.backend.store.get(name, target.namespace, target.name ?? '');
  const patch = asObject(parsePatch(request.body));
  checkBodyMatchesPath(patch, target);
  checkAppliedFields(request, patch);
  if (patch.metadata.name === '') patch.metadata.name = target.name ?? '';
  const force = ['true', '1'].includes(params.get('force') ?? '');
  const options = { manager, force, custom: target.resource.custom, time: formatTime(context.now()) };
  const applied = applyConfiguration(old && inRequestVersion(target, old), patch, options);
  if (old) return ok(request.representation.object(storeChange(context, request, old, applied)));
  const stored = storeCreation(context, request, prepareCreation(context, target, applied));
  return created(request.representation.object(stored));
}

/** PATCH; apply creates what is not there, the other patches need something to change. */
export function patchObject(context: ApiContext, request: ResourceRequest): Answer {
  if (request.body.mediaType === APPLY_PATCH) return applyObject(context, request);
  const old = requireObject(context, request.target);
  const patched = asObject(patchValue(request, inRequestVersion(request.target, old)));
  checkPatchedFields(request, patched);
  return ok(request.representation.object(storeChange(context, request, old, patched)));
}
