// One VS Code server on one rehearsal mesh, in a temporary folder that goes away with them.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ThemeName } from './machineSettings.js';
import { logFolder } from './paths.js';
import { startRehearsal } from './rehearsal.js';
import type { Rehearsal } from './rehearsal.js';
import { findKubectl, kubectlFolder } from './setup/kubectl.js';
import { installVscodeServer } from './setup/vscodeServerInstall.js';
import { startVscodeServer } from './vscodeServer.js';
import type { VscodeServer } from './vscodeServer.js';

/** What a session is made of; without a scene the rehearsal's own default is taken. */
export interface SessionOptions {
  /** Names the log files. */
  readonly name: string;
  readonly scene?: string;
  readonly withRevision?: string;
  readonly pods?: number;
  readonly roots?: 'same' | 'different';
  readonly speed?: number;
  readonly theme?: ThemeName;
  readonly locale?: 'en' | 'ko';
  readonly port?: string;
  /** Where the packaged extension is installed. Without it a page asks for the extension under development. */
  readonly extensionsFolder?: string;
  /** Settings of this session alone. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** True: extensions can be looked up, as in an everyday session. */
  readonly gallery?: boolean;
  /** False: no mesh; KUBECONFIG names a file that is not there. */
  readonly rehearse?: boolean;
}

/** A server and the mesh that its extension and terminals see by KUBECONFIG. */
export interface Session {
  readonly server: VscodeServer;
  /** Absent where the session was asked to start without a mesh. */
  readonly rehearsal: Rehearsal | undefined;
  /** What the extension's terminals have, for running the same tools beside them. */
  readonly env: Readonly<Record<string, string>>;
  /** An empty folder, the one that is open. */
  readonly workspaceFolder: string;
  end(): Promise<void>;
}

/** Starts the mesh, then the editor with the mesh's environment. */
export async function startSession(options: SessionOptions): Promise<Session> {
  const install = installVscodeServer();
  const kubectl = kubectlFolder(findKubectl());
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'mesh-ca-'));
  process.once('exit', () => {
    removeFolder(folder);
  });
  const workspaceFolder = path.join(folder, 'workspace');
  fs.mkdirSync(workspaceFolder);
  const rehearsal = options.rehearse === false ? undefined : await startRehearsal({ ...options, folder: path.join(folder, 'rehearsal'), logFile: logFileOf(options, 'rehearsal') });
  const env = sessionEnvironment(folder, kubectl, rehearsal);
  const server = await startVscodeServer({
    install,
    dataFolder: path.join(folder, 'server'),
    logFile: logFileOf(options, 'vscode'),
    theme: options.theme ?? 'dark',
    locale: options.locale ?? 'en',
    port: options.port ?? '0',
    workspaceFolder,
    env,
    gallery: options.gallery ?? false,
    ...(options.settings !== undefined && { settings: options.settings }),
    ...(options.extensionsFolder !== undefined && { extensionsFolder: options.extensionsFolder }),
  });
  return {
    server,
    rehearsal,
    env,
    workspaceFolder,
    end: async () => {
      await server.end();
      await rehearsal?.end();
      removeFolder(folder);
    },
  };
}

/** What a killed process still writes may come in between. */
function removeFolder(folder: string): void {
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

function logFileOf({ name }: SessionOptions, process: string): string {
  return path.join(logFolder, `${name}-${process}.log`);
}

/** The mesh's stand-ins come first on PATH, then the kubectl that was found. */
function sessionEnvironment(folder: string, kubectl: string, rehearsal: Rehearsal | undefined): Record<string, string> {
  const inherited = process.env.PATH ?? '';
  const fromMesh = rehearsal?.env ?? { KUBECONFIG: path.join(folder, 'no-kubeconfig') };
  const standIns = (fromMesh.PATH ?? '').split(path.delimiter).filter((entry) => entry !== '' && !inherited.split(path.delimiter).includes(entry));
  return { ...fromMesh, PATH: [...standIns, kubectl, inherited].join(path.delimiter) };
}
