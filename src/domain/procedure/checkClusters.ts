// `check-clusters`: whether this mesh is one that the migration can do, cluster by cluster.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { clusterName, gkeName } from '../cluster.js';
import { mayBeProject, membershipOf } from '../evidence/fleetMember.js';
import { workloadOf } from '../evidence/proxyGroups.js';
import { controlPlanes } from '../mesh/controlPlanes.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import { fleetFindings } from './checkFleet.js';
import type { MeshSituation, ProcedureStep, StepFinding } from './procedureStep.js';
import { blocks, EMPTY_DRAFT, openWhile, READS_ONLY, unknown, unplannable, warns } from './stepDraft.js';

export const checkClusters: ProcedureStep = {
  id: 'check-clusters',
  phases: [0],
  scope: 'mesh',
  guideSection: 'Prerequisites',
  readsOnly: true,
  title: () => message('procedure.clusters.title'),
  gates: () => [],
  plan: (_order, situation) => {
    if (situation.plan === undefined) return unplannable(message('procedureChecks.noPlan'));
    return {
      ...EMPTY_DRAFT,
      ...READS_ONLY,
      findings: clusterFindings(situation),
      guarded: [message('procedure.clusters.guard')],
      verify: (later) => {
        const unread = later.snapshots.filter(({ kinds }) => kinds.pods.state !== 'live' || kinds.namespaces.state !== 'live');
        if (unread.length > 0) return unknown(...unread.map(({ ref }) => message('procedureChecks.clusters.unread', { cluster: clusterName(ref) })));
        const open = clusterFindings(later).filter(({ severity }) => severity === 'blocks');
        return openWhile(open.map((finding) => finding.message), false, [message('procedureChecks.clusters.suitable', { count: later.snapshots.length })]);
      },
    };
  },
};

function clusterFindings(situation: MeshSituation): readonly StepFinding[] {
  const { plan, facts, snapshots } = situation;
  const projects = new Set((plan?.clusters ?? []).map(({ project }) => project));
  return [
    ...(projects.size > 1 ? [blocks(message('procedureChecks.clusters.projects', { names: [...projects].sort().join(', ') }))] : []),
    ...facts.clustersNotInPlan.map((name) => blocks(message('procedureChecks.clusters.notInPlan', { name }))),
    ...fleetFindings(facts),
    ...snapshots.flatMap((snapshot) => otherFleets(snapshot, situation)),
    ...(plan?.clusters ?? []).flatMap(({ ref, project }) => {
      const other = gkeName(ref.context)?.project;
      return other === undefined || other === project ? [] : [blocks(message('procedureChecks.install.otherProject', { project, context: ref.context }))];
    }),
    ...snapshots.flatMap((snapshot) => meshFindings(snapshot, situation)),
  ];
}

/** What makes it a mesh that this migration cannot do: the position and the installs ask it too. */
export function meshObstacles(snapshot: ClusterSnapshot): readonly Message[] {
  const cluster = clusterName(snapshot.ref);
  const managed = controlPlanes(snapshot).filter(({ revision }) => revision.startsWith('asm-managed'));
  return [
    ...ambientSigns(snapshot).map((sign) => message('procedureChecks.clusters.ambient', { cluster, sign })),
    ...managed.map(({ revision }) => message('procedureChecks.clusters.managed', { cluster, revision })),
    ...(usesCas(snapshot) ? [message('procedureChecks.clusters.cas', { cluster })] : []),
  ];
}

function meshFindings(snapshot: ClusterSnapshot, situation: MeshSituation): readonly StepFinding[] {
  const cluster = clusterName(snapshot.ref);
  const machines = [...itemsOf(snapshot.objects.workloadEntries), ...itemsOf(snapshot.objects.workloadGroups)];
  return [
    ...meshObstacles(snapshot).map(blocks),
    ...(machines.length === 0 ? [] : [warns(message('procedureChecks.clusters.machines', { cluster, names: machines.map(({ namespace, name }) => `${namespace}/${name}`).join(', ') }))]),
    ...proxylessPods(snapshot).map((pod) => warns(message('procedureChecks.clusters.proxyless', { cluster, pod }))),
    ...oldVersions(snapshot, situation).map(warns),
  ];
}

/** asmcli ends where the cluster is a member of another fleet than the plan's (asmcli/lib/hub.sh). */
function otherFleets({ ref, objects }: ClusterSnapshot, { plan }: MeshSituation): readonly StepFinding[] {
  if (plan === undefined) return [];
  const fleets = itemsOf(objects.memberships).flatMap(({ owner }) => membershipOf(owner ?? '')?.project ?? []);
  return fleets
    .filter((project) => !mayBeProject(project, plan.fleetProject))
    .map((project) => blocks(message('procedureChecks.clusters.otherFleet', { cluster: clusterName(ref), project, fleet: plan.fleetProject })));
}

/** Label of a namespace or a pod whose traffic ztunnel takes (Istio's ambient mode). */
const DATAPLANE_MODE = 'istio.io/dataplane-mode';

/** ztunnel trusts the root of its own chain alone (istio#47427), so that two roots at a time cannot be had. */
function ambientSigns(snapshot: ClusterSnapshot): readonly string[] {
  return [...snapshot.namespaces.values()].flatMap(({ name, facts, workloads, pods }) => [
    ...(facts?.labels[DATAPLANE_MODE] === 'ambient' ? [name] : []),
    ...(workloads.has('DaemonSet/ztunnel') ? [`${name}/ztunnel`] : []),
    ...new Set([...pods.values()].filter(({ labels }) => labels[DATAPLANE_MODE] === 'ambient').map((pod) => `${name}/${workloadOf(pod)}`)),
  ]);
}

function usesCas(snapshot: ClusterSnapshot): boolean {
  const told = controlPlanes(snapshot).flatMap(({ istiods, config }) => [...istiods.map(({ environment }) => environment), config?.proxyMetadata ?? {}]);
  return told.some(({ CA_PROVIDER, CA_ADDR }) => CA_PROVIDER === 'GoogleCAS' || CA_ADDR?.startsWith('privateca.') === true);
}

/** Injected with template `grpc-agent`: there is an agent, and no Envoy that could be read. */
function proxylessPods(snapshot: ClusterSnapshot): readonly string[] {
  return [...snapshot.namespaces.values()].flatMap(({ name, pods }) =>
    [...pods.values()].filter(({ annotations }) => annotations['inject.istio.io/templates']?.includes('grpc') === true).map((pod) => `${name}/${pod.name}`),
  );
}

/** The guide is for Istio on GKE and for Anthos Service Mesh 1.15 and 1.16. */
function oldVersions(snapshot: ClusterSnapshot, { plan }: MeshSituation): readonly Message[] {
  if (plan?.startingPoint !== 'asm') return [];
  return controlPlanes(snapshot)
    .filter(({ revision, istiods, version }) => revision !== plan.revision1 && revision !== plan.revision2 && istiods.length > 0 && !/^1\.1[56]\./.test(version ?? ''))
    .map(({ revision, version }) => message('procedureChecks.clusters.version', { revision, version: version ?? message('steps.revision.unknown') }));
}
