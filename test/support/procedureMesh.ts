// A mesh in a few words for tests of the procedure: what was read of one cluster, its plan, and the files and tools around it.
import type { ClusterRef } from '../../src/domain/cluster.js';
import { clusterKey } from '../../src/domain/cluster.js';
import type { ClusterGateFacts } from '../../src/domain/gates/gateFacts.js';
import type { ServiceFacts } from '../../src/domain/mesh/facts.js';
import type { GateObjects } from '../../src/domain/mesh/gateObjects.js';
import { NOTHING_LISTED } from '../../src/domain/mesh/gateObjects.js';
import type { ClusterSnapshot, NamespaceSnapshot } from '../../src/domain/mesh/snapshot.js';
import type { MigrationPlan, PlannedCluster } from '../../src/domain/plan/migrationPlan.js';
import type { InspectionAnswer } from '../../src/domain/procedure/inspection.js';
import { PROCEDURE } from '../../src/domain/procedure/procedure.js';
import type { MeshSituation, StepDraft } from '../../src/domain/procedure/procedureStep.js';
import type { Phase, StepId, StepOrder, StepTarget } from '../../src/domain/procedure/stepOrder.js';
import { textRenderer } from '../../src/shared/text/render.js';
import type { StepMesh } from './stepMesh.js';
import { CLUSTER, injector, stepMesh } from './stepMesh.js';

export const R1 = 'asm-1232-2-distribute-root';
export const R2 = 'asm-1232-2-meshca-ca-migration';
export const OLD_ASM = 'asm-1162-2';

export const PLANNED: PlannedCluster = {
  ref: CLUSTER,
  project: 'rehearsal-project',
  location: 'us-central1',
  name: 'cluster-1',
  outputDirectory: '/srv/asm/cluster-1',
  overlays: [],
  caFiles: undefined,
};

export const PLAN: MigrationPlan = {
  version: 1,
  startingPoint: 'istio',
  fleetProject: 'rehearsal-project',
  clusters: [PLANNED],
  revision1: R1,
  revision2: R2,
  asmcli: undefined,
  asmcliFlags: [],
  waveSize: 2,
  tests: {},
  waivers: [],
  backupDirectory: '/srv/backups',
};

const FACTS: ClusterGateFacts = {
  cluster: clusterKey(CLUSTER),
  ref: CLUSTER,
  unread: [],
  controlPlanes: [],
  proxies: [],
  creatable: [],
  webhooks: [],
  references: [],
  gatewayServices: [],
  caSecrets: [
    { name: 'cacerts', present: false, backedUp: false },
    { name: 'istio-ca-secret', present: true, backedUp: false },
  ],
  probes: [],
  openIdentityFindings: 0,
  istiodService: undefined,
};

export interface ProcedureMesh {
  readonly mesh?: StepMesh;
  readonly services?: readonly ServiceFacts[];
  readonly objects?: Partial<GateObjects>;
  readonly change?: (snapshot: ClusterSnapshot) => ClusterSnapshot;
  readonly facts?: Partial<ClusterGateFacts>;
  readonly plan?: Partial<MigrationPlan>;
  readonly planned?: Partial<PlannedCluster>;
  readonly inspection?: Readonly<Record<string, InspectionAnswer>>;
}

const ASMCLI: InspectionAnswer = { kind: 'tool', path: 'asmcli', version: '1.23.2-asm.2+config1' };

/** Everything is known; both new control planes run beside the old one unless the mesh says otherwise. */
export function situation(words: ProcedureMesh = {}): MeshSituation {
  const revisions = ['default', R1, R2];
  const built = stepMesh({ istiods: Object.fromEntries(revisions.map((one) => [one, 1])), injectors: revisions.map(injector), ...words.mesh });
  const placed = (words.services ?? []).reduce(withService, built);
  const listed = Object.fromEntries(Object.keys(NOTHING_LISTED).map((kind) => [kind, { state: 'listed', items: [], served: true }])) as unknown as GateObjects;
  const snapshot = { ...placed, objects: { ...listed, ...words.objects } };
  const plan = { ...PLAN, clusters: [{ ...PLANNED, ...words.planned }], ...words.plan };
  return {
    plan,
    snapshots: [words.change === undefined ? snapshot : words.change(snapshot)],
    facts: {
      clusters: [{ ...FACTS, ...words.facts }],
      baseline: undefined,
      clustersNotInPlan: [],
      fleet: { state: 'read', members: 1, notInPlan: [] },
      settled: true,
      revision1: plan.revision1,
      revision2: plan.revision2,
      meshCaDomain: 'rehearsal-project.svc.id.goog',
    },
    tools: { kubectl: 'kubectl', asmcli: 'asmcli', gcloud: 'gcloud', istioctl: 'istioctl', rolloutTimeoutMinutes: 10, storage: '/srv/own' },
    now: 0,
    inspection: { 'tool asmcli': ASMCLI, ...words.inspection },
  };
}

function withService(snapshot: ClusterSnapshot, service: ServiceFacts): ClusterSnapshot {
  const namespace = snapshot.namespaces.get(service.namespace);
  if (namespace === undefined) return snapshot;
  const changed: NamespaceSnapshot = { ...namespace, services: new Map([...namespace.services, [service.name, service]]) };
  return { ...snapshot, namespaces: new Map([...snapshot.namespaces, [service.namespace, changed]]) };
}

export function service(namespace: string, name: string, selector: Readonly<Record<string, string>>): ServiceFacts {
  return { namespace, name, uid: name, type: 'ClusterIP', labels: {}, selector };
}

export function order(step: StepId, phase: Phase, target: StepTarget = { scope: 'cluster', cluster: CLUSTER }, parameters: StepOrder['parameters'] = {}): StepOrder {
  return { step, phase, target, parameters };
}

export function gatewayTarget(namespace: string, name: string, cluster: ClusterRef = CLUSTER): StepTarget {
  return { scope: 'gateway', cluster, namespace, name };
}

/** The row's own plan, gates aside: they have tests of their own. */
export function draft(wanted: StepOrder, mesh: MeshSituation): StepDraft {
  return PROCEDURE[wanted.step].plan(wanted, mesh);
}

/** The words of each command line after `kubectl --kubeconfig FILE --context CONTEXT`, which every one of them must begin with. */
export function kubectlLines({ commands }: Pick<StepDraft, 'commands'>): readonly string[] {
  return commands.map(({ argv }) => {
    const [tool, flag1, file, flag2, context, ...words] = argv;
    const named = [tool, flag1, file, flag2, context].join(' ');
    if (named !== `kubectl --kubeconfig ${CLUSTER.kubeconfig} --context ${CLUSTER.context}`) throw new Error(`names no cluster: ${argv.join(' ')}`);
    return words.join(' ');
  });
}

const text = textRenderer('en');

/** What keeps the step from running, in words. */
export function blockers({ findings }: StepDraft): readonly string[] {
  return findings.filter(({ severity }) => severity === 'blocks').map((finding) => text(finding.message));
}

export function reasons({ guideForm }: StepDraft): readonly string[] {
  return (guideForm?.reasons ?? []).map((reason) => reason.key);
}

/** What the row says of a mesh read after it: `verified`, `open` or `unknown`. */
export function verdictOf({ verify }: StepDraft): (after: MeshSituation) => string {
  return (after) => verify?.(after).kind ?? 'nothing to verify';
}
