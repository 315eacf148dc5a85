// What a terminal needs to work on a rehearsal: its variables as shell lines, and a folder with the tool in front of PATH.
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { FOLDER_VARIABLE } from './control/controlFile.js';

/** In single quotes nothing is special to a shell but the single quote itself. */
export function exportLine(name: string, value: string): string {
  return `export ${name}='${value.replaceAll(`'`, `'\\''`)}'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(`'`, `'\\''`)}'`;
}

/** A program of a rehearsal's terminals, and the words that stand before what is typed. */
interface Launcher {
  readonly name: string;
  readonly script: string;
  readonly firstWords: readonly string[];
}

/** ELECTRON_RUN_AS_NODE: inside VS Code the executable is Electron; Node itself does not know the variable. */
async function writeLauncher(bin: string, folder: string, { name, script, firstWords }: Launcher): Promise<void> {
  const { execPath, platform } = process;
  const words = [execPath, script, ...firstWords].map(quoted).join(' ');
  const posix = `#!/bin/sh\n${FOLDER_VARIABLE}=${quoted(folder)} ELECTRON_RUN_AS_NODE=1 exec ${words} "$@"\n`;
  await writeFile(join(bin, name), posix, { mode: 0o700 });
  if (platform !== 'win32') return;
  const windowsWords = [execPath, script, ...firstWords].map((word) => `"${word}"`).join(' ');
  await writeFile(join(bin, `${name}.cmd`), `@echo off\r\nset ${FOLDER_VARIABLE}=${folder}\r\nset ELECTRON_RUN_AS_NODE=1\r\n${windowsWords} %*\r\n`);
}

/**
 * Makes `folder`/bin with launchers for `mesh-ca` and for the tools that the rehearsal stands in for, and a folder for
 * kubectl's caches, and tells the variables that go with them. kubectl must not find the discovery of another rehearsal on
 * the same port in its usual cache.
 */
export async function prepareTerminal(
  folder: string,
  options: {
    /** `dist/cli.js`, and `dist/rehearsal.js` with the names under which it stands in for other tools. */
    readonly script: string;
    readonly standIns?: { readonly script: string; readonly names: readonly string[] };
    readonly kubeconfigPath: string;
    readonly searchPath: string;
  },
): Promise<readonly (readonly [name: string, value: string])[]> {
  const { script, standIns, kubeconfigPath, searchPath } = options;
  const bin = join(folder, 'bin');
  const cache = join(folder, 'kube-cache');
  await mkdir(bin, { recursive: true, mode: 0o700 });
  await mkdir(cache, { recursive: true, mode: 0o700 });
  await writeLauncher(bin, folder, { name: 'mesh-ca', script, firstWords: [] });
  for (const name of standIns?.names ?? []) {
    await writeLauncher(bin, folder, { name, script: standIns?.script ?? script, firstWords: [name] });
  }
  return [
    ['KUBECONFIG', kubeconfigPath],
    ['KUBECACHEDIR', cache],
    ['PATH', searchPath === '' ? bin : bin + delimiter + searchPath],
  ];
}
