// `npm start`: a rehearsal mesh and a real VS Code with the extension on it, until Ctrl+C.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { openDesktop } from '../desktopVscode.js';
import { logFolder } from '../paths.js';
import { startRehearsal } from '../rehearsal.js';
import { startSession } from '../session.js';
import { installPackagedExtension } from '../setup/packagedExtension.js';
import { installVscodeServer } from '../setup/vscodeServerInstall.js';
import { readStartOptions, usage } from './options.js';
import type { StartOptions } from './options.js';

function say(...lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

const firstSteps = ['Then click the Mesh CA icon at the end of the bar on the left, and Choose Clusters. README.md goes on from there.'];

/** Settles at the first Ctrl+C or request to end. */
function askedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        resolve();
      });
    }
  });
}

function meshOptions({ scene, withRevision }: StartOptions): { scene?: string; withRevision?: string } {
  return { ...(scene !== undefined && { scene }), ...(withRevision !== '' && { withRevision }) };
}

async function startInBrowser(options: StartOptions, stop: Promise<void>): Promise<void> {
  const extensionsFolder = installPackagedExtension(installVscodeServer());
  const { port, locale, theme } = options;
  const session = await startSession({ name: 'start', ...meshOptions(options), port, locale, theme, extensionsFolder, gallery: true });
  say('', 'VS Code with Mesh CA Migration, on a mesh to rehearse on. Open this address in a browser:', '', `  ${session.server.address()}`, '', ...firstSteps);
  say('', 'The same mesh in a terminal beside it:', '', `  export KUBECONFIG='${session.env.KUBECONFIG ?? ''}'`, '', 'Ctrl+C stops everything.');
  const how = await Promise.race([stop, session.server.exited, session.rehearsal?.exited]);
  if (how !== undefined) say(`Something ended by itself (${String(how)}); the logs are in ${logFolder}`);
  await session.end();
}

async function startOnDesktop(options: StartOptions, stop: Promise<void>): Promise<void> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mca-'));
  fs.mkdirSync(path.join(folder, 'workspace'));
  const rehearsal = await startRehearsal({ ...meshOptions(options), folder: path.join(folder, 'rehearsal'), logFile: path.join(logFolder, 'start-rehearsal.log') });
  say('', 'A VS Code window with Mesh CA Migration opens, on a mesh to rehearse on.', ...firstSteps, '', 'Close the window or press Ctrl+C to stop everything.');
  await Promise.race([stop, openDesktop({ folder, theme: options.theme, locale: options.locale, env: rehearsal.env })]);
  await rehearsal.end();
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

async function main(): Promise<void> {
  const options = readStartOptions(process.argv.slice(2));
  if (options === undefined) {
    say(usage);
    return;
  }
  const stop = askedToStop();
  await (options.desktop ? startOnDesktop(options, stop) : startInBrowser(options, stop));
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
