// `roll-back-cluster`: the end of a rollback (the guide's "Rollback", steps 5 to 7), once nothing uses the new revision any more;
// and the orders of a whole rollback, in the order in which they have to be carried out.
import { message } from '../../shared/text/message.js';
import { DEFAULT_REVISION, INJECTION_LABEL, REVISION_LABEL } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { gateways } from '../mesh/gateways.js';
import { memoryOf } from '../steps/labelMemory.js';
import { injectionLabelsOf } from '../steps/namespaceLabels.js';
import { planControlPlaneDeletion } from './deleteOldIstiod.js';
import { operatorDeletion, operatorName } from './deleteOldOperator.js';
import { finalizationBack } from './finalizeWebhook.js';
import { tagsBack, tagsOf } from './moveTags.js';
import type { MeshSituation, ProcedureStep } from './procedureStep.js';
import { clusterOf, factsOf, newRevision, oldRevision, snapshotOf } from './situationParts.js';
import { triedAtServer, unplannable } from './stepDraft.js';
import type { Phase, StepOrder } from './stepOrder.js';

export const rollBackCluster: ProcedureStep = {
  id: 'roll-back-cluster',
  phases: [1, 2],
  scope: 'cluster',
  guideSection: 'Rollback',
  readsOnly: false,
  title: ({ phase }) => message(phase === 1 ? 'procedure.rollBackCluster.title1' : 'procedure.rollBackCluster.title2'),
  gates: (order, situation) => {
    const back = oldRevision(order, situation);
    const lock = order.phase === 1 ? ({ gate: 'rollback-1', about: { revision: back } } as const) : ({ gate: 'rollback-2', about: {} } as const);
    return [lock, { gate: 'finish', about: { goes: 'controlPlane', revision: newRevision(order, situation), successor: back } }];
  },
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    const revision = newRevision(order, situation);
    if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
    if (revision === undefined) return unplannable(message('procedureChecks.noPlan'));
    const draft = planControlPlaneDeletion({ situation, cluster, revision });
    const operator = operatorDeletion(situation, cluster, revision);
    return {
      ...draft,
      commands: [...draft.commands, ...operator],
      dryRun: [...draft.dryRun, ...triedAtServer(operator)],
      guideForm: {
        lines: [
          `kubectl delete deploy -l app=istio-ingressgateway,istio.io/rev=${revision} -n istio-system --ignore-not-found=true`,
          `kubectl delete Service,Deployment,HorizontalPodAutoscaler,PodDisruptionBudget istiod-${revision} -n istio-system --ignore-not-found=true`,
          `kubectl delete IstioOperator ${operatorName(revision)} -n istio-system`,
        ],
        reasons: [message('doctor.context'), message('doctor.rollBack.gateway'), message('doctor.deleteIstiod.webhooks'), message('doctor.operator.mayBeMissing')],
        commands: undefined,
      },
      confirmation: draft.confirmation === undefined ? undefined : { ...draft.confirmation, irreversible: undefined },
      undo: { explanation: message('procedure.rollBackCluster.undo', { revision }), commands: [] },
    };
  },
};

/**
 * Everything that a rollback of this phase does in these clusters: Service `istiod` and tags first, which say who injects what is
 * labelled by them, then gateways and namespaces, in each cluster, and the new control planes last, when nothing refers to them. Namespaces that nothing remembers are left to be chosen for.
 */
export function rollBackOrders(phase: Phase, clusters: readonly ClusterRef[], situation: MeshSituation): readonly StepOrder[] {
  const revision = newRevision({ phase, step: 'roll-back-cluster', target: { scope: 'mesh' }, parameters: {} }, situation);
  if (revision === undefined) return [];
  const moved = clusters.flatMap((cluster) => [...gatewayOrders(phase, cluster, revision, situation), ...namespaceOrders(phase, cluster, revision, situation), ...followerOrders(phase, cluster, revision, situation)]);
  const tags = clusters.filter((cluster) => tagsOf(situation, cluster, revision).length > 0).map((cluster) => tagsBack(phase >= 2 ? 2 : 1, cluster));
  const ends = clusters.map((cluster): StepOrder => ({ step: 'roll-back-cluster', phase, target: { scope: 'cluster', cluster }, parameters: {} }));
  const services = clusters.filter((cluster) => factsOf(situation, cluster)?.istiodService === revision).map((cluster) => finalizationBack(phase >= 2 ? 2 : 1, cluster));
  return [...services, ...tags, ...moved, ...ends];
}

function gatewayOrders(phase: Phase, cluster: ClusterRef, revision: string, situation: MeshSituation): readonly StepOrder[] {
  const snapshot = snapshotOf(situation, cluster);
  if (snapshot === undefined) return [];
  return gateways(snapshot)
    .filter(({ workload }) => workload.facts?.templateLabels[REVISION_LABEL] === revision)
    .map(({ namespace, workload }) => ({ step: 'roll-back-gateway', phase, target: { scope: 'gateway', cluster, namespace, name: workload.name }, parameters: {} }));
}

function namespaceOrders(phase: Phase, cluster: ClusterRef, revision: string, situation: MeshSituation): readonly StepOrder[] {
  const namespaces = [...(snapshotOf(situation, cluster)?.namespaces.values() ?? [])];
  return namespaces.flatMap(({ name, facts }): readonly StepOrder[] => {
    if (facts?.labels[REVISION_LABEL] !== revision || facts.labels[INJECTION_LABEL] !== undefined) return [];
    const before = memoryOf(facts)?.before;
    // Phase 2 leads back to REVISION_1 by definition; what phase 1 found, only the namespace itself remembers.
    const parameters = phase >= 2 && before === undefined && situation.plan !== undefined ? { revision: situation.plan.revision1 } : {};
    return [{ step: 'roll-back-namespace', phase, target: { scope: 'namespace', cluster, namespace: name }, parameters }];
  });
}

/** Namespaces that moved with a tag have no label to take back: once the tag is back, a restart is all they need. */
function followerOrders(phase: Phase, cluster: ClusterRef, revision: string, situation: MeshSituation): readonly StepOrder[] {
  const tags = tagsOf(situation, cluster, revision);
  const running = new Set(factsOf(situation, cluster)?.proxies.flatMap((proxy) => (proxy.revision === revision ? [proxy.namespace] : [])));
  const namespaces = [...(snapshotOf(situation, cluster)?.namespaces.values() ?? [])];
  return namespaces.flatMap(({ name, facts }): readonly StepOrder[] => {
    const { injection, revision: label } = injectionLabelsOf(facts?.labels ?? {});
    // `istio-injection=enabled` asks for whoever tag `default` leads to, and wins over a revision.
    const tag = injection === undefined ? label : injection === 'enabled' ? DEFAULT_REVISION : undefined;
    if (tag === undefined || !tags.includes(tag) || !running.has(name)) return [];
    return [{ step: 'restart-workloads', phase, target: { scope: 'namespace', cluster, namespace: name }, parameters: {} }];
  });
}
