// What keeps the migration from going on, place by place: what one has to know where no step can be done.
import { clusterName } from '../../domain/cluster.js';
import type { MigrationPosition, StepPosition, TargetPosition } from '../../domain/position/position.js';
import type { StepTarget } from '../../domain/procedure/stepOrder.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { joinParts } from '../tree/row.js';
import { phaseIn } from './migrationNodes.js';
import { stateReasons } from './stateIcon.js';
import { targetName } from './targetName.js';

/** Everything in the way in the present phase, each with its place and said once. */
export function obstaclesIn(position: MigrationPosition): readonly Message[] {
  const phase = phaseIn(position, position.phase);
  if (phase === undefined) return [];
  const placed = phase.steps.flatMap(({ targets }) => targets.flatMap((target) => (isBlocked(target) ? placedReasons(target) : [])));
  return distinct(placed.length > 0 ? placed : stateReasons(phase.state));
}

/** What is known of a step's targets that are not done, each with its place. */
export function openReasons({ targets }: Pick<StepPosition, 'targets'>): readonly Message[] {
  return distinct(targets.flatMap((target) => (isLeft(target) ? placedReasons(target) : [])));
}

/** What is known of one target. */
export function targetReasons({ state, detail }: TargetPosition): readonly Message[] {
  return distinct([...stateReasons(state), ...(detail === undefined ? [] : [detail])]);
}

/** A target with its cluster; empty for the mesh, of which there is one. */
export function placeOf(target: StepTarget): string {
  if (target.scope === 'mesh') return '';
  const cluster = clusterName(target.cluster);
  return target.scope === 'cluster' ? cluster : joinParts([targetName(target), cluster]);
}

function placedReasons(own: TargetPosition): readonly Message[] {
  const place = placeOf(own.target);
  return targetReasons(own).map((why) => (place === '' ? why : message('report.target', { target: place, why })));
}

function isBlocked({ state }: TargetPosition): boolean {
  return state.kind === 'inTheWay' || state.kind === 'unknown';
}

function isLeft({ state }: TargetPosition): boolean {
  return state.kind !== 'done' && state.kind !== 'notNeeded';
}

function distinct(messages: readonly Message[]): readonly Message[] {
  return [...new Map(messages.map((one) => [JSON.stringify(one), one])).values()];
}
