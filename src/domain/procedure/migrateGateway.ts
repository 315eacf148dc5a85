// `migrate-gateway`: a canary gateway of REVISION_1 beside the old one, behind the same Service (the guide's "Canary upgrades").
import { message } from '../../shared/text/message.js';
import { REVISION_LABEL } from '../../shared/istioNames.js';
import type { Canary } from './canaryManifest.js';
import { canaryManifest } from './canaryManifest.js';
import { configFindings, credentialRequests } from './gatewayConfigFindings.js';
import type { OrderedGateway } from './gatewayParts.js';
import { gatewayScaling, injectedBy, labelProblem, orderedGateway, rolloutStatus, servicesLeadingTo } from './gatewayParts.js';
import type { InspectionRequest } from './inspection.js';
import { answerTo, DEPLOYMENTS } from './inspection.js';
import { moveGatewayApi } from './moveGatewayApi.js';
import type { MeshSituation, ProcedureStep, StepDraft, StepFinding } from './procedureStep.js';
import { kubectl, newRevision } from './situationParts.js';
import { allOf, blocks, EMPTY_DRAFT, notes, unplannable, warns } from './stepDraft.js';
import { rolledOut } from './verifyRollout.js';

export const migrateGateway: ProcedureStep = {
  id: 'migrate-gateway',
  phases: [1],
  scope: 'gateway',
  guideSection: 'Migrate workloads to the new control plane',
  readsOnly: false,
  title: ({ target }) => message('procedure.migrateGateway.title', { gateway: target.scope === 'gateway' ? target.name : '' }),
  gates: () => [{ gate: 'phase-1-labels', about: {} }],
  needs: (order, situation) => {
    const gateway = orderedGateway(order, situation);
    const revision = order.parameters.revision ?? newRevision(order, situation);
    if (gateway === undefined) return [];
    const own = gateway.gatewayApi === undefined ? [deploymentRequest(gateway)] : [];
    return [...own, ...(revision === undefined ? [] : credentialRequests(gateway, revision))];
  },
  plan: (order, situation) => {
    const gateway = orderedGateway(order, situation);
    const revision = order.parameters.revision ?? newRevision(order, situation);
    if (gateway === undefined) return unplannable(message('procedureChecks.gateway.missing'));
    if (revision === undefined) return unplannable(message('procedureChecks.noPlan'));
    if (gateway.gatewayApi !== undefined) return moveGatewayApi(situation, gateway, gateway.gatewayApi, revision);
    const answer = answerTo(situation.inspection, deploymentRequest(gateway));
    const canary = answer?.kind === 'object' ? canaryManifest({ live: answer.json, revision, replicas: Math.max(1, gateway.facts.desired) }) : undefined;
    return canary === undefined ? unplannable(message('procedureChecks.gateway.unread')) : planCanary(situation, gateway, canary, revision);
  },
};

function deploymentRequest({ cluster, namespace, name }: OrderedGateway): InspectionRequest {
  return { kind: 'object', cluster, resource: DEPLOYMENTS, namespace: namespace.name, name };
}

function planCanary(situation: MeshSituation, gateway: OrderedGateway, canary: Canary, revision: string): StepDraft {
  const { cluster, namespace } = gateway;
  const stdin = JSON.stringify(canary.manifest);
  const apply = (...words: readonly string[]): StepDraft['commands'][number] => ({ ...kubectl(situation, cluster, 'apply', ...words, '-f', '-'), stdin });
  const { autoscalers } = gatewayScaling(gateway);
  return {
    ...EMPTY_DRAFT,
    commands: [apply(), rolloutStatus(situation, cluster, namespace.name, canary.name)],
    dryRun: [apply('--dry-run=server')],
    changes: [
      message('procedure.migrateGateway.change.beside', { name: canary.name, namespace: namespace.name, revision, replicas: Math.max(1, gateway.facts.desired) }),
      message('procedure.migrateGateway.change.traffic', { percent: trafficShare(gateway), services: servicesLeadingTo(namespace, canary.templateLabels).join(', ') }),
      message('procedure.migrateGateway.change.selector'),
      ...(autoscalers.length === 0 ? [] : [message('procedure.migrateGateway.change.fixedReplicas', { names: autoscalers.join(', ') })]),
    ],
    guarded: [message('procedure.migrateGateway.guard.service'), message('procedure.migrateGateway.guard.label'), message('procedure.migrateGateway.guard.config')],
    findings: [...canaryFindings(gateway, canary, revision), ...configFindings(situation, gateway, revision)],
    checks: [message('procedure.migrateGateway.check.ready', { revision })],
    undo: {
      explanation: message('procedure.migrateGateway.undo'),
      commands: [kubectl(situation, cluster, 'delete', 'deployment', canary.name, '-n', namespace.name, '--ignore-not-found=true')],
    },
    verify: allOf(
      rolledOut({ cluster, namespace: namespace.name, kind: 'Deployment', name: canary.name }, undefined),
      injectedBy(gateway, canary.name, revision),
    ),
  };
}

/** A Service spreads connections over its ready pods, whichever Deployment they are of. */
function trafficShare({ facts }: OrderedGateway): number {
  const added = Math.max(1, facts.desired);
  return Math.round((100 * added) / (added + facts.ready));
}

function canaryFindings(gateway: OrderedGateway, canary: Canary, revision: string): readonly StepFinding[] {
  const { namespace, facts } = gateway;
  const problem = labelProblem(gateway, revision);
  const before = servicesLeadingTo(namespace, facts.templateLabels);
  const after = servicesLeadingTo(namespace, canary.templateLabels);
  const lost = before.filter((service) => !after.includes(service));
  return [
    ...(problem === undefined ? [] : [blocks(problem)]),
    ...lost.map((service) => blocks(message('procedureChecks.gateway.serviceMisses', { service, name: canary.name }))),
    ...(before.length === 0 ? [warns(message('procedureChecks.gateway.noService'))] : []),
    ...(canary.wasRendered ? [warns(message('procedureChecks.gateway.wasRendered'))] : []),
    ...(facts.templateLabels[REVISION_LABEL] === revision ? [blocks(message('procedureChecks.gateway.alreadyThere', { revision }))] : []),
    ...(namespace.workloads.has(`Deployment/${canary.name}`) ? [notes(message('procedureChecks.gateway.canaryThere', { name: canary.name }))] : []),
  ];
}
