// What a row of the procedure is: a value that the tree, preview, terminal, journal, command line and tests all read.
import type { Message } from '../../shared/text/message.js';
import type { FleetMember } from '../evidence/fleetMember.js';
import type { ClusterEvidence } from '../evidence/gateInputs.js';
import type { GateFacts } from '../gates/gateFacts.js';
import type { GateId, GateSubject, GateVerdict } from '../gates/gate.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { MigrationPlan } from '../plan/migrationPlan.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import type { Inspection, InspectionRequest } from './inspection.js';
import type { Phase, StepId, StepOrder, StepScope } from './stepOrder.js';

/** Executables that steps run: paths, or the names that PATH resolves. */
export interface StepTools {
  readonly kubectl: string;
  readonly asmcli: string;
  readonly gcloud: string;
  readonly istioctl: string;
  readonly rolloutTimeoutMinutes: number;
  /** Absolute folder of our own: kubeconfigs that gcloud writes, and objects kept for an undo. */
  readonly storage?: string;
}

/** What steps left behind in a cluster that no gate judges; an undefined field was not read. */
export interface StepTraces {
  /** The user's own tests: the last answer per namespace, and the revision it was given for. */
  readonly applicationTests: readonly { readonly namespace: string; readonly revision: string; readonly passed: boolean }[] | undefined;
  /** Revisions of which an IstioOperator `installed-state…` is there; empty where the kind is not served. */
  readonly installedStates: readonly string[] | undefined;
}

/** The mesh as far as it has been read, and what the plan says: all that a step's row is a function of. */
export interface MeshSituation {
  readonly plan: MigrationPlan | undefined;
  readonly snapshots: readonly ClusterSnapshot[];
  readonly facts: GateFacts;
  /** What stands behind the facts, by `clusterKey`: readings, records (test answers among them), identity findings. */
  readonly evidence?: ReadonlyMap<string, ClusterEvidence>;
  /** By `clusterKey`. */
  readonly traces?: ReadonlyMap<string, StepTraces>;
  readonly tools: StepTools;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** What the step in question had read beyond all that: see `ProcedureStep.needs`. */
  readonly inspection?: Inspection;
}

/** The guide's own form where ours differs, and why: the command doctor. */
export interface GuideForm {
  /** As the guide prints it, filled in. */
  readonly lines: readonly string[];
  readonly reasons: readonly Message[];
  /** The same as argv where it is safe to take; undefined where it would fail or break something. */
  readonly commands: readonly CommandSpec[] | undefined;
}

/** Something a step's own guards found. */
export interface StepFinding {
  readonly severity: 'blocks' | 'warns' | 'notes';
  readonly message: Message;
}

/** What must be typed before the step may run, and what still refers to what it deletes. */
export interface Confirmation {
  readonly typed: string;
  readonly references: readonly Message[];
  readonly irreversible: Message | undefined;
}

/** What is still open after a step, or why that cannot be said. */
export type StepVerification =
  | { readonly kind: 'verified'; readonly evidence: readonly Message[] }
  /** `settles`: time alone may still settle it. */
  | { readonly kind: 'open'; readonly items: readonly Message[]; readonly settles: boolean }
  | { readonly kind: 'unknown'; readonly why: readonly Message[] };

/** A question that is too dear to be asked as often as the mesh is looked at. */
export interface LastVerification {
  /** What has to be read for it. */
  readonly needs: readonly InspectionRequest[];
  readonly verify: (situation: MeshSituation) => StepVerification;
}

/** What only the extension itself can do for a step, after its command lines ran. */
export type StepAction =
  /** Who can authenticate whom, kept in the clusters. */
  | { readonly kind: 'recordBaseline' }
  /** Read the pod's proxy while it lives, and keep what it held. */
  | { readonly kind: 'recordProbe'; readonly revision: string; readonly namespace: string; readonly pod: string }
  /** Read the files back, compare each with its secret, and keep what identifies the object. */
  | { readonly kind: 'verifyBackups'; readonly files: readonly { readonly secret: string; readonly file: string }[] }
  /** Keep what the user's test said: of a command line its exit code (`failed`), else what the user answers. */
  | { readonly kind: 'recordTest'; readonly namespace: string; readonly asks: boolean; readonly failed?: true }
  | { readonly kind: 'surveyTrust' }
  | { readonly kind: 'scanIdentity' }
  /** Keep in the clusters who gcloud said is in the fleet. */
  | { readonly kind: 'recordFleet'; readonly project: string; readonly members: readonly FleetMember[] }
  | { readonly kind: 'reviewPermissions' }
  /** Put the directory first on PATH in the extension's own terminals. */
  | { readonly kind: 'setTerminalPath'; readonly directory: string };

/** A step as its row plans it; `planStep` adds the order, the title and the gates. */
export interface StepDraft {
  readonly commands: readonly CommandSpec[];
  /** Done by the extension once the command lines ran. */
  readonly action?: StepAction;
  /** Run in the end, however the step went: what it made only for itself is taken away. */
  readonly cleanup?: readonly CommandSpec[];
  /** For a step that the extension does itself: the same in a terminal, to be copied. */
  readonly equivalent?: readonly CommandSpec[];
  readonly guideForm: GuideForm | undefined;
  readonly changes: readonly Message[];
  readonly guarded: readonly Message[];
  readonly findings: readonly StepFinding[];
  readonly checks: readonly Message[];
  readonly undo: { readonly explanation: Message; readonly commands: readonly CommandSpec[] } | undefined;
  readonly confirmation: Confirmation | undefined;
  /** Command lines with `--dry-run=server` where kubectl offers it. */
  readonly dryRun: readonly CommandSpec[];
  /** Judges the mesh read after the step; undefined for a step that changes nothing. */
  readonly verify: ((situation: MeshSituation) => StepVerification) | undefined;
  /** Asked only when `verify` is satisfied; the step is done when this is too. */
  readonly verifyLast?: LastVerification;
}

/** A step on one target as it would run now. */
export interface StepPlan extends StepDraft {
  readonly order: StepOrder;
  readonly title: Message;
  /** Evaluated now, and again right before the first command starts. */
  readonly gates: readonly GateVerdict[];
}

/** A gate that a step stands behind, and what it is asked about besides the order's cluster. */
export interface GateQuestion {
  readonly gate: GateId;
  readonly about: Omit<GateSubject, 'cluster'>;
}

/** One row of the procedure. Everything is a pure function of the situation. */
export interface ProcedureStep {
  readonly id: StepId;
  readonly phases: readonly Phase[];
  readonly scope: StepScope;
  /** Heading of the official guide this row belongs to; undefined for what the guide lacks. */
  readonly guideSection: string | undefined;
  /** It changes nothing in a cluster: it may run on one of which little is known. */
  readonly readsOnly: boolean;
  readonly title: (order: StepOrder) => Message;
  readonly gates: (order: StepOrder, situation: MeshSituation) => readonly GateQuestion[];
  /** What has to be read for this step alone before it is planned. */
  readonly needs?: (order: StepOrder, situation: MeshSituation) => readonly InspectionRequest[];
  readonly plan: (order: StepOrder, situation: MeshSituation) => StepDraft;
}
