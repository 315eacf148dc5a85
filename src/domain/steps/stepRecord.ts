// What passes between the extension and the step runner process: the command lines to run, and the record of what became of them.
import { field, isRecord, listField, parseJson, recordField, textField } from '../../shared/json.js';
import type { CommandSpec, StepOutcome } from './commandSpec.js';

/** What command lines are run for; only those of a step are to be judged by the cluster afterwards. */
export type RunPurpose = 'step' | 'dryRun' | 'cleanUp';

/** The content of the file that the step runner is started with. */
export interface StepSpec {
  /** Names this run; the record repeats it, so that one run's record is never taken for another's. */
  readonly runId: string;
  /** VS Code's name of the display language. */
  readonly language: string;
  readonly commands: readonly CommandSpec[];
  readonly purpose: RunPurpose;
}

/** What the step runner leaves behind; without it nobody knows how a run ended. Times are ISO 8601. */
export interface StepRecord {
  readonly runId: string;
  readonly startedAt: string;
  readonly endedAt: string;
  /** Index of the last command line that was started. */
  readonly command: number;
  /** Of that command line; 127 when its executable was not found. */
  readonly exitCode?: number;
  /** What ended the run when it did not end by itself. */
  readonly signal?: string;
  /** The executable that was not found. */
  readonly missing?: string;
}

/** Reads the runner's orders; undefined when the text is not of this form. */
export function parseStepSpec(text: string): StepSpec | undefined {
  const json = parseJson(text);
  const runId = textField(json, 'runId');
  const commands = listField(json, 'commands').map(parseCommand);
  const known = commands.filter((command) => command !== undefined);
  if (runId === undefined || known.length === 0 || known.length !== commands.length) return undefined;
  return { runId, language: textField(json, 'language') ?? 'en', commands: known, purpose: purposeOf(textField(json, 'purpose')) };
}

function purposeOf(word: string | undefined): RunPurpose {
  return word === 'dryRun' || word === 'cleanUp' ? word : 'step';
}

function parseCommand(json: unknown): CommandSpec | undefined {
  const argv = listField(json, 'argv').filter((word) => typeof word === 'string');
  const [executable, ...words] = argv;
  if (executable === undefined || argv.length !== listField(json, 'argv').length) return undefined;
  const cwd = textField(json, 'cwd');
  const stdoutFile = textField(json, 'stdoutFile');
  const stdin = textField(json, 'stdin');
  const env = recordField(json, 'env');
  return {
    argv: [executable, ...words],
    ...(env !== undefined && { env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)])) }),
    ...(cwd !== undefined && { cwd }),
    ...(stdoutFile !== undefined && { stdoutFile }),
    ...(stdin !== undefined && { stdin }),
  };
}

/** What became of the run, decided by its record alone: VS Code reports exit code 0 for Ctrl+C and for a kill (vscode#125824). */
export function outcomeOf(recordText: string | undefined, { runId, commands }: StepSpec): StepOutcome {
  const record = parseJson(recordText ?? '');
  const command = field(record, 'command');
  if (!isRecord(record) || textField(record, 'runId') !== runId || typeof command !== 'number') {
    return { kind: 'interrupted', signal: undefined };
  }
  const signal = textField(record, 'signal');
  if (signal !== undefined) return { kind: 'interrupted', signal };
  const missing = textField(record, 'missing');
  if (missing !== undefined && command === 0) return { kind: 'notStarted', reason: 'toolMissing', detail: missing };
  const exitCode = field(record, 'exitCode');
  if (typeof exitCode !== 'number') return { kind: 'interrupted', signal: undefined };
  if (exitCode === 0 && command !== commands.length - 1) return { kind: 'interrupted', signal: undefined };
  return exitCode === 0 ? { kind: 'ran' } : { kind: 'failed', command, exitCode };
}
