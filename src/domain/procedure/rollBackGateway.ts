// `roll-back-gateway`: phase 1 takes the canary away again, phase 2 moves the gateway back in place (the guide's "Rollback", steps 1 and 5).
// A Gateway of the Gateway API has no canary: it was moved in place in phase 1 too.
import { message } from '../../shared/text/message.js';
import { REVISION_LABEL } from '../../shared/istioNames.js';
import { planDeletion } from './deleteOldGateway.js';
import { manifestRequests } from './gatewayManifests.js';
import type { OrderedGateway } from './gatewayParts.js';
import { orderedGateway } from './gatewayParts.js';
import type { ProcedureStep } from './procedureStep.js';
import { newRevision, oldRevision } from './situationParts.js';
import { blocks, unplannable } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';
import { inPlaceNeeds, moveInPlace } from './upgradeGateway.js';

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
    return isCanaryOf(order, gateway) ? manifestRequests(situation, gateway) : inPlaceNeeds(gateway, oldRevision(order, situation));
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
    const draft = planDeletion(situation, gateway);
    const isCanary = gateway.facts.templateLabels[REVISION_LABEL] === newRevision(order, situation);
    return isCanary ? draft : { ...draft, findings: [blocks(message('procedureChecks.gateway.notCanary', { name: gateway.name })), ...draft.findings] };
  },
};

/** Whether what is taken back is a Deployment of its own; whatever else was moved goes back the way it came. */
function isCanaryOf({ phase }: StepOrder, { gatewayApi }: OrderedGateway): boolean {
  return phase === 1 && gatewayApi === undefined;
}
