// Runs a rehearsal mesh as a process of its own and reads from its output where the mesh is.
import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Clock, RehearsalLauncher, RehearsalProcess, RehearsalRequest } from '../app/ports.js';
import type { Result } from '../shared/failure.js';
import { fail, succeed } from '../shared/failure.js';

/** Lines of standard error kept to explain why a rehearsal ended. */
const KEPT_ERROR_LINES = 20;
/** And of these, those that explain why it is not ready: they stand in a notification. */
const TOLD_ERROR_LINES = 3;
/** A mesh is ready within seconds; on a busy machine its keys alone can take a minute. */
const READY_WITHIN_SECONDS = 120;
/** So long it may take to clean up after itself before it is killed. */
const END_WITHIN_MS = 5_000;

/** Value of a line `export NAME='…'`, in which a single quote is written `'\''`. */
function parseExport(line: string): readonly [string, string] | undefined {
  const [, name, quoted] = /^export ([A-Z_]+)='(.*)'$/.exec(line) ?? [];
  return name === undefined || quoted === undefined ? undefined : [name, quoted.replaceAll(`'\\''`, `'`)];
}

/** Starts `dist/rehearsal.js` with this process's own Node (Electron's, when in VS Code). */
export function createRehearsalLauncher(script: string, clock: Clock): RehearsalLauncher {
  return { start: (request, signal) => startProcess(script, request, clock, signal) };
}

async function startProcess(script: string, request: RehearsalRequest, clock: Clock, signal: AbortSignal): Promise<Result<RehearsalProcess>> {
  const revisions = request.withRevisions.flatMap((revision) => ['--with-revision', revision]);
  const child = spawn(process.execPath, [script, '--scene', request.scene, '--kubeconfig', request.kubeconfig, '--until-input-ends', ...revisions], {
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    // Nothing is ever written to it: it closes when this process is gone, even killed, and the rehearsal with it.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => {
    errors.push(line);
    if (errors.length > KEPT_ERROR_LINES) errors.shift();
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('close', (code, killedBy) => {
      resolve(errors.at(-1) ?? killedBy ?? `exit code ${String(code)}`);
    });
  });
  const ready = new Promise<Result<RehearsalProcess>>((resolve) => {
    const environment: Record<string, string> = {};
    createInterface({ input: child.stdout }).on('line', (line) => {
      const variable = parseExport(line);
      if (variable !== undefined) environment[variable[0]] = variable[1];
      if (line === 'ready') resolve(succeed({ environment, ended, stop: () => child.kill('SIGTERM') }));
    });
  });
  const known = new AbortController();
  const givenUp = clock.sleep(READY_WITHIN_SECONDS * 1000, AbortSignal.any([signal, known.signal])).then(() => 'givenUp' as const);
  const first = await Promise.race([ready, ended.then((reason) => fail({ kind: 'unexpected', reason })), givenUp]);
  known.abort();
  if (first !== 'givenUp') return first;
  await endProcess(child, ended, clock);
  if (signal.aborted) return fail({ kind: 'cancelled' });
  const output = errors.slice(-TOLD_ERROR_LINES).join(' · ');
  return fail(output === '' ? { kind: 'timedOut', seconds: READY_WITHIN_SECONDS } : { kind: 'processNotReady', seconds: READY_WITHIN_SECONDS, output });
}

/** Resolves when it is gone: what it still writes would lie about after whoever cleans up. */
async function endProcess(child: ChildProcess, ended: Promise<string>, clock: Clock): Promise<void> {
  child.kill('SIGTERM');
  const isOver = new AbortController();
  void clock.sleep(END_WITHIN_MS, isOver.signal).then(() => {
    if (!isOver.signal.aborted) child.kill('SIGKILL');
  });
  await ended;
  isOver.abort();
}
