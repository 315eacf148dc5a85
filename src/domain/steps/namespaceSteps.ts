// The table of the steps on a namespace, after the guide's "Migrate workloads to the new control plane" and "Rollback".
import { REVISION_LABEL } from '../../shared/istioNames.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { CommandSpec } from './commandSpec.js';
import type { Finding } from './finding.js';
import {
  guardAnythingToFollow,
  guardAnythingToRun,
  guardMemory,
  guardNamespace,
  guardOwnership,
  guardPresentLabels,
  guardRestart,
  guardReturn,
  guardRevision,
  unknownKinds,
} from './guards.js';
import { kubectlCommand } from './kubectl.js';
import { memoryKey, memoryOf, memoryWord, returnLabels } from './labelMemory.js';
import type { InjectionLabels } from './namespaceLabels.js';
import { injectionLabelsOf, moveWords, returnWords, sameInjectionLabels } from './namespaceLabels.js';
import type { NamespaceStep, NamespaceStepChoice, NamespaceStepId, NamespaceStepPlan, Situation } from './namespaceStep.js';
import type { NamespaceTarget } from './namespaceTarget.js';
import { labelsText } from './openItemMessage.js';
import { restartBaseline, restartCommands, restartedWorkloads, statusCommands } from './restartPlan.js';

type NamespaceSteps = { readonly [Id in NamespaceStepId]: NamespaceStep<Id> };

const migrate: NamespaceStep<'migrate-namespace'> = {
  title: (namespace, { revision }) => message('steps.migrate.title', { namespace, revision }),
  commands: (situation, { revision }) => [
    // Before the label changes: a step that stops in between must not have forgotten what was there.
    ...(pointsTo(situation, revision) ? [] : [onNamespace(situation, 'annotate', memoryWord({ revision, before: presentLabels(situation) }), '--overwrite')]),
    onNamespace(situation, 'label', ...moveWords(revision)),
    ...restartAndFollow(situation),
  ],
  changes: (situation, { revision }) => [
    message('steps.change.labels', { before: labelsText(presentLabels(situation)), after: labelsText(movedTo(revision)) }),
    ...(pointsTo(situation, revision) ? [] : [message('steps.change.remembers', { annotation: memoryKey(revision) })]),
    message('steps.change.commitment', { revision }),
    ...restartChanges(situation),
  ],
  guarded: [message('steps.guard.revision'), message('steps.guard.labels'), message('steps.guard.owner'), message('steps.guard.workloads')],
  guards: (situation, { revision }) => [
    ...guardNamespace(situation.facts),
    ...guardRevision(situation.snapshot, situation.facts, revision),
    ...guardPresentLabels(situation.snapshot, situation.facts),
    ...guardOwnership(situation.facts),
    ...guardRestart(situation.namespace),
    ...guardAnythingToFollow(situation.namespace),
  ],
  checks: [message('steps.check.labels'), message('steps.check.rollout'), message('steps.check.pods')],
  expected: (situation, { revision }) => ({ labels: movedTo(revision), restart: restartBaseline(situation.namespace), forgotten: undefined }),
  undo: (situation, { revision }) => {
    const before = pointsTo(situation, revision) ? memoryOf(situation.facts)?.before : presentLabels(situation);
    if (before === undefined) return { explanation: message('steps.undo.unknownBefore'), commands: [] };
    return { explanation: message('steps.undo.migrate'), commands: returnCommands(situation, before, movedTo(revision), memoryKey(revision)) };
  },
};

const rollBack: NamespaceStep<'roll-back-namespace'> = {
  title: (namespace) => message('steps.rollBack.title', { namespace }),
  commands: (situation, { to }) =>
    returnCommands(situation, destination(situation, to), presentLabels(situation), memoryToForget(situation)),
  changes: (situation, { to }) => {
    const forgotten = memoryToForget(situation);
    return [
      message('steps.change.labels', { before: labelsText(presentLabels(situation)), after: labelsText(destination(situation, to)) }),
      ...restartChanges(situation),
      ...(forgotten === undefined ? [] : [message('steps.change.forgets', { annotation: forgotten })]),
    ];
  },
  guarded: [message('steps.guard.memory'), message('steps.guard.oldRevision'), message('steps.guard.owner'), message('steps.guard.workloads')],
  guards: (situation, { to }) => [
    ...guardNamespace(situation.facts),
    ...(to === undefined ? guardMemory(situation.facts) : []),
    ...guardReturn(situation.snapshot, situation.facts, destination(situation, to)),
    ...guardOwnership(situation.facts),
    ...guardRestart(situation.namespace),
    ...guardAnythingToFollow(situation.namespace),
  ],
  checks: [message('steps.check.labels'), message('steps.check.rollout'), message('steps.check.pods'), message('steps.check.forgotten')],
  expected: (situation, { to }) => ({
    labels: destination(situation, to),
    restart: restartBaseline(situation.namespace),
    forgotten: memoryToForget(situation),
  }),
  undo: (situation) => {
    const { revision } = presentLabels(situation);
    if (revision === undefined) return { explanation: message('steps.undo.rollBackToUnknown'), commands: [] };
    return {
      explanation: message('steps.undo.rollBack', { revision }),
      commands: [onNamespace(situation, 'label', ...moveWords(revision)), ...restartCommands(reach(situation), situation.namespace)],
    };
  },
};

const restart: NamespaceStep<'restart-workloads'> = {
  title: (namespace) => message('steps.restart.title', { namespace }),
  commands: restartAndFollow,
  changes: restartChanges,
  guarded: [message('steps.guard.labels'), message('steps.guard.workloads')],
  guards: (situation) => [
    ...guardNamespace(situation.facts),
    ...guardPresentLabels(situation.snapshot, situation.facts),
    ...guardRestart(situation.namespace),
    ...guardAnythingToRun(situation.namespace),
  ],
  checks: [message('steps.check.rollout'), message('steps.check.pods')],
  expected: (situation) => ({ labels: undefined, restart: restartBaseline(situation.namespace), forgotten: undefined }),
  undo: () => ({ explanation: message('steps.undo.restart'), commands: [] }),
};

