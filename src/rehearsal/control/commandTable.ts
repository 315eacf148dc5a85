// Every command of a running rehearsal, in the groups in which the help shows them.
import { alone } from './commandEntry.js';
import type { CommandEntry } from './commandEntry.js';
import { CommandProblem, parseDuration } from './commandWords.js';
import { CONNECTION_COMMANDS } from './connectionCommands.js';
import { ENVIRONMENT_COMMANDS } from './environmentCommands.js';

/** A month: what waits and tries again would be repeated too often. */
const LONGEST_ADVANCE_S = 30 * 86_400;

const TIME_AND_LIST: readonly CommandEntry[] = [
  {
    name: 'speed',
    usage: 'N',
    summary: 'rollouts, pushes and renewals are N times as fast from now on',
    options: [],
    concernsAll: true,
    read: (words) => {
      const factor = Number(words.operand('number'));
      if (!Number.isFinite(factor) || factor <= 0) throw new CommandProblem('speed takes a number above zero');
      return { kind: 'speed', factor };
    },
  },
  {
    name: 'advance',
    usage: 'TIME',
    summary: 'as though so much time had passed (12h, 30m): certificates age, and what is due by then happens now',
    options: [],
    concernsAll: true,
    read: (words) => {
      const text = words.operand('time such as 12h');
      const seconds = parseDuration(text);
      if (seconds === undefined || seconds <= 0) throw new CommandProblem(`advance takes a time such as 12h or 30m, not "${text}"`);
      if (seconds > LONGEST_ADVANCE_S) throw new CommandProblem('advance takes at most 30d at once');
      return { kind: 'advance', seconds };
    },
  },
  {
    name: 'list',
    usage: '',
    summary: 'the faults in force, with their numbers',
    options: [],
    concernsAll: true,
    read: alone({ kind: 'list' }),
  },
  {
    name: 'clear',
    usage: '[NUMBER]…',
    summary: 'ends these faults, or all',
    options: [],
    concernsAll: true,
    read: (words) => {
      const ids = words.operands.map(Number);
      if (ids.some((id) => !Number.isInteger(id) || id < 1)) throw new CommandProblem('clear takes the numbers that list shows');
      return { kind: 'clear', ids };
    },
  },
];

/** In groups, as the help shows them. */
export const COMMAND_GROUPS = [
  { title: 'What the mesh does by itself', commands: ENVIRONMENT_COMMANDS },
  { title: 'What goes wrong on the way to it', commands: CONNECTION_COMMANDS },
  { title: 'Time, and what is in force', commands: TIME_AND_LIST },
] as const;

export const COMMANDS: readonly CommandEntry[] = COMMAND_GROUPS.flatMap(({ commands }) => commands);
