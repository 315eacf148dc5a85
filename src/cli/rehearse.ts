// Runs the rehearsal's own program in place of this one: same arguments, same terminal, its exit code.
import { spawn } from 'node:child_process';
import os from 'node:os';

const FORWARDED: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];

/** Where this process hears of signals; a test has one of its own. */
export type SignalSource = Pick<NodeJS.EventEmitter, 'on' | 'off'>;

/** Resolves with the program's exit code, 128+n when signal n ended it, and 2 when it could not be started. */
export function runRehearsal(
  script: string,
  args: readonly string[],
  onError: (reason: string) => void,
  signals: SignalSource = process,
): Promise<number> {
  return new Promise((resolve) => {
    // Its input closes when this process is gone, even killed, so that no rehearsal is left behind.
    const child = spawn(process.execPath, [script, ...args], { stdio: ['pipe', 'inherit', 'inherit'] });
    const forward = (signal: NodeJS.Signals): void => {
      child.kill(signal);
    };
    const settle = (code: number): void => {
      for (const signal of FORWARDED) signals.off(signal, forward);
      resolve(code);
    };
    for (const signal of FORWARDED) signals.on(signal, forward);
    child.once('error', (error) => {
      onError(error.message);
      settle(2);
    });
    child.once('exit', (code, signal) => {
      settle(code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]));
    });
  });
}
