// The rehearsal as a program of its own: serves until it is told to stop, and says on standard output how to reach it.
// With a name as its first word it is something smaller instead: the command line of a running rehearsal, or a stand-in.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { runControl } from './control/controlCommandLine.js';
import { CONTROL_FILE } from './control/controlFile.js';
import { startRehearsal } from './rehearsal.js';
import type { Rehearsal } from './rehearsal.js';
import { parseRehearsalArguments } from './rehearsalArguments.js';
import type { RehearsalArguments } from './rehearsalArguments.js';
import { recordMesh } from './standIns/recordMesh.js';
import { STAND_INS, STAND_INS_ON_PATH } from './standIns/standInTable.js';
import { processIo } from './standIns/standInIo.js';
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

/** Resolves at the first SIGINT or SIGTERM, or when the program that started this one is gone. */
function interruption(untilInputEnds: boolean): Promise<void> {
  return new Promise((done) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => { done(); });
    if (untilInputEnds) process.stdin.once('close', () => { done(); }).resume();
  });
}

async function serve(options: RehearsalArguments): Promise<number> {
  const stopped = interruption(options.untilInputEnds);
  const folder = await mkdtemp(join(tmpdir(), 'mesh-ca-rehearsal-'));
  let rehearsal: Rehearsal | undefined;
  try {
    const kubeconfigPath = resolve(options.kubeconfigPath ?? join(folder, 'kubeconfig'));
    rehearsal = await startRehearsal({ ...options, kubeconfigPath, controlFile: join(folder, CONTROL_FILE), log: () => undefined });
    await recordMesh(folder, { rehearsal, scene: options.scene, speed: options.speed, script: __filename });
    const variables = await prepareTerminal(folder, {
      script: join(__dirname, 'cli.js'),
      standIns: { script: __filename, names: STAND_INS_ON_PATH },
      kubeconfigPath,
      searchPath: process.env.PATH ?? '',
    });
    const lines = variables.map(([name, value]) => exportLine(name, value));
    process.stdout.write(`${[...lines, 'ready'].join('\n')}\n`);
    await stopped;
    process.stdin.destroy();
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
  const [name = '', ...rest] = args;
  if (name === 'control') {
    return runControl(rest, {
      writeOut: (text) => process.stdout.write(text),
      writeError: (text) => process.stderr.write(text),
      environment: process.env,
    });
  }
  const standIn = STAND_INS[name];
  if (standIn !== undefined) return standIn(rest, processIo());
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
