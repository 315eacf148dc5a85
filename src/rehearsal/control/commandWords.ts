// Reading the words of one command: operands and options, each checked where it is asked for, with a sentence when it is wrong.
import { isObject } from '../api/json.js';
import { parseLabelSelector } from '../api/labelSelector.js';
import type { PodFilter } from '../faults/podFilter.js';
import type { RequestFilter } from '../faults/requestFilter.js';
import type { ControlRequest } from './controlCommands.js';

/** What is wrong with a command, to be shown to whoever typed it. */
export class CommandProblem extends Error {
  override readonly name = 'CommandProblem';
}

const DURATION_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** `90`, `90s`, `15m`, `12h`, `2d`, `1h30m`, in seconds; undefined for anything else. */
export function parseDuration(text: string): number | undefined {
  if (/^\d+(\.\d+)?$/u.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?[smhd])+$/u.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)([smhd])/gu)];
  return parts.reduce((sum, [, amount, unit = 's']) => sum + Number(amount) * (DURATION_SECONDS[unit] ?? 0), 0);
}

export class CommandWords {
  readonly #request: ControlRequest;

  constructor(request: ControlRequest) {
    this.#request = request;
  }

  get operands(): readonly string[] {
    return this.#request.operands;
  }

  /** The one operand; `what` names it in the complaint. */
  operand(what: string): string {
    const [operand, ...more] = this.operands;
    if (operand === undefined || more.length > 0) throw new CommandProblem(`${this.#request.command} takes one ${what}`);
    return operand;
  }

  /** The one operand, out of a closed set. */
  choice<Choice extends string>(choices: readonly Choice[]): Choice {
    const operand = this.operand(`of ${choices.join(', ')}`);
    const chosen = choices.find((choice) => choice === operand);
    if (chosen === undefined) throw new CommandProblem(`${this.#request.command} takes one of ${choices.join(', ')}, not "${operand}"`);
    return chosen;
  }

  noOperands(): void {
    const [operand] = this.operands;
    if (operand !== undefined) throw new CommandProblem(`${this.#request.command} does not take "${operand}"`);
  }

  text(option: string): string | undefined {
    return this.#request.options[option];
  }

  required(option: string): string {
    const value = this.text(option);
    if (value === undefined || value === '') throw new CommandProblem(`${this.#request.command} needs --${option}`);
    return value;
  }

  flag(option: string): boolean {
    return this.text(option) !== undefined;
  }

  /** A whole number of at least `least`; without the option undefined. */
  number(option: string, least: number): number | undefined {
    const value = this.text(option);
    if (value === undefined) return undefined;
    const number = Number(value);
    if (!/^\d+$/u.test(value) || number < least) throw new CommandProblem(`--${option} takes a number from ${least} on, not "${value}"`);
    return number;
  }

  /** A time in seconds; without the option undefined. */
  duration(option: string): number | undefined {
    const value = this.text(option);
    if (value === undefined) return undefined;
    const seconds = parseDuration(value);
    if (seconds === undefined) throw new CommandProblem(`--${option} takes a time such as 30s or 5m, not "${value}"`);
    return seconds;
  }

  pods(): PodFilter {
    const selector = this.text('selector');
    if (selector !== undefined) {
      try {
        parseLabelSelector(selector);
      } catch {
        throw new CommandProblem(`--selector takes labels as kubectl -l does, not "${selector}"`);
      }
    }
    return this.#present({ namespace: 'namespace', pod: 'pod', selector: 'selector', revision: 'revision' });
  }

  requests(): RequestFilter {
    return this.#present({ verb: 'verb', resource: 'resource', namespace: 'namespace' });
  }

  /** The options that are there, under the fields they stand for. */
  #present(fields: Readonly<Record<string, string>>): Record<string, string> {
    const entries = Object.entries(fields).map(([field, option]) => [field, this.text(option)] as const);
    return Object.fromEntries(entries.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
  }
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

/** A request that came as JSON; throws when it is none. */
export function readRequest(json: unknown): ControlRequest {
  if (!isObject(json) || typeof json.command !== 'string') throw new CommandProblem('a request names its command');
  const { command, operands = [], options = {} } = json;
  if (!isTexts(operands)) throw new CommandProblem('operands are a list of texts');
  if (!isObject(options) || !isTexts(Object.values(options))) throw new CommandProblem('options are texts by name');
  return { command, operands, options: options as Record<string, string> };
}
