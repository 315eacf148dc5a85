// `delete-old-operator`: the record that older installers left of what they installed. Istio 1.21 and later leave none.
import { message } from '../../shared/text/message.js';
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import type { ClusterRef } from '../cluster.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import type { MeshSituation, ProcedureStep, StepDraft, StepVerification } from './procedureStep.js';
import { clusterOf, kubectl, newRevision, oldRevision, revisionSuffix, snapshotOf } from './situationParts.js';
import { blocks, EMPTY_DRAFT, findingsWhere, notes, openWhile, triedAtServer, unknown, unplannable, verified } from './stepDraft.js';

const KIND = 'istiooperators.install.istio.io';

export const deleteOldOperator: ProcedureStep = {
  id: 'delete-old-operator',
  phases: [1, 2],
  scope: 'cluster',
  guideSection: 'Complete the transition',
  readsOnly: false,
  title: () => message('procedure.deleteOperator.title'),
  gates: (order, situation) => [{ gate: 'finish', about: { goes: 'controlPlane', revision: oldRevision(order, situation), successor: newRevision(order, situation) } }],
  plan: (order, situation) => {
    const cluster = clusterOf(order);
    const revision = oldRevision(order, situation);
    if (cluster === undefined) return unplannable(message('procedureChecks.wrongTarget'));
    if (revision === undefined) return unplannable(message('procedureChecks.oldRevisionUnknown'));
    return planOperatorDeletion(situation, cluster, revision, revision === newRevision(order, situation));
  },
};

/** The record of revision `default` is called `installed-state`, without a revision (Istio's operator, SavedState). */
export function operatorName(revision: string): string {
  return `installed-state${revisionSuffix(revision)}`;
}

/** None where the kind is not served: kubectl would end with an error that means nothing is wrong. */
export function operatorDeletion(situation: MeshSituation, cluster: ClusterRef, revision: string): readonly CommandSpec[] {
  const operators = snapshotOf(situation, cluster)?.objects.istioOperators;
  if (operators?.state === 'listed' && !operators.served) return [];
  return [kubectl(situation, cluster, 'delete', KIND, operatorName(revision), '-n', ISTIO_NAMESPACE, '--ignore-not-found=true')];
}

function planOperatorDeletion(situation: MeshSituation, cluster: ClusterRef, revision: string, isNew: boolean): StepDraft {
  const name = operatorName(revision);
  const operators = snapshotOf(situation, cluster)?.objects.istioOperators;
  const commands = operatorDeletion(situation, cluster, revision);
  const isServed = operators?.state === 'listed' && operators.served;
  const exists = operators !== undefined && itemsOf(operators).some((one) => one.name === name && one.namespace === ISTIO_NAMESPACE);
  return {
    ...EMPTY_DRAFT,
    commands,
    dryRun: triedAtServer(commands),
    guideForm: {
      lines: [`kubectl delete IstioOperator installed-state-${revision} -n ${ISTIO_NAMESPACE}`],
      reasons: [message('doctor.context'), ...(revisionSuffix(revision) === '' ? [message('doctor.operator.defaultName')] : []), message('doctor.operator.mayBeMissing')],
      commands: undefined,
    },
    changes: [message('procedure.deleteOperator.change', { name })],
    findings: findingsWhere(
      [isNew, blocks(message('procedureChecks.deleteIstiod.isNew', { revision }))],
      [operators?.state === 'listed' && !operators.served, notes(message('procedureChecks.operator.notServed'))],
      [isServed && !exists, notes(message('procedureChecks.operator.absent', { name }))],
    ),
    checks: [message('procedure.deleteOperator.check')],
    undo: { explanation: message('procedure.deleteOperator.undo'), commands: [] },
    confirmation: exists ? { typed: name, references: [], irreversible: undefined } : undefined,
    verify: (later) => operatorGone(later, cluster, name),
  };
}

function operatorGone(situation: MeshSituation, cluster: ClusterRef, name: string): StepVerification {
  const operators = snapshotOf(situation, cluster)?.objects.istioOperators;
  if (operators?.state !== 'listed') return unknown(message('procedureChecks.operator.unread'));
  if (!operators.served) return verified(message('procedureChecks.operator.notServed'));
  const isThere = operators.items.some((one) => one.name === name && one.namespace === ISTIO_NAMESPACE);
  return openWhile(isThere ? [message('procedureChecks.open.stillThere', { name })] : [], true, [message('procedureChecks.done.gone', { name })]);
}
