// How many requests one cluster's API server carries at a time: more while its answers stay as quick as they were, half as
// many when it says that it is too much (additive increase, multiplicative decrease). Knows nothing of what is asked.
import type { Clock } from '../ports.js';

/** Modest enough for any API server, and what it is brought back to by proxies that do not answer. */
const FIRST_LIMIT = 8;
/** Connections into pods are not free for the API server, however quick it is. */
const MOST_AT_A_TIME = 48;
/** An answer is as quick as ever when it takes at most this much more than the quickest lately. */
const FLAT_FACTOR = 2;
const FLAT_SLACK_MS = 10;
/** The quickest answer is forgotten slowly: it may have been a lucky one. */
const FORGETTING = 1.002;
/** A request that takes longer gives its place to others: it waits for one proxy and not for the API server. */
const LINGERS_AFTER_MS = 1500;
const MOST_LINGERING = 64;
/** One proxy that hangs says nothing of the cluster; several in a row without an answer in between do. */
const TIMEOUTS_IN_A_ROW = 3;
const LEAST_BY_TIMEOUTS = 4;
/** A server that asks for more is not obeyed to the letter: the person waits as well. */
const LONGEST_PAUSE_MS = 60_000;

/** A reason of our own: without one an AbortController makes an error with a stack trace, for each proxy. */
const TURN_ENDED = 'the turn ended';

/** What a request's end says of the server: `busy` is 429 or 503, `quiet` is anything that says nothing of it. */
export type LoadSign = 'answered' | 'busy' | 'timedOut' | 'quiet';

/** Permission for one request; `end` gives the place back. */
export interface Turn {
  end(sign: LoadSign, retryAfterMs?: number): void;
}

export interface AdaptiveLimitOptions {
  readonly clock: Clock;
  /** When it aborts, everybody who waits gets a turn at once, to end at once. */
  readonly signal: AbortSignal;
  /** Exactly so many at a time instead. */
  readonly fixed?: number | undefined;
}

interface Waiting {
  readonly start: (turn: Turn) => void;
}

export class AdaptiveLimit {
  readonly #options: AdaptiveLimitOptions;
  #limit: number;
  /** Until the first sign of strain each answer makes room for one more; afterwards each round of answers does. */
  #starting = true;
  #busy = 0;
  #lingering = 0;
  #quickestMs = Infinity;
  #halvedAt = -Infinity;
  #timeouts = 0;
  #pausedUntil = -Infinity;
  readonly #urgent: Waiting[] = [];
  readonly #waiting: Waiting[] = [];

  constructor(options: AdaptiveLimitOptions) {
    this.#options = options;
    this.#limit = options.fixed ?? FIRST_LIMIT;
    options.signal.addEventListener('abort', () => { this.#grant(); }, { once: true });
  }

  /** How many it lets through at a time just now. */
  get size(): number {
    return Math.floor(this.#limit);
  }

  /** Waits for a place; who has begun already, and asks again, goes first. */
  turn(urgent = false): Promise<Turn> {
    return new Promise((resolve) => {
      (urgent ? this.#urgent : this.#waiting).push({ start: resolve });
      this.#grant();
    });
  }

  #grant(): void {
    while (this.#hasRoom()) {
      const next = this.#urgent.shift() ?? this.#waiting.shift();
      if (next === undefined) return;
      next.start(this.#begin());
    }
  }

  #hasRoom(): boolean {
    const { signal, clock } = this.#options;
    return signal.aborted || (clock.now() >= this.#pausedUntil && this.#busy < this.size);
  }

  #begin(): Turn {
    const { clock, fixed } = this.#options;
    const startedAt = clock.now();
    const place = { ended: false, lingers: false };
    // Where the number is fixed nobody's place is given to others, so that there is no time to watch.
    const watched = fixed === undefined ? new AbortController() : undefined;
    this.#busy += 1;
    if (watched !== undefined) {
      void clock.sleep(LINGERS_AFTER_MS, watched.signal).then(() => {
        if (place.ended || this.#lingering >= MOST_LINGERING) return;
        place.lingers = true;
        this.#busy -= 1;
        this.#lingering += 1;
        this.#grant();
      });
    }
    return {
      end: (sign, retryAfterMs = 0) => {
        if (place.ended) return;
        place.ended = true;
        watched?.abort(TURN_ENDED);
        if (place.lingers) this.#lingering -= 1;
        else this.#busy -= 1;
        this.#learn(sign, startedAt);
        this.#pause(retryAfterMs);
        this.#grant();
      },
    };
  }

  #learn(sign: LoadSign, startedAt: number): void {
    if (this.#options.fixed !== undefined) return;
    this.#timeouts = sign === 'timedOut' ? this.#timeouts + 1 : sign === 'answered' ? 0 : this.#timeouts;
    if (sign === 'answered') this.#learnFromAnswer(this.#options.clock.now() - startedAt);
    else if (sign === 'busy') this.#halve(startedAt, 1);
    else if (sign === 'timedOut' && this.#timeouts >= TIMEOUTS_IN_A_ROW) this.#halve(startedAt, LEAST_BY_TIMEOUTS);
  }

  #learnFromAnswer(tookMs: number): void {
    this.#quickestMs = Math.min(this.#quickestMs * FORGETTING, tookMs);
    if (tookMs > this.#quickestMs * FLAT_FACTOR + FLAT_SLACK_MS) {
      this.#starting = false;
      return;
    }
    // Room that nobody asks for is not made: the server was not tried with it.
    if (this.#waiting.length + this.#urgent.length === 0) return;
    this.#limit = Math.min(MOST_AT_A_TIME, this.#limit + (this.#starting ? 1 : 1 / this.#limit));
  }

  /** Once for all the requests that were under way together. */
  #halve(startedAt: number, least: number): void {
    this.#starting = false;
    if (startedAt < this.#halvedAt) return;
    this.#halvedAt = this.#options.clock.now();
    this.#timeouts = 0;
    this.#limit = Math.max(Math.min(least, this.#limit), this.#limit / 2);
  }

  /** Nobody begins before the server said that it wants to be asked again. */
  #pause(milliseconds: number): void {
    const { clock, signal } = this.#options;
    const until = clock.now() + Math.min(milliseconds, LONGEST_PAUSE_MS);
    if (milliseconds <= 0 || until <= this.#pausedUntil) return;
    this.#pausedUntil = until;
    void clock.sleep(until - clock.now(), signal).then(() => {
      // What matters is that the time is over, not what a test's clock shows.
      if (this.#pausedUntil === until) this.#pausedUntil = -Infinity;
      this.#grant();
    });
  }
}
