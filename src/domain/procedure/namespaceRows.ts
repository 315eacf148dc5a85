// The rows on one namespace: the namespace steps as they are, with the gates of their phase and the guide's form beside ours.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import { findingMessage, findingSeverity } from '../steps/finding.js';
import type { InjectionLabels } from '../steps/namespaceLabels.js';
import { injectionLabelsOf, moveWords } from '../steps/namespaceLabels.js';
import type { NamespaceStepChoice, NamespaceStepPlan } from '../steps/namespaceStep.js';
import { planNamespaceStep } from '../steps/namespaceSteps.js';
import type { NamespaceTarget } from '../steps/namespaceTarget.js';
import { openItemMessage } from '../steps/openItemMessage.js';
import { isSettled, verifyNamespaceStep } from '../steps/verification.js';
import { forecastFindings } from './forecastFindings.js';
import type { InspectionRequest } from './inspection.js';
import { answerTo } from './inspection.js';
import { namespaceReturnGates } from './rollBackGates.js';
import type { GuideForm, MeshSituation, ProcedureStep, StepDraft, StepVerification } from './procedureStep.js';
import { kubectl, namespaceOf, newRevision, snapshotOf } from './situationParts.js';
import { EMPTY_DRAFT, triedAtServer, unknown, unplannable } from './stepDraft.js';
import type { StepOrder } from './stepOrder.js';

const GUIDE_MIGRATE = 'Migrate workloads to the new control plane';
const GUIDE_ROLLBACK = 'Rollback';

export const migrateNamespace: ProcedureStep = {
  id: 'migrate-namespace',
  phases: [1, 2],
  scope: 'namespace',
  guideSection: GUIDE_MIGRATE,
  readsOnly: false,
  title: (order) => message('procedure.migrate.title', { namespace: namespaceName(order) }),
  gates: ({ phase }) => [{ gate: phase === 1 ? 'phase-1-labels' : 'phase-2-labels', about: {} }],
  plan: (order, situation) => {
    const revision = order.parameters.revision ?? newRevision(order, situation);
    if (revision === undefined) return unplannable(message('procedureChecks.noPlan'));
    return wrapped(order, situation, { id: 'migrate-namespace', parameters: { revision } }, migrateGuideForm(order, situation, revision));
  },
};

export const rollBackNamespace: ProcedureStep = {
  id: 'roll-back-namespace',
  phases: [1, 2],
  scope: 'namespace',
  guideSection: GUIDE_ROLLBACK,
  readsOnly: false,
  title: (order) => message('steps.rollBack.title', { namespace: namespaceName(order) }),
  gates: (order, situation) => namespaceReturnGates(order, situation, chosenLabels(order)),
  plan: (order, situation) => wrapped(order, situation, { id: 'roll-back-namespace', parameters: { to: chosenLabels(order) } }, undefined),
};

export const restartWorkloads: ProcedureStep = {
  id: 'restart-workloads',
  phases: [1, 2],
  scope: 'namespace',
  guideSection: GUIDE_MIGRATE,
  readsOnly: false,
  title: (order) => message('steps.restart.title', { namespace: namespaceName(order) }),
  // A restart is the way past most obstacles, so no gate stands before it: what it would bring about any crash may bring about.
  gates: () => [],
  needs: (order) => forecastRequests(order),
  plan: (order, situation) => {
    const form: GuideForm = {
      lines: [`kubectl rollout restart deployment -n ${namespaceName(order)}`],
      reasons: [message('doctor.context'), message('doctor.restart.kinds')],
      commands: undefined,
    };
    const draft = wrapped(order, situation, { id: 'restart-workloads', parameters: {} }, form);
    const forecasts = forecastRequests(order).map((request) => answerTo(situation.inspection, request));
    return { ...draft, findings: [...draft.findings, ...forecasts.flatMap((answer) => (answer?.kind === 'injection' ? forecastFindings(answer.workloads) : []))] };
  },
};

export const showLabels: ProcedureStep = {
  id: 'show-labels',
  phases: [1, 2],
  scope: 'namespace',
  guideSection: GUIDE_ROLLBACK,
  readsOnly: true,
  title: (order) => message('steps.showLabels.title', { namespace: namespaceName(order) }),
  gates: () => [],
  plan: (order, situation) => wrapped(order, situation, { id: 'show-labels', parameters: {} }, undefined),
};

