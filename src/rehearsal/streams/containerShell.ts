// The few programs of a simulated application container: enough of a shell to copy bytes, fail and print.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Program, ProgramStreams } from './podProcess.js';
import { zeros } from './zeros.js';

type Builtin = (args: readonly string[], streams: ProgramStreams, env: ReadonlyMap<string, string>) => Promise<number> | number;

const BUILTINS: Readonly<Record<string, Builtin>> = {
  true: () => 0,
  false: () => 1,
  echo(args, { stdout }) {
    stdout.write(`${args.join(' ')}\n`);
    return 0;
  },
  async cat(args, { stdin, stdout, stderr }) {
    if (args.length > 0 && args[0] !== '-') {
      stderr.write(`cat: ${args[0] ?? ''}: No such file or directory\n`);
      return 1;
    }
    await pipeline(stdin, stdout, { end: false });
    return 0;
  },
  async head(args, { stdout, stderr }) {
    const [option, count, file] = args;
    if (option !== '-c' || file !== '/dev/zero') {
      stderr.write('head: only `head -c N /dev/zero` is there\n');
      return 1;
    }
    await pipeline(Readable.from(zeros(Number(count))), stdout, { end: false });
    return 0;
  },
  env(_args, { stdout }, env) {
    for (const [name, value] of env) stdout.write(`${name}=${value}\n`);
    return 0;
  },
  hostname(_args, { stdout }, env) {
    stdout.write(`${env.get('HOSTNAME') ?? ''}\n`);
    return 0;
  },
};

/** Words of a command line; quotes hold words together, nothing is expanded. */
function splitWords(line: string): readonly string[] {
  return [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/gu)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');
}

/** POSIX: a command that is not found. */
const NOT_FOUND = 127;

async function runScript(script: string, streams: ProgramStreams, env: ReadonlyMap<string, string>): Promise<number> {
  let code = 0;
  for (const [, separator, line = ''] of script.matchAll(/(^|;|&&)((?:>&2|[^;&])*)/gu)) {
    if (separator === '&&' && code !== 0) continue;
    const toStderr = line.includes('>&2');
    const [name, ...args] = splitWords(line.replace(/1?>&2/u, ''));
    if (name === undefined) continue;
    if (name === 'exit') return Number(args[0] ?? code);
    const builtin = builtinNamed(name);
    if (builtin) code = await builtin(args, toStderr ? { ...streams, stdout: streams.stderr } : streams, env);
    else {
      streams.stderr.write(`sh: 1: ${name}: not found\n`);
      code = NOT_FOUND;
    }
  }
  return code;
}

function builtinNamed(name: string): Builtin | undefined {
  return Object.hasOwn(BUILTINS, name) ? BUILTINS[name] : undefined;
}

/** The program of that name, or undefined where the image has none. */
export function shellProgram(command: readonly [string, ...string[]], env: ReadonlyMap<string, string>): Program | undefined {
  const [file, ...args] = command;
  const name = file.replace(/^\/(usr\/)?bin\//u, '');
  if (name === 'sh') {
    const script = args[0] === '-c' ? (args[1] ?? '') : '';
    return (streams) => runScript(script, streams, env);
  }
  const builtin = builtinNamed(name);
  return builtin && (async (streams) => builtin(args, streams, env));
}
