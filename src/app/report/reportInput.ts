// Everything a report is a function of, and the names that all its parts call things by.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey, clusterName } from '../../domain/cluster.js';
import type { GateVerdict } from '../../domain/gates/gate.js';
import type { MigrationPosition, PositionState } from '../../domain/position/position.js';
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import { assertNever } from '../../shared/assertNever.js';
import type { Failure } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { JournalReading } from '../journal/journalChain.js';

export interface ReportInput {
  readonly situation: MeshSituation;
  readonly position: MigrationPosition;
  readonly gates: readonly GateVerdict[];
  /** Undefined where there is none, or it could not be read. */
  readonly journal: JournalReading | undefined;
  /** Why there is one that could not be read: who signs must not take it for none. */
  readonly journalFailure?: Failure | undefined;
}

/** How people call the clusters that the situation knows, by `clusterKey`. */
export function clusterNames({ snapshots, plan, facts }: MeshSituation): (key: string) => string {
  const refs: readonly ClusterRef[] = [...snapshots.map(({ ref }) => ref), ...(plan?.clusters ?? []).map(({ ref }) => ref), ...facts.clusters.map(({ ref }) => ref)];
  const names = new Map(refs.map((ref) => [clusterKey(ref), clusterName(ref)]));
  return (key) => names.get(key) ?? key;
}

export function stateWord({ kind }: PositionState): Message {
  return message(`report.state.${kind}`);
}

/** What a state says besides its name. */
export function stateReasons(state: PositionState): readonly Message[] {
  switch (state.kind) {
    case 'inTheWay':
      return state.what;
    case 'unknown':
      return state.why;
    case 'notNeeded':
      return [state.why];
    case 'done':
    case 'next':
    case 'open':
      return [];
    default:
      return assertNever(state);
  }
}
