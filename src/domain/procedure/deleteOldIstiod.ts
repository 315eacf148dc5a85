// `delete-old-istiod` and `delete-old-operator`: what is left of a revision that nothing refers to any more, in an order in which
// no webhook is ever without an endpoint. The same deletions end a rollback.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { DEFAULT_REVISION, ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { controlPlane } from '../mesh/controlPlanes.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import type { GuideForm, MeshSituation, ProcedureStep, StepDraft, StepFinding, StepVerification } from './procedureStep.js';
import { clusterOf, factsOf, kubectl, newRevision, oldRevision, revisionSuffix, snapshotOf } from './situationParts.js';
import { blocks, EMPTY_DRAFT, findingsWhere, openWhile, triedAtServer, unknown, unplannable } from './stepDraft.js';

/** A revision of one cluster that goes. */
export interface Departure {
  readonly situation: MeshSituation;
  readonly cluster: ClusterRef;
  readonly revision: string;
}

export const deleteOldIstiod: ProcedureStep = {
  id: 'delete-old-istiod',
  phases: [1, 2],
  scope: 'cluster',
  guideSection: 'Complete the transition',
  readsOnly: false,
  title: () => message('procedure.deleteIstiod.title'),
  gates: (order, situation) => [{ gate: 'finish', about: { goes: 'controlPlane', revision: oldRevision(order, situation), successor: newRevision(order, situation) } }],
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    const revision = oldRevision(order, situation);
    if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
    if (revision === undefined) return unplannable(message('procedureChecks.oldRevisionUnknown'));
    const departure = { situation, cluster, revision };
    const isNew = revision === newRevision(order, situation);
    return {
      ...planControlPlaneDeletion(departure),
      guideForm: guideFormOf(departure),
      findings: [...findingsWhere([isNew, blocks(message('procedureChecks.deleteIstiod.isNew', { revision }))]), ...deletionFindings(departure)],
    };
  },
};

/** The deletions, whatever they are for. */
export function planControlPlaneDeletion(departure: Departure): StepDraft {
  const { cluster, revision } = departure;
  const name = `istiod${revisionSuffix(revision)}`;
  const commands = controlPlaneDeletions(departure);
  const { mutating, validating } = webhooksOf(departure);
  const deleted = [
    `Deployment ${name}`,
    ...mutating.map((webhook) => `MutatingWebhookConfiguration ${webhook}`),
    ...validating.map((webhook) => `ValidatingWebhookConfiguration ${webhook}`),
    ...configMapsOf(revision).map((map) => `ConfigMap ${map}`),
    ...(revision === DEFAULT_REVISION ? [] : [`Service ${name}`]),
  ];
  return {
    ...EMPTY_DRAFT,
    commands,
    dryRun: triedAtServer(commands),
    changes: [
      message('procedure.deleteIstiod.change.deletes', { revision, names: deleted.join(', ') }),
      ...(revision === DEFAULT_REVISION ? [message('procedure.deleteIstiod.change.keepsService')] : []),
    ],
    guarded: [message('procedure.deleteIstiod.guard.references'), message('procedure.deleteIstiod.guard.endpoints')],
    findings: deletionFindings(departure),
    checks: [message('procedure.deleteIstiod.check.gone'), message('procedure.deleteIstiod.check.webhooks')],
    undo: { explanation: message('procedure.deleteIstiod.undo', { revision }), commands: [] },
    confirmation: { typed: name, references: referencesTo(departure), irreversible: message('procedure.deleteIstiod.irreversible', { revision }) },
    verify: controlPlaneGone(cluster, revision),
  };
}

/** Webhooks first, so that none is ever without its Service; the Service last. From Istio never Service `istiod`: it is the new one's. */
export function controlPlaneDeletions(departure: Departure): readonly CommandSpec[] {
  const { situation, cluster, revision } = departure;
  const name = `istiod${revisionSuffix(revision)}`;
  const { mutating, validating } = webhooksOf(departure);
  const remove = (kind: string, ...words: readonly string[]): CommandSpec => kubectl(situation, cluster, 'delete', kind, ...words, '--ignore-not-found=true');
  return [
    ...(mutating.length === 0 ? [] : [remove('MutatingWebhookConfiguration', ...mutating)]),
    ...(validating.length === 0 ? [] : [remove('ValidatingWebhookConfiguration', ...validating)]),
    remove('ConfigMap', ...configMapsOf(revision), '-n', ISTIO_NAMESPACE),
    remove('HorizontalPodAutoscaler,PodDisruptionBudget,Deployment', name, '-n', ISTIO_NAMESPACE),
    ...(revision === DEFAULT_REVISION ? [] : [remove('Service', name, '-n', ISTIO_NAMESPACE)]),
  ];
}

