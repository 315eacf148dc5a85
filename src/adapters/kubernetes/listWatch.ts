// Keeps one kind of one cluster up to date: list, watch, and back to the list after whatever goes wrong.
// Written by hand because client-node's informer reconnects without a pause and never notices a silent connection.
import type { Clock, Log } from '../../app/ports.js';
import type { KindState } from '../../domain/mesh/snapshot.js';
import type { Failure, Result } from '../../shared/failure.js';
import type { ApiClient } from './apiRequest.js';
import { connectionFailure, statusFailure } from './connectionFailure.js';
import { JsonLines } from './jsonLines.js';
import { numberIn, textIn, valueAt } from './json.js';
import type { ListWatchTarget } from './listKind.js';
import { listKind, readObject } from './listKind.js';

/** Between two attempts after the first failure; doubles up to the longest. */
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 30_000;
/** A watch is asked to end between these, so that many of them do not come back at the same moment. */
const WATCH_SECONDS = { least: 240, most: 300 };
/** A connection that is silent for this long after its watch should have ended is dead. */
const WATCHDOG_SLACK_SECONDS = 15;
/** A watch that lived shorter than this and said nothing did not work. */
const WORKING_WATCH_MS = 1_000;

export interface ListWatchListener<Facts> {
  /** Everything there is; replaces what was known. */
  listed(objects: readonly Facts[]): void;
  changed(objects: readonly ListWatchChange<Facts>[]): void;
  state(state: KindState): void;
}

export interface ListWatchChange<Facts> {
  readonly type: 'set' | 'gone';
  readonly facts: Facts;
}

export interface ListWatchSurroundings {
  readonly api: ApiClient;
  readonly clock: Clock;
  readonly log: Log;
  /** In [0, 1), for the spread of pauses. */
  readonly random: () => number;
}

type WatchEnd =
  | { readonly type: 'closed'; readonly version: string }
  | { readonly type: 'expired' }
  | { readonly type: 'failed'; readonly failure: Failure };

/** Follows one kind until the signal aborts. One restart path: after any trouble it pauses, then lists again. */
export class ListWatch<Facts> {
  readonly #target: ListWatchTarget<Facts>;
  readonly #surroundings: ListWatchSurroundings;
  readonly #listener: ListWatchListener<Facts>;
  readonly #signal: AbortSignal;
  #failures = 0;
  #state: KindState = { state: 'loading' };
  #pause: AbortController | undefined;

  constructor(
    target: ListWatchTarget<Facts>,
    surroundings: ListWatchSurroundings,
    listener: ListWatchListener<Facts>,
    signal: AbortSignal,
  ) {
    this.#target = target;
    this.#surroundings = surroundings;
    this.#listener = listener;
    this.#signal = signal;
  }

  /** Ends a pause between two attempts at once. */
  retryNow(): void {
    this.#failures = 0;
    this.#pause?.abort();
  }

