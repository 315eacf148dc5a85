// `delete-old-gateway`, and the deletion of a canary that a rollback takes back: by name, with its autoscaler and budget, kept as
// manifests before, and never the Deployment that holds the last ready endpoint of a Service.
import { message } from '../../shared/text/message.js';
import type { Message } from '../../shared/text/message.js';
import { DEFAULT_REVISION, REVISION_LABEL } from '../../shared/istioNames.js';
import { clusterKey } from '../cluster.js';
import type { NamedObject } from '../mesh/gateObjects.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { keptManifests, manifestRequests, placeOf } from './gatewayManifests.js';
import type { OrderedGateway } from './gatewayParts.js';
import { gatewayScaling, orderedGateway, servicesLeadingTo, servicesLeftAlone } from './gatewayParts.js';
import type { GuideForm, MeshSituation, ProcedureStep, StepDraft, StepFinding, StepVerification } from './procedureStep.js';
import { kubectl, newRevision, oldRevision, snapshotOf } from './situationParts.js';
import { allOf, blocks, EMPTY_DRAFT, findingsWhere, notes, openWhile, triedAtServer, unknown, unplannable, warns } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';
import { isGone } from './verifyRollout.js';

export const deleteOldGateway: ProcedureStep = {
  id: 'delete-old-gateway',
  phases: [1, 2],
  scope: 'gateway',
  guideSection: 'Complete the transition',
  readsOnly: false,
  title: ({ target }) => message('procedure.deleteGateway.title', { gateway: target.scope === 'gateway' ? target.name : '' }),
  gates: (order, situation) => {
    const { target } = order;
    if (target.scope !== 'gateway') return [];
    return [{ gate: 'finish', about: { goes: 'gateway', namespace: target.namespace, gateway: target.name, revision: oldRevision(order, situation) } }];
  },
  needs: (order, situation) => {
    const gateway = orderedGateway(order, situation);
    return gateway === undefined ? [] : manifestRequests(situation, placeOf(gateway));
  },
  plan: (order, situation) => {
    const gateway = orderedGateway(order, situation);
    if (gateway === undefined) return alreadyGone(order);
    const kept = newRevision(order, situation);
    const draft = planDeletion(situation, gateway);
    const isNew = kept !== undefined && (gateway.facts.templateLabels[REVISION_LABEL] === kept || gateway.facts.labels[REVISION_LABEL] === kept);
    return {
      ...draft,
      guideForm: guideFormOf(order, situation, gateway),
      findings: [...findingsWhere([isNew, blocks(message('procedureChecks.gateway.isNew', { name: gateway.name }))]), ...draft.findings, ...testFindings(order, situation)],
    };
  },
};

/** The guide keeps the old gateway until the application was tested: a failed test holds this, and nobody having tested is said. */
function testFindings(order: StepOrder, situation: MeshSituation): readonly StepFinding[] {
  const { target } = order;
  const revision = newRevision(order, situation);
  if (target.scope !== 'gateway' || revision === undefined) return [];
  const answers = situation.traces?.get(clusterKey(target.cluster))?.applicationTests?.filter((answer) => answer.revision === revision) ?? [];
  const failed = answers.filter(({ passed }) => !passed).map(({ namespace }) => namespace);
  return findingsWhere(
    [failed.length > 0, blocks(message('procedureChecks.gateway.testFailed', { namespaces: failed.sort().join(', ') }))],
    [answers.length === 0, warns(message('procedureChecks.gateway.notTested', { revision }))],
  );
}

/** Nothing to delete: said, and verified as it stands. */
function alreadyGone({ target }: StepOrder): StepDraft {
  if (target.scope !== 'gateway') return unplannable(message('procedureChecks.wrongTarget'));
  const { cluster, namespace, name } = target;
  return { ...EMPTY_DRAFT, findings: [notes(message('procedureChecks.gateway.missing'))], verify: isGone({ cluster, namespace, kind: 'Deployment', name }) };
}

/** The deletion of this gateway by name, whatever it is deleted for. */
export function planDeletion(situation: MeshSituation, gateway: OrderedGateway): StepDraft {
  const { cluster, namespace, name } = gateway;
  const { sharedBudgets } = gatewayScaling(gateway);
  const services = servicesLeadingTo(namespace, gateway.facts.templateLabels);
  const kept = keptManifests(situation, gateway);
  const references: readonly Message[] = [
    ...services.map((service) => message('procedure.deleteGateway.reference.service', { service })),
    message('procedure.deleteGateway.reference.pods', { pods: gateway.facts.ready }),
  ];
  return {
    ...EMPTY_DRAFT,
    commands: [...(kept === undefined ? [] : [kept.save]), ...deletionCommands(situation, gateway)],
    dryRun: triedAtServer(deletionCommands(situation, gateway)),
    changes: [
      message('procedure.deleteGateway.change.deletes', { names: deletedNames(gateway).join(', '), namespace: namespace.name }),
      ...(sharedBudgets.length === 0 ? [] : [message('procedure.deleteGateway.change.keepsBudget', { names: sharedBudgets.map((budget) => `PodDisruptionBudget ${budget}`).join(', ') })]),
      ...(kept === undefined ? [] : [message('procedure.deleteGateway.change.keeps', { file: kept.file })]),
    ],
    guarded: [message('procedure.deleteGateway.guard.endpoints'), message('procedure.deleteGateway.guard.name')],
    findings: [...deletionFindings(gateway), ...findingsWhere([kept === undefined, warns(message('procedureChecks.gateway.noManifest'))])],
    checks: [message('procedure.deleteGateway.check.gone'), message('procedure.deleteGateway.check.endpoints')],
    undo: kept === undefined ? { explanation: message('procedure.deleteGateway.undo'), commands: [] } : { explanation: message('procedure.deleteGateway.undoKept'), commands: [kept.putBack] },
    confirmation: { typed: name, references, irreversible: undefined },
    verify: allOf(isGone({ cluster, namespace: namespace.name, kind: 'Deployment', name }), scalingIsGone(gateway)),
  };
}

