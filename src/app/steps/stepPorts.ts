// What running a step needs of the surface it runs on, and of the inventory that is asked afterwards.
import type { ClusterRef } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { StepOutcome } from '../../domain/steps/commandSpec.js';
import type { NamespaceStepChoice, NamespaceStepPlan } from '../../domain/steps/namespaceStep.js';
import type { NamespaceTarget } from '../../domain/steps/namespaceTarget.js';
import type { Verification } from '../../domain/steps/verification.js';
import type { Failure } from '../../shared/failure.js';

/** The live state of the clusters that take part. */
export interface SnapshotSource {
  /** All that take part. */
  readonly clusters: readonly ClusterRef[];
  /** Undefined while the cluster is not followed. */
  snapshot(ref: ClusterRef): ClusterSnapshot | undefined;
  /** Resolves with the first state, the present one included, for which the predicate holds; undefined once aborted. */
  waitFor(ref: ClusterRef, predicate: (snapshot: ClusterSnapshot) => boolean, signal: AbortSignal): Promise<ClusterSnapshot | undefined>;
}

/** A step for one namespace. */
export interface StepOrder {
  readonly target: NamespaceTarget;
  readonly choice: NamespaceStepChoice;
}

/** What became of one order. Only `verified` is done; `shown` is the end of a step that changes nothing. */
export type StepRunResult =
  | { readonly kind: 'verified'; readonly plan: NamespaceStepPlan; readonly verification: Extract<Verification, { kind: 'verified' }> }
  | { readonly kind: 'shown'; readonly plan: NamespaceStepPlan }
  /** The command lines ran, and the cluster is not (or not known to be) as it must be. */
  | { readonly kind: 'notVerified'; readonly plan: NamespaceStepPlan; readonly verification: Exclude<Verification, { kind: 'verified' }> }
  /** The command lines did not all run: what they changed before they stopped is for the cluster to show. */
  | { readonly kind: 'notDone'; readonly plan: NamespaceStepPlan; readonly outcome: Exclude<StepOutcome, { kind: 'ran' }> }
  | { readonly kind: 'blocked'; readonly plan: NamespaceStepPlan }
  /** Between preview and start the cluster changed so that other command lines would run than those shown. */
  | { readonly kind: 'changedSincePreview'; readonly plan: NamespaceStepPlan }
  /** Another step runs on the same namespace. */
  | { readonly kind: 'busy'; readonly plan: NamespaceStepPlan }
  /** The user did not want it, or no longer after one before it was not verified. */
  | { readonly kind: 'cancelled'; readonly plan: NamespaceStepPlan };

export interface StepPrompts {
  /** Shows what would run. True: run it now. Everything else (closed, copied, pasted) is false. */
  confirm(plans: readonly NamespaceStepPlan[]): Promise<boolean>;
  /** A step was not verified and others wait: whether to go on with them. */
  goOn(result: StepRunResult, remaining: readonly StepOrder[]): Promise<boolean>;
  /** Shows that the cluster is being read again; the signal aborts when the user has waited long enough. */
  whileVerifying<Value>(plan: NamespaceStepPlan, verify: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
  /** Says once, quietly, what came of it all; `again` previews and runs orders anew. */
  report(results: readonly StepRunResult[], again: (orders: readonly StepOrder[]) => void): void;
  /** kubectl cannot be used. */
  reportFailure(failure: Failure): void;
}
