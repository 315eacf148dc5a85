// Which API requests a fault is about: what is not said matches every request for a resource.
import type { IncomingMessage } from 'node:http';
import type { AccessRequest } from '../api/accessRequest.js';
import { accessRequestOf, parseTarget, verbOf } from '../api/requestTarget.js';

export interface RequestFilter {
  /** `get`, `list`, `watch`, `create`, …: as RBAC names them. */
  readonly verb?: string;
  /** `pods`, `deployments.apps`, `pods/portforward`. */
  readonly resource?: string;
  readonly namespace?: string;
}

/** What a request asks for; undefined when it is for no resource (discovery, health). */
export function accessRequestIn(request: IncomingMessage): AccessRequest | undefined {
  const url = new URL(request.url ?? '/', 'https://rehearsal');
  if (!/^\/apis?\/[^/]+\/./u.test(url.pathname)) return undefined;
  try {
    const target = parseTarget(url.pathname);
    return accessRequestOf(target, verbOf(request.method ?? 'GET', target, url.searchParams));
  } catch {
    return undefined;
  }
}

function resourceIn({ group, resource, subresource }: AccessRequest): string {
  return (group === '' ? resource : `${resource}.${group}`) + (subresource === undefined ? '' : `/${subresource}`);
}

export function matchesRequest(filter: RequestFilter, request: AccessRequest): boolean {
  return (
    (filter.verb === undefined || filter.verb === request.verb) &&
    (filter.resource === undefined || filter.resource === resourceIn(request)) &&
    (filter.namespace === undefined || filter.namespace === request.namespace)
  );
}

/** The filter in words, to stand after what happens. */
export function describeRequests({ verb, resource, namespace }: RequestFilter): string {
  return `${verb ?? 'every verb'} on ${resource ?? 'every resource'}${namespace === undefined ? '' : ` in ${namespace}`}`;
}
