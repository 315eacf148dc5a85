// Runs commands that set something up on this machine, each printed before it runs.
import { spawnSync } from 'node:child_process';

/** Something a suite needs is not there and may not be installed here; the message says how to get it. */
export class MissingPrerequisite extends Error {
  override readonly name = 'MissingPrerequisite';
}

/** One command line of a set-up. */
export interface SetupCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  /** Variables besides those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The command as a line that can be pasted into a shell. */
export function renderCommand({ file, args, cwd }: SetupCommand): string {
  const line = [file, ...args].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(' ');
  return cwd === undefined ? line : `(cd ${cwd} && ${line})`;
}

/** Prints the command, runs it to its end and returns what it wrote; throws with its last lines when it fails. */
export function runAnnounced(command: SetupCommand): string {
  process.stdout.write(`$ ${renderCommand(command)}\n`);
  const result = spawnSync(command.file, command.args, {
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
    env: { ...process.env, ...command.env },
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (result.error !== undefined) throw result.error;
  if (result.status !== 0) {
    const tail = `${result.stdout}\n${result.stderr}`.trim().split('\n').slice(-15).join('\n');
    throw new Error(`${renderCommand(command)} ended with ${String(result.status ?? result.signal)}:\n${tail}`);
  }
  return result.stdout;
}
