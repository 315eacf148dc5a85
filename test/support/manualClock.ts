// A clock that stands still until a test moves it.
import type { Clock } from '../../src/app/ports.js';

interface Sleeper {
  readonly until: number;
  readonly wake: () => void;
}

export class ManualClock implements Clock {
  #now: number;
  readonly #sleepers = new Set<Sleeper>();
  readonly #watchers = new Set<() => void>();

  constructor(now = 1_700_000_000_000) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }
      const sleeper = {
        until: this.#now + milliseconds,
        wake: () => {
          this.#sleepers.delete(sleeper);
          signal.removeEventListener('abort', sleeper.wake);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', sleeper.wake, { once: true });
      for (const watcher of [...this.#watchers]) watcher();
    });
  }

  /** Wakes everybody whose time has come. */
  advance(milliseconds: number): void {
    this.#now += milliseconds;
    for (const sleeper of [...this.#sleepers]) if (sleeper.until <= this.#now) sleeper.wake();
  }

  /** How long each sleeper still has to sleep, shortest first. */
  get pauses(): readonly number[] {
    return [...this.#sleepers].map(({ until }) => until - this.#now).sort((one, other) => one - other);
  }

  /** Resolves when somebody sleeps for a time that satisfies the predicate. */
  async whenSleeping(predicate: (milliseconds: number) => boolean): Promise<number> {
    for (;;) {
      const found = this.pauses.find(predicate);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        const watcher = (): void => {
          this.#watchers.delete(watcher);
          resolve();
        };
        this.#watchers.add(watcher);
      });
    }
  }
}
