// The roles that every cluster starts with, as far as people are given them (plugin/pkg/auth/authorizer/rbac/bootstrappolicy).
import type { ObjectStore } from '../clusterBackend.js';
import type { KubeObject } from '../kubeObject.js';
import { RBAC_GROUP } from './roleRules.js';

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'delete', 'deletecollection', 'patch', 'update'];
const LABELS = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

const rule = (group: string, resources: string, verbs: readonly string[]): Rule => ({ apiGroups: [group], resources: resources.split(' '), verbs });

/** What `view` may read: no secrets, no roles, nothing that is the cluster's own. */
const VIEWED: readonly (readonly [string, string])[] = [
  ['', 'configmaps endpoints persistentvolumeclaims pods replicationcontrollers serviceaccounts services'],
  ['', 'bindings events limitranges namespaces/status pods/log pods/status resourcequotas resourcequotas/status services/status namespaces'],
  ['discovery.k8s.io', 'endpointslices'],
  ['apps', 'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status'],
  ['autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'],
  ['batch', 'cronjobs cronjobs/status jobs jobs/status'],
  ['networking.k8s.io', 'ingresses ingresses/status networkpolicies'],
  ['policy', 'poddisruptionbudgets poddisruptionbudgets/status'],
];
const VIEW: readonly Rule[] = VIEWED.map(([group, resources]) => rule(group, resources, READ));

const EDIT: readonly Rule[] = [
  ...VIEW,
  rule('', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy', READ),
  rule('', 'serviceaccounts', ['impersonate']),
  rule('', 'pods pods/attach pods/exec pods/portforward pods/proxy configmaps events persistentvolumeclaims secrets serviceaccounts services services/proxy', WRITE),
  rule('', 'pods/eviction', ['create']),
  rule('apps', 'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale', WRITE),
  rule('autoscaling', 'horizontalpodautoscalers', WRITE),
  rule('batch', 'cronjobs jobs', WRITE),
  rule('policy', 'poddisruptionbudgets', WRITE),
  rule('coordination.k8s.io', 'leases', [...READ, ...WRITE]),
];

const ADMIN: readonly Rule[] = [
  ...EDIT,
  rule('authorization.k8s.io', 'localsubjectaccessreviews', ['create']),
  rule(RBAC_GROUP, 'rolebindings roles', [...READ, ...WRITE]),
];

const DISCOVERY_PATHS = ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version', '/version/'];

const ROLES: Readonly<Record<string, readonly Rule[]>> = {
  admin: ADMIN,
  'cluster-admin': [rule('*', '*', ['*']), { nonResourceURLs: ['*'], verbs: ['*'] }],
  edit: EDIT,
  'system:basic-user': [
    rule('authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews', ['create']),
    rule('authentication.k8s.io', 'selfsubjectreviews', ['create']),
  ],
  'system:discovery': [{ nonResourceURLs: DISCOVERY_PATHS, verbs: ['get'] }],
  'system:public-info-viewer': [{ nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'], verbs: ['get'] }],
  view: VIEW,
};

const GROUP_BINDINGS: Readonly<Record<string, string>> = {
  'cluster-admin': 'system:masters',
  'system:basic-user': 'system:authenticated',
  'system:discovery': 'system:authenticated',
  'system:public-info-viewer': 'system:authenticated',
};

/** A ClusterRoleBinding of one subject. */
export function clusterRoleBinding(name: string, role: string, subject: { readonly kind: 'User' | 'Group'; readonly name: string }): KubeObject {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup: RBAC_GROUP, ...subject }],
  };
}

function createMissing(store: ObjectStore, resource: string, object: KubeObject): void {
  if (store.get(resource, undefined, object.metadata.name) === undefined) store.create(resource, object);
}

/** As the real server does at each start: what is missing is made again, what is there is left. */
export function ensureBootstrapRoles(store: ObjectStore): void {
  for (const [name, rules] of Object.entries(ROLES)) {
    const role = { apiVersion: `${RBAC_GROUP}/v1`, kind: 'ClusterRole', metadata: { name, labels: LABELS }, rules };
    createMissing(store, `clusterroles.${RBAC_GROUP}`, role);
  }
  for (const [role, group] of Object.entries(GROUP_BINDINGS)) {
    const binding = clusterRoleBinding(role, role, { kind: 'Group', name: group });
    createMissing(store, `clusterrolebindings.${RBAC_GROUP}`, { ...binding, metadata: { name: role, labels: LABELS } });
  }
}
