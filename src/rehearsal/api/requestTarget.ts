// What a request is about: resource, version, namespace, name and subresource from the path, the verb from method and query.
import { badRequest, unknownPath } from './apiError.js';
import type { AccessRequest } from './accessRequest.js';
import { findResource } from './resources.js';
import type { Resource } from './resources.js';

export interface Target {
  readonly resource: Resource;
  /** The version of the resource that the client speaks. */
  readonly version: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly subresource?: string;
}

/** Under `/api/v1/namespaces/NAME/` these belong to the namespace itself; anything else is a resource inside it. */
const NAMESPACE_SUBRESOURCES: readonly string[] = ['status', 'finalize'];

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw badRequest('the path of the request is not well formed');
  }
}

interface GroupPath {
  readonly group: string;
  readonly version: string;
  readonly rest: readonly string[];
}

function splitGroup(segments: readonly string[]): GroupPath | undefined {
  const [root, first = '', second = ''] = segments;
  if (root === 'api') return { group: '', version: first, rest: segments.slice(2) };
  if (root === 'apis') return { group: first, version: second, rest: segments.slice(3) };
  return undefined;
}

/** The target of a resource path; 404 when no resource is served there. */
export function parseTarget(path: string): Target {
  const segments = path.split('/').filter((segment) => segment !== '').map(decode);
  const groupPath = splitGroup(segments);
  if (!groupPath || groupPath.rest.length === 0) throw unknownPath();
  const { group, version, rest } = groupPath;
  const inNamespace = rest[0] === 'namespaces' && rest.length > 2 && !NAMESPACE_SUBRESOURCES.includes(rest[2] ?? '');
  const [plural = '', name, subresource, ...more] = inNamespace ? rest.slice(2) : rest;
  const resource = findResource(group, version, plural);
  if (!resource || more.length > 0 || resource.namespaced !== inNamespace) {
    // Lists and watches of a namespaced resource may go over all namespaces; nothing else may.
    if (resource?.namespaced !== true || inNamespace || name !== undefined) throw unknownPath();
  }
  if (subresource !== undefined && !resource.subresources.some((known) => known.name === subresource)) throw unknownPath();
  return {
    resource,
    version,
    ...(inNamespace && rest[1] !== undefined ? { namespace: rest[1] } : {}),
    ...(name === undefined ? {} : { name }),
    ...(subresource === undefined ? {} : { subresource }),
  };
}

function isTrue(value: string | null): boolean {
  return value === 'true' || value === '1';
}

export function isWatch(params: URLSearchParams): boolean {
  return isTrue(params.get('watch'));
}

/** The RBAC verb of a request (`RequestInfoFactory` of the real server). */
export function verbOf(method: string, target: Target, params: URLSearchParams): string {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (target.name !== undefined) return 'get';
      return isWatch(params) ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return target.name === undefined ? 'deletecollection' : 'delete';
    default:
      return method.toLowerCase();
  }
}

/** The same as RBAC sees it: a request for a namespace counts as one inside that namespace. */
export function accessRequestOf(target: Target, verb: string): AccessRequest {
  const namespace = target.resource.plural === 'namespaces' ? target.name : target.namespace;
  return {
    verb,
    group: target.resource.group,
    resource: target.resource.plural,
    ...(target.subresource === undefined ? {} : { subresource: target.subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(target.name === undefined ? {} : { name: target.name }),
  };
}
