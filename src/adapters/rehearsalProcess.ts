// Runs a rehearsal mesh as a process of its own and reads from its output where the mesh is.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { RehearsalLauncher, RehearsalProcess, RehearsalRequest } from '../app/ports.js';
import type { Result } from '../shared/failure.js';
import { fail, succeed } from '../shared/failure.js';

/** Lines of standard error kept to explain why a rehearsal ended. */
const KEPT_ERROR_LINES = 20;

/** Value of a line `export NAME='…'`, in which a single quote is written `'\''`. */
function parseExport(line: string): readonly [string, string] | undefined {
  const [, name, quoted] = /^export ([A-Z_]+)='(.*)'$/.exec(line) ?? [];
  return name === undefined || quoted === undefined ? undefined : [name, quoted.replaceAll(`'\\''`, `'`)];
}

/** Starts `dist/rehearsal.js` with this process's own Node (Electron's, when in VS Code). */
export function createRehearsalLauncher(script: string): RehearsalLauncher {
  return { start: (request) => startProcess(script, request) };
}

function startProcess(script: string, request: RehearsalRequest): Promise<Result<RehearsalProcess>> {
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
    child.once('close', (code, signal) => {
      resolve(errors.at(-1) ?? signal ?? `exit code ${String(code)}`);
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
  return Promise.race([ready, ended.then((reason) => fail({ kind: 'unexpected', reason }))]);
}
