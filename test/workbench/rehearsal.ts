// Runs the rehearsal mesh by the command-line tool, as a user would, and can crash and restart it on the same ports.
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { commandLineTool, repository } from './paths.js';
import { firstLine, startProcessGroup } from './processGroup.js';
import type { ProcessGroup } from './processGroup.js';

/** Which mesh to rehearse on. */
export interface RehearsalOptions {
  /** An empty folder for its kubeconfig and kubectl's cache. */
  readonly folder: string;
  readonly logFile: string;
  readonly scene?: string;
  /** A second control plane that is there from the start. */
  readonly withRevision?: string;
  /** So many more pods in each cluster. */
  readonly pods?: number;
  /** One root of Istio CA for both clusters, or one in each. */
  readonly roots?: 'same' | 'different';
  /** How many times faster than in a real mesh pods start and pushes arrive. */
  readonly speed?: number;
}

/** A rehearsal mesh that listens. */
export interface Rehearsal {
  readonly kubeconfig: string;
  /** What its terminals need, by the tool's own `export` lines: KUBECONFIG, KUBECACHEDIR, PATH. */
  readonly env: Readonly<Record<string, string>>;
  /** Ends it as a crash would: connections break, nothing is tidied up. */
  crash(): Promise<void>;
  /** Starts it again after a crash, on the same ports and with the same kubeconfig file. */
  restart(): Promise<void>;
  readonly exited: Promise<number | string>;
  end(): Promise<void>;
}

/** Room for as many clusters as a scene may have; cluster i listens on the first port + i. */
const portsNeeded = 4;

/** Starts a rehearsal and waits until it is ready. */
export async function startRehearsal(options: RehearsalOptions): Promise<Rehearsal> {
  const kubeconfig = path.join(options.folder, 'kubeconfig');
  fs.mkdirSync(options.folder, { recursive: true });
  const firstPort = await freePorts(portsNeeded);
  const start = (): Promise<RunningRehearsal> => run(options, kubeconfig, firstPort);
  let running = await start();
  return {
    kubeconfig,
    env: { ...running.env, KUBECONFIG: kubeconfig },
    exited: running.group.exited,
    crash: () => running.group.kill(),
    restart: async () => {
      await running.group.kill();
      running = await start();
    },
    end: () => running.group.end(),
  };
}

interface RunningRehearsal {
  readonly group: ProcessGroup;
  readonly env: Readonly<Record<string, string>>;
}

async function run(options: RehearsalOptions, kubeconfig: string, firstPort: number): Promise<RunningRehearsal> {
  const args = ['rehearse', '--listen', `127.0.0.1:${firstPort}`, '--kubeconfig', kubeconfig];
  if (options.scene !== undefined) args.push('--scene', options.scene);
  if (options.withRevision !== undefined) args.push('--with-revision', options.withRevision);
  if (options.roots !== undefined) args.push('--roots', options.roots);
  if (options.speed !== undefined) args.push('--speed', String(options.speed));
  if (options.pods !== undefined) args.push('--pods', String(options.pods));
  // What a crash leaves behind goes away with the folder.
  const environment = { ...process.env, TMPDIR: options.folder };
  const group = startProcessGroup(process.execPath, [commandLineTool, ...args], { cwd: repository, env: environment, logFile: options.logFile });
  const env: Record<string, string> = {};
  group.onLine((line) => {
    const [, name, value] = /^export ([A-Z_]+)='(.*)'$/.exec(line) ?? [];
    if (name !== undefined && value !== undefined) env[name] = value.replaceAll(String.raw`'\''`, "'");
  });
  await firstLine(group, (line) => (line === 'ready' ? true : undefined), 'The rehearsal');
  return { group, env };
}

/** The first of so many neighbouring ports that are free now, away from those that the system hands out by itself. */
async function freePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = 10_000 + Math.floor(Math.random() * 2_000) * count;
    const free = await Promise.all(Array.from({ length: count }, (_, index) => isFree(first + index)));
    if (free.every(Boolean)) return first;
  }
  throw new Error(`No ${count} neighbouring free ports found`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = net.createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}
