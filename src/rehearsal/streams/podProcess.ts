// Runs a program of a simulated container: a function over three streams becomes a process with an exit code.
import { PassThrough } from 'node:stream';
import type { Readable, Writable } from 'node:stream';
import type { PodProcess } from '../clusterBackend.js';

/** What a program reads and writes. */
export interface ProgramStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
}

/** Resolves with the exit code. */
export type Program = (streams: ProgramStreams) => Promise<number>;

/** As a shell reports a program that died of SIGKILL. */
const KILLED = 137;

export function startProgram(program: Program): PodProcess {
  const [stdin, stdout, stderr] = [new PassThrough(), new PassThrough(), new PassThrough()];
  // A stream that is destroyed when the client goes away is no event of its own.
  for (const stream of [stdin, stdout, stderr]) stream.on('error', () => undefined);
  const run = async (): Promise<number> => {
    try {
      return await program({ stdin, stdout, stderr });
    } catch (error) {
      if (!stderr.destroyed) stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      return KILLED;
    } finally {
      stdout.end();
      stderr.end();
    }
  };
  return {
    stdin,
    stdout,
    stderr,
    exit: run(),
    kill() {
      for (const stream of [stdin, stdout, stderr]) stream.destroy();
    },
  };
}
