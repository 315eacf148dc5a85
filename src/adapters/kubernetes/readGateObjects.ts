// Lists the kinds that gates ask for beside the watched ones, all at once and each by itself.
import type { ClusterRef } from '../../domain/cluster.js';
import type { GateObjects, Listed } from '../../domain/mesh/gateObjects.js';
import { itemsOf } from '../../domain/mesh/gateObjects.js';
import type { GateObjectReader } from '../../app/migration/ports.js';
import type { Clock } from '../../app/ports.js';
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import type { ApiClient } from './apiRequest.js';
import { apiClient } from './apiRequest.js';
import type { ClusterConnections } from './clusterConnection.js';
import {
  readAutoscaler,
  readCronJob,
  readDisruptionBudget,
  readIstioGateway,
  readJob,
  readMembership,
  readNamed,
  readSecret,
  readVirtualService,
  readWebhookConfiguration,
  readWorkloadEntry,
} from './gateObjectFacts.js';
import { readGatewayApi, readGatewayRoute, readReferenceGrant } from './gatewayApiFacts.js';
import { listKind } from './listKind.js';

/** Names, labels and bookkeeping, without what the objects hold: what CA secrets hold never leaves the cluster. */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1';
const ADMISSION = '/apis/admissionregistration.k8s.io/v1';
const NETWORKING = '/apis/networking.istio.io';

export class KubernetesGateObjectReader implements GateObjectReader {
  readonly #connections: ClusterConnections;
  readonly #clock: Clock;

  constructor(connections: ClusterConnections, clock: Clock) {
    this.#connections = connections;
    this.#clock = clock;
  }

  async readGateObjects(cluster: ClusterRef, signal: AbortSignal): Promise<GateObjects> {
    const api = apiClient(cluster, this.#connections, this.#clock);
    const list = <Facts>(read: (object: unknown) => Facts | undefined, ...paths: readonly string[]): Promise<Listed<Facts>> =>
      listServed(api, read, paths.map((path) => ({ path })), signal);
    const secretsPath = { path: `/api/v1/namespaces/${ISTIO_NAMESPACE}/secrets`, accept: METADATA_ONLY };
    const [validatingWebhooks, mutatingWebhooks, autoscalers, disruptionBudgets, jobs, cronJobs] = await Promise.all([
      list(readWebhookConfiguration, `${ADMISSION}/validatingwebhookconfigurations`),
      list(readWebhookConfiguration, `${ADMISSION}/mutatingwebhookconfigurations`),
      list(readAutoscaler, '/apis/autoscaling/v2/horizontalpodautoscalers'),
      list(readDisruptionBudget, '/apis/policy/v1/poddisruptionbudgets'),
      list(readJob, '/apis/batch/v1/jobs'),
      list(readCronJob, '/apis/batch/v1/cronjobs'),
    ]);
    const [secrets, istioOperators, gatewayApi, workloadEntries, workloadGroups, memberships] = await Promise.all([
      listServed(api, readSecret, [secretsPath], signal),
      list(readNamed, `/apis/install.istio.io/v1alpha1/namespaces/${ISTIO_NAMESPACE}/istiooperators`),
      list(readGatewayApi, ...gatewayApiPaths('gateways', 'v1', 'v1beta1')),
      list((object) => readWorkloadEntry('WorkloadEntry', object), `${NETWORKING}/v1beta1/workloadentries`),
      list((object) => readWorkloadEntry('WorkloadGroup', object), `${NETWORKING}/v1beta1/workloadgroups`),
      list(readMembership, '/apis/hub.gke.io/v1/memberships', '/apis/hub.gke.io/v1beta1/memberships'),
    ]);
    const [istioGateways, virtualServices, referenceGrants, ...routes] = await Promise.all([
      list(readIstioGateway, `${NETWORKING}/v1beta1/gateways`),
      list(readVirtualService, `${NETWORKING}/v1beta1/virtualservices`),
      list(readReferenceGrant, ...gatewayApiPaths('referencegrants', 'v1', 'v1beta1', 'v1alpha2')),
      list((object) => readGatewayRoute('HTTPRoute', object), ...gatewayApiPaths('httproutes', 'v1', 'v1beta1')),
      list((object) => readGatewayRoute('GRPCRoute', object), ...gatewayApiPaths('grpcroutes', 'v1', 'v1alpha2')),
      list((object) => readGatewayRoute('TLSRoute', object), ...gatewayApiPaths('tlsroutes', 'v1', 'v1alpha3', 'v1alpha2')),
      list((object) => readGatewayRoute('TCPRoute', object), ...gatewayApiPaths('tcproutes', 'v1alpha2')),
    ]);
    return {
      ...{ validatingWebhooks, mutatingWebhooks, autoscalers, disruptionBudgets, jobs, cronJobs },
      ...{ secrets, istioOperators, gatewayApi, workloadEntries, workloadGroups, memberships },
      ...{ istioGateways, virtualServices, referenceGrants, gatewayRoutes: together(routes) },
    };
  }
}

function gatewayApiPaths(plural: string, ...versions: readonly string[]): readonly string[] {
  return versions.map((version) => `/apis/gateway.networking.k8s.io/${version}/${plural}`);
}

/** Several kinds as one: unread as soon as one of them is. */
function together<Facts>(lists: readonly Listed<Facts>[]): Listed<Facts> {
  const unread = lists.find(({ state }) => state === 'unread');
  return unread ?? { state: 'listed', items: lists.flatMap(itemsOf), served: lists.some((list) => list.state === 'listed' && list.served) };
}

interface ServedPath {
  readonly path: string;
  readonly accept?: string;
}

/** The first of the paths that is served; where none is, the kind is known to be empty. */
async function listServed<Facts>(
  api: ApiClient,
  read: (object: unknown) => Facts | undefined,
  paths: readonly ServedPath[],
  signal: AbortSignal,
): Promise<Listed<Facts>> {
  for (const served of paths) {
    const list = await listKind({ ...served, query: {}, name: served.path, read }, api, signal, () => undefined);
    if (list.ok) return { state: 'listed', items: list.value.objects, served: true };
    const isUnserved = list.failure.kind === 'apiError' && list.failure.status === 404;
    if (!isUnserved) return { state: 'unread', failure: list.failure };
  }
  return { state: 'listed', items: [], served: false };
}
