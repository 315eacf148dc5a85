// Runs a stand-in inside the test: what it is asked and what it says, as text.
import { PassThrough } from 'node:stream';
import type { StandIn } from '../../src/rehearsal/standIns/standInIo.js';

export interface StandInRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface StandInSurroundings {
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly cwd?: string;
  /** Piped in and then ended; undefined: nothing is. */
  readonly input?: string;
  readonly isTty?: boolean;
}

export async function runStandIn(
  standIn: StandIn,
  args: readonly string[],
  { env = {}, cwd = '/', input = '', isTty = false }: StandInSurroundings = {},
): Promise<StandInRun> {
  const said = { stdout: '', stderr: '' };
  const collect = (name: keyof typeof said): PassThrough => {
    const stream = new PassThrough();
    stream.on('data', (chunk: Buffer) => { said[name] += chunk.toString(); });
    return stream;
  };
  const stdin = new PassThrough();
  stdin.end(input);
  const streams = { stdin, stdout: collect('stdout'), stderr: collect('stderr') };
  const code = await standIn(args, { ...streams, isTty, env, cwd });
  return { code, ...said };
}