/** A gateway's autoscaler and budget are left behind by whoever deletes the Deployment alone, and get in the way of the next one's. */
function scalingIsGone(gateway: OrderedGateway): (situation: MeshSituation) => StepVerification {
  const { autoscalers, budgets } = gatewayScaling(gateway);
  const namespace = gateway.namespace.name;
  return (situation) => {
    const objects = snapshotOf(situation, gateway.cluster)?.objects;
    if (objects?.autoscalers.state !== 'listed' || objects.disruptionBudgets.state !== 'listed') return unknown(message('procedureChecks.gateway.scalingUnread'));
    const left = (listed: readonly NamedObject[], names: readonly string[]): readonly string[] =>
      listed.filter((one) => one.namespace === namespace && names.includes(one.name)).map(({ name }) => name);
    const names = [...left(objects.autoscalers.items, autoscalers), ...left(objects.disruptionBudgets.items, budgets)];
    return openWhile(names.map((name) => message('procedureChecks.open.stillThere', { name: `${namespace}/${name}` })), true, []);
  };
}

/** Each with its kind: a gateway's Deployment, autoscaler and budget mostly have one name. */
function deletedNames(gateway: OrderedGateway): readonly string[] {
  const { autoscalers, budgets } = gatewayScaling(gateway);
  if (gateway.gatewayApi !== undefined) return [`Gateway ${gateway.gatewayApi}`, `Deployment ${gateway.name}`];
  return [`Deployment ${gateway.name}`, ...autoscalers.map((name) => `HorizontalPodAutoscaler ${name}`), ...budgets.map((name) => `PodDisruptionBudget ${name}`)];
}

export function deletionCommands(situation: MeshSituation, gateway: OrderedGateway): readonly CommandSpec[] {
  const { cluster, namespace, name } = gateway;
  const { autoscalers, budgets } = gatewayScaling(gateway);
  const remove = (kind: string, names: readonly string[]): readonly CommandSpec[] =>
    names.length === 0 ? [] : [kubectl(situation, cluster, 'delete', kind, ...names, '-n', namespace.name, '--ignore-not-found=true')];
  if (gateway.gatewayApi !== undefined) return remove('gateways.gateway.networking.k8s.io', [gateway.gatewayApi]);
  return [...remove('HorizontalPodAutoscaler', autoscalers), ...remove('PodDisruptionBudget', budgets), ...remove('Deployment', [name])];
}

function deletionFindings(gateway: OrderedGateway): readonly StepFinding[] {
  const { autoscalers, disruptionBudgets } = gateway.snapshot.objects;
  return [
    ...servicesLeftAlone(gateway).map((service) => blocks(message('procedureChecks.gateway.lastEndpoint', { service, name: gateway.name }))),
    ...findingsWhere([
      autoscalers.state !== 'listed' || disruptionBudgets.state !== 'listed',
      blocks(message('procedureChecks.gateway.scalingUnread')),
    ]),
  ];
}

/** The guide's forms: by the bare name from Istio, by labels from Anthos Service Mesh. */
function guideFormOf(order: StepOrder, situation: MeshSituation, { name, namespace, facts }: OrderedGateway): GuideForm {
  const old = oldRevision(order, situation) ?? facts.labels[REVISION_LABEL] ?? DEFAULT_REVISION;
  const line =
    old === DEFAULT_REVISION
      ? 'kubectl delete deploy/istio-ingressgateway -n istio-system'
      : `kubectl delete deploy -l app=istio-ingressgateway,istio.io/rev=${old} -n istio-system --ignore-not-found=true`;
  return {
    lines: [line],
    reasons: [
      message('doctor.context'),
      ...(old === DEFAULT_REVISION ? [] : [message('doctor.gateway.bySelector')]),
      message('doctor.gateway.leavesScaling'),
      ...(namespace.name === 'istio-system' && name === 'istio-ingressgateway' ? [] : [message('doctor.gateway.otherPlace')]),
    ],
    commands: undefined,
  };
}
