// Runs the pinned VS Code server on a free loopback port, with a data folder and an environment of its own.
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { keepEnvironment, machineSettings } from './machineSettings.js';
import type { ThemeName } from './machineSettings.js';
import { firstLine, startProcessGroup } from './processGroup.js';
import type { ProcessGroup } from './processGroup.js';
import type { VscodeServerInstall } from './setup/vscodeServerInstall.js';

/** How a server is to run. */
export interface VscodeServerOptions {
  readonly install: VscodeServerInstall;
  /** An empty folder for everything the server writes. */
  readonly dataFolder: string;
  readonly logFile: string;
  readonly theme: ThemeName;
  readonly locale: 'en' | 'ko';
  /** The port, a range `FROM-TO`, or `0` for any free one. */
  readonly port: string;
  /** The folder that a plain address opens. */
  readonly workspaceFolder: string;
  /** Variables for the extension and its terminals, besides those of this process. */
  readonly env: Readonly<Record<string, string>>;
  /** Extensions that are installed; without it a page may ask for one under development, which a release build allows in tests only. */
  readonly extensionsFolder?: string;
  /** Settings beside those that keep VS Code quiet. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Whether extensions can be looked up and installed, which no test may depend on. */
  readonly gallery: boolean;
}

/** What a page asks of the workbench that a user would not: an extension under development and tests inside it. */
export interface DevelopmentPayload {
  readonly extensionDevelopmentPath: string;
  readonly extensionTestsPath?: string;
}

/** A VS Code that listens. */
export interface VscodeServer {
  /** The address to open, with the key without which no one else on this machine gets in. */
  address(payload?: DevelopmentPayload): string;
  readonly exited: Promise<number | string>;
  /** Ends it as a crash would, with everything that it started. */
  crash(): Promise<void>;
  /** Starts it again after a crash, at the same address and with what it had kept. */
  restart(): Promise<void>;
  end(): Promise<void>;
}

/** Starts a server and waits until it listens. */
export async function startVscodeServer(options: VscodeServerOptions): Promise<VscodeServer> {
  const { dataFolder, workspaceFolder } = options;
  prepareDataFolder(options);
  const token = randomBytes(16).toString('hex');
  let running = await runServer(options, token);
  const { port } = running;
  return {
    address: (payload) => addressOf({ port, token, workspaceFolder, ...(payload && { payload }) }),
    exited: running.group.exited,
    crash: () => running.group.kill(),
    restart: async () => {
      await running.group.kill();
      running = await runServer({ ...options, port }, token);
    },
    end: async () => {
      await running.group.end();
      fs.rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}

interface RunningServer {
  readonly group: ProcessGroup;
  readonly port: string;
}

async function runServer(options: VscodeServerOptions, token: string): Promise<RunningServer> {
  const { install, workspaceFolder, logFile } = options;
  const group = startProcessGroup(install.node, [install.serverMain, ...serverArguments(options, token)], {
    cwd: workspaceFolder,
    env: serverEnvironment(options),
    logFile,
  });
  const port = await firstLine(group, (line) => /^Extension host agent listening on (\d+)/.exec(line)?.[1], 'The VS Code server');
  return { group, port };
}

function prepareDataFolder({ dataFolder, theme, locale, settings }: VscodeServerOptions): void {
  const machineFolder = path.join(dataFolder, 'data', 'Machine');
  fs.mkdirSync(machineFolder, { recursive: true });
  fs.writeFileSync(path.join(machineFolder, 'settings.json'), JSON.stringify({ ...machineSettings(theme), ...settings }, undefined, 2));
  if (locale === 'ko') writeKoreanLanguagePack(dataFolder);
}

/** An empty language pack makes `env.language` Korean, so that the extension's own texts are; VS Code's stay English. */
function writeKoreanLanguagePack(dataFolder: string): void {
  const translations = path.join(dataFolder, 'data', 'main.i18n.json');
  fs.writeFileSync(translations, JSON.stringify({ version: '1.0.0', contents: {} }));
  // VS Code asks which extension brought the language and, failing to learn it, would not load the extension under development.
  const extensions = [{ extensionIdentifier: { id: 'language-pack.ko' }, version: '1.0.0' }];
  const packs = { ko: { hash: 'x', extensions, translations: { vscode: translations }, label: '한국어' } };
  fs.writeFileSync(path.join(dataFolder, 'data', 'languagepacks.json'), JSON.stringify(packs));
}

function serverArguments({ dataFolder, workspaceFolder, port, locale, extensionsFolder }: VscodeServerOptions, token: string): string[] {
  return [
    ...['--host', '127.0.0.1', '--port', port, '--connection-token', token],
    ...['--server-data-dir', dataFolder, '--default-folder', workspaceFolder],
    ...['--accept-server-license-terms', '--disable-telemetry', '--locale', locale],
    // The folder is an empty one of our own; in Restricted Mode no task would run.
    '--disable-workspace-trust',
    // The driver is what makes a release build honour an extension under development; it also keeps notifications from showing.
    ...(extensionsFolder === undefined ? ['--enable-smoke-test-driver'] : ['--extensions-dir', extensionsFolder]),
  ];
}

/** The terminals must not look like a terminal of the editor that this process may itself run in. */
function serverEnvironment({ env, gallery }: VscodeServerOptions): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('VSCODE_') && !name.startsWith('npm_') && name !== 'NODE_OPTIONS');
  return { ...Object.fromEntries(inherited), ...(!gallery && { EXTENSIONS_GALLERY: '{}' }), ...keepEnvironment, ...env };
}

interface Address {
  readonly port: string;
  readonly token: string;
  readonly workspaceFolder: string;
  readonly payload?: DevelopmentPayload;
}

function addressOf({ port, token, workspaceFolder, payload }: Address): string {
  const origin = `127.0.0.1:${port}`;
  const address = new URL(`http://${origin}/`);
  address.searchParams.set('tkn', token);
  if (payload === undefined) return address.href;
  const remote = Object.entries(payload).map(([name, folder]) => [name, `vscode-remote://${origin}${String(folder)}`]);
  address.searchParams.set('folder', workspaceFolder);
  address.searchParams.set('payload', JSON.stringify([...remote, ['skipWelcome', 'true']]));
  return address.href;
}
