// The few ways in which a target can stand, as every rule of the position says them.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { ClusterRef } from '../cluster.js';
import type { StepId, StepTarget } from '../procedure/stepOrder.js';
import type { PositionState, TargetPosition } from './position.js';

/** A target's position without the target: what a rule finds. */
export type Standing = Pick<TargetPosition, 'state' | 'detail' | 'wrong'> & { readonly leadsOn?: StepId };

export const DONE: Standing = { state: { kind: 'done' }, detail: undefined, wrong: false };

export function open(detail?: Message, leadsOn?: StepId): Standing {
  return { state: { kind: 'open' }, detail, wrong: false, ...(leadsOn !== undefined && { leadsOn }) };
}

/** Still to do, and an error until it is done. */
export function wrong(detail: Message): Standing {
  return { state: { kind: 'open' }, detail, wrong: true };
}

export function inTheWay(first: Message, ...rest: readonly Message[]): Standing {
  return { state: { kind: 'inTheWay', what: [first, ...rest] }, detail: first, wrong: false };
}

export function unknown(first: Message, ...rest: readonly Message[]): Standing {
  return { state: { kind: 'unknown', why: [first, ...rest] }, detail: first, wrong: false };
}

export function notNeeded(why: Message): Standing {
  return { state: { kind: 'notNeeded', why }, detail: undefined, wrong: false };
}

/** Nothing is left to do: done, or not part of it. */
export function isFulfilled({ kind }: PositionState): boolean {
  return kind === 'done' || kind === 'notNeeded';
}

export function targetPosition(step: StepId, target: StepTarget, standing: Standing): TargetPosition {
  const { state, detail, leadsOn = step } = standing;
  return { target, state, detail, wrong: standing.wrong, leadsOn };
}

/** `done` only where nothing that it rests on is unread: unknown is not satisfied. What is known to be open stays open. */
export function unlessUnread(standing: Standing, unread: readonly Message[]): Standing {
  const [first, ...rest] = unread;
  return first === undefined || !isFulfilled(standing.state) ? standing : unknown(first, ...rest);
}

export function clusterTarget(cluster: ClusterRef): StepTarget {
  return { scope: 'cluster', cluster };
}

export const MESH_TARGET: StepTarget = { scope: 'mesh' };

export function clusterUnknown(): Standing {
  return unknown(message('migration.clusterUnknown'));
}
