// What a stand-in has of the process it runs in, so that tests can give it another one.
import { resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as passed } from 'node:timers/promises';

export interface StandInIo {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Whether somebody can be asked: standard input is a terminal. */
  readonly isTty: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

/** A program that stands in for another one: resolves with its exit code. */
export type StandIn = (args: readonly string[], io: StandInIo) => Promise<number>;

/** Ends a stand-in from anywhere inside; what had to be said has been said. */
export class StandInExit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}

export function processIo(): StandInIo {
  const { stdin, stdout, stderr, env } = process;
  return { stdin, stdout, stderr, isTty: stdin.isTTY, env, cwd: process.cwd() };
}

/** As `readlink -f` from the working directory. */
export function absolutePath(io: StandInIo, path: string): string {
  return resolve(io.cwd, path);
}

/** Runs `body`; an exit from inside becomes its code. */
export async function untilExit(body: () => Promise<number>): Promise<number> {
  try {
    return await body();
  } catch (error) {
    if (error instanceof StandInExit) return error.code;
    throw error;
  }
}

/** Without a terminal nobody is waited for longer than this: an answer has been piped in, or there is none. */
const UNASKED_MS = 1000;

/**
 * Asks and reads one line, as bash's `read -r -p` does: the question is shown to a terminal only. Undefined at the end of input.
 */
export async function ask(io: StandInIo, question: string): Promise<string | undefined> {
  if (io.isTty) io.stderr.write(question);
  const stop = new AbortController();
  try {
    const line = firstLine(io.stdin, stop.signal);
    return await (io.isTty ? line : Promise.race([line, passed(UNASKED_MS, undefined, { signal: stop.signal })]));
  } finally {
    stop.abort();
    io.stdin.pause();
  }
}

function firstLine(input: Readable, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((done) => {
    let text = '';
    const finish = (line: string | undefined): void => {
      input.off('data', take).off('end', end).off('error', end);
      done(line);
    };
    const take = (chunk: Buffer | string): void => {
      text += chunk.toString();
      const [line, ...more] = text.split('\n');
      if (more.length > 0) finish(line);
    };
    const end = (): void => { finish(undefined); };
    signal.addEventListener('abort', end, { once: true });
    input.on('data', take).once('end', end).once('error', end);
    if (input.readableEnded) end();
  });
}