function forecastRequests({ phase, target }: StepOrder): readonly InspectionRequest[] {
  return target.scope === 'namespace' ? [{ kind: 'injection', cluster: target.cluster, namespace: target.namespace, phase }] : [];
}

/** The parameters of a rollback to these labels, whatever is remembered; `to` says so where it is to neither of them. */
export function chosenReturn({ injection, revision }: InjectionLabels): StepOrder['parameters'] {
  return { to: 'chosen', ...(injection !== undefined && { injection }), ...(revision !== undefined && { revision }) };
}

/** Undefined where what is remembered decides. */
function chosenLabels({ parameters: { to, injection, revision } }: StepOrder): InjectionLabels | undefined {
  return to === undefined ? undefined : { injection, revision };
}

function namespaceName({ target }: StepOrder): string {
  return target.scope === 'namespace' || target.scope === 'gateway' ? target.namespace : '';
}

/** The namespace step's plan in the words of the procedure. */
function wrapped(order: StepOrder, situation: MeshSituation, choice: NamespaceStepChoice, guideForm: GuideForm | undefined): StepDraft {
  if (order.target.scope !== 'namespace') return unplannable(message('procedureChecks.wrongTarget'));
  const target: NamespaceTarget = { cluster: order.target.cluster, namespace: order.target.namespace };
  const plan = planNamespaceStep(snapshotOf(situation, target.cluster), target, choice, situation.tools);
  return {
    ...EMPTY_DRAFT,
    commands: plan.commands,
    guideForm,
    changes: plan.changes,
    guarded: plan.guarded,
    findings: plan.findings.map((finding) => ({ severity: findingSeverity(finding), message: findingMessage(finding) })),
    checks: plan.checks,
    undo: plan.undo,
    dryRun: dryRunOf(plan),
    verify: verificationOf(plan, target),
  };
}

/** Labels and annotations can be tried at the server; a restart of what was not relabelled would say nothing. */
function dryRunOf({ commands, choice }: NamespaceStepPlan): readonly CommandSpec[] {
  if (choice.id === 'show-labels') return [];
  return triedAtServer(commands.filter(({ argv }) => argv.includes('label') || argv.includes('annotate')));
}

function verificationOf({ expected }: NamespaceStepPlan, target: NamespaceTarget): StepDraft['verify'] {
  if (expected === undefined) return undefined;
  return (situation): StepVerification => {
    const verification = verifyNamespaceStep(snapshotOf(situation, target.cluster), target, expected);
    switch (verification.kind) {
      case 'verified':
        return { kind: 'verified', evidence: [verifiedMessage(verification.proxies, verification.revision)] };
      case 'open':
        return { kind: 'open', items: verification.items.map(openItemMessage), settles: !isSettled(verification) };
      case 'unknown':
        return unknown(...verification.findings.map(findingMessage));
    }
  };
}

function verifiedMessage(proxies: number, revision: string | undefined): Message {
  return revision === undefined ? message('procedureChecks.namespace.outside') : message('procedureChecks.namespace.done', { proxies, revision });
}

/** The guide's two lines; they do the same only where nothing but running Deployments is in the namespace. */
function migrateGuideForm(order: StepOrder, situation: MeshSituation, revision: string): GuideForm | undefined {
  const namespace = namespaceOf(situation, order);
  if (namespace?.facts === undefined || order.target.scope !== 'namespace') return undefined;
  const { cluster } = order.target;
  const { name } = namespace;
  const isSecond = order.phase === 2;
  const labelled = injectionLabelsOf(namespace.facts.labels).injection !== undefined;
  const workloads = [...namespace.workloads.values()];
  const others = workloads.some(({ kind, paused }) => kind !== 'Deployment' || paused);
  const words = isSecond ? moveWords(revision).filter((word) => !word.endsWith('-')) : moveWords(revision);
  const isSafe = !others && workloads.length > 0 && !(isSecond && labelled);
  return {
    lines: [`kubectl label namespace ${name} ${words.join(' ')}`, `kubectl rollout restart deployment -n ${name}`],
    reasons: [
      message('doctor.context'),
      message('doctor.migrate.remembers'),
      ...(isSecond ? [message('doctor.migrate.injectionLabel')] : []),
      message('doctor.restart.kinds'),
      message('doctor.migrate.follows'),
    ],
    commands: isSafe
      ? [
          kubectl(situation, cluster, 'label', 'namespace', name, ...words),
          kubectl(situation, cluster, 'rollout', 'restart', 'deployment', '-n', name),
        ]
      : undefined,
  };
}

