// What the procedure's own rows say of a simulated mesh that somebody has already broken, or is about to break: orders and their plans as text.
import { readWebhookConfiguration } from '../../src/adapters/kubernetes/gateObjectFacts.js';
import type { Listed, WebhookConfigurationFacts } from '../../src/domain/mesh/gateObjects.js';
import { NOTHING_LISTED } from '../../src/domain/mesh/gateObjects.js';
import { clusterKey } from '../../src/domain/cluster.js';
import { proxyKey } from '../../src/domain/evidence/gateInputs.js';
import type { MeshSituation, StepPlan, StepVerification } from '../../src/domain/procedure/procedureStep.js';
import type { StepOrder } from '../../src/domain/procedure/stepOrder.js';
import { ISTIOD_STREAM_QUERY, parseIstiodStream } from '../../src/domain/trust/istiodStream.js';
import { statisticsAnswer } from '../../src/rehearsal/envoy/statistics.js';
import { asPod } from '../../src/rehearsal/mesh/podTypes.js';
import type { SimulatedCluster } from '../../src/rehearsal/mesh/simulatedCluster.js';
import { textRenderer } from '../../src/shared/text/render.js';
import type { TestMesh } from '../unit/rehearsal/mesh/drawnMesh.js';
import type { Evidence } from './rehearsedSituation.js';
import { CLUSTER_REFS, PLAN, REVISION_1, REVISION_2, rehearsedSituation } from './rehearsedSituation.js';

const HOOKS = 'admissionregistration.k8s.io';
const [CLUSTER] = CLUSTER_REFS;
const english = textRenderer('en');

/** Everything that only steps leave behind is there, for a guard to be the only thing in the way. */
export const DONE: Evidence = { plan: PLAN, baseline: true, scanned: true, probed: [REVISION_1, REVISION_2] };

/** With the webhooks of the clusters, which the simulation's snapshot leaves to be listed. */
export function seen(mesh: TestMesh, evidence: Evidence = DONE): MeshSituation {
  const read = rehearsedSituation(mesh, evidence);
  const clusters = [mesh.first, mesh.second];
  return { ...read, snapshots: read.snapshots.map((snapshot, index) => ({ ...snapshot, objects: { ...NOTHING_LISTED, ...webhooksOf(clusters[index]!) } })) };
}

function webhooksOf({ backend: { store } }: SimulatedCluster): Record<'mutatingWebhooks' | 'validatingWebhooks', Listed<WebhookConfigurationFacts>> {
  const listed = (kind: string): Listed<WebhookConfigurationFacts> => ({
    state: 'listed', served: true, items: store.list(`${kind}.${HOOKS}`).flatMap((object) => readWebhookConfiguration(object) ?? []),
  });
  return { mutatingWebhooks: listed('mutatingwebhookconfigurations'), validatingWebhooks: listed('validatingwebhookconfigurations') };
}

export function onCluster(step: StepOrder['step'], phase: StepOrder['phase']): StepOrder {
  return { step, phase, target: { scope: 'cluster', cluster: CLUSTER }, parameters: {} };
}

export function onNamespace(step: StepOrder['step'], phase: StepOrder['phase'], namespace: string): StepOrder {
  return { step, phase, target: { scope: 'namespace', cluster: CLUSTER, namespace }, parameters: {} };
}

export function obstacles({ gates }: StepPlan): string {
  return gates.flatMap(({ items }) => items.map(({ cluster, subject, problem }) => `${cluster ?? ''} ${subject} ${english(problem)}`)).join('\n');
}

export function warned({ findings }: StepPlan): string {
  return findings.filter(({ severity }) => severity === 'warns').map(({ message }) => english(message)).join('\n');
}

export function afterwards({ verify }: StepPlan, mesh: TestMesh): string {
  return inWords(verify?.(seen(mesh)));
}

/** What is asked last, when nothing else is open: with the statistics of the first cluster's proxies, read as the product reads them. */
export function lastly({ verifyLast }: StepPlan, mesh: TestMesh): string {
  const { first } = mesh;
  const query = new URLSearchParams(ISTIOD_STREAM_QUERY);
  const streams = first.backend.store.list('pods').map(asPod).flatMap(({ metadata: { name, namespace = '' } }) => {
    const proxy = first.proxyIn(namespace, name);
    const controlStream = first.controlStreamOf(namespace, name);
    if (proxy === undefined || controlStream === undefined) return [];
    const { body } = statisticsAnswer({ istioVersion: proxy.settings.version, controlStream }, query);
    return [[proxyKey(namespace, name), parseIstiodStream(JSON.parse(body))] as const];
  });
  const inspection = { [`istiodStreams ${clusterKey(CLUSTER)}`]: { kind: 'istiodStreams', streams: new Map(streams) } as const };
  return inWords(verifyLast?.verify({ ...seen(mesh), inspection }));
}

function inWords(verdict: StepVerification | undefined): string {
  const items = verdict?.kind === 'open' ? verdict.items : verdict?.kind === 'unknown' ? verdict.why : [];
  return [verdict?.kind, ...items.map(english)].join('\n');
}