const showLabels: NamespaceStep<'show-labels'> = {
  title: (namespace) => message('steps.showLabels.title', { namespace }),
  commands: (situation) => [
    kubectlCommand(reach(situation), 'get', 'namespace', situation.namespace.name, '--show-labels'),
    kubectlCommand(reach(situation), 'get', 'pods', '-n', situation.namespace.name, '-L', REVISION_LABEL),
  ],
  changes: () => [message('steps.change.nothing')],
  guarded: [],
  guards: () => [],
  checks: [],
  expected: () => undefined,
  undo: () => ({ explanation: message('steps.undo.nothing'), commands: [] }),
};

/** The steps by their id; whoever shows, runs or tests a step reads it here. */
export const NAMESPACE_STEPS: NamespaceSteps = {
  'migrate-namespace': migrate,
  'roll-back-namespace': rollBack,
  'restart-workloads': restart,
  'show-labels': showLabels,
};

export interface StepTools {
  readonly kubectl: string;
  readonly rolloutTimeoutMinutes: number;
}

/** The step as it would run on this namespace now. What is not known blocks it; then there may be no command lines to show. */
export function planNamespaceStep(
  snapshot: ClusterSnapshot | undefined,
  target: NamespaceTarget,
  choice: NamespaceStepChoice,
  tools: StepTools,
): NamespaceStepPlan {
  return { choice, target, ...planRow(snapshot, target, choice, tools) };
}

/** With the row and its parameters of one type. */
function planRow<Id extends NamespaceStepId>(
  snapshot: ClusterSnapshot | undefined,
  target: NamespaceTarget,
  { id, parameters }: NamespaceStepChoice<Id>,
  tools: StepTools,
): Omit<NamespaceStepPlan, 'choice' | 'target'> {
  const step: NamespaceStep<Id> = NAMESPACE_STEPS[id];
  const outline = { title: step.title(target.namespace, parameters), guarded: step.guarded, checks: step.checks };
  const unplanned = (findings: readonly Finding[]): Omit<NamespaceStepPlan, 'choice' | 'target'> => {
    return { ...outline, commands: [], changes: [], findings, expected: undefined, undo: undefined };
  };
  if (snapshot === undefined) return unplanned([{ kind: 'clusterNotFollowed' }]);
  // What only reads may run on a cluster of which we know little.
  const unknown = id === 'show-labels' ? [] : unknownKinds(snapshot);
  const namespace = snapshot.namespaces.get(target.namespace);
  if (namespace?.facts === undefined) return unplanned(unknown.length > 0 ? unknown : [{ kind: 'namespaceMissing' }]);
  const situation: Situation = { target, snapshot, namespace, facts: namespace.facts, ...tools };
  return {
    ...outline,
    commands: step.commands(situation, parameters),
    changes: step.changes(situation, parameters),
    // Guards judge what was read; on half of it they would accuse the wrong one.
    findings: unknown.length > 0 ? unknown : step.guards(situation, parameters),
    expected: step.expected(situation, parameters),
    undo: step.undo(situation, parameters),
  };
}

function reach({ kubectl, target }: Situation): { readonly kubectl: string; readonly cluster: NamespaceTarget['cluster'] } {
  return { kubectl, cluster: target.cluster };
}

function onNamespace(situation: Situation, verb: 'label' | 'annotate', ...words: readonly string[]): CommandSpec {
  return kubectlCommand(reach(situation), verb, 'namespace', situation.namespace.name, ...words);
}

function presentLabels({ facts }: Situation): InjectionLabels {
  return injectionLabelsOf(facts.labels);
}

function movedTo(revision: string): InjectionLabels {
  return { injection: undefined, revision };
}

/** Its labels say so already, so there is nothing to remember: what was before is long known, or nobody knows. */
function pointsTo(situation: Situation, revision: string): boolean {
  return sameInjectionLabels(presentLabels(situation), movedTo(revision));
}

/** Where it leads nowhere, a guard says so. */
function destination({ facts }: Situation, to: InjectionLabels | undefined): InjectionLabels {
  return returnLabels(facts, to);
}

function memoryToForget({ facts }: Situation): string | undefined {
  const memory = memoryOf(facts);
  return memory === undefined ? undefined : memoryKey(memory.revision);
}

function returnCommands(situation: Situation, to: InjectionLabels, from: InjectionLabels, forgotten: string | undefined): readonly CommandSpec[] {
  const words = returnWords(to, from);
  return [
    ...(words.length === 0 ? [] : [onNamespace(situation, 'label', ...words)]),
    ...restartAndFollow(situation),
    // Last, so that a rollback that stopped half way still knows where it was going.
    ...(forgotten === undefined ? [] : [onNamespace(situation, 'annotate', `${forgotten}-`)]),
  ];
}

function restartAndFollow(situation: Situation): readonly CommandSpec[] {
  const { namespace, rolloutTimeoutMinutes } = situation;
  return [...restartCommands(reach(situation), namespace), ...statusCommands(reach(situation), namespace, rolloutTimeoutMinutes)];
}

function restartChanges({ namespace }: Situation): readonly Message[] {
  const restarted = restartedWorkloads(namespace);
  if (restarted.length === 0) return [];
  const pods = restarted.reduce((sum, { desired }) => sum + desired, 0);
  return [message('steps.change.restarts', { count: restarted.length, pods })];
}
