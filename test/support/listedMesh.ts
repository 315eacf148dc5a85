// A simulated mesh with everything that gates and steps list beside the watched kinds, read by the product's own readers, and with
// the answers to what a step asks of the clusters.
import {
  readAutoscaler, readCronJob, readDisruptionBudget, readIstioGateway, readJob, readMembership, readNamed, readSecret, readVirtualService,
  readWebhookConfiguration, readWorkloadEntry,
} from '../../src/adapters/kubernetes/gateObjectFacts.js';
import { readGatewayApi, readGatewayRoute, readReferenceGrant } from '../../src/adapters/kubernetes/gatewayApiFacts.js';
import { clusterKey } from '../../src/domain/cluster.js';
import { GATEWAY_ROUTE_KINDS } from '../../src/domain/mesh/gatewayApiObjects.js';
import type { GateObjects, Listed } from '../../src/domain/mesh/gateObjects.js';
import { itemsOf } from '../../src/domain/mesh/gateObjects.js';
import type { InspectionAnswer, InspectionRequest } from '../../src/domain/procedure/inspection.js';
import { requestKey } from '../../src/domain/procedure/inspection.js';
import { planStep } from '../../src/domain/procedure/planStep.js';
import { PROCEDURE } from '../../src/domain/procedure/procedure.js';
import type { MeshSituation, StepPlan } from '../../src/domain/procedure/procedureStep.js';
import type { StepOrder } from '../../src/domain/procedure/stepOrder.js';
import type { SimulatedCluster } from '../../src/rehearsal/mesh/simulatedCluster.js';
import type { TestMesh } from '../unit/rehearsal/mesh/drawnMesh.js';
import { DONE } from './guardedMesh.js';
import type { Evidence } from './rehearsedSituation.js';
import { CLUSTER_REFS, rehearsedSituation } from './rehearsedSituation.js';

const ISTIO = 'istio-system';

export function listedObjects({ backend: { store } }: SimulatedCluster): GateObjects {
  const listed = <Facts>(read: (object: unknown) => Facts | undefined, resource: string, namespace?: string): Listed<Facts> => ({
    state: 'listed', served: true, items: store.list(resource, namespace).flatMap((object) => read(object) ?? []),
  });
  return {
    validatingWebhooks: listed(readWebhookConfiguration, 'validatingwebhookconfigurations.admissionregistration.k8s.io'),
    mutatingWebhooks: listed(readWebhookConfiguration, 'mutatingwebhookconfigurations.admissionregistration.k8s.io'),
    autoscalers: listed(readAutoscaler, 'horizontalpodautoscalers.autoscaling'),
    disruptionBudgets: listed(readDisruptionBudget, 'poddisruptionbudgets.policy'),
    jobs: listed(readJob, 'jobs.batch'),
    cronJobs: listed(readCronJob, 'cronjobs.batch'),
    secrets: listed(readSecret, 'secrets', ISTIO),
    istioOperators: listed(readNamed, 'istiooperators.install.istio.io', ISTIO),
    gatewayRoutes: { state: 'listed', served: true, items: GATEWAY_ROUTE_KINDS.flatMap((kind) => itemsOf(listed((object) => readGatewayRoute(kind, object), `${kind.toLowerCase()}s.gateway.networking.k8s.io`))) },
    referenceGrants: listed(readReferenceGrant, 'referencegrants.gateway.networking.k8s.io'),
    gatewayApi: listed(readGatewayApi, 'gateways.gateway.networking.k8s.io'),
    istioGateways: listed(readIstioGateway, 'gateways.networking.istio.io'),
    virtualServices: listed(readVirtualService, 'virtualservices.networking.istio.io'),
    workloadEntries: listed((object) => readWorkloadEntry('WorkloadEntry', object), 'workloadentries.networking.istio.io'),
    workloadGroups: listed((object) => readWorkloadEntry('WorkloadGroup', object), 'workloadgroups.networking.istio.io'),
    memberships: listed(readMembership, 'memberships.hub.gke.io'),
  };
}

/** As `seen`, with every kind listed. */
export function wholly(mesh: TestMesh, evidence: Evidence = DONE): MeshSituation {
  const read = rehearsedSituation(mesh, evidence);
  const clusters = [mesh.first, mesh.second];
  return { ...read, snapshots: read.snapshots.map((snapshot, index) => ({ ...snapshot, objects: listedObjects(clusters[index]!) })) };
}

/** The plan of an order for which everything was read that it asks for; `answers` are those about files and tools. */
export function plannedOn(mesh: TestMesh, order: StepOrder, answers: (request: InspectionRequest) => InspectionAnswer = () => ({ kind: 'absent' }), situation = wholly(mesh)): StepPlan {
  const requests = PROCEDURE[order.step].needs?.(order, situation) ?? [];
  const inspection = Object.fromEntries(requests.map((request) => [requestKey(request), fromStore(mesh, request) ?? answers(request)]));
  return planStep(order, { ...situation, inspection });
}

function fromStore({ first, second }: TestMesh, request: InspectionRequest): InspectionAnswer | undefined {
  if (request.kind !== 'object' && request.kind !== 'secretName') return undefined;
  const { store } = (clusterKey(request.cluster) === clusterKey(CLUSTER_REFS[0]) ? first : second).backend;
  const resource = request.kind === 'secretName' ? 'secrets' : `${request.resource.plural}.${request.resource.group}`;
  const found = store.get(resource, request.namespace, request.name);
  if (found === undefined) return { kind: 'absent' };
  return request.kind === 'object' ? { kind: 'object', json: found } : { kind: 'secret', keys: Object.keys((found.data ?? {})) };
}
