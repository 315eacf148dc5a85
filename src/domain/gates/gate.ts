// What a gate answers: open, shut or unknown, and item by item what stands in the way and which step leads past it.
import type { Message } from '../../shared/text/message.js';
import type { StepSuggestion } from '../procedure/stepOrder.js';

export const GATES = [
  /** Install of REVISION_2 may begin (all but the probe). */
  'phase-2',
  /** A label of phase 2 may be set (with the probe of REVISION_2). */
  'phase-2-labels',
  /** First label of phase 1: probe of REVISION_1 passed. */
  'phase-1-labels',
  /** What goes (old istiod, Service, webhooks of a revision) is referred to by nothing. */
  'finish',
  /** CA secrets may be deleted. */
  'phase-3',
  /** Rollback locks. */
  'rollback-1',
  'rollback-2',
  'restore',
] as const;

export type GateId = (typeof GATES)[number];

/** What a gate is asked about: the cluster a step acts on, and what goes or comes there. */
export interface GateSubject {
  /** `clusterKey` of the cluster the step acts on; undefined means every cluster. */
  readonly cluster: string | undefined;
  /** `finish`: the revision that goes. `rollback-1`: the revision that comes back. The others read the plan's revisions from the facts. */
  readonly revision?: string | undefined;
  /** `finish` only. `istiodService` is `finalize-webhook`: Service `istiod` leaves `revision` for `successor`. `controlPlane` when not said. */
  readonly goes?: 'controlPlane' | 'istiodService' | 'gateway' | undefined;
  readonly successor?: string | undefined;
  /** `finish` of a gateway: its namespace and the name of the Deployment that goes. */
  readonly namespace?: string | undefined;
  readonly gateway?: string | undefined;
}

export interface GateItem {
  /** `clusterKey`; undefined for what concerns the mesh. */
  readonly cluster: string | undefined;
  /** What people call that cluster. */
  readonly clusterName: string | undefined;
  /** Namespace, `namespace/Kind/name`, revision, … for people and for grouping. */
  readonly subject: string;
  readonly problem: Message;
  /** It is not known, rather than known to be wrong. */
  readonly unknown: boolean;
  /** How to get there. */
  readonly remedy: StepSuggestion | undefined;
  /** May be waived in the plan. */
  readonly waivable: boolean;
}

/** `unknown` counts as shut; it says that nothing known stands in the way. */
export interface GateVerdict {
  readonly gate: GateId;
  readonly state: 'open' | 'shut' | 'unknown';
  readonly items: readonly GateItem[];
  /** What was looked at and found good, in a few sentences. */
  readonly evidence: readonly Message[];
}
