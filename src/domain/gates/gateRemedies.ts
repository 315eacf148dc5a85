// The step that leads past an obstacle, where one of the procedure's does; what else helps, the obstacle's own words say.
import type { ClusterRef } from '../cluster.js';
import type { Phase, StepId, StepSuggestion, StepTarget } from '../procedure/stepOrder.js';
import type { GateId } from './gate.js';
import type { GateFacts } from './gateFacts.js';
import type { Obstacle, ObstacleKind } from './obstacle.js';

type Remedy = (obstacle: Obstacle, facts: GateFacts) => readonly [StepId, Phase] | undefined;

function always(step: StepId, phase: Phase): Remedy {
  return () => [step, phase];
}

/** Phase 2's revision has steps of its own. */
function byRevision(first: StepId, second: StepId): Remedy {
  return ({ subject }, { revision1, revision2 }) => (subject === revision2 ? [second, 2] : subject === revision1 ? [first, 1] : undefined);
}

/** A proxy of a gateway is moved with its gateway, any other by a restart of its namespace. */
const restart: Remedy = ({ proxy, detail }, { revision1 }) => [
  proxy?.role === 'router' ? 'restart-gateways' : 'restart-workloads',
  detail === revision1 ? 2 : 1,
];
const probe = byRevision('probe-revision-1', 'probe-revision-2');
const install = byRevision('install-revision-1', 'install-revision-2');

/** A tag and a namespace may have the same name: as long as both stand in the way, the namespace is moved first. */
function isTag({ cluster, subject, detail }: Obstacle, { clusters }: GateFacts): boolean {
  const named = clusters.find((one) => one.cluster === cluster)?.references.filter(({ name, revision }) => name === subject && revision === detail) ?? [];
  return named.length > 0 && named.every(({ kind }) => kind === 'tag');
}

/** The newest revision of a cluster goes only when its phase is rolled back. */
function istiodServiceRefers({ cluster, subject }: Obstacle, { clusters, revision1, revision2 }: GateFacts): readonly [StepId, Phase] {
  const hasSecond = clusters.some((one) => one.cluster === cluster && one.controlPlanes.some(({ revision, installed }) => revision === revision2 && installed));
  if (subject === revision2) return ['roll-back-cluster', 2];
  if (subject === revision1) return hasSecond ? ['finalize-webhook', 2] : ['roll-back-cluster', 1];
  return ['finalize-webhook', 1];
}

const REMEDIES: Partial<Readonly<Record<ObstacleKind, Remedy>>> = {
  fleetUnread: always('check-fleet', 0),
  controlPlaneMissing: install,
  controlPlaneNotReady: install,
  webhookNotInjecting: install,
  probeMissing: probe,
  probeFailed: probe,
  proxyLacksMeshCa: restart,
  proxyLacksIssuer: restart,
  proxyRejectsDomain: restart,
  proxyUnjudged: restart,
  probeNotTrusted: restart,
  probeNotAccepted: restart,
  proxyRefers: restart,
  proxyOldCertificate: always('restart-workloads', 2),
  proxyMeshCaCertificate: always('roll-back-cluster', 2),
  creatableMeshCa: always('roll-back-cluster', 2),
  creatableByOld: ({ detail }, { revision1 }) => ['migrate-namespace', detail === revision1 ? 2 : 1],
  reference: (obstacle, facts) => [isTag(obstacle, facts) ? 'move-tags' : 'migrate-namespace', obstacle.detail === facts.revision1 ? 2 : 1],
  identityFindings: always('scan-identity', 1),
  identityNotScanned: always('scan-identity', 1),
  istiodServiceRefers,
  // Which leads it back before anything else.
  istiodServiceElsewhere: always('roll-back-cluster', 1),
  citadelLeft: ({ subject }, { revision1 }) => ['delete-old-istiod', subject === revision1 ? 2 : 1],
  caNotLoaded: always('restart-control-plane', 3),
  caSecretMissing: always('restore-secrets', 3),
  backupMissing: always('backup-secrets', 3),
};

const ON_MESH: readonly StepId[] = ['check-fleet'];
const NAMESPACED: readonly StepId[] = ['restart-workloads', 'migrate-namespace'];

/** Undefined where no step helps, or where it is not known which cluster is meant. */
export function gateRemedy(gate: GateId, obstacle: Obstacle, facts: GateFacts): StepSuggestion | undefined {
  const found = REMEDIES[obstacle.kind]?.(obstacle, facts);
  const ref = facts.clusters.find(({ cluster }) => cluster === obstacle.cluster)?.ref;
  if (found === undefined) return undefined;
  const [step, phase] = found;
  if (ON_MESH.includes(step)) return { step, phase, target: { scope: 'mesh' } };
  if (ref === undefined) return undefined;
  // A backup that is missing when Secrets are to come back can no longer be made.
  if (gate === 'restore' && step === 'backup-secrets') return undefined;
  const target = targetOf(step, obstacle, ref);
  return target && { step, phase, target };
}

function targetOf(step: StepId, { subject, proxy }: Obstacle, cluster: ClusterRef): StepTarget | undefined {
  const [namespace = '', kind, name] = subject.split('/');
  if (step === 'restart-gateways' && proxy !== undefined) {
    return { scope: 'gateway', cluster, namespace: proxy.namespace, name: proxy.workload.slice(proxy.workload.indexOf('/') + 1) };
  }
  if (!NAMESPACED.includes(step)) return { scope: 'cluster', cluster };
  // What is neither a namespace nor in one is not moved by a label.
  if (namespace === '' || (kind !== undefined && name === undefined)) return undefined;
  return { scope: 'namespace', cluster, namespace };
}
