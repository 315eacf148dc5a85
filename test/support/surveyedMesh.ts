// A simulated mesh as the product's own survey finds it: every Envoy is asked over its admin port, and roots go by their keys.
import type { Duplex } from 'node:stream';
import { getFromEnvoy } from '../../src/adapters/proxies/envoyAdmin.js';
import { SECRET_MASK } from '../../src/adapters/proxies/envoyProxyReader.js';
import { readAutoscaler, readCronJob, readDisruptionBudget, readJob, readSecret, readWebhookConfiguration, readWorkloadEntry } from '../../src/adapters/kubernetes/gateObjectFacts.js';
import { createNodeCertificateReader } from '../../src/adapters/nodeCertificateReader.js';
import type { EvidenceReading } from '../../src/app/migration/readEvidence.js';
import { readEvidence } from '../../src/app/migration/readEvidence.js';
import type { Clock, ProxyAddress, ProxyReader } from '../../src/app/ports.js';
import { TrustSurvey } from '../../src/app/trust/trustSurvey.js';
import type { ClusterRef } from '../../src/domain/cluster.js';
import { clusterKey } from '../../src/domain/cluster.js';
import type { ClusterEvidence } from '../../src/domain/evidence/gateInputs.js';
import { gatherGateFacts } from '../../src/domain/evidence/gatherGateFacts.js';
import type { GateObjects, Listed } from '../../src/domain/mesh/gateObjects.js';
import type { MeshSituation } from '../../src/domain/procedure/procedureStep.js';
import { parseSecretDump } from '../../src/domain/trust/envoyDump.js';
import { INBOUND_LISTENER, parseInboundListener } from '../../src/domain/trust/inboundDomains.js';
import { ENVOY_ADMIN_PORT } from '../../src/shared/istioNames.js';
import { fail, succeed } from '../../src/shared/failure.js';
import type { Result } from '../../src/shared/failure.js';
import type { SimulatedCluster } from '../../src/rehearsal/mesh/simulatedCluster.js';
import type { TestMesh } from '../unit/rehearsal/mesh/drawnMesh.js';
import { DONE, seen } from './guardedMesh.js';
import type { Evidence } from './rehearsedSituation.js';
import { CLUSTER_REFS } from './rehearsedSituation.js';

const NOT_SERVED = { state: 'listed', items: [], served: false } as const;

function clusterOf({ first, second }: TestMesh, ref: ClusterRef): SimulatedCluster {
  return clusterKey(ref) === clusterKey(CLUSTER_REFS[0]) ? first : second;
}

function itemsIn<Facts>({ backend: { store } }: SimulatedCluster, resource: string, read: (object: unknown) => Facts | undefined): Listed<Facts> {
  return { state: 'listed', served: true, items: store.list(resource).flatMap((object) => read(object) ?? []) };
}

function gateObjects(cluster: SimulatedCluster): GateObjects {
  const admission = 'admissionregistration.k8s.io';
  return {
    validatingWebhooks: itemsIn(cluster, `validatingwebhookconfigurations.${admission}`, readWebhookConfiguration),
    mutatingWebhooks: itemsIn(cluster, `mutatingwebhookconfigurations.${admission}`, readWebhookConfiguration),
    jobs: itemsIn(cluster, 'jobs.batch', readJob),
    cronJobs: itemsIn(cluster, 'cronjobs.batch', readCronJob),
    secrets: itemsIn(cluster, 'secrets', readSecret),
    workloadEntries: itemsIn(cluster, 'workloadentries.networking.istio.io', (object) => readWorkloadEntry('WorkloadEntry', object)),
    workloadGroups: itemsIn(cluster, 'workloadgroups.networking.istio.io', (object) => readWorkloadEntry('WorkloadGroup', object)),
    autoscalers: itemsIn(cluster, 'horizontalpodautoscalers.autoscaling', readAutoscaler),
    disruptionBudgets: itemsIn(cluster, 'poddisruptionbudgets.policy', readDisruptionBudget),
    ...{ istioOperators: NOT_SERVED, gatewayApi: NOT_SERVED, memberships: NOT_SERVED },
    ...{ istioGateways: NOT_SERVED, virtualServices: NOT_SERVED, gatewayRoutes: NOT_SERVED, referenceGrants: NOT_SERVED },
  };
}

