// What the benchmarks measure with: processor time of this process, heap after collection, and rows for the table.
import v8 from 'node:v8';
import vm from 'node:vm';

/** One line of the table. */
export interface Figure {
  readonly measure: string;
  readonly figure: string;
  readonly ratio?: number;
  /** What the ratio, or the figure, should come to; without it the figure is only told. */
  readonly aim?: string;
  readonly met?: boolean;
  /** Missing the aim fails the run, because it is no matter of the machine. */
  readonly hard?: boolean;
}

export interface Timed<Value> {
  readonly value: Value;
  readonly wallMs: number;
  /** Of this process: user and system time, all threads. */
  readonly cpuMs: number;
}

export async function timed<Value>(work: () => Value | Promise<Value>): Promise<Timed<Value>> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const value = await work();
  const wallMs = performance.now() - start;
  const { user, system } = process.cpuUsage(cpu);
  return { value, wallMs, cpuMs: (user + system) / 1000 };
}

/** The fastest by wall clock: everything else on the machine only ever slows a run down. */
export function fastest<Value>(runs: readonly Timed<Value>[]): Timed<Value> {
  return runs.reduce((best, run) => (run.wallMs < best.wallMs ? run : best));
}

/** The middle one, so that one collection of garbage in between does not count. */
export function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? Number.NaN;
}

/** For how long nobody else on this thread had a turn while the work was done, in milliseconds. */
export async function longestStretch(work: () => Promise<unknown>): Promise<number> {
  const turns = { last: performance.now(), longest: 0, over: false };
  const turn = (): void => {
    const now = performance.now();
    turns.longest = Math.max(turns.longest, now - turns.last);
    turns.last = now;
    if (!turns.over) setImmediate(turn);
  };
  setImmediate(turn);
  await work();
  // One more turn, for what was done since the last one.
  await new Promise((resolve) => setTimeout(resolve, 1));
  turns.over = true;
  return turns.longest;
}

/** Bytes that are really in use. */
export function heapAfterCollection(): number {
  // Asked for here, so that the script needs no option of Node's.
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc') as () => void;
  collect();
  collect();
  return process.memoryUsage().heapUsed;
}

export function milliseconds(value: number): string {
  return value < 10 ? `${value.toFixed(2)} ms` : `${value.toFixed(0)} ms`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

export function kilobytes(bytes: number): string {
  return `${(bytes / 1024).toFixed(1)} KB`;
}
