// One run of a step: its command lines in order until the first that fails, and the signals that may come in between.
import type { ChildProcess } from 'node:child_process';
import os from 'node:os';
import type { Shell } from '../../domain/steps/shellQuote.js';
import { renderCommand, withVisibleControls } from '../../domain/steps/shellQuote.js';
import type { RunPurpose, StepRecord, StepSpec } from '../../domain/steps/stepRecord.js';
import { assertNever } from '../../shared/assertNever.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { CommandEnd } from './runCommand.js';
import { runCommand } from './runCommand.js';

export interface StepSurroundings {
  readonly print: (line: string) => void;
  /** ISO 8601. */
  readonly now: () => string;
  readonly shell: Shell;
  readonly text: RenderText;
}

export interface StepEnd {
  readonly record: StepRecord;
  readonly exitCode: number;
}

/** What shells exit with when a command is not found, and when it is found but cannot be run. */
const EXIT_NOT_FOUND = 127;
const EXIT_NOT_RUNNABLE = 126;

const BOLD = '\u001b[1m';
const DIM = '\u001b[2m';
const PLAIN = '\u001b[0m';

/** Runs the command lines and says how it ended; it never throws for what a command line does. */
export async function runStep(spec: StepSpec, surroundings: StepSurroundings): Promise<StepEnd> {
  const { print, now, shell, text } = surroundings;
  const startedAt = now();
  const signals = listenToSignals();
  let end: CommandEnd = { kind: 'exited', exitCode: 0 };
  let command = 0;
  for (const [index, line] of spec.commands.entries()) {
    command = index;
    print(`${BOLD}$ ${withVisibleControls(renderCommand(line, shell))}${PLAIN}`);
    end = await runCommand(line, signals.forwardTo);
    // kubectl may be a dispatcher that answers Ctrl+C with an exit code of its own, so our own ear counts as well.
    const heard = signals.heard();
    if (heard !== undefined) end = { kind: 'signalled', signal: heard };
    if (end.kind !== 'exited' || end.exitCode !== 0) break;
  }
  signals.stop();
  print(`${DIM}${text(closingLine(end, command, spec))}${PLAIN}`);
  return { record: { runId: spec.runId, startedAt, endedAt: now(), command, ...recordedEnd(end) }, exitCode: exitCodeOf(end) };
}

interface SignalEar {
  /** The first signal that asked us to stop. */
  readonly heard: () => NodeJS.Signals | undefined;
  readonly forwardTo: (child: ChildProcess) => void;
  readonly stop: () => void;
}

/**
 * Ctrl+C reaches the children through the terminal, so it is only noted; what is sent to this process alone is passed on.
 */
function listenToSignals(): SignalEar {
  let first: NodeJS.Signals | undefined;
  let child: ChildProcess | undefined;
  const note = (signal: NodeJS.Signals): void => {
    first ??= signal;
  };
  const passOn = (signal: NodeJS.Signals): void => {
    note(signal);
    child?.kill(signal);
  };
  process.on('SIGINT', note).on('SIGTERM', passOn).on('SIGHUP', passOn);
  return {
    heard: () => first,
    forwardTo: (started) => {
      child = started;
      // It came before there was anybody to pass it on to.
      if (first !== undefined) started.kill(first);
    },
    stop: () => process.off('SIGINT', note).off('SIGTERM', passOn).off('SIGHUP', passOn),
  };
}

function recordedEnd(end: CommandEnd): Pick<StepRecord, 'exitCode' | 'signal' | 'missing'> {
  if (end.kind === 'signalled') return { signal: end.signal };
  return { exitCode: exitCodeOf(end), ...(end.kind === 'missing' && { missing: end.tool }) };
}

function exitCodeOf(end: CommandEnd): number {
  switch (end.kind) {
    case 'exited':
      return end.exitCode;
    case 'signalled':
      return 128 + os.constants.signals[end.signal];
    case 'missing':
      return EXIT_NOT_FOUND;
    case 'noFolder':
    case 'noOutputFile':
    case 'notRunnable':
      return EXIT_NOT_RUNNABLE;
    default:
      return assertNever(end);
  }
}

/** What comes after command lines that all ended well. */
const RAN = { step: 'steps.runner.ran', dryRun: 'steps.runner.dryRan', cleanUp: 'steps.runner.cleanedUp' } as const satisfies Readonly<Record<RunPurpose, Message['key']>>;

/** Says what happened to the command lines; whether the step is done is for the cluster to say. */
function closingLine(end: CommandEnd, command: number, { commands, purpose }: StepSpec): Message {
  const count = commands.length;
  switch (end.kind) {
    case 'exited':
      if (end.exitCode === 0) return message(RAN[purpose], { count });
      return message('steps.runner.failed', { number: command + 1, count, exitCode: end.exitCode });
    case 'signalled':
      return message('steps.runner.interrupted', { signal: end.signal });
    case 'missing':
      return message('steps.runner.missing', { tool: end.tool });
    case 'noFolder':
      return message('steps.runner.noFolder', { folder: end.folder });
    case 'noOutputFile':
      return message('steps.runner.noOutputFile', { file: end.file, reason: end.reason });
    case 'notRunnable':
      return message('steps.runner.notRunnable', { tool: end.tool, reason: end.reason });
    default:
      return assertNever(end);
  }
}
