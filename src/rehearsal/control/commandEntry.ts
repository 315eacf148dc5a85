// One command of a running rehearsal as an entry of the table, and what several entries share in reading their words.
import type { Fault, WantedLabels } from '../faults/fault.js';
import type { PodFilter } from '../faults/podFilter.js';
import { CommandProblem } from './commandWords.js';
import type { CommandWords } from './commandWords.js';
import type { ControlAction, Move } from './controlCommands.js';

export interface CommandEntry {
  readonly name: string;
  /** What may follow the name. */
  readonly usage: string;
  readonly summary: string;
  /** Option names without dashes; `context` is understood by all that do not concern the whole mesh. */
  readonly options: readonly string[];
  /** Time and the list of faults are the same for all clusters. */
  readonly concernsAll?: true;
  readonly read: (words: CommandWords) => ControlAction;
}

export const POD_OPTIONS = ['namespace', 'pod', 'selector', 'revision'] as const;
export const POD_USAGE = '[-n NS] [--pod NAME] [-l LABELS] [--revision REV]';
export const REQUEST_OPTIONS = ['verb', 'resource', 'namespace'] as const;
export const REQUEST_USAGE = '[--verb VERB] [--resource RESOURCE] [-n NS]';

export function fault(value: Fault): ControlAction {
  return { kind: 'fault', fault: value };
}

export function move(value: Move): ControlAction {
  return { kind: 'move', move: value };
}

/** For commands that are all said with their name. */
export function alone(action: ControlAction): (words: CommandWords) => ControlAction {
  return (words) => {
    words.noOperands();
    return action;
  };
}

const KEY = '[A-Za-z0-9](?:[A-Za-z0-9._/-]*[A-Za-z0-9])?';
const PRESENT = new RegExp(`^(${KEY})=([A-Za-z0-9._-]*)$`, 'u');
const ABSENT = new RegExp(`^(${KEY})-$`, 'u');

/** `a=b` or, as `kubectl label` takes labels away, `a-`. */
export function wantedLabels(texts: readonly string[]): WantedLabels {
  const entries = texts.map((text): readonly [string, string | null] => {
    const [, key, value] = PRESENT.exec(text) ?? [];
    if (key !== undefined && value !== undefined) return [key, value];
    const [, absent] = ABSENT.exec(text) ?? [];
    if (absent !== undefined) return [absent, null];
    throw new CommandProblem(`"${text}" is no label: write key=value, or key- for one that shall not be there`);
  });
  return Object.fromEntries(entries);
}

/** `a=b,c=d`. */
export function plainLabels(text: string | undefined): Record<string, string> {
  const wanted = wantedLabels((text ?? '').split(',').filter((label) => label !== ''));
  return Object.fromEntries(Object.entries(wanted).filter((entry): entry is [string, string] => entry[1] !== null));
}

/** Every pod where nothing is said. */
export function anyPods(words: CommandWords): PodFilter {
  words.noOperands();
  return words.pods();
}

/** To do this to every pod of a mesh is nobody's intention. */
export function chosenPods(words: CommandWords): PodFilter {
  const pods = anyPods(words);
  if (Object.keys(pods).length === 0) throw new CommandProblem('say which pods: -n NS, --pod NAME, -l LABELS or --revision REV');
  return pods;
}
