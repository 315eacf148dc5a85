// What carrying out rows of the procedure needs: who asks and tells the user, who reads what a step needs, who keeps a record.
import type { InspectionAnswer, InspectionRequest } from '../../domain/procedure/inspection.js';
import type { StepAction, StepPlan, StepVerification } from '../../domain/procedure/procedureStep.js';
import type { StepOrder } from '../../domain/procedure/stepOrder.js';
import type { StepOutcome } from '../../domain/steps/commandSpec.js';
import type { Failure, Result } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';

/** What became of one order. Only `verified` is done; `shown` is the end of a step that changes nothing. */
export type ProcedureResult =
  | { readonly kind: 'verified'; readonly plan: StepPlan; readonly evidence: readonly Message[] }
  | { readonly kind: 'shown'; readonly plan: StepPlan; readonly evidence: readonly Message[] }
  /** The command lines ran, and the clusters are not (or not known to be) as they must be. */
  | { readonly kind: 'notVerified'; readonly plan: StepPlan; readonly verification: Exclude<StepVerification, { kind: 'verified' }> }
  /** The command lines did not all run: what they changed before they stopped is for the clusters to show. */
  | { readonly kind: 'notDone'; readonly plan: StepPlan; readonly outcome: Exclude<StepOutcome, { kind: 'ran' }> }
  /** The command lines ran; what the extension itself had to do then failed. */
  | { readonly kind: 'actionFailed'; readonly plan: StepPlan; readonly failure: Failure }
  | { readonly kind: 'blocked'; readonly plan: StepPlan }
  /** Between preview and start the mesh changed so that other command lines would run than those shown. */
  | { readonly kind: 'changedSincePreview'; readonly plan: StepPlan }
  /** Another step runs on the same target. */
  | { readonly kind: 'busy'; readonly plan: StepPlan }
  /** The user did not want it, or no longer after one before it was not verified. */
  | { readonly kind: 'cancelled'; readonly plan: StepPlan };

/** What the user chose at the preview; what was copied or pasted is `no`. */
export type PreviewAnswer = 'run' | 'runGuideForm' | 'dryRun' | 'no';

/** How a dry run ended, and of how many command lines it was. */
export interface DryRunEnd {
  readonly outcome: StepOutcome;
  readonly count: number;
}

export interface ProcedurePrompts {
  /** Shows what would run, on what it rests, and how it is undone; after a dry run also how that ended. */
  preview(plans: readonly StepPlan[], dryRun?: DryRunEnd): Promise<PreviewAnswer>;
  /** Asks for the name to be typed; true when it was, exactly. */
  typeName(plan: StepPlan): Promise<boolean>;
  /** A step was not verified and others wait: whether to go on with them. */
  goOn(result: ProcedureResult, remaining: readonly StepOrder[]): Promise<boolean>;
  /** Shows that something is being read; the signal aborts when the user has waited long enough. */
  whileReading<Value>(what: Message, read: (signal: AbortSignal) => Promise<Value>): Promise<Value>;
  /** Says once, quietly, what came of it all; `again` previews and runs orders anew. */
  report(results: readonly ProcedureResult[], again: (orders: readonly StepOrder[]) => void): void;
  /** Nothing is read or run in Restricted Mode, and how that is changed. */
  reportUntrusted(): void;
}

/** Reads what single steps need and nobody else watches. Never fails as a whole: each request has its own answer. */
export interface StepInspector {
  inspect(request: InspectionRequest, signal: AbortSignal): Promise<InspectionAnswer>;
}

/** Does what only the extension itself can do, and says what it found. */
export interface StepActions {
  perform(action: StepAction, order: StepOrder, signal: AbortSignal): Promise<Result<readonly Message[]>>;
}

/** One step that ran, or was to run, as the journal keeps it. */
export interface StepJournalEntry {
  readonly order: StepOrder;
  readonly title: Message;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** As they were shown, without secrets and without what was fed to their standard input. */
  readonly commandLines: readonly string[];
  /** The guide's own form was taken instead of ours. */
  readonly guideForm: boolean;
  /** Undefined where nothing was started. */
  readonly outcome: StepOutcome | undefined;
  readonly result: ProcedureResult['kind'];
  /** What the clusters showed: evidence of a verified step, or what was open. */
  readonly evidence: readonly Message[];
}

/** Append-only. A journal that cannot be written must not keep a step from running. */
export interface StepJournal {
  append(entry: StepJournalEntry): Promise<void>;
}
