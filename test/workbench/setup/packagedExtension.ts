// Packs the extension as built in dist/ and installs it the way a user does, so that UI tests try what is shipped.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { repository } from '../paths.js';
import { runAnnounced } from './announcedCommand.js';
import type { VscodeServerInstall } from './vscodeServerInstall.js';

/** Packs the extension into the file. */
export function packExtension(file: string): void {
  const vsce = path.join(repository, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Everything is bundled, so no dependencies; the pictures of the README are in the package, so no links to a web site.
  const options = ['--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links'];
  runAnnounced({ file: process.execPath, args: [vsce, 'package', ...options, '--out', file], cwd: repository });
}

/** Packs and installs the extension into a new folder of extensions, which goes away with this process. */
export function installPackagedExtension({ node, serverMain }: VscodeServerInstall): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-ca-extension-'));
  process.once('exit', () => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  const extensions = path.join(folder, 'extensions');
  const file = path.join(folder, 'mesh-ca-migration.vsix');
  packExtension(file);
  runAnnounced({
    file: node,
    args: [serverMain, '--accept-server-license-terms', '--server-data-dir', path.join(folder, 'data'), '--extensions-dir', extensions, '--install-extension', file],
  });
  return extensions;
}
