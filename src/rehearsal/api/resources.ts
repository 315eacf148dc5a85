// Every resource that the rehearsal serves, as one table: discovery, routing, tables and OpenAPI are all read from it.
import type { ResourceName } from '../clusterBackend.js';

export type Verb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

export interface Subresource {
  readonly name: string;
  /** Kind, with its group and version, of what is sent and answered. */
  readonly kind: string;
  readonly group: string;
  readonly version: string;
  readonly verbs: readonly string[];
}

export interface Resource {
  readonly group: string;
  /** Served versions, preferred first; objects are stored once and answered in the version asked for. */
  readonly versions: readonly [string, ...string[]];
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly verbs: readonly Verb[];
  readonly subresources: readonly Subresource[];
  /** Custom resources have no strategic merge patch and carry kind and apiVersion inside lists. */
  readonly custom: boolean;
  /** Whether the real server counts changes of the desired state in `metadata.generation`. */
  readonly generation: boolean;
}

/** Served by custom resource definitions, whatever its name looks like. */
const GATEWAY_API = 'gateway.networking.k8s.io';
const FLEET = 'hub.gke.io';

const ALL_VERBS: readonly Verb[] = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];
const WITHOUT_COLLECTION: readonly Verb[] = ALL_VERBS.filter((verb) => verb !== 'deletecollection');
const READ_AND_WRITE = ['get', 'patch', 'update'];

type Options = Partial<Pick<Resource, 'singular' | 'shortNames' | 'categories' | 'verbs' | 'subresources' | 'generation'>>;
type Versions = Resource['versions'];

function define(group: string, versions: Versions, plural: string, kind: string, namespaced: boolean, options: Options): Resource {
  const custom = group.endsWith('.istio.io') || group === GATEWAY_API || group === FLEET;
  return {
    group,
    versions,
    plural,
    singular: kind.toLowerCase(),
    kind,
    namespaced,
    shortNames: [],
    categories: [],
    verbs: ALL_VERBS,
    subresources: [],
    custom,
    generation: custom,
    ...options,
  };
}

const statusOf = (kind: string, group: string, version: string): Subresource => {
  return { name: 'status', kind, group, version, verbs: READ_AND_WRITE };
};
const SCALE: Subresource = { name: 'scale', kind: 'Scale', group: 'autoscaling', version: 'v1', verbs: READ_AND_WRITE };
const POD_SUBRESOURCES: readonly Subresource[] = [
  { name: 'attach', kind: 'PodAttachOptions', group: '', version: 'v1', verbs: ['create', 'get'] },
  { name: 'eviction', kind: 'Eviction', group: 'policy', version: 'v1', verbs: ['create'] },
  { name: 'exec', kind: 'PodExecOptions', group: '', version: 'v1', verbs: ['create', 'get'] },
  { name: 'log', kind: 'Pod', group: '', version: 'v1', verbs: ['get'] },
  { name: 'portforward', kind: 'PodPortForwardOptions', group: '', version: 'v1', verbs: ['create', 'get'] },
  statusOf('Pod', '', 'v1'),
];
const all = ['all'];

function core(plural: string, kind: string, options: Options = {}, namespaced = true): Resource {
  return define('', ['v1'], plural, kind, namespaced, options);
}

function workload(group: string, plural: string, kind: string, shortNames: readonly string[], scalable = false): Resource {
  const subresources = [...(scalable ? [SCALE] : []), statusOf(kind, group, 'v1')];
  return define(group, ['v1'], plural, kind, true, { shortNames, categories: all, subresources, generation: true });
}

function builtIn(group: string, version: string, plural: string, kind: string, options: Options, namespaced = true): Resource {
  return define(group, [version], plural, kind, namespaced, options);
}

function istio(group: string, versions: Versions, plural: string, kind: string, shortNames: readonly string[] = []): Resource {
  return define(`${group}.istio.io`, versions, plural, kind, true, { shortNames, categories: group === 'install' ? [] : ['istio-io'] });
}

const NETWORKING: Versions = ['v1', 'v1beta1', 'v1alpha3'];
const SECURITY: Versions = ['v1', 'v1beta1'];
const ADMISSION = 'admissionregistration.k8s.io';
const RBAC = 'rbac.authorization.k8s.io';

export const NAMESPACES: Resource = core(
  'namespaces',
  'Namespace',
  { shortNames: ['ns'], verbs: WITHOUT_COLLECTION, subresources: [statusOf('Namespace', '', 'v1')] },
  false,
);
export const PODS: Resource = core('pods', 'Pod', { shortNames: ['po'], categories: all, subresources: POD_SUBRESOURCES });