/** Of the revision itself; tags are somebody's decision, and lock this step. */
function webhooksOf({ situation, cluster, revision }: Departure): { readonly mutating: readonly string[]; readonly validating: readonly string[]; readonly all: readonly string[] } {
  const snapshot = snapshotOf(situation, cluster);
  const isOwn = (one: { readonly revision: string | undefined; readonly tag: string | undefined }): boolean => one.revision === revision && one.tag === undefined;
  const mutating = [...(snapshot?.injectors.values() ?? [])].filter(isOwn).map(({ name }) => name).sort();
  const validating = (snapshot === undefined ? [] : itemsOf(snapshot.objects.validatingWebhooks)).filter(isOwn).map(({ name }) => name).sort();
  return { mutating, validating, all: [...mutating, ...validating] };
}

function configMapsOf(revision: string): readonly string[] {
  const suffix = revisionSuffix(revision);
  return [`istio${suffix}`, `istio-sidecar-injector${suffix}`];
}

function referencesTo({ situation, cluster, revision }: Departure): readonly Message[] {
  const facts = factsOf(situation, cluster);
  const proxies = facts?.proxies.filter((proxy) => proxy.revision === revision).flatMap(({ pods }) => pods).length ?? 0;
  const references = facts?.references.filter((one) => one.revision === revision).map(({ name }) => name) ?? [];
  return [
    message('procedure.deleteIstiod.reference.proxies', { count: proxies }),
    references.length === 0 ? message('procedure.deleteIstiod.reference.none') : message('procedure.deleteIstiod.reference.labels', { names: references.join(', ') }),
  ];
}

function deletionFindings({ situation, cluster, revision }: Departure): readonly StepFinding[] {
  const snapshot = snapshotOf(situation, cluster);
  const facts = factsOf(situation, cluster);
  return findingsWhere(
    [snapshot !== undefined && snapshot.objects.validatingWebhooks.state !== 'listed', blocks(message('procedureChecks.deleteIstiod.webhooksUnread'))],
    // The Deployment of Istio's installation is called `istiod` as the Service is: while that still leads to it, it would lead to nothing.
    [facts?.istiodService === revision, blocks(message('procedureChecks.deleteIstiod.serviceStillLeads', { revision }))],
  );
}

function guideFormOf({ situation, cluster, revision }: Departure): GuideForm {
  const isDefault = revision === DEFAULT_REVISION;
  const name = `istiod${revisionSuffix(revision)}`;
  const words = ['delete', 'Service,Deployment,HorizontalPodAutoscaler,PodDisruptionBudget', name, '-n', ISTIO_NAMESPACE, '--ignore-not-found=true'];
  const webhooks = webhooksOf({ situation, cluster, revision }).all;
  return {
    lines: [['kubectl', ...words].join(' ')],
    reasons: [
      message('doctor.context'),
      ...(isDefault ? [message('doctor.deleteIstiod.service')] : []),
      message('doctor.deleteIstiod.webhooks'),
    ],
    commands: isDefault || webhooks.length > 0 ? undefined : [kubectl(situation, cluster, ...words)],
  };
}

function controlPlaneGone(cluster: ClusterRef, revision: string): (situation: MeshSituation) => StepVerification {
  return (situation) => {
    const snapshot = snapshotOf(situation, cluster);
    const facts = factsOf(situation, cluster);
    if (snapshot === undefined || facts === undefined) return unknown(message('steps.finding.clusterNotFollowed'));
    const found = controlPlane(snapshot, revision);
    const dangling = facts.webhooks.filter(({ canMatch, endpointReady }) => canMatch && endpointReady === false);
    const items = [
      ...((found?.istiods.length ?? 0) === 0 ? [] : [message('procedureChecks.open.stillThere', { name: `istiod${revisionSuffix(revision)}` })]),
      ...webhooksOf({ situation, cluster, revision }).all.map((name) => message('procedureChecks.open.stillThere', { name })),
      ...dangling.map(({ name }) => message('procedureChecks.deleteIstiod.dangling', { name })),
    ];
    return openWhile(items, dangling.length === 0, [message('procedureChecks.deleteIstiod.gone', { revision })]);
  };
}
