// The desktop VS Code that @vscode/test-electron downloads: for macOS and Windows, and for the tests on GitHub.
import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { keepEnvironment, machineSettings } from './machineSettings.js';
import type { ThemeName } from './machineSettings.js';
import { repository, setupFolder } from './paths.js';

/** `stable`, or the oldest VS Code that the manifest says the extension runs in. */
export function resolveVersion(word: string): string {
  if (word !== 'minimum') return word;
  const manifest = JSON.parse(fs.readFileSync(path.join(repository, 'package.json'), 'utf8')) as { engines: { vscode: string } };
  return manifest.engines.vscode.replace(/^\^/, '');
}

/** Runs the integration tests inside a desktop VS Code with an empty profile; rejects when one fails. */
export async function runTestsOnDesktop(version: string, folder: string, env: Readonly<Record<string, string>>): Promise<void> {
  await runTests({
    version,
    cachePath: setupFolder,
    extensionDevelopmentPath: repository,
    extensionTestsPath: path.join(repository, 'out', 'integration', 'index.js'),
    extensionTestsEnv: { ...keepEnvironment, ...env },
    launchArgs: [path.join(folder, 'workspace'), ...profileArguments(folder), '--disable-extensions'],
  });
}

/** How a desktop session looks. */
export interface DesktopOptions {
  readonly folder: string;
  readonly theme: ThemeName;
  readonly locale: string;
  readonly env: Readonly<Record<string, string>>;
}

/** Opens a desktop VS Code with the extension and an empty profile; settles when its last window is closed. */
export async function openDesktop({ folder, theme, locale, env }: DesktopOptions): Promise<void> {
  const executable = await downloadAndUnzipVSCode({ version: 'stable', cachePath: setupFolder });
  const userSettings = path.join(folder, 'user-data', 'User', 'settings.json');
  fs.mkdirSync(path.dirname(userSettings), { recursive: true });
  fs.writeFileSync(userSettings, JSON.stringify(machineSettings(theme), undefined, 2));
  const args = [path.join(folder, 'workspace'), `--extensionDevelopmentPath=${repository}`, `--locale=${locale}`, ...profileArguments(folder)];
  const child = spawn(executable, args, { env: { ...process.env, ...keepEnvironment, ...env }, stdio: 'ignore' });
  process.once('exit', () => child.kill());
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', () => {
      resolve();
    });
  });
}

function profileArguments(folder: string): string[] {
  const root = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const profile = ['--user-data-dir', path.join(folder, 'user-data'), '--extensions-dir', path.join(folder, 'extensions')];
  return [...profile, '--new-window', '--skip-welcome', '--skip-release-notes', '--disable-workspace-trust', '--disable-telemetry', ...root];
}
