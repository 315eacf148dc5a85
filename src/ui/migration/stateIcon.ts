// Shape and colour of each state; the shape alone says it too.
import type { PositionState } from '../../domain/position/position.js';
import { message } from '../../shared/text/message.js';
import type { Message } from '../../shared/text/message.js';
import type { RowParts } from '../tree/row.js';

/** A step that leaves no trace is neither done nor left to do, and is offered all the same. */
export function isAnytime(state: PositionState): boolean {
  return state.kind === 'notNeeded' && state.why.key === 'migration.anytime';
}

export function stateIcon(state: PositionState): Pick<RowParts, 'icon' | 'color'> {
  if (isAnytime(state)) return { icon: 'eye' };
  switch (state.kind) {
    case 'done':
      return { icon: 'pass-filled', color: 'charts.green' };
    case 'next':
      return { icon: 'arrow-circle-right', color: 'charts.blue' };
    case 'open':
      return { icon: 'circle-large-outline' };
    case 'inTheWay':
      return { icon: 'warning', color: 'list.warningForeground' };
    case 'unknown':
      return { icon: 'question', color: 'disabledForeground' };
    case 'notNeeded':
      return { icon: 'circle-slash', color: 'disabledForeground' };
  }
}

export function stateMessage(state: PositionState): Message {
  if (isAnytime(state)) return message('migration.state.anytime');
  switch (state.kind) {
    case 'done':
      return message('migration.state.done');
    case 'next':
      return message('migration.state.next');
    case 'open':
      return message('migration.state.open');
    case 'inTheWay':
      return message('migration.state.inTheWay');
    case 'unknown':
      return message('migration.state.unknown');
    case 'notNeeded':
      return message('migration.state.notNeeded');
  }
}

/** What the state itself tells: everything in the way, or why it is not known or not needed. */
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
  }
}
