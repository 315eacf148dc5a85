// The rehearsal as a program of its own: serves until it is told to stop, and says on standard output how to reach it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { startRehearsal } from './rehearsal.js';
import type { Rehearsal } from './rehearsal.js';
import { parseRehearsalArguments } from './rehearsalArguments.js';
import type { RehearsalArguments } from './rehearsalArguments.js';
import { exportLine, prepareTerminal } from './terminalEnvironment.js';

/** The question could not be asked: as with the other commands of the tool. */
const EXIT_REFUSED = 2;

/** What the system says about an address, in words that name it. */
function startProblem(error: unknown, { listen }: RehearsalArguments): string {
  const { code } = error as NodeJS.ErrnoException;
  const address = `${listen.host}:${listen.port}`;
  if (code === 'EADDRINUSE') {
    return `port ${listen.port} or the one after it is taken on ${listen.host}; --listen ${listen.host}:0 takes any free one`;
  }
  if (code === 'EACCES') return `not allowed to listen on ${address}`;
  return error instanceof Error ? error.message : String(error);
}

/** Resolves at the first SIGINT or SIGTERM. */
function interruption(): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { done(); });
  });
}

async function serve(options: RehearsalArguments): Promise<number> {
  const stopped = interruption();
  const folder = await mkdtemp(join(tmpdir(), 'mesh-ca-rehearsal-'));
  let rehearsal: Rehearsal | undefined;
  try {
    const kubeconfigPath = resolve(options.kubeconfigPath ?? join(folder, 'kubeconfig'));
    rehearsal = await startRehearsal({ ...options, kubeconfigPath, log: () => undefined });
    const variables = await prepareTerminal(folder, {
      script: join(__dirname, 'cli.js'),
      kubeconfigPath,
      searchPath: process.env.PATH ?? '',
    });
    const lines = variables.map(([name, value]) => exportLine(name, value));
    process.stdout.write(`${[...lines, 'ready'].join('\n')}\n`);
    await stopped;
    return 0;
  } catch (error) {
    process.stderr.write(`mesh-ca rehearse: ${startProblem(error, options)}\n`);
    return EXIT_REFUSED;
  } finally {
    await rehearsal?.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function run(args: readonly string[]): Promise<number> {
  const parsed = parseRehearsalArguments(args);
  if ('problem' in parsed) {
    process.stderr.write(`mesh-ca rehearse: ${parsed.problem}\n`);
    return EXIT_REFUSED;
  }
  if ('help' in parsed) {
    process.stdout.write(parsed.help);
    return 0;
  }
  return serve(parsed.arguments);
}

void run(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
