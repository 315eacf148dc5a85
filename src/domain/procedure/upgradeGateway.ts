// `upgrade-gateway`, and its way back: a gateway that serves is moved to another revision in place (the guide's "In-place upgrades").
import { message } from '../../shared/text/message.js';
import { REVISION_LABEL } from '../../shared/istioNames.js';
import { configFindings, credentialRequests } from './gatewayConfigFindings.js';
import type { OrderedGateway } from './gatewayParts.js';
import { injectedBy, labelBoth, labelProblem, orderedGateway, rolloutStatus } from './gatewayParts.js';
import type { InspectionRequest } from './inspection.js';
import { moveGatewayApi } from './moveGatewayApi.js';
import type { GuideForm, MeshSituation, ProcedureStep, StepDraft, StepFinding, StepVerification } from './procedureStep.js';
import { newRevision } from './situationParts.js';
import { allOf, blocks, EMPTY_DRAFT, findingsWhere, openWhile, triedAtServer, unplannable, warns } from './stepDraft.js';
import { rolledOut, workloadAt } from './verifyRollout.js';

export const upgradeGateway: ProcedureStep = {
  id: 'upgrade-gateway',
  phases: [2],
  scope: 'gateway',
  guideSection: 'Migrate workloads to the new control plane',
  readsOnly: false,
  title: ({ target }) => message('procedure.upgradeGateway.title', { gateway: target.scope === 'gateway' ? target.name : '' }),
  gates: () => [{ gate: 'phase-2-labels', about: {} }],
  needs: (order, situation) => inPlaceNeeds(orderedGateway(order, situation), order.parameters.revision ?? newRevision(order, situation)),
  plan: (order, situation) => {
    const gateway = orderedGateway(order, situation);
    const revision = order.parameters.revision ?? newRevision(order, situation);
    if (gateway === undefined) return unplannable(message('procedureChecks.gateway.missing'));
    if (revision === undefined) return unplannable(message('procedureChecks.noPlan'));
    return moveInPlace(situation, gateway, revision);
  },
};

/** What has to be read before a gateway is moved in place. */
export function inPlaceNeeds(gateway: OrderedGateway | undefined, revision: string | undefined): readonly InspectionRequest[] {
  return gateway === undefined || revision === undefined ? [] : credentialRequests(gateway, revision);
}

/** To `revision` in place, whichever way that is. */
export function moveInPlace(situation: MeshSituation, gateway: OrderedGateway, revision: string): StepDraft {
  const { cluster, namespace, facts, gatewayApi } = gateway;
  if (gatewayApi !== undefined) return moveGatewayApi(situation, gateway, gatewayApi, revision);
  const place = { cluster, namespace: namespace.name, kind: 'Deployment', name: facts.name } as const;
  const before = facts.templateLabels[REVISION_LABEL];
  const move = (to: string): StepDraft['commands'][number] => labelBoth(situation, gateway, to);
  const isThere = before === revision && facts.labels[REVISION_LABEL] === revision;
  return {
    ...EMPTY_DRAFT,
    commands: [move(revision), rolloutStatus(situation, cluster, namespace.name, facts.name)],
    guideForm: templateOnly(gateway, revision),
    dryRun: triedAtServer([move(revision)]),
    changes: [message('procedure.upgradeGateway.change.both', { name: facts.name, revision }), message('procedure.upgradeGateway.change.rolls', { pods: facts.desired })],
    guarded: [message('procedure.upgradeGateway.guard.selector'), message('procedure.migrateGateway.guard.label'), message('procedure.migrateGateway.guard.config')],
    findings: [...inPlaceFindings(gateway, revision), ...configFindings(situation, gateway, revision)],
    checks: [message('procedure.migrateGateway.check.ready', { revision }), message('procedure.upgradeGateway.check.labels')],
    undo:
      before === undefined
        ? { explanation: message('procedure.upgradeGateway.undoUnknown'), commands: [] }
        : { explanation: message('procedure.upgradeGateway.undo', { revision: before }), commands: [move(before), rolloutStatus(situation, cluster, namespace.name, facts.name)] },
    verify: allOf(rolledOut(place, isThere ? undefined : facts.generation), injectedBy(gateway, facts.name, revision), labelsAre(gateway, revision)),
  };
}

/** With the template alone, `delete deploy -l …istio.io/rev=REVISION_1` of the finish would then delete the live gateway. */
function templateOnly({ name, namespace }: OrderedGateway, revision: string): GuideForm {
  const patch = JSON.stringify({ spec: { template: { metadata: { labels: { [REVISION_LABEL]: revision } } } } });
  return {
    lines: [`kubectl patch deployment ${name} -n ${namespace.name} -p '${patch}'`],
    reasons: [message('doctor.context'), message('doctor.gateway.templateOnly')],
    commands: undefined,
  };
}

function inPlaceFindings(gateway: OrderedGateway, revision: string): readonly StepFinding[] {
  const { facts } = gateway;
  const problem = labelProblem(gateway, revision);
  return [
    // Immutable: the API server refuses a template that the selector no longer matches.
    ...findingsWhere(
      [REVISION_LABEL in facts.selector, blocks(message('procedureChecks.gateway.selectorHasRevision', { name: facts.name }))],
      [facts.paused, blocks(message('procedureChecks.gateway.paused', { name: facts.name }))],
      [facts.desired < 2, warns(message('procedureChecks.gateway.oneReplica', { name: facts.name }))],
      [facts.proxyInTemplate, blocks(message('procedureChecks.gateway.rendered', { name: facts.name }))],
    ),
    ...(problem === undefined ? [] : [blocks(problem)]),
  ];
}

function labelsAre({ cluster, namespace, facts }: OrderedGateway, revision: string): (situation: MeshSituation) => StepVerification {
  return (situation) => {
    const found = workloadAt(situation, { cluster, namespace: namespace.name, kind: 'Deployment', name: facts.name });
    const isLabelled = found?.templateLabels[REVISION_LABEL] === revision && found.labels[REVISION_LABEL] === revision;
    const items = isLabelled ? [] : [message('procedureChecks.gateway.labelsDiffer', { name: facts.name, revision })];
    return openWhile(items, true, [message('procedureChecks.gateway.labelsAre', { name: facts.name, revision })]);
  };
}
