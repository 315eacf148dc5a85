// What the tree Migration says above the phases: that it reads, lacks a plan, is at its end, or sees no step to do.
import type { CommandId } from '../../contributions.js';
import { CONTEXT_VALUES } from '../../contributions.js';
import type { RenderText } from '../../shared/text/languages.js';
import { message } from '../../shared/text/message.js';
import type { RowParts } from '../tree/row.js';
import type { MigrationNote } from './migrationNodes.js';

const REFRESH: CommandId = 'meshCa.migration.refresh';
const CREATE_PLAN: CommandId = 'meshCa.plan.create';

export function noteRow(note: MigrationNote, text: RenderText): RowParts {
  switch (note) {
    case 'reading':
      return row(text(message('migration.row.reading')), 'loading~spin');
    case 'finished':
      return { ...row(text(message('migration.row.finished')), 'pass-filled'), color: 'charts.green' };
    case 'nothing':
      return {
        ...row(text(message('migration.row.nothing')), 'warning'),
        color: 'list.warningForeground',
        links: [{ text: text(message('migration.action.refresh')), command: REFRESH }],
      };
    case 'noPlan': {
      const description = text(message('migration.row.noPlan.description'));
      return {
        ...row(text(message('migration.row.noPlan')), 'new-file'),
        description,
        links: [{ text: text(message('migration.action.createPlan')), command: CREATE_PLAN }],
      };
    }
  }
}

function row(label: string, icon: string): RowParts {
  return { label, description: '', icon, tooltip: [label], contextValue: CONTEXT_VALUES.note };
}
