// What may be asked of a running rehearsal: a closed union of commands, each a plain value.
import type { Fault } from '../faults/fault.js';
import type { PodFilter } from '../faults/podFilter.js';
import type { RequestFilter } from '../faults/requestFilter.js';
import type { WatchTrouble } from '../faults/fault.js';

/** Something that happens once, as the environment of a real mesh does it by itself. */
export type Move =
  /** The container exits and is started again. */
  | { readonly kind: 'crashOnce'; readonly pods: PodFilter; readonly container?: string }
  | { readonly kind: 'deletePods'; readonly pods: PodFilter }
  /** Cordons the node and evicts what is on it, but for DaemonSets. */
  | { readonly kind: 'drain'; readonly node: string }
  | { readonly kind: 'scale'; readonly workload: string; readonly name: string; readonly namespace: string; readonly replicas: number }
  | { readonly kind: 'startPod'; readonly namespace: string; readonly name: string; readonly labels: Readonly<Record<string, string>> }
  /** New certificates at once, whatever age the present ones have. */
  | { readonly kind: 'renew'; readonly pods: PodFilter }
  /** The istiods of a revision restart in their pods and load their CA anew. */
  | { readonly kind: 'restartIstiod'; readonly revision: string }
  /** Like the fault of that name, but only for the watches that are open now. */
  | { readonly kind: 'disturbWatches'; readonly trouble: WatchTrouble; readonly requests: RequestFilter };

/** Faults that have a command of their own to end them. */
export type EndableKind = 'down' | 'tokenExpired';

export type ControlAction =
  | { readonly kind: 'list' }
  /** By number; without numbers all. */
  | { readonly kind: 'clear'; readonly ids: readonly number[] }
  | { readonly kind: 'end'; readonly faults: EndableKind }
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'move'; readonly move: Move }
  | { readonly kind: 'speed'; readonly factor: number }
  | { readonly kind: 'advance'; readonly seconds: number };

export interface ControlCommand {
  readonly action: ControlAction;
  /** Which of the rehearsal's clusters; without it all. Time is the same for all of them. */
  readonly context?: string;
}

/** A command as it travels: its name, its operands and its options as texts. */
export interface ControlRequest {
  readonly command: string;
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, string>>;
}

export type ControlReply = { readonly lines: readonly string[] } | { readonly problem: string };
