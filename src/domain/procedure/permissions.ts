// What the steps of the procedure need to be allowed in a cluster, one permission a line, and the same as kubectl asks it.
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import type { MeshSituation } from './procedureStep.js';
import { kubectl } from './situationParts.js';

export interface NeededPermission {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group: string;
  /** With its subresource, e.g. `pods/portforward`. */
  readonly resource: string;
  /** Undefined: in every namespace. */
  readonly namespace: string | undefined;
}

function everywhere(group: string, resource: string, ...verbs: readonly string[]): readonly NeededPermission[] {
  return verbs.map((verb) => ({ verb, group, resource, namespace: undefined }));
}

function inControlPlane(group: string, resource: string, ...verbs: readonly string[]): readonly NeededPermission[] {
  return verbs.map((verb) => ({ verb, group, resource, namespace: ISTIO_NAMESPACE }));
}

/** Asked for wherever a mesh is: an API server says no to who may not list a kind before it says that there is no such kind. */
const GATEWAY_API_KINDS = ['gateways', 'httproutes', 'grpcroutes', 'tlsroutes', 'tcproutes', 'referencegrants'] as const;

/** In the order in which the procedure comes to need them; both of port-forward's verbs, because old and new clients ask differently. */
export const NEEDED_PERMISSIONS: readonly NeededPermission[] = [
  ...everywhere('', 'pods', 'list', 'watch', 'create', 'delete'),
  ...everywhere('', 'pods/portforward', 'create', 'get'),
  ...everywhere('', 'namespaces', 'list', 'watch', 'patch', 'create', 'delete'),
  ...everywhere('', 'services', 'list', 'watch'),
  ...everywhere('apps', 'deployments', 'list', 'watch', 'patch', 'create', 'delete'),
  ...everywhere('apps', 'statefulsets', 'list', 'watch', 'patch'),
  ...everywhere('apps', 'daemonsets', 'list', 'watch', 'patch'),
  ...everywhere('autoscaling', 'horizontalpodautoscalers', 'list', 'delete'),
  ...everywhere('policy', 'poddisruptionbudgets', 'list', 'delete'),
  ...everywhere('admissionregistration.k8s.io', 'mutatingwebhookconfigurations', 'list', 'watch', 'delete'),
  ...everywhere('admissionregistration.k8s.io', 'validatingwebhookconfigurations', 'list', 'delete'),
  ...inControlPlane('', 'configmaps', 'list', 'watch', 'create', 'patch', 'delete'),
  ...inControlPlane('', 'services', 'get', 'patch', 'create', 'delete'),
  ...inControlPlane('', 'secrets', 'get', 'list', 'create', 'update', 'delete'),
  ...everywhere('security.istio.io', 'authorizationpolicies', 'list'),
  ...everywhere('networking.istio.io', 'destinationrules', 'list'),
  ...everywhere('networking.istio.io', 'gateways', 'list'),
  ...everywhere('networking.istio.io', 'virtualservices', 'list'),
  ...GATEWAY_API_KINDS.flatMap((kind) => everywhere('gateway.networking.k8s.io', kind, 'list')),
];

/** `kubectl auth can-i`, which ends with 1 for a no: to be run one by one. */
export function permissionLines(situation: MeshSituation, cluster: ClusterRef): readonly CommandSpec[] {
  return NEEDED_PERMISSIONS.map(({ verb, group, resource, namespace }) => {
    const [plural = resource, subresource] = resource.split('/');
    const words = [verb, group === '' ? plural : `${plural}.${group}`, ...(subresource === undefined ? [] : [`--subresource=${subresource}`])];
    return kubectl(situation, cluster, 'auth', 'can-i', ...words, ...(namespace === undefined ? ['--all-namespaces'] : ['-n', namespace]));
  });
}
