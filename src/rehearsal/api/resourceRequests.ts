// Sends a request for a resource to the handler of its verb, after asking whether it is allowed.
import type { IncomingHttpHeaders } from 'node:http';
import { forbidden, isAllowed } from './accessPolicy.js';
import { answerReview } from './accessReviews.js';
import type { Answer } from './answer.js';
import { ok } from './answer.js';
import type { ApiContext, ResourceRequest } from './apiContext.js';
import { badRequest, methodNotAllowed } from './apiError.js';
import type { ApiUser } from './authentication.js';
import { impersonated } from './authentication.js';
import { createObject } from './creating.js';
import { deleteCollection, deleteObject } from './deleting.js';
import { evictPod } from './eviction.js';
import { listObjects } from './listing.js';
import { servePodLog } from './podLog.js';
import { createRepresentation } from './representation.js';
import { readBody } from './requestBody.js';
import { accessRequestOf, isWatch, parseTarget, verbOf } from './requestTarget.js';
import { serveScale } from './scaling.js';
import { patchObject, requireObject, updateObject } from './updating.js';
import { watchObjects } from './watching.js';

/** Undefined when the response is written by the handler itself. */
type Handled = Answer | undefined;

function serveSubresource(context: ApiContext, request: ResourceRequest): Answer {
  switch (request.target.subresource) {
    case 'scale':
      return serveScale(context, request);
    case 'log':
      return servePodLog(context, request);
    case 'eviction':
      return evictPod(context, request);
    case 'exec':
    case 'portforward':
      throw badRequest('Upgrade request required');
    default:
      return serveObject(context, request);
  }
}

function serveObject(context: ApiContext, request: ResourceRequest): Answer {
  switch (request.method) {
    case 'GET':
      return ok(request.representation.object(requireObject(context, request.target)));
    case 'PUT':
      return updateObject(context, request);
    case 'PATCH':
      return patchObject(context, request);
    case 'DELETE':
      return deleteObject(context, request);
    default:
      throw methodNotAllowed();
  }
}

function serveCollection(context: ApiContext, request: ResourceRequest): Handled {
  const { resource, namespace } = request.target;
  const isOverAllNamespaces = resource.namespaced && namespace === undefined;
  if (isOverAllNamespaces && request.method !== 'GET') throw methodNotAllowed();
  switch (request.method) {
    case 'GET':
      if (!isWatch(request.params)) return listObjects(context, request);
      watchObjects(context, request);
      return undefined;
    case 'POST':
      return answerReview(context, request) ?? createObject(context, request);
    case 'DELETE':
      return deleteCollection(context, request);
    default:
      throw methodNotAllowed();
  }
}

function verbsOf(request: ResourceRequest): readonly string[] {
  const { resource, subresource } = request.target;
  if (subresource === undefined) return resource.verbs;
  return resource.subresources.find(({ name }) => name === subresource)?.verbs ?? [];
}

type Asked = Pick<ResourceRequest, 'method' | 'user' | 'target' | 'params'>;

/** Throws 403 with RBAC's sentence when the user may not do that. */
export function checkAccess(context: ApiContext, { method, user, target, params }: Asked): void {
  const access = accessRequestOf(target, verbOf(method, target, params));
  if (!isAllowed(context, user, access)) throw forbidden(user, access);
}

/** The user as whom a request is made; impersonating is an action of its own. */
export function actingUser(context: ApiContext, user: ApiUser, headers: IncomingHttpHeaders): ApiUser {
  const other = impersonated(headers);
  if (!other) return user;
  const access = { verb: 'impersonate', group: '', resource: 'users', name: other.name };
  if (!isAllowed(context, user, access)) throw forbidden(user, access);
  return other;
}

/** Answers a request under `/api` and `/apis`. */
export async function serveResource(context: ApiContext, user: ApiUser, url: URL, http: ResourceRequest['http']): Promise<Handled> {
  const params = url.searchParams;
  const target = parseTarget(url.pathname);
  const method = http.request.method ?? 'GET';
  checkAccess(context, { method, user, target, params });
  const accept = http.request.headers.accept ?? '*/*';
  const representation = createRepresentation({ target, accept, params, now: context.now });
  const request: ResourceRequest = { method, user, params, target, body: await readBody(http.request), representation, http };
  if (!verbsOf(request).includes(verbOf(method, target, params))) throw methodNotAllowed();
  if (target.name === undefined) return serveCollection(context, request);
  return target.subresource === undefined ? serveObject(context, request) : serveSubresource(context, request);
}
