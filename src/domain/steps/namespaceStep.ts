// What a step on a namespace is: a value that the tree, the preview, the terminal, the log and the tests all read.
import type { Message } from '../../shared/text/message.js';
import type { NamespaceFacts } from '../mesh/facts.js';
import type { ClusterSnapshot, NamespaceSnapshot } from '../mesh/snapshot.js';
import type { CommandSpec } from './commandSpec.js';
import type { Finding } from './finding.js';
import { findingSeverity } from './finding.js';
import type { InjectionLabels } from './namespaceLabels.js';
import type { NamespaceTarget } from './namespaceTarget.js';
import type { RestartBaseline } from './restartPlan.js';

/** What each step has to be told besides the namespace. */
export interface StepParameters {
  'migrate-namespace': { readonly revision: string };
  /** `to` where nothing is remembered and somebody chose; undefined to return to what is remembered. */
  'roll-back-namespace': { readonly to: InjectionLabels | undefined };
  'restart-workloads': Readonly<Record<string, never>>;
  'show-labels': Readonly<Record<string, never>>;
}

export type NamespaceStepId = keyof StepParameters;

/** A step with what it was told: `{ id, parameters }`. */
export type NamespaceStepChoice<Id extends NamespaceStepId = NamespaceStepId> = {
  readonly [Key in Id]: { readonly id: Key; readonly parameters: StepParameters[Key] };
}[Id];

/** A namespace that has been read, and how to reach it. */
export interface Situation {
  readonly target: NamespaceTarget;
  readonly snapshot: ClusterSnapshot;
  readonly namespace: NamespaceSnapshot;
  readonly facts: NamespaceFacts;
  /** Path of kubectl, or its name on PATH. */
  readonly kubectl: string;
  readonly rolloutTimeoutMinutes: number;
}

/** What must hold once the step is done; the cluster is read again to see whether it does. */
export interface ExpectedNamespace {
  /** Undefined: whatever the labels are. */
  readonly labels: InjectionLabels | undefined;
  readonly restart: RestartBaseline;
  /** Key of an annotation that must be gone. */
  readonly forgotten: string | undefined;
}

/** How the step is taken back: the command lines, and what to say of them. */
export interface Undo {
  readonly explanation: Message;
  readonly commands: readonly CommandSpec[];
}

/** One row of the table of namespace steps. Everything is a pure function of the situation and the parameters. */
export interface NamespaceStep<Id extends NamespaceStepId> {
  readonly title: (namespace: string, parameters: StepParameters[Id]) => Message;
  readonly commands: (situation: Situation, parameters: StepParameters[Id]) => readonly CommandSpec[];
  readonly changes: (situation: Situation, parameters: StepParameters[Id]) => readonly Message[];
  /** What is looked at before, found or not. */
  readonly guarded: readonly Message[];
  readonly guards: (situation: Situation, parameters: StepParameters[Id]) => readonly Finding[];
  /** What is read again afterwards. */
  readonly checks: readonly Message[];
  /** Undefined: the step changes nothing. */
  readonly expected: (situation: Situation, parameters: StepParameters[Id]) => ExpectedNamespace | undefined;
  readonly undo: (situation: Situation, parameters: StepParameters[Id]) => Undo;
}

/** A step on one namespace as it would run now. */
export interface NamespaceStepPlan {
  readonly choice: NamespaceStepChoice;
  readonly target: NamespaceTarget;
  readonly title: Message;
  readonly commands: readonly CommandSpec[];
  readonly changes: readonly Message[];
  readonly guarded: readonly Message[];
  readonly findings: readonly Finding[];
  readonly checks: readonly Message[];
  readonly expected: ExpectedNamespace | undefined;
  readonly undo: Undo | undefined;
}

/** What keeps the step from running. */
export function blockingFindings({ findings }: Pick<NamespaceStepPlan, 'findings'>): readonly Finding[] {
  return findings.filter((finding) => findingSeverity(finding) === 'blocks');
}
