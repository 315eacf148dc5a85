// Starts long-running processes in groups of their own and makes sure that none outlives the one that started it.
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

/** How long a group may take to end by itself before it is killed. */
const graceMs = 5_000;

/** What a started process does, and the two ways to end it. */
export interface ProcessGroup {
  /** Everything the process writes to stdout, line by line; the text also goes to the log file. */
  onLine(listener: (line: string) => void): void;
  /** Settles with the exit code or the signal's name once the first process of the group has ended. */
  readonly exited: Promise<number | string>;
  readonly logFile: string;
  /** Asks the whole group to end, kills what does not, and waits for it. */
  end(): Promise<void>;
  /** Kills the whole group at once, as a crash would, and waits for it. */
  kill(): Promise<void>;
}

/** Where and with what a process runs; `logFile` is overwritten. */
export interface ProcessGroupOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
}

/** Starts a process that leads a group of its own: what it starts in turn ends with it. */
export function startProcessGroup(file: string, args: readonly string[], { cwd, env, logFile }: ProcessGroupOptions): ProcessGroup {
  fs.mkdirSync(path.dirname(logFile), { recursive: true });
  const log = fs.createWriteStream(logFile);
  // On Windows there are no such groups, and a detached child would open a console window.
  const child = spawn(file, args, { cwd, env, detached: process.platform !== 'win32', stdio: ['ignore', 'pipe', 'pipe'] });
  const killWithThisProcess = (): void => {
    signalGroup(child, 'SIGKILL');
  };
  // Before the handlers that remove the folders in which these processes write.
  process.prependOnceListener('exit', killWithThisProcess);
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  const lines = readline.createInterface({ input: child.stdout });
  const exited = new Promise<number | string>((resolve) => {
    child.once('error', (error) => {
      resolve(error.message);
    });
    child.once('exit', (code, signal) => {
      // The group may still hold what the first process left behind.
      killWithThisProcess();
      process.off('exit', killWithThisProcess);
      resolve(code ?? signal ?? 'unknown');
    });
  });
  const endWith = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
    signalGroup(child, signal);
    const killer = setTimeout(() => {
      signalGroup(child, 'SIGKILL');
    }, graceMs);
    await exited;
    clearTimeout(killer);
  };
  return {
    onLine: (listener) => lines.on('line', listener),
    exited,
    logFile,
    end: () => endWith('SIGTERM'),
    kill: () => endWith('SIGKILL'),
  };
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === 'win32') child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // The group has ended already.
  }
}

/** Lets a signal end this process the ordinary way, on which its groups are killed. */
export function exitOnSignals(): void {
  for (const [signal, number] of [['SIGHUP', 1], ['SIGINT', 2], ['SIGTERM', 15]] as const) {
    process.on(signal, () => process.exit(128 + number));
  }
}

/** Settles with what `read` makes of the first line it accepts; fails when the process ends before. */
export function firstLine<T>(group: ProcessGroup, read: (line: string) => T | undefined, what: string): Promise<T> {
  return new Promise((resolve, reject) => {
    group.onLine((line) => {
      const found = read(line);
      if (found !== undefined) resolve(found);
    });
    void group.exited.then((how) => {
      const tail = fs.readFileSync(group.logFile, 'utf8').trim().split('\n').slice(-10).join('\n');
      reject(new Error(`${what} ended with ${String(how)} before it was ready:\n${tail}`));
    });
  });
}
