// Creating objects: checks, defaults, admission of pods, and the namespace they go into.
import { randomInt, randomUUID } from 'node:crypto';
import type { KubeObject, ObjectMeta, StoredObject } from '../kubeObject.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { isDryRun } from './apiContext.js';
import type { Answer } from './answer.js';
import { created } from './answer.js';
import { ApiError, alreadyExists, detailsOf, notFound } from './apiError.js';
import { applyDefaults } from './defaults.js';
import { checkKnownFields } from './fieldValidation.js';
import { checkSelector } from './immutability.js';
import { textAt, without } from './json.js';
import { formatTime } from './objectStore.js';
import { parseObject } from './requestBody.js';
import type { Target } from './requestTarget.js';
import { groupVersion, resourceName } from './resources.js';
import { checkBodyMatchesPath, checkMetadata } from './validation.js';
import { recordChange } from './writers.js';

/** The alphabet of the real server's generated names: no vowels, so that no words come out. */
const SUFFIX_LETTERS = 'bcdfghjklmnpqrstvwxz2456789';

/** What a client cannot choose. */
const SERVER_FIELDS = ['uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'selfLink'];

function generateName(prefix: string): string {
  return prefix + Array.from({ length: 5 }, () => SUFFIX_LETTERS.charAt(randomInt(SUFFIX_LETTERS.length))).join('');
}

function checkNamespace(context: ApiContext, target: Target, name: string): void {
  if (target.namespace === undefined) return;
  const namespace = context.backend.store.get('namespaces', undefined, target.namespace);
  if (!namespace) throw notFound('namespaces', target.namespace);
  if (textAt(namespace, 'status', 'phase') !== 'Terminating') return;
  const subject = resourceName(target.resource);
  const problem = `unable to create new content in namespace ${target.namespace} because it is being terminated`;
  throw new ApiError(403, 'Forbidden', `${subject} "${name}" is forbidden: ${problem}`, detailsOf(subject, name));
}

/** Runs what stands in for admission webhooks; a pod that no webhook can see to is an internal error, as in life. */
function admitPod(context: ApiContext, object: KubeObject): KubeObject {
  const verdict = context.backend.admitPod(object);
  if ('admitted' in verdict) return verdict.admitted;
  if (verdict.forbidden === true) throw new ApiError(403, 'Forbidden', verdict.refused, detailsOf('pods', object.metadata.name));
  throw webhookFailure(verdict.refused);
}

function webhookFailure(reason: string): ApiError {
  return new ApiError(500, 'InternalError', `Internal error occurred: ${reason}`, { causes: [{ reason: 'InternalError', message: reason }] });
}

/** Runs what stands in for validating webhooks. Theirs is the last word before an object is stored. */
export function checkValidation(context: ApiContext, operation: 'CREATE' | 'UPDATE', target: Target, object: KubeObject): void {
  const refusal = target.subresource === undefined ? context.backend.validate(operation, target.resource, object) : undefined;
  if (refusal !== undefined) throw webhookFailure(refusal);
}

/** The object as it will be stored, with all checks made; it is not stored yet. */
export function prepareCreation(context: ApiContext, target: Target, body: KubeObject): KubeObject {
  checkBodyMatchesPath(body, target);
  if ((body.metadata.resourceVersion ?? '') !== '') throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created');
  const prefix = body.metadata.generateName;
  const name = body.metadata.name === '' && prefix !== undefined && prefix !== '' ? generateName(prefix) : body.metadata.name;
  const metadata = {
    ...(without(body.metadata, ...SERVER_FIELDS) as ObjectMeta),
    name,
    ...(target.namespace === undefined ? {} : { namespace: target.namespace }),
  };
  const apiVersion = groupVersion(target.resource.group, target.resource.versions[0]);
  const object: KubeObject = { ...body, apiVersion, metadata };
  checkMetadata(object, target);
  checkNamespace(context, target, name);
  const complete = applyDefaults(object);
  checkSelector(target, complete);
  const admitted = complete.kind === 'Pod' ? admitPod(context, complete) : complete;
  checkValidation(context, 'CREATE', target, admitted);
  return admitted;
}

/** Stores a prepared object, or only shows how it would be stored. */
export function storeCreation(context: ApiContext, request: ResourceRequest, object: KubeObject): StoredObject {
  const name = resourceName(request.target.resource);
  const { store } = context.backend;
  if (!isDryRun(request)) return store.create(name, object);
  if (store.get(name, object.metadata.namespace, object.metadata.name)) throw alreadyExists(name, object.metadata.name);
  const identity = { uid: randomUUID(), resourceVersion: '', creationTimestamp: formatTime(context.now()) };
  return { ...object, metadata: { ...object.metadata, ...identity } };
}

export function createObject(context: ApiContext, request: ResourceRequest): Answer {
  const sent = parseObject(request.body);
  checkKnownFields(request, sent);
  const body = prepareCreation(context, request.target, sent);
  const object = recordChange(context, request, undefined, body);
  return created(request.representation.object(storeCreation(context, request, object)));
}
