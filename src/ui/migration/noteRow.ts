// What the tree Migration says above the phases: that it reads, lacks a plan, is at its end, or sees no step to do.
import type { CommandId } from '../../contributions.js';
import { CONTEXT_VALUES } from '../../contributions.js';
import type { RenderText } from '../../shared/text/languages.js';
import type { MigrationPosition } from '../../domain/position/position.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RowParts } from '../tree/row.js';
import type { MigrationNote } from './migrationNodes.js';
import { obstaclesIn } from './obstacles.js';

const REFRESH: CommandId = 'meshCa.migration.refresh';
const CREATE_PLAN: CommandId = 'meshCa.plan.create';

const OPEN_PLAN: CommandId = 'meshCa.plan.open';
const SHOW_GATE: CommandId = 'meshCa.migration.showGate';
/** So many of what is in the way; the document has all. */
const OBSTACLES_SHOWN = 5;

export interface NoteSource {
  readonly text: RenderText;
  readonly position: MigrationPosition;
  readonly planProblem: Message | undefined;
}

export function noteRow(note: MigrationNote, { text, position, planProblem }: NoteSource): RowParts {
  switch (note) {
    case 'reading':
      return row(text(message('migration.row.reading')), 'loading~spin');
    case 'finished':
      return { ...row(text(message('migration.row.finished')), 'pass-filled'), color: 'charts.green' };
    case 'nothing': {
      const obstacles = obstaclesIn(position).map(text);
      const [first = '', ...others] = obstacles;
      return {
        ...row(text(message('migration.row.nothing')), 'warning', first),
        tooltip: [text(message('migration.row.nothing')), first, ...others.slice(0, OBSTACLES_SHOWN - 1), ...(obstacles.length > OBSTACLES_SHOWN ? ['…'] : [])].filter((line) => line !== ''),
        color: 'list.warningForeground',
        links: [{ text: text(message('migration.action.showGate')), command: SHOW_GATE }, { text: text(message('migration.action.refresh')), command: REFRESH }],
      };
    }
    case 'noPlan':
      return {
        ...row(text(message('migration.row.noPlan')), 'new-file', text(message('migration.row.noPlan.description'))),
        contextValue: CONTEXT_VALUES.noPlan,
        links: [{ text: text(message('migration.action.createPlan')), command: CREATE_PLAN }],
      };
    case 'unusablePlan':
      return {
        ...row(text(message('migration.row.unusablePlan')), 'warning', planProblem === undefined ? '' : text(planProblem)),
        color: 'list.warningForeground',
        contextValue: CONTEXT_VALUES.unusablePlan,
        links: [{ text: text(message('migration.action.openPlan')), command: OPEN_PLAN }],
      };
  }
}

function row(label: string, icon: string, description = ''): RowParts {
  return { label, description, icon, tooltip: description === '' ? [label] : [label, description], contextValue: CONTEXT_VALUES.note };
}
