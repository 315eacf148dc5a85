// `roll-back-gateway`: phase 1 takes the canary away again, phase 2 moves the gateway back in place (the guide's "Rollback", steps 1 and 5).
// A Gateway of the Gateway API has no canary: it was moved in place in phase 1 too. Where the old gateway has been deleted already, it
// comes back first, from the manifests that were kept: its Services are never without an endpoint.
import { message } from '../../shared/text/message.js';
import { REVISION_LABEL } from '../../shared/istioNames.js';
import { CANARY_LABEL } from './canaryManifest.js';
import { planDeletion } from './deleteOldGateway.js';
import type { GatewayPlace } from './gatewayManifests.js';
import { manifestRequests, newestManifests, placeOf, putBack } from './gatewayManifests.js';
import type { OrderedGateway } from './gatewayParts.js';
import { orderedGateway, rolloutStatus, servicesLeftAlone } from './gatewayParts.js';
import type { MeshSituation, ProcedureStep, StepDraft } from './procedureStep.js';
import { newRevision, oldRevision } from './situationParts.js';
import { allOf, blocks, triedAtServer, unplannable } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';
import { inPlaceNeeds, moveInPlace } from './upgradeGateway.js';
import { rolledOut } from './verifyRollout.js';

export const rollBackGateway: ProcedureStep = {
  id: 'roll-back-gateway',
  phases: [1, 2],
  scope: 'gateway',
  guideSection: 'Rollback',
  readsOnly: false,
  title: ({ target }) => message('procedure.rollBackGateway.title', { gateway: target.scope === 'gateway' ? target.name : '' }),
  gates: (order, situation) =>
    order.phase === 1 ? [{ gate: 'rollback-1', about: { revision: oldRevision(order, situation) } }] : [{ gate: 'rollback-2', about: {} }],
  needs: (order, situation) => {
    const gateway = orderedGateway(order, situation);
    if (gateway === undefined) return [];
    if (!isCanaryOf(order, gateway)) return inPlaceNeeds(gateway, oldRevision(order, situation));
    const gone = goneBefore(gateway, newRevision(order, situation));
    return [placeOf(gateway), ...(gone === undefined ? [] : [gone])].flatMap((place) => manifestRequests(situation, place));
  },
  plan: (order, situation) => {
    const gateway = orderedGateway(order, situation);
    const { plan } = situation;
    if (gateway === undefined) return unplannable(message('procedureChecks.gateway.missing'));
    if (plan === undefined) return unplannable(message('procedureChecks.noPlan'));
    if (!isCanaryOf(order, gateway)) {
      const revision = oldRevision(order, situation);
      return revision === undefined ? unplannable(message('procedureChecks.oldRevisionUnknown')) : moveInPlace(situation, gateway, revision);
    }
    const isCanary = gateway.facts.templateLabels[REVISION_LABEL] === newRevision(order, situation);
    if (!isCanary) {
      const draft = planDeletion(situation, gateway);
      return { ...draft, findings: [blocks(message('procedureChecks.gateway.notCanary', { name: gateway.name })), ...draft.findings] };
    }
    const gone = goneBefore(gateway, newRevision(order, situation));
    return gone === undefined || servicesLeftAlone(gateway).length === 0 ? planDeletion(situation, gateway) : planExchange(situation, gateway, gone);
  },
};

/** The gateway that the canary was made beside, where it is gone. */
function goneBefore({ cluster, namespace, name }: OrderedGateway, revision: string | undefined): GatewayPlace | undefined {
  const ending = `-${revision ?? ''}`;
  if (revision === undefined || !name.endsWith(ending)) return undefined;
  const old = name.slice(0, -ending.length);
  return namespace.workloads.has(`Deployment/${old}`) ? undefined : { cluster, namespace: namespace.name, name: old };
}

/** The old gateway is put back and serves before the canary goes. */
function planExchange(situation: MeshSituation, gateway: OrderedGateway, old: GatewayPlace): StepDraft {
  const file = newestManifests(situation, old);
  if (file === undefined) {
    const draft = planDeletion(situation, gateway);
    return { ...draft, findings: [...draft.findings, blocks(message('procedureChecks.gateway.notKept', { name: old.name }))] };
  }
  // Beside what the canary took over it has two labels of its own.
  const returning = Object.fromEntries(Object.entries(gateway.facts.templateLabels).filter(([key]) => key !== REVISION_LABEL && key !== CANARY_LABEL));
  const draft = planDeletion(situation, { ...gateway, returning });
  const back = putBack(situation, old.cluster, file);
  return {
    ...draft,
    commands: [back, rolloutStatus(situation, old.cluster, old.namespace, old.name), ...draft.commands],
    dryRun: [...triedAtServer([back]), ...draft.dryRun],
    changes: [message('procedure.rollBackGateway.change.putBack', { name: old.name, file }), ...draft.changes],
    verify: allOf(rolledOut({ cluster: old.cluster, namespace: old.namespace, kind: 'Deployment', name: old.name }, undefined), ...(draft.verify === undefined ? [] : [draft.verify])),
  };
}

/** Whether what is taken back is a Deployment of its own; whatever else was moved goes back the way it came. */
function isCanaryOf({ phase }: StepOrder, { gatewayApi }: OrderedGateway): boolean {
  return phase === 1 && gatewayApi === undefined;
}