/** Nothing surveyed, but the kinds that gates and steps ask for are listed. */
export function listed(mesh: TestMesh, evidence: Evidence = DONE): MeshSituation {
  const told = seen(mesh, evidence);
  return { ...told, snapshots: told.snapshots.map((snapshot) => ({ ...snapshot, objects: gateObjects(clusterOf(mesh, snapshot.ref)) })) };
}

function connect({ backend }: SimulatedCluster, namespace: string, pod: string): Result<Duplex> {
  try {
    return succeed(backend.connectToPod(namespace, pod, ENVOY_ADMIN_PORT));
  } catch (error) {
    return fail({ kind: 'proxyUnreachable', reason: String(error) });
  }
}

/** Straight into the simulated pod, where the real reader goes through an API server. */
function readingOf(mesh: TestMesh, clock: Clock): EvidenceReading {
  const ask = async <Value>({ cluster, namespace, pod }: ProxyAddress, query: string, parse: (json: unknown) => Result<Value>): Promise<Result<Value>> => {
    const stream = connect(clusterOf(mesh, cluster), namespace, pod);
    if (!stream.ok) return stream;
    const answer = await getFromEnvoy(stream.value, `/config_dump?${query}`, new AbortController().signal);
    if (!answer.ok) return answer;
    return answer.value.status === 200 ? parse(JSON.parse(answer.value.body)) : fail({ kind: 'proxyAnswerUnreadable', reason: answer.value.body });
  };
  const proxyReader: ProxyReader = {
    readSecrets: (proxy) => ask(proxy, `resource=dynamic_active_secrets&${SECRET_MASK}`, (json) => parseSecretDump(json, 'active')),
  };
  return {
    survey: new TrustSurvey({ proxyReader, certificateReader: createNodeCertificateReader(), clock }),
    inbound: {
      async readInboundDomains(proxy) {
        const read = await ask(proxy, `resource=dynamic_listeners&name_regex=${INBOUND_LISTENER}`, parseInboundListener);
        return read.ok ? succeed(read.value.domains) : read;
      },
    },
    evidence: {
      records: { read: () => Promise.resolve(succeed({})), write: () => Promise.resolve(succeed(undefined)) },
      gateObjects: { readGateObjects: (ref) => Promise.resolve(gateObjects(clusterOf(mesh, ref))) },
      identityObjects: { readIdentityObjects: () => Promise.resolve(succeed([])) },
    },
  };
}

/**
 * Whom each proxy trusts and who signed it is read and verified; what could talk before the migration is every pair, and
 * everything else that steps leave behind is as `evidence` says.
 */
export async function surveyed(mesh: TestMesh, evidence: Evidence = DONE): Promise<MeshSituation> {
  const now = mesh.clock.now().getTime();
  const clock: Clock = { now: () => now, sleep: () => Promise.resolve() };
  const told = seen(mesh, evidence);
  const readings = await readEvidence(readingOf(mesh, clock), told.snapshots, clock, new AbortController().signal);
  const snapshots = told.snapshots.map((snapshot) => ({ ...snapshot, objects: readings.get(clusterKey(snapshot.ref))!.objects }));
  const known = new Map([...readings].map(([key, { proxies, records }]): [string, ClusterEvidence] => [key, { proxies, records, identity: succeed([]) }]));
  const { plan } = told;
  const gathered = gatherGateFacts({ snapshots, plan, evidence: known, surveys: [], changedAt: undefined, now, freshForMs: 60_000 });
  const clusters = gathered.clusters.map((facts) => {
    const { probes, caSecrets } = told.facts.clusters.find(({ cluster }) => cluster === facts.cluster)!;
    return { ...facts, probes, caSecrets };
  });
  return { ...told, snapshots, evidence: known, facts: { ...gathered, clusters, fleet: told.facts.fleet, settled: true }, now };
}
