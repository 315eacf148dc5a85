// RBAC: which rules a user has by roles and bindings that stand in the cluster, and whether they grant a request
// (kubernetes/pkg/registry/rbac/validation, plugin/pkg/auth/authorizer/rbac).
import type { ObjectStore } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import type { AccessRequest } from './accessRequest.js';
import type { ApiUser } from './authentication.js';
import { listAt, textAt } from './json.js';

export const RBAC_GROUP = 'rbac.authorization.k8s.io';
const ROLES = `roles.${RBAC_GROUP}`;
const CLUSTER_ROLES = `clusterroles.${RBAC_GROUP}`;
const ROLE_BINDINGS = `rolebindings.${RBAC_GROUP}`;
const CLUSTER_ROLE_BINDINGS = `clusterrolebindings.${RBAC_GROUP}`;

/** Its members are not asked: the authorizer before RBAC lets them through. */
const SUPERUSERS = 'system:masters';

/** `rbacv1.PolicyRule`. */
export interface PolicyRule {
  readonly verbs: readonly string[];
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly nonResourceURLs: readonly string[];
}

function names(rule: unknown, field: string): readonly string[] {
  return listAt(rule, field).filter((name) => typeof name === 'string');
}

function rulesOf(role: StoredObject | undefined): readonly PolicyRule[] {
  return listAt(role, 'rules').map((rule) => ({
    verbs: names(rule, 'verbs'),
    apiGroups: names(rule, 'apiGroups'),
    resources: names(rule, 'resources'),
    resourceNames: names(rule, 'resourceNames'),
    nonResourceURLs: names(rule, 'nonResourceURLs'),
  }));
}

function isSubject(subject: unknown, user: ApiUser): boolean {
  const name = textAt(subject, 'name');
  switch (textAt(subject, 'kind')) {
    case 'User':
      return name === user.name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === `system:serviceaccount:${textAt(subject, 'namespace')}:${name}`;
    default:
      return false;
  }
}

function roleOf(store: ObjectStore, binding: StoredObject): StoredObject | undefined {
  const name = textAt(binding, 'roleRef', 'name');
  return textAt(binding, 'roleRef', 'kind') === 'Role'
    ? store.get(ROLES, binding.metadata.namespace, name)
    : store.get(CLUSTER_ROLES, undefined, name);
}

/** All rules that hold for a user: those of the whole cluster, and where a namespace is named those in it. */
export function rulesFor(store: ObjectStore, user: ApiUser, namespace: string | undefined): readonly PolicyRule[] {
  const bindings = [
    ...store.list(CLUSTER_ROLE_BINDINGS),
    ...(namespace === undefined || namespace === '' ? [] : store.list(ROLE_BINDINGS, namespace)),
  ];
  return bindings
    .filter((binding) => listAt(binding, 'subjects').some((subject) => isSubject(subject, user)))
    .flatMap((binding) => rulesOf(roleOf(store, binding)));
}

const ALL = '*';

function covers(list: readonly string[], value: string): boolean {
  return list.includes(ALL) || list.includes(value);
}

function grants(rule: PolicyRule, { verb, group, resource, subresource, name }: AccessRequest): boolean {
  const full = subresource === undefined ? resource : `${resource}/${subresource}`;
  const isResource = covers(rule.resources, full) || (subresource !== undefined && rule.resources.includes(`*/${subresource}`));
  const isName = rule.resourceNames.length === 0 || (name !== undefined && rule.resourceNames.includes(name));
  return covers(rule.verbs, verb) && covers(rule.apiGroups, group) && isResource && isName;
}

export function isGranted(store: ObjectStore, user: ApiUser, request: AccessRequest): boolean {
  if (user.groups.includes(SUPERUSERS)) return true;
  return rulesFor(store, user, request.namespace).some((rule) => grants(rule, request));
}

/** Whether a path that is no resource, such as `/metrics`, may be read. */
export function isPathGranted(store: ObjectStore, user: ApiUser, verb: string, path: string): boolean {
  if (user.groups.includes(SUPERUSERS)) return true;
  return rulesFor(store, user, undefined).some(
    (rule) =>
      covers(rule.verbs, verb) &&
      rule.nonResourceURLs.some((url) => url === path || (url.endsWith(ALL) && path.startsWith(url.slice(0, -1)))),
  );
}
