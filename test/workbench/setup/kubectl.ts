// Finds a real kubectl that is new enough, or fetches one on Debian; the tests say which one they ran with.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setupFolder } from '../paths.js';
import { MissingPrerequisite, runAnnounced } from './announcedCommand.js';
import { mayInstallPackages } from './debian.js';

/** A kubectl, where it is and what it calls itself. */
export interface Kubectl {
  readonly file: string;
  /** As `clientVersion.gitVersion` says, for instance `v1.32.3`. */
  readonly version: string;
}

/** Debian 12 packages 1.20: every `apply` of it fails on today's objects, and `rollout status` hangs. */
const oldestMinor = 27;

const fetched = path.join(setupFolder, 'kubectl', 'usr', 'bin', 'kubectl');

/** A folder for PATH in which `kubectl` is that one. */
export function kubectlFolder(kubectl: Kubectl): string {
  const folder = path.join(setupFolder, 'bin');
  fs.mkdirSync(folder, { recursive: true });
  const link = path.join(folder, 'kubectl');
  fs.rmSync(link, { force: true });
  fs.symlinkSync(kubectl.file, link);
  return folder;
}

/** A usable kubectl: the one named by MESH_CA_KUBECTL, one on PATH, the fetched one, or one fetched now. */
export function findKubectl(): Kubectl {
  const named = process.env.MESH_CA_KUBECTL;
  const candidates = named === undefined ? [...onPath('kubectl').flatMap(behindDispatcher), fetched].filter((file) => fs.existsSync(file)) : [named];
  const refused: string[] = [];
  for (const file of candidates) {
    const reason = reasonAgainst(file);
    if (typeof reason !== 'string') return reason;
    refused.push(`${file}: ${reason}`);
  }
  if (named === undefined && mayInstallPackages()) return fetchFromDebian(refused);
  throw new MissingPrerequisite(
    [`A kubectl of 1.${oldestMinor} or newer is missing.`, ...refused, 'Put one on PATH (https://kubernetes.io/docs/tasks/tools/) or name it in MESH_CA_KUBECTL.'].join('\n  '),
  );
}

/**
 * Every kubectl there is to test with, one per minor version, the one that `findKubectl` chooses first: that named by
 * MESH_CA_KUBECTL, those on PATH with the ones behind a dispatcher, and the fetched one.
 */
export function foundKubectls(): readonly Kubectl[] {
  const chosen = findKubectl();
  const named = process.env.MESH_CA_KUBECTL;
  const candidates = [...(named === undefined ? [] : [named]), ...onPath('kubectl').flatMap(behindDispatcher), fetched].filter((file) => fs.existsSync(file));
  const usable = candidates.map(reasonAgainst).filter((kubectl) => typeof kubectl !== 'string');
  const byMinor = new Map<string, Kubectl>();
  for (const kubectl of [chosen, ...usable]) {
    const minor = kubectl.version.split('.').slice(0, 2).join('.');
    if (!byMinor.has(minor)) byMinor.set(minor, kubectl);
  }
  return [...byMinor.values()];
}

function onPath(name: string): string[] {
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.map((folder) => path.join(folder, process.platform === 'win32' ? `${name}.exe` : name));
}

/**
 * The Google Cloud CLI's kubectl is a dispatcher: it asks the server for its version and runs one of the `kubectl.1.N` beside it,
 * so a test could not say what it ran with. Those are taken instead, the newest first.
 */
function behindDispatcher(file: string): string[] {
  if (!fs.existsSync(file)) return [];
  const folder = path.dirname(fs.realpathSync(file));
  const versioned = fs.readdirSync(folder).filter((name) => /^kubectl\.1\.\d+$/.test(name));
  const minor = (name: string): number => Number(name.split('.')[2]);
  return [...versioned.sort((one, other) => minor(other) - minor(one)).map((name) => path.join(folder, name)), file];
}

/** The kubectl at this path, or why it is of no use. */
function reasonAgainst(file: string): Kubectl | string {
  const { stdout, error } = spawnSync(file, ['version', '--client', '-o', 'json'], { encoding: 'utf8' });
  if (error !== undefined) return error.message;
  const version = /"gitVersion": "([^"]+)"/.exec(stdout)?.[1];
  if (version === undefined) return 'does not say its version';
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  if (major === undefined || minor === undefined || major < 1 || (major === 1 && minor < oldestMinor)) return `${version} is too old, 1.${oldestMinor} is needed`;
  return { file, version };
}

/** Debian 13's package is one static file, so it is unpacked without being installed, from the mirror this machine already uses. */
function fetchFromDebian(refused: readonly string[]): Kubectl {
  for (const line of refused) process.stdout.write(`not used: ${line}\n`);
  const work = path.join(setupFolder, 'kubectl-download');
  fs.rmSync(work, { recursive: true, force: true });
  fs.mkdirSync(path.join(work, 'lists', 'partial'), { recursive: true });
  fs.writeFileSync(path.join(work, 'sources.list'), `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${debianMirror()} trixie main\n`);
  // As root apt would switch to the user _apt, who may not be allowed into this folder.
  const own = [`Dir::Etc::sourcelist=${work}/sources.list`, 'Dir::Etc::sourceparts=/dev/null', `Dir::State::lists=${work}/lists`, 'APT::Sandbox::User=root'];
  const options = own.flatMap((option) => ['-o', option]);
  runAnnounced({ file: 'apt-get', args: [...options, 'update'] });
  // Named by its release: the Google Cloud CLI's package of the same name would count as newer.
  runAnnounced({ file: 'apt-get', args: [...options, 'download', 'kubectl/trixie'], cwd: work });
  const archive = fs.readdirSync(work).find((name) => name.endsWith('.deb'));
  if (archive === undefined) throw new Error('apt-get download kubectl left no package');
  runAnnounced({ file: 'dpkg', args: ['-x', path.join(work, archive), path.join(setupFolder, 'kubectl')] });
  fs.rmSync(work, { recursive: true, force: true });
  const kubectl = reasonAgainst(fetched);
  if (typeof kubectl === 'string') throw new MissingPrerequisite(`The kubectl of Debian 13 is of no use: ${kubectl}`);
  return kubectl;
}

/** The archive that this machine's own apt sources name. */
function debianMirror(): string {
  const targets = runAnnounced({ file: 'apt-get', args: ['indextargets', '--format', '$(CREATED_BY)|$(LABEL)|$(REPO_URI)'] });
  const mirror = targets
    .split('\n')
    .map((line) => line.split('|'))
    .find(([createdBy, label]) => createdBy === 'Packages' && label === 'Debian')?.[2];
  if (mirror === undefined) throw new MissingPrerequisite('No Debian mirror in the apt sources. Put a kubectl on PATH, or name it in MESH_CA_KUBECTL.');
  return mirror;
}
