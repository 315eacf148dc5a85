// What a terminal needs to work on a rehearsal: its variables as shell lines, and a folder with the tool in front of PATH.
import { mkdir, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

/** In single quotes nothing is special to a shell but the single quote itself. */
export function exportLine(name: string, value: string): string {
  return `export ${name}='${value.replaceAll(`'`, `'\\''`)}'`;
}

function quoted(text: string): string {
  return `'${text.replaceAll(`'`, `'\\''`)}'`;
}

/**
 * Makes `folder`/bin with a launcher `mesh-ca` for `script` and a folder for kubectl's caches, and tells the variables
 * that go with them. kubectl must not find the discovery of another rehearsal on the same port in its usual cache.
 */
export async function prepareTerminal(
  folder: string,
  options: { readonly script: string; readonly kubeconfigPath: string; readonly searchPath: string },
): Promise<readonly (readonly [name: string, value: string])[]> {
  const bin = join(folder, 'bin');
  const cache = join(folder, 'kube-cache');
  await mkdir(bin, { recursive: true, mode: 0o700 });
  await mkdir(cache, { recursive: true, mode: 0o700 });
  const { execPath } = process;
  // ELECTRON_RUN_AS_NODE: inside VS Code the executable is Electron; Node itself does not know the variable.
  const posix = `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quoted(execPath)} ${quoted(options.script)} "$@"\n`;
  const windows = `@echo off\r\nset ELECTRON_RUN_AS_NODE=1\r\n"${execPath}" "${options.script}" %*\r\n`;
  await writeFile(join(bin, 'mesh-ca'), posix, { mode: 0o700 });
  if (process.platform === 'win32') await writeFile(join(bin, 'mesh-ca.cmd'), windows);
  return [
    ['KUBECONFIG', options.kubeconfigPath],
    ['KUBECACHEDIR', cache],
    ['PATH', options.searchPath === '' ? bin : bin + delimiter + options.searchPath],
  ];
}
