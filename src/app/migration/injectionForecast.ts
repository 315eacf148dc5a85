// Before a restart: what each workload of a namespace would be injected with, by the API server's own dry-run, or, where that is
// not permitted, by the webhooks' selectors. Refuses proxies that could not reach their CA.
import { ASM_IMAGES } from '../../domain/evidence/creatable.js';
import { proxyHubOf } from '../../domain/evidence/proxyHub.js';
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { CreatableFacts } from '../../domain/gates/gateFacts.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import type { Phase } from '../../domain/procedure/stepOrder.js';
import type { ForecastOutcome, WorkloadForecast } from '../../domain/procedure/workloadForecast.js';
import type { Failure } from '../../shared/failure.js';
import type { AdmittedPod, InjectionForecaster } from './ports.js';

/** In the order of the facts; workloads that are not meshed are left out. */
export async function forecastNamespace(
  situation: Pick<MeshSituation, 'facts' | 'snapshots'>,
  target: { readonly cluster: ClusterRef; readonly namespace: string; readonly phase: Phase },
  forecaster: InjectionForecaster,
  signal: AbortSignal,
): Promise<readonly WorkloadForecast[]> {
  const key = clusterKey(target.cluster);
  const snapshot = situation.snapshots.find(({ ref }) => clusterKey(ref) === key);
  const facts = situation.facts.clusters.find(({ cluster }) => cluster === key);
  const meshed = (facts?.creatable ?? []).filter(({ namespace, meshed }) => namespace === target.namespace && meshed);
  return Promise.all(meshed.map((creatable) => forecastOne(snapshot, target, creatable, forecaster, signal)));
}

async function forecastOne(
  snapshot: ClusterSnapshot | undefined,
  { cluster, namespace, phase }: { readonly cluster: ClusterRef; readonly namespace: string; readonly phase: Phase },
  creatable: CreatableFacts,
  forecaster: InjectionForecaster,
  signal: AbortSignal,
): Promise<WorkloadForecast> {
  const { workload } = creatable;
  const asked = await forecaster.forecast(cluster, namespace, templateOf(workload), signal);
  const outcome = asked.ok ? admitted(asked.value) : withoutAnswer(asked.failure, creatable);
  const image = outcome.kind === 'injected' ? outcome.proxyImage : undefined;
  const revision = outcome.kind === 'injected' ? outcome.revision : undefined;
  const isForeign = image === undefined ? creatable.foreignProxyImage : !isOwnImage(snapshot, revision, image);
  return { workload, outcome, asked: asked.ok, pinnedForeignImage: phase === 2 && isForeign ? (image ?? 'sidecar.istio.io/proxyImage') : undefined };
}

/** Google's images, or those of the hub that the revision's own control plane comes from. */
function isOwnImage(snapshot: ClusterSnapshot | undefined, revision: string | undefined, image: string): boolean {
  if (ASM_IMAGES.test(image)) return true;
  const hub = snapshot === undefined || revision === undefined ? undefined : proxyHubOf(snapshot, revision);
  return hub !== undefined && image.startsWith(`${hub}/`);
}

function templateOf(workload: string): { readonly kind: string; readonly name: string } | undefined {
  const [kind = '', name = ''] = workload.split('/');
  return kind === 'Namespace' ? undefined : { kind, name };
}

function admitted({ hasProxy, revision, proxyImage, caAddress }: AdmittedPod): ForecastOutcome {
  return hasProxy ? { kind: 'injected', revision, proxyImage, caAddress } : { kind: 'withoutSidecar' };
}

/** An answer of the server is the answer; where it may not be asked, the selectors say what they can. */
function withoutAnswer(failure: Failure, { outcome }: CreatableFacts): ForecastOutcome {
  if (failure.kind === 'apiError' && failure.status !== 404) return { kind: 'refused', reason: failure.reason };
  switch (outcome.kind) {
    case 'injected':
    case 'handInjected':
      return { kind: 'injected', revision: outcome.revision, proxyImage: undefined, caAddress: undefined };
    default:
      return outcome;
  }
}