  /** Resolves after the signal aborted; never rejects for anything the cluster does. */
  async run(): Promise<void> {
    let version: string | undefined;
    while (!this.#signal.aborted) {
      version = version === undefined ? await this.#list() : await this.#watch(version);
      if (version === undefined && this.#failures > 0) await this.#pauseBeforeRetry();
    }
  }

  async #list(): Promise<string | undefined> {
    // While nothing was ever listed, each page shows at once; later a page would only repeat what is known.
    const first = this.#state.state === 'loading' || this.#state.state === 'failed';
    const showPage = (objects: readonly Facts[]): void => {
      if (first) this.#listener.changed(objects.map((facts) => ({ type: 'set', facts })));
    };
    const list = await listKind(this.#target, this.#surroundings.api, this.#signal, showPage);
    if (!list.ok) {
      this.#fail(list.failure);
      return undefined;
    }
    if (this.#signal.aborted) return undefined;
    this.#listener.listed(list.value.objects);
    this.#setState({ state: 'live' });
    return list.value.version;
  }

  async #watch(version: string): Promise<string | undefined> {
    const startedAt = this.#surroundings.clock.now();
    const end = await this.#readWatch(version);
    const lived = this.#surroundings.clock.now() - startedAt;
    const worked = lived >= WORKING_WATCH_MS || (end.type === 'closed' && end.version !== version);
    if (worked) this.#failures = 0;
    if (end.type === 'closed' && worked) return end.version;
    if (end.type === 'failed') this.#fail(end.failure);
    else if (end.type === 'closed') this.#fail({ kind: 'clusterUnreachable', reason: 'the server ends every watch at once' });
    // A first expiry is normal; the list that follows must not be repeated without a pause for ever.
    else this.#failures += worked ? 0 : 1;
    return undefined;
  }

  async #readWatch(version: string): Promise<WatchEnd> {
    const { api, clock, random } = this.#surroundings;
    const seconds = Math.round(WATCH_SECONDS.least + random() * (WATCH_SECONDS.most - WATCH_SECONDS.least));
    const query = { watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(seconds), resourceVersion: version };
    const ended = new AbortController();
    const silent = new AbortController();
    const watching = AbortSignal.any([this.#signal, ended.signal]);
    const watchdogSeconds = seconds + WATCHDOG_SLACK_SECONDS;
    void clock.sleep(watchdogSeconds * 1000, watching).then(() => {
      if (!watching.aborted) silent.abort();
    });
    try {
      const request = { path: this.#target.path, query: { ...this.#target.query, ...query } };
      const body = await api.open(request, AbortSignal.any([this.#signal, silent.signal]));
      return body.ok ? await this.#readEvents(body.value, version) : watchEndOf(body.failure);
    } catch (error) {
      if (silent.signal.aborted) return { type: 'failed', failure: { kind: 'timedOut', seconds: watchdogSeconds } };
      return { type: 'failed', failure: connectionFailure(error) };
    } finally {
      ended.abort();
    }
  }

  async #readEvents(body: AsyncIterable<string>, from: string): Promise<WatchEnd> {
    const lines = new JsonLines();
    let version = from;
    for await (const piece of body) {
      if (this.#signal.aborted) break;
      const values = parseLines(lines, piece);
      if (!values.ok) return { type: 'failed', failure: values.failure };
      const changes: ListWatchChange<Facts>[] = [];
      for (const event of values.value) {
        const object = valueAt(event, 'object');
        const type = textIn(valueAt(event, 'type'));
        if (type === 'ERROR') {
          this.#announce(changes);
          return watchEndOf(statusFailure(numberIn(valueAt(object, 'code')) ?? 500, JSON.stringify(object)));
        }
        version = textIn(valueAt(object, 'metadata', 'resourceVersion')) ?? version;
        if (type === 'ADDED' || type === 'MODIFIED' || type === 'DELETED') {
          const read = readObject(this.#target, object);
          if (!read.ok) {
            this.#announce(changes);
            return { type: 'failed', failure: read.failure };
          }
          if (read.value !== undefined) changes.push({ type: type === 'DELETED' ? 'gone' : 'set', facts: read.value });
        } else if (type !== 'BOOKMARK') {
          return { type: 'failed', failure: { kind: 'apiError', status: 200, reason: 'the watch sent what is no event' } };
        }
      }
      this.#announce(changes);
    }
    return { type: 'closed', version };
  }

  #announce(changes: readonly ListWatchChange<Facts>[]): void {
    if (changes.length > 0 && !this.#signal.aborted) this.#listener.changed(changes);
  }

  async #pauseBeforeRetry(): Promise<void> {
    const { clock, random } = this.#surroundings;
    const longest = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(this.#failures - 1, 10));
    this.#pause = new AbortController();
    await clock.sleep(Math.round(longest * (0.5 + random() / 2)), AbortSignal.any([this.#signal, this.#pause.signal]));
    this.#pause = undefined;
  }

  #fail(failure: Failure): void {
    if (this.#signal.aborted) return;
    this.#failures += 1;
    this.#surroundings.log.debug(`${this.#target.name}: attempt ${this.#failures} failed: ${failure.kind}`);
    // A mistake of ours, said once: every further attempt is going to meet it too.
    if (failure.kind === 'unexpected' && this.#failures === 1) this.#surroundings.log.error(`${this.#target.name}: ${failure.reason}`);
    const known = this.#state.state === 'live' || this.#state.state === 'stale';
    if (!known) {
      this.#setState({ state: 'failed', failure });
      return;
    }
    const since = this.#state.state === 'stale' ? this.#state.since : this.#surroundings.clock.now();
    this.#setState({ state: 'stale', since, failure });
  }

  #setState(state: KindState): void {
    const same = this.#state.state === state.state && JSON.stringify(this.#state) === JSON.stringify(state);
    this.#state = state;
    if (!same && !this.#signal.aborted) this.#listener.state(state);
  }
}

function watchEndOf(failure: Failure): WatchEnd {
  return failure.kind === 'apiError' && failure.status === 410 ? { type: 'expired' } : { type: 'failed', failure };
}

function parseLines(lines: JsonLines, piece: string): Result<readonly unknown[]> {
  try {
    return { ok: true, value: lines.push(piece) };
  } catch {
    return { ok: false, failure: { kind: 'apiError', status: 200, reason: 'the watch sent what is not JSON' } };
  }
}
