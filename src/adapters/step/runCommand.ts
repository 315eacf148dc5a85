// Runs one command line of a step as a child on the same terminal, without a shell.
import { spawn } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import type { CommandSpec } from '../../domain/steps/commandSpec.js';

/** How a command line ended. */
export type CommandEnd =
  | { readonly kind: 'exited'; readonly exitCode: number }
  | { readonly kind: 'signalled'; readonly signal: NodeJS.Signals }
  | { readonly kind: 'missing'; readonly tool: string }
  | { readonly kind: 'noFolder'; readonly folder: string }
  /** The file for its output exists or cannot be made: nothing was run, nothing was overwritten. */
  | { readonly kind: 'noOutputFile'; readonly file: string; readonly reason: string }
  | { readonly kind: 'notRunnable'; readonly tool: string; readonly reason: string };

/** What turned this executable into a plain Node; a child must not inherit it. */
const OWN_VARIABLES = ['ELECTRON_RUN_AS_NODE'];

/** The environment that command lines get: ours without what only the runner needs, with what the command line adds. */
export function environmentOf(spec: CommandSpec, own: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const inherited = Object.entries(own).filter(([name]) => !OWN_VARIABLES.includes(name));
  return { ...Object.fromEntries(inherited), ...spec.env };
}

/** Starts the command line and waits for its end. `onStart` gets the child, to forward signals to. */
export async function runCommand(spec: CommandSpec, onStart: (child: ChildProcess) => void): Promise<CommandEnd> {
  const [tool, ...words] = spec.argv;
  // Without this check a missing folder would look like a missing executable: both are ENOENT.
  if (spec.cwd !== undefined && !fs.existsSync(spec.cwd)) return { kind: 'noFolder', folder: spec.cwd };
  const output = openOutput(spec.stdoutFile);
  if (output.kind === 'noOutputFile') return output;
  const stdio: StdioOptions = [spec.stdin === undefined ? 'inherit' : 'pipe', output.descriptor ?? 'inherit', 'inherit'];
  try {
    return await new Promise<CommandEnd>((resolve) => {
      const child = spawn(tool, words, {
        stdio,
        env: environmentOf(spec, process.env),
        ...(spec.cwd !== undefined && { cwd: spec.cwd }),
      });
      child.on('error', (error: NodeJS.ErrnoException) => {
        resolve(error.code === 'ENOENT' ? { kind: 'missing', tool } : { kind: 'notRunnable', tool, reason: error.message });
      });
      child.on('exit', (exitCode, signal) => {
        resolve(signal === null ? { kind: 'exited', exitCode: exitCode ?? 1 } : { kind: 'signalled', signal });
      });
      // A child that ends without reading all of it says so by its exit code.
      child.stdin?.on('error', () => undefined).end(spec.stdin);
      onStart(child);
    });
  } finally {
    if (output.descriptor !== undefined) fs.closeSync(output.descriptor);
  }
}

type OutputFile = { readonly kind: 'open'; readonly descriptor: number | undefined } | Extract<CommandEnd, { kind: 'noOutputFile' }>;

function openOutput(file: string | undefined): OutputFile & { readonly descriptor?: number | undefined } {
  if (file === undefined) return { kind: 'open', descriptor: undefined };
  try {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    return { kind: 'open', descriptor: fs.openSync(file, 'wx', 0o600) };
  } catch (error) {
    return { kind: 'noOutputFile', file, reason: error instanceof Error ? error.message : String(error) };
  }
}
