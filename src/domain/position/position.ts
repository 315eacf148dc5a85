// Where the migration stands, computed from the clusters and from nothing else: phases, their steps, and each step's targets.
import type { Message } from '../../shared/text/message.js';
import type { Phase, StepId, StepSuggestion, StepTarget } from '../procedure/stepOrder.js';

/** `next`: can be done now and is the one to do. `open`: still to do. `inTheWay`: a gate, a guard or the mesh itself stops it. */
export type PositionState =
  | { readonly kind: 'done' }
  | { readonly kind: 'next' }
  | { readonly kind: 'open' }
  | { readonly kind: 'inTheWay'; readonly what: readonly Message[] }
  | { readonly kind: 'unknown'; readonly why: readonly Message[] }
  /** Not part of this migration (already past, or nothing of its kind here), or leaves no trace that could be read. */
  | { readonly kind: 'notNeeded'; readonly why: Message };

export interface TargetPosition {
  readonly target: StepTarget;
  readonly state: PositionState;
  /** The one fact that matters now, where the state alone does not say it. */
  readonly detail: Message | undefined;
  /** The detail is an error that the step puts right. */
  readonly wrong: boolean;
  /** The step that leads on from here: another than the row's where half of it is done (a moved namespace is restarted). */
  readonly leadsOn: StepId;
}

export interface StepPosition {
  readonly step: StepId;
  readonly phase: Phase;
  readonly title: Message;
  readonly state: PositionState;
  /** `4 of 6`: targets, or, for a step that looks at proxies, proxies. */
  readonly done: number;
  readonly total: number;
  /** Of the total, those of which nothing is known. */
  readonly unknown: number;
  readonly targets: readonly TargetPosition[];
}

export interface PhasePosition {
  readonly phase: Phase;
  readonly title: Message;
  readonly state: PositionState;
  readonly steps: readonly StepPosition[];
}

export interface NextStep {
  readonly order: StepSuggestion;
  /** Why this one, in a sentence. */
  readonly why: Message;
  /** What was looked at and found good: why it is safe. */
  readonly evidence: readonly Message[];
  /** The order and those that can be done in one go with it, as many as the plan's wave allows; never empty. */
  readonly wave: readonly StepSuggestion[];
}

export interface MigrationPosition {
  readonly phases: readonly PhasePosition[];
  /** The phase in which the next step is; 3 when everything is done. */
  readonly phase: Phase;
  readonly next: NextStep | undefined;
  readonly finished: boolean;
  /** Namespaces of this phase that are still to be moved, and of how many. */
  readonly namespacesLeft: number;
  readonly namespaces: number;
}
