// Who may do what on the rehearsal's API server: everything is allowed but what a rule denies, and the refusal reads as RBAC's does.
import { ApiError, detailsOf } from './apiError.js';

/** The user that the server's one token stands for. */
export const REHEARSAL_USER = 'rehearsal';

/** One action, as RBAC sees it; `namespace` is missing for cluster-wide requests. */
export interface AccessRequest {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** Denies what matches all its fields; a field that is missing matches everything. */
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

export function isAllowed(policy: AccessPolicy | undefined, request: AccessRequest): boolean {
  return !(policy?.deny ?? []).some((rule) => matches(rule, request));
}

/** The sentence of the real server's RBAC authorizer (`responsewriters.Forbidden` and `rbac.go`). */
export function forbidden(request: AccessRequest): ApiError {
  const { verb, group, resource, subresource, namespace, name } = request;
  const subject = resourceOf(request) + (name === undefined ? '' : ` "${name}"`);
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  const message =
    `${subject} is forbidden: User "${REHEARSAL_USER}" cannot ${verb} resource "${full}" ` +
    `in API group "${group}" ${where}`;
  return new ApiError(403, 'Forbidden', message, name === undefined ? withoutName(request) : detailsOf(resourceOf(request), name));
}

function withoutName({ group, resource }: AccessRequest): { group?: string; kind: string } {
  return group === '' ? { kind: resource } : { group, kind: resource };
}
