// Keeps a snapshot of every chosen cluster and tells what changed in which, so that views repaint no more than that.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import { emptySnapshot, foldDeltas } from '../../domain/mesh/fold.js';
import type { ClusterSnapshot, Delta } from '../../domain/mesh/snapshot.js';
import type { Disposable } from '../events.js';
import { Emitter } from '../events.js';
import type { Clock, ClusterReader, Log } from '../ports.js';

/** Changes within this time are announced together: a rollout is dozens of events. */
const ANNOUNCE_AFTER_MS = 50;

export interface ClusterChange {
  readonly ref: ClusterRef;
  /** Undefined when the cluster was left out. */
  readonly before: ClusterSnapshot | undefined;
  readonly after: ClusterSnapshot | undefined;
}

interface Followed {
  readonly ref: ClusterRef;
  readonly stop: AbortController;
  snapshot: ClusterSnapshot;
  /** Heard and not yet folded: a burst of events is folded once, when somebody looks. */
  waiting: Delta[];
}

/** Folds what has been heard since somebody last looked. */
function upToDate(followed: Followed): ClusterSnapshot {
  if (followed.waiting.length > 0) followed.snapshot = foldDeltas(followed.snapshot, followed.waiting.splice(0));
  return followed.snapshot;
}

export class MeshInventory implements Disposable {
  readonly #reader: ClusterReader;
  readonly #clock: Clock;
  readonly #followed = new Map<string, Followed>();
  /** What listeners last heard of a cluster that has changed since. */
  readonly #pending = new Map<string, { readonly ref: ClusterRef; readonly before: ClusterSnapshot | undefined }>();
  readonly #changes: Emitter<readonly ClusterChange[]>;
  readonly #ended = new AbortController();
  #announcing = false;

  constructor(reader: ClusterReader, clock: Clock, log: Log) {
    this.#reader = reader;
    this.#clock = clock;
    this.#changes = new Emitter((error) => {
      log.error(`a view of the inventory failed: ${String(error)}`);
    });
  }

  /** Several clusters' changes at once, some time after they happened. */
  onDidChange(listener: (changes: readonly ClusterChange[]) => void): Disposable {
    return this.#changes.event(listener);
  }

  /** Follows exactly these clusters from now on; those that were followed already go on undisturbed. */
  follow(refs: readonly ClusterRef[]): void {
    const wanted = new Map(refs.map((ref) => [clusterKey(ref), ref]));
    for (const [key, { ref, stop, snapshot }] of [...this.#followed]) {
      if (wanted.has(key)) continue;
      stop.abort();
      this.#followed.delete(key);
      this.#note(ref, snapshot);
    }
    for (const [key, ref] of wanted) if (!this.#followed.has(key)) this.#start(key, ref);
  }

  get clusters(): readonly ClusterRef[] {
    return [...this.#followed.values()].map(({ ref }) => ref);
  }

  /** What is known now; undefined for a cluster that is not followed. */
  snapshot(ref: ClusterRef): ClusterSnapshot | undefined {
    const followed = this.#followed.get(clusterKey(ref));
    return followed && upToDate(followed);
  }

  /** Tries to connect at once where a connection is waited for. */
  retry(ref: ClusterRef): void {
    this.#reader.retryNow(ref);
  }

  /** Forgets what is known of the clusters and reads all of it anew. */
  refresh(refs: readonly ClusterRef[] = this.clusters): void {
    for (const ref of refs) {
      const key = clusterKey(ref);
      const followed = this.#followed.get(key);
      if (followed === undefined) continue;
      followed.stop.abort();
      this.#reader.retryNow(ref);
      this.#start(key, ref, upToDate(followed));
    }
  }

  /**
   * The first snapshot that satisfies the predicate, the present one included. Undefined when the signal aborts first, or
   * the cluster is left out.
   */
  waitFor(
    ref: ClusterRef,
    predicate: (snapshot: ClusterSnapshot) => boolean,
    signal: AbortSignal,
  ): Promise<ClusterSnapshot | undefined> {
    const present = this.snapshot(ref);
    if (present === undefined || signal.aborted) return Promise.resolve(undefined);
    if (predicate(present)) return Promise.resolve(present);
    return new Promise((resolve) => {
      const finish = (snapshot: ClusterSnapshot | undefined): void => {
        subscription.dispose();
        signal.removeEventListener('abort', giveUp);
        resolve(snapshot);
      };
      const giveUp = (): void => {
        finish(undefined);
      };
      const subscription = this.#changes.event((changes) => {
        if (!changes.some((change) => clusterKey(change.ref) === clusterKey(ref))) return;
        const snapshot = this.snapshot(ref);
        if (snapshot === undefined || predicate(snapshot)) finish(snapshot);
      });
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  dispose(): void {
    this.#ended.abort();
    for (const { stop } of this.#followed.values()) stop.abort();
    this.#followed.clear();
    this.#changes.dispose();
  }

  /** A refresh shows what was known until the new list replaces it. */
  #start(key: string, ref: ClusterRef, known?: ClusterSnapshot): void {
    const followed: Followed = { ref, stop: new AbortController(), snapshot: known ?? emptySnapshot(ref), waiting: [] };
    this.#followed.set(key, followed);
    if (known === undefined) this.#note(ref, undefined);
    const hear = (deltas: readonly Delta[]): void => {
      if (followed.stop.signal.aborted) return;
      for (const delta of deltas) followed.waiting.push(delta);
      this.#note(ref, followed.snapshot);
    };
    this.#reader.follow(ref, hear, followed.stop.signal);
  }

  #note(ref: ClusterRef, before: ClusterSnapshot | undefined): void {
    const key = clusterKey(ref);
    if (!this.#pending.has(key)) this.#pending.set(key, { ref, before });
    if (this.#announcing) return;
    this.#announcing = true;
    void this.#announceSoon();
  }

  async #announceSoon(): Promise<void> {
    await this.#clock.sleep(ANNOUNCE_AFTER_MS, this.#ended.signal);
    this.#announcing = false;
    if (this.#ended.signal.aborted) return;
    const changes = [...this.#pending]
      .map(([, { ref, before }]) => ({ ref, before, after: this.snapshot(ref) }))
      // What was heard may have changed nothing; a cluster that came and went at once is news to who waits for it.
      .filter(({ before, after }) => after === undefined || before !== after);
    this.#pending.clear();
    if (changes.length > 0) this.#changes.fire(changes);
  }
}
