// A rehearsal as a process of its own, and commands run as in one of its terminals: real tools, and the stand-ins on its PATH.
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { REPOSITORY } from './repository.js';

export interface CommandOutcome {
  readonly code: number;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RehearsalProcess {
  readonly env: NodeJS.ProcessEnv;
  /** Runs to its end; `input` is piped in. */
  run(command: string, args: readonly string[], input?: string): Promise<CommandOutcome>;
  /** Starts a command and leaves it to the caller. */
  start(command: string, args: readonly string[]): ChildProcess;
  stop(): Promise<void>;
}

/** Where the bundles are; they are built before the tests are. */
const DIST = process.env.MESH_CA_DIST ?? path.join(REPOSITORY, 'dist');

/** Variables of the terminal, as the rehearsal prints them before it says that it is ready. */
async function readTerminal(child: ChildProcess): Promise<NodeJS.ProcessEnv> {
  const variables: NodeJS.ProcessEnv = {};
  if (child.stdout === null) throw new Error('the rehearsal has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    if (line === 'ready') return variables;
    const [, name, value] = /^export (\w+)='(.*)'$/u.exec(line) ?? [];
    if (name !== undefined) variables[name] = value;
  }
  throw new Error('the rehearsal ended before it was ready');
}

export async function startRehearsalProcess(...options: readonly string[]): Promise<RehearsalProcess> {
  const child = spawn(process.execPath, [path.join(DIST, 'rehearsal.js'), ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const env = { ...process.env, ...(await readTerminal(child)) };
  return {
    env,
    run: (command, args, input = '') =>
      new Promise((resolve) => {
        const started = execFile(command, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          resolve({ code, signal: error?.signal ?? undefined, stdout, stderr });
        });
        started.stdin?.end(input);
      }),
    start: (command, args) => spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'] }),
    stop: () =>
      new Promise((resolve) => {
        child.once('exit', () => { resolve(); });
        child.kill('SIGTERM');
      }),
  };
}
