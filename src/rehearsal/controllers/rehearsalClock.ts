// The time of the simulation: first driven by hand (tests, and the past of a scene), then, if wanted, by the real clock.

/** What controllers and the mesh know of time. */
export interface RehearsalClock {
  now(): Date;
  /** Runs `task` after `delayMs` of simulated time, never before this call returns. Returns how to call it off. */
  schedule(delayMs: number, task: () => void): () => void;
  /**
   * Calls back whenever a live clock is about to leap: times that were noted before now lie `ms` further back, and `now()`
   * begins that far in the past. Whoever keeps times has to move them.
   */
  onLeap(listener: (ms: number) => void): void;
}

/** The side of whoever moves the time. */
export interface DrivenClock extends RehearsalClock {
  /**
   * Runs everything that falls due within `ms`, in order. A live clock leaps: everything ages by `ms`, what falls due happens at
   * its own time in between, and at the end `now()` is the real time again, as clients outside judge certificates by it.
   */
  advance(ms: number): void;
  /** From now on `now()` is the real time, and delays pass `speed` times as fast. Again: another speed. */
  goLive(speed: number): void;
  /** Forgets what is scheduled. */
  stop(): void;
}

interface Task {
  readonly due: number;
  readonly order: number;
  readonly run: () => void;
  isOff: boolean;
}

function isEarlier(a: Task, b: Task): boolean {
  return a.due < b.due || (a.due === b.due && a.order < b.order);
}

/** A binary heap: thousands of pods each have a few tasks waiting. */
class TaskQueue {
  readonly #heap: Task[] = [];

  get first(): Task | undefined {
    return this.#heap[0];
  }

  push(task: Task): void {
    const heap = this.#heap;
    let at = heap.push(task) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent];
      if (above === undefined || isEarlier(above, task)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = task;
  }

  pop(): Task | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      const [left, right] = [heap[2 * at + 1], heap[2 * at + 2]];
      const child = right !== undefined && left !== undefined && isEarlier(right, left) ? right : left;
      if (child === undefined || isEarlier(last, child)) break;
      heap[at] = child;
      at = child === left ? 2 * at + 1 : 2 * at + 2;
    }
    heap[at] = last;
    return first;
  }

  clear(): void {
    this.#heap.length = 0;
  }
}

/** A clock that stands at `start` until it is moved. */
export function createRehearsalClock(start: Date): DrivenClock {
  const queue = new TaskQueue();
  let order = 0;
  let elapsed = 0;
  let live: { readonly speed: number; readonly startedAt: number; readonly elapsedThen: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  /** While a live clock leaps: where it is, and where it will land. */
  let leap: { at: number; readonly until: number } | undefined;
  const leapListeners = new Set<(ms: number) => void>();

  const simulated = (): number => {
    if (leap !== undefined) return leap.at;
    return live === undefined ? elapsed : live.elapsedThen + (performance.now() - live.startedAt) * live.speed;
  };

  const runDue = (until: number): void => {
    for (let task = queue.first; task !== undefined && task.due <= until; task = queue.first) {
      queue.pop();
      if (leap !== undefined) leap.at = Math.max(leap.at, task.due);
      else if (live === undefined) elapsed = Math.max(elapsed, task.due);
      if (!task.isOff) task.run();
    }
  };

  const wake = (): void => {
    if (live === undefined || leap !== undefined) return;
    clearTimeout(timer);
    const next = queue.first;
    if (next === undefined) return;
    // setTimeout cannot wait for more than 24 days; it then wakes in between and waits again.
    const delay = Math.min(Math.max((next.due - simulated()) / live.speed, 0), 2 ** 31 - 1);
    timer = setTimeout(() => {
      runDue(simulated());
      wake();
    }, delay);
  };

  const leapBy = (ms: number, speed: number): void => {
    const from = simulated();
    leap = { at: from, until: from + ms };
    try {
      for (const listener of leapListeners) listener(ms);
      runDue(leap.until);
    } finally {
      live = { speed, startedAt: performance.now(), elapsedThen: leap.until };
      leap = undefined;
    }
    wake();
  };

  return {
    now() {
      if (live === undefined) return new Date(start.getTime() + elapsed);
      return new Date(Date.now() - (leap === undefined ? 0 : leap.until - leap.at));
    },
    onLeap(listener) {
      leapListeners.add(listener);
    },
    schedule(delayMs, run) {
      const task: Task = { due: simulated() + delayMs, order: (order += 1), run, isOff: false };
      queue.push(task);
      if (queue.first === task) wake();
      return () => {
        task.isOff = true;
      };
    },
    advance(ms) {
      if (live !== undefined) {
        leapBy(ms, live.speed);
        return;
      }
      const until = elapsed + ms;
      runDue(until);
      elapsed = until;
    },
    goLive(speed) {
      live = { speed, startedAt: performance.now(), elapsedThen: simulated() };
      wake();
    },
    stop() {
      queue.clear();
      clearTimeout(timer);
    },
  };
}