export const RESOURCES: readonly Resource[] = [
  core('configmaps', 'ConfigMap', { shortNames: ['cm'] }),
  core('endpoints', 'Endpoints', { shortNames: ['ep'], singular: 'endpoints' }),
  core('events', 'Event', { shortNames: ['ev'] }),
  NAMESPACES,
  core('nodes', 'Node', { shortNames: ['no'], subresources: [statusOf('Node', '', 'v1')] }, false),
  core('persistentvolumeclaims', 'PersistentVolumeClaim', { shortNames: ['pvc'] }),
  core('persistentvolumes', 'PersistentVolume', { shortNames: ['pv'] }, false),
  PODS,
  core('resourcequotas', 'ResourceQuota', { shortNames: ['quota'] }),
  core('secrets', 'Secret'),
  core('serviceaccounts', 'ServiceAccount', { shortNames: ['sa'] }),
  core('services', 'Service', { shortNames: ['svc'], categories: all, subresources: [statusOf('Service', '', 'v1')] }),
  workload('apps', 'daemonsets', 'DaemonSet', ['ds']),
  workload('apps', 'deployments', 'Deployment', ['deploy'], true),
  workload('apps', 'replicasets', 'ReplicaSet', ['rs'], true),
  workload('apps', 'statefulsets', 'StatefulSet', ['sts'], true),
  workload('batch', 'cronjobs', 'CronJob', ['cj']),
  workload('batch', 'jobs', 'Job', []),
  builtIn('autoscaling', 'v2', 'horizontalpodautoscalers', 'HorizontalPodAutoscaler', { shortNames: ['hpa'], categories: all }),
  builtIn('policy', 'v1', 'poddisruptionbudgets', 'PodDisruptionBudget', { shortNames: ['pdb'], generation: true }),
  builtIn('discovery.k8s.io', 'v1', 'endpointslices', 'EndpointSlice', { generation: true }),
  builtIn(ADMISSION, 'v1', 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration', { generation: true }, false),
  builtIn(ADMISSION, 'v1', 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration', { generation: true }, false),
  builtIn('coordination.k8s.io', 'v1', 'leases', 'Lease', {}),
  builtIn('authorization.k8s.io', 'v1', 'selfsubjectaccessreviews', 'SelfSubjectAccessReview', { verbs: ['create'] }, false),
  builtIn('authorization.k8s.io', 'v1', 'selfsubjectrulesreviews', 'SelfSubjectRulesReview', { verbs: ['create'] }, false),
  builtIn('authentication.k8s.io', 'v1', 'selfsubjectreviews', 'SelfSubjectReview', { verbs: ['create'] }, false),
  builtIn(RBAC, 'v1', 'clusterrolebindings', 'ClusterRoleBinding', {}, false),
  builtIn(RBAC, 'v1', 'clusterroles', 'ClusterRole', {}, false),
  builtIn(RBAC, 'v1', 'rolebindings', 'RoleBinding', {}),
  builtIn(RBAC, 'v1', 'roles', 'Role', {}),
  builtIn(GATEWAY_API, 'v1', 'gateways', 'Gateway', { shortNames: ['gtw'], categories: ['gateway-api'] }),
  builtIn(GATEWAY_API, 'v1', 'httproutes', 'HTTPRoute', { categories: ['gateway-api'] }),
  builtIn(GATEWAY_API, 'v1', 'grpcroutes', 'GRPCRoute', { categories: ['gateway-api'] }),
  builtIn(GATEWAY_API, 'v1alpha2', 'tlsroutes', 'TLSRoute', { categories: ['gateway-api'] }),
  builtIn(GATEWAY_API, 'v1alpha2', 'tcproutes', 'TCPRoute', { categories: ['gateway-api'] }),
  builtIn(GATEWAY_API, 'v1beta1', 'referencegrants', 'ReferenceGrant', { shortNames: ['refgrant'], categories: ['gateway-api'] }),
  builtIn(FLEET, 'v1', 'memberships', 'Membership', {}, false),
  istio('install', ['v1alpha1'], 'istiooperators', 'IstioOperator', ['iop', 'io']),
  istio('networking', NETWORKING, 'destinationrules', 'DestinationRule', ['dr']),
  istio('networking', ['v1alpha3'], 'envoyfilters', 'EnvoyFilter'),
  istio('networking', NETWORKING, 'gateways', 'Gateway', ['gw']),
  istio('networking', ['v1beta1'], 'proxyconfigs', 'ProxyConfig'),
  istio('networking', NETWORKING, 'serviceentries', 'ServiceEntry', ['se']),
  istio('networking', NETWORKING, 'virtualservices', 'VirtualService', ['vs']),
  istio('security', SECURITY, 'authorizationpolicies', 'AuthorizationPolicy', ['ap']),
  istio('security', SECURITY, 'peerauthentications', 'PeerAuthentication', ['pa']),
];

/** The name under which the store keeps a resource: `deployments.apps`, `pods`. */
export function resourceName(resource: Resource): ResourceName {
  return resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`;
}

const BY_NAME: ReadonlyMap<ResourceName, Resource> = new Map(RESOURCES.map((resource) => [resourceName(resource), resource]));

/** The resource of a request path, when that version of it is served. */
export function findResource(group: string, version: string, plural: string): Resource | undefined {
  const resource = BY_NAME.get(group === '' ? plural : `${plural}.${group}`);
  return resource?.versions.includes(version) === true ? resource : undefined;
}

/** `apps/v1`, `v1`: how objects name a group and version. */
export function groupVersion(group: string, version: string): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Whether the store counts generations for it; what is not in the table counts, as custom resources do. */
export function hasGeneration(name: ResourceName): boolean {
  return BY_NAME.get(name)?.generation ?? true;
}
