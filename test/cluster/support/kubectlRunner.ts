// Runs one kubectl against one cluster, always by file and context, and says what it printed and how it ended.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An output too large to keep. */
export interface Digest {
  readonly code: number;
  readonly bytes: number;
  readonly sha256: string;
}

export interface RunOptions {
  readonly input?: Buffer | string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A command that goes on until it is stopped. */
export interface RunningCommand {
  /** The first line of its output that matches, from now on or before. */
  line(pattern: RegExp): Promise<RegExpExecArray>;
  stop(): Promise<void>;
}

export interface KubectlTarget {
  readonly file: string;
  readonly kubeconfig: string;
  readonly context: string;
  /** For discovery: that of another server on the same port must not be remembered. */
  readonly cacheFolder: string;
}

export function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export class KubectlRunner {
  readonly #target: KubectlTarget;

  constructor(target: KubectlTarget) {
    this.#target = target;
  }

  #spawn(args: readonly string[], { env = {} }: RunOptions = {}): ChildProcess {
    const { file, kubeconfig, context, cacheFolder } = this.#target;
    return spawn(file, ['--kubeconfig', kubeconfig, '--context', context, ...args], {
      env: { ...process.env, KUBECACHEDIR: cacheFolder, ...env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
  }

  async run(args: readonly string[], options: RunOptions = {}): Promise<Outcome & Digest> {
    const child = this.#spawn(args, options);
    const outputs = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    child.stdout?.on('data', (chunk: Buffer) => outputs.stdout.push(chunk));
    child.stderr?.on('data', (chunk: Buffer) => outputs.stderr.push(chunk));
    // A command that needs no input may end before it was written.
    child.stdin?.on('error', () => undefined);
    child.stdin?.end(options.input);
    const code = await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (exit) => { resolve(exit ?? -1); });
    });
    const stdout = Buffer.concat(outputs.stdout);
    return { code, bytes: stdout.length, sha256: sha256(stdout), stdout: stdout.toString('utf8'), stderr: Buffer.concat(outputs.stderr).toString('utf8') };
  }

  /** Has to exit with 0 and print that on standard output. */
  async prints(expected: string | RegExp, ...args: readonly string[]): Promise<Outcome> {
    const outcome = await this.run(args);
    assert.equal(outcome.code, 0, `kubectl ${args.join(' ')}: ${outcome.stderr}`);
    if (typeof expected === 'string') assert.equal(outcome.stdout, expected);
    else assert.match(outcome.stdout, expected);
    return outcome;
  }

  /** Has to exit with 1, or with the code given first, and say that on standard error. */
  async fails(expected: string | RegExp, ...args: readonly string[]): Promise<Outcome> {
    const outcome = await this.run(args);
    assert.equal(outcome.code, 1, `kubectl ${args.join(' ')}: ${outcome.stdout}${outcome.stderr}`);
    if (typeof expected === 'string') assert.equal(outcome.stderr, expected);
    else assert.match(outcome.stderr, expected);
    return outcome;
  }

  /** From a manifest on standard input. */
  async apply(manifest: string, ...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.run(['apply', '-f', '-', ...args], { input: manifest });
    assert.equal(code, 0, stderr);
    return stdout;
  }

  start(args: readonly string[], options: RunOptions = {}): RunningCommand {
    const child = this.#spawn(args, options);
    const seen: string[] = [];
    const waiting = new Set<() => void>();
    let exit: string | undefined;
    let errors = '';
    const wake = (): void => { for (const resume of waiting) resume(); };
    child.stderr?.on('data', (chunk: Buffer) => (errors += chunk.toString('utf8')));
    if (child.stdout) createInterface({ input: child.stdout }).on('line', (line) => { seen.push(line); wake(); });
    const exited = new Promise<void>((resolve) => {
      child.once('close', (code) => { exit = `kubectl ${args.join(' ')} exited with ${String(code)}: ${errors}`; wake(); resolve(); });
    });
    return {
      async line(pattern) {
        for (let next = 0; ; ) {
          const text = seen[next];
          const match = text === undefined ? null : pattern.exec(text);
          if (match) return match;
          if (text !== undefined) next += 1;
          else if (exit !== undefined) throw new Error(exit);
          else await new Promise<void>((resume) => { waiting.add(() => { resume(); }); });
        }
      },
      async stop() {
        child.kill();
        await exited;
      },
    };
  }
}
