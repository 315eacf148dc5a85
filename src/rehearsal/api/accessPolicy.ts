// Who may do what on the rehearsal's API server: RBAC from the cluster's own roles, after rules that deny; refusals read as RBAC's do.
import type { ObjectStore } from '../clusterBackend.js';
import type { AccessRequest } from './accessRequest.js';
import { ApiError, detailsOf } from './apiError.js';
import type { ApiUser } from './authentication.js';
import { isGranted } from './roleRules.js';

/** Denies what matches all its fields, to everyone; a field that is missing matches everything. */
export interface DenyRule {
  readonly verbs?: readonly string[];
  /** `pods`, `deployments.apps`, or with a subresource `pods/portforward`; `pods` alone does not cover subresources. */
  readonly resources?: readonly string[];
  /** Requests over all namespaces match a rule with namespaces only when it names `*`. */
  readonly namespaces?: readonly string[];
}

/** Read at each request, so that a getter can change the rules while the server runs. */
export interface AccessPolicy {
  readonly deny: readonly DenyRule[];
}

/** What an answer to "may this user do that?" depends on. */
export interface AccessContext {
  readonly backend: { readonly store: ObjectStore };
  readonly access: AccessPolicy | undefined;
}

function resourceOf(request: AccessRequest): string {
  return request.group === '' ? request.resource : `${request.resource}.${request.group}`;
}

function matches(rule: DenyRule, request: AccessRequest): boolean {
  const resource = resourceOf(request) + (request.subresource === undefined ? '' : `/${request.subresource}`);
  if (rule.verbs && !rule.verbs.includes(request.verb)) return false;
  if (rule.resources && !rule.resources.includes(resource)) return false;
  if (!rule.namespaces) return true;
  return rule.namespaces.includes('*') || (request.namespace !== undefined && rule.namespaces.includes(request.namespace));
}

export function isAllowed({ backend, access }: AccessContext, user: ApiUser, request: AccessRequest): boolean {
  if ((access?.deny ?? []).some((rule) => matches(rule, request))) return false;
  return isGranted(backend.store, user, request);
}

/** The sentence of the real server's RBAC authorizer (`responsewriters.Forbidden` and `rbac.go`). */
export function forbidden(user: ApiUser, request: AccessRequest): ApiError {
  const { verb, group, resource, subresource, namespace, name } = request;
  const subject = resourceOf(request) + (name === undefined ? '' : ` "${name}"`);
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const message =
    `${subject} is forbidden: User "${user.name}" cannot ${verb} resource "${full}" ` +
    `in API group "${group}" ${where}`;
  return new ApiError(403, 'Forbidden', message, name === undefined ? withoutName(request) : detailsOf(resourceOf(request), name));
}

function withoutName({ group, resource }: AccessRequest): { group?: string; kind: string } {
  return group === '' ? { kind: resource } : { group, kind: resource };
}
