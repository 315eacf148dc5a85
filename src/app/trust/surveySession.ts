// The survey that a person looks at: its rows as they are now, and after a survey the proxies that come and go.
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { Message } from '../../shared/text/message.js';
import type { SurveyProgress, TrustRow, TrustScope } from '../../shared/trustRows.js';
import type { SavedSurveyFacts } from '../../shared/trustViews.js';
import type { Disposable } from '../events.js';
import { DisposableStore, Emitter } from '../events.js';
import type { ClusterChange, MeshInventory } from '../inventory/meshInventory.js';
import type { Clock, Log } from '../ports.js';
import type { ProxyTarget } from './proxyTargets.js';
import { proxyTargets, surveyNotices, targetId } from './proxyTargets.js';
import { keyOfSample } from './inboundSamples.js';
import type { InboundSample } from './inboundSamples.js';
import type { SurveyEvidence } from './surveyEvidence.js';
import type { SurveyMemory } from './surveyMemory.js';
import type { SurveyFromFile, SurveyRecord } from './surveyRecord.js';
import { SurveyRows } from './surveyRows.js';
import type { ReadAs } from './targetChanges.js';
import { changedTargets, readAs } from './targetChanges.js';
import type { ProxyReading, TrustSurvey } from './trustSurvey.js';

export interface SurveySessionParts {
  readonly inventory: Pick<MeshInventory, 'clusters' | 'snapshot' | 'onDidChange'>;
  /** Made when the first survey begins: it needs what is loaded late. */
  readonly survey: () => Promise<Pick<TrustSurvey, 'run'>>;
  readonly memory: SurveyMemory;
  readonly clock: Clock;
  readonly log: Log;
}

export class SurveySession implements Disposable {
  readonly #parts: SurveySessionParts;
  readonly #rows = new SurveyRows();
  readonly #readAs = new Map<string, ReadAs>();
  #readings = new Map<string, ProxyReading>();
  /** The latest of each kind: pods that come later are sampled again. */
  readonly #samples = new Map<string, InboundSample>();
  #previous: SurveyEvidence['previous'];
  /** All of the scope is being read, not only what came later. */
  #isWhole = false;
  #opened: { readonly record: SurveyRecord; readonly file: string } | undefined;
  readonly #owned = new DisposableStore();
  readonly #rowChanges: Emitter<readonly TrustRow[]>;
  readonly #removals: Emitter<readonly string[]>;
  readonly #progressChanges: Emitter<undefined>;
  readonly #noticeChanges: Emitter<undefined>;
  readonly #chosenChanges: Emitter<undefined>;
  #scope: TrustScope = { contexts: [], namespaces: [] };
  #notices: readonly Message[] = [];
  #phase: Pick<SurveyProgress, 'running' | 'cancelled' | 'startedAt' | 'finishedAt'> = {
    running: false,
    cancelled: false,
    startedAt: undefined,
    finishedAt: undefined,
  };
  #stop = new AbortController();
  #following = false;

  constructor(parts: SurveySessionParts) {
    this.#parts = parts;
    const onError = (error: unknown): void => {
      parts.log.error(`a view of the survey failed: ${String(error)}`);
    };
    this.#rowChanges = this.#owned.add(new Emitter(onError));
    this.#removals = this.#owned.add(new Emitter(onError));
    this.#progressChanges = this.#owned.add(new Emitter(onError));
    this.#noticeChanges = this.#owned.add(new Emitter(onError));
    this.#chosenChanges = this.#owned.add(new Emitter(onError));
    this.#owned.add(
      parts.inventory.onDidChange((changes) => {
        if (changes.some(({ before, after }) => before === undefined || after === undefined)) this.#chosenChanges.fire(undefined);
        this.#follow(changes);
      }),
    );
  }

  now(): number {
    return this.#parts.clock.now();
  }

  chosen(): readonly string[] {
    return this.#parts.inventory.clusters.map(({ context }) => context);
  }

  rows(): Iterable<TrustRow> {
    return this.#rows.values();
  }

  progress(): SurveyProgress {
    return { ...this.#phase, ...this.#rows.counts };
  }

  notices(): readonly Message[] {
    return this.#notices;
  }

  /** The survey from a file that is shown; undefined for one of the clusters. */
  saved(): SavedSurveyFacts | undefined {
    return this.#opened && { file: this.#opened.file, surveyedAt: this.#opened.record.finishedAt };
  }

  /** All that is known at this moment. The maps in it change as the survey goes on. */
  evidence(): SurveyEvidence {
    const saved = this.#opened?.record;
    return {
      rows: this.#rows.byId,
      readings: this.#readings,
      samples: [...this.#samples.values()],
      snapshots: saved === undefined ? this.#snapshots() : [],
      scope: this.#scope,
      notices: this.#notices,
      progress: this.#phase,
      now: saved?.finishedAt ?? this.now(),
      // Half a survey against a whole one would only say what has not been read yet.
      previous: this.#phase.running ? undefined : this.#previous,
      saved,
    };
  }

  readonly onRows = (listener: (rows: readonly TrustRow[]) => void): Disposable => this.#rowChanges.event(listener);
  readonly onRemoved = (listener: (ids: readonly string[]) => void): Disposable => this.#removals.event(listener);
  readonly onProgress = (listener: () => void): Disposable => this.#progressChanges.event(listener);
  readonly onNotices = (listener: () => void): Disposable => this.#noticeChanges.event(listener);
  readonly onChosen = (listener: () => void): Disposable => this.#chosenChanges.event(listener);

  /** Begins a survey of this part of the mesh; one that is running ends. */
  start(scope: TrustScope): void {
    this.#stop.abort();
    this.#stop = new AbortController();
    this.#previous = this.#comparableWith(scope);
    if (this.#previous === undefined) this.#recall(scope, this.#stop.signal);
    this.#opened = undefined;
    this.#scope = scope;
    this.#isWhole = true;
    this.#readAs.clear();
    this.#samples.clear();
    this.#following = true;
    this.#phase = { running: true, cancelled: false, startedAt: this.now(), finishedAt: undefined };
    this.#removeGone(this.#targets());
    this.#read(() => true, this.#stop.signal);
  }

  /** Shows a survey from a file in place of what was read. No cluster is asked until the next survey begins. */
  open({ record, rows, readings, file }: SurveyFromFile): void {
    this.cancel();
    this.#stop = new AbortController();
    this.#remove([...this.#rows.ids()]);
    this.#opened = { record, file };
    this.#previous = undefined;
    this.#scope = { contexts: [], namespaces: [] };
    this.#phase = { running: false, cancelled: false, startedAt: record.finishedAt, finishedAt: record.finishedAt };
    this.#readings = new Map(readings);
    this.#notices = record.notices;
    this.#noticeChanges.fire(undefined);
    this.#hear(rows);
  }

  /** What the next survey of this scope is compared with: the one before it, if that was of the same scope and came to an end. */
  #comparableWith(scope: TrustScope): SurveyEvidence['previous'] {
    const { finishedAt, cancelled } = this.#phase;
    if (finishedAt === undefined || cancelled || this.#opened !== undefined) return undefined;
    if (JSON.stringify(scope) !== JSON.stringify(this.#scope)) return undefined;
    return { rows: [...this.#rows.values()], finishedAt };
  }

  /** The survey before may be of another session. */
  #recall(scope: TrustScope, signal: AbortSignal): void {
    const found = this.#parts.memory.recall(scope).then((kept) => {
      if (signal !== this.#stop.signal || kept === undefined) return;
      this.#previous = kept;
      this.#progressChanges.fire(undefined);
    });
    found.catch(this.#onMemoryError);
  }

  readonly #onMemoryError = (error: unknown): void => {
    this.#parts.log.error(`the survey to compare with could not be read or written: ${String(error)}`);
  };

  /** Ends the survey; what was read stays. Nothing is read again until the next survey begins. */
  cancel(): void {
    this.#following = false;
    this.#stop.abort();
  }

  dispose(): void {
    this.cancel();
    this.#owned.dispose();
  }

  #snapshots(): readonly ClusterSnapshot[] {
    const { inventory } = this.#parts;
    return inventory.clusters.map((ref) => inventory.snapshot(ref)).filter((snapshot) => snapshot !== undefined);
  }

  #targets(): readonly ProxyTarget[] {
    return proxyTargets(this.#snapshots(), this.#scope);
  }

  /** Looks only at the namespaces that changed: a rollout announces itself many times a second, in a large mesh as well. */
  #follow(changes: readonly ClusterChange[]): void {
    if (!this.#following || this.#phase.running) return;
    this.#tellNotices();
    const seen = changes.map(({ before, after }) => changedTargets(before, after, this.#scope));
    const stays = new Set(seen.flatMap(({ now }) => now.map(targetId)));
    this.#remove(seen.flatMap(({ was }) => was.map(targetId)).filter((id) => !stays.has(id)));
    if (seen.some(({ now }) => now.some((target) => this.#isNew(target)))) this.#readNew();
  }

  /** Reads the proxies that came since the last reading, and forgets those that went. */
  #catchUp(): void {
    if (!this.#following || this.#phase.running) return;
    const targets = this.#targets();
    this.#removeGone(targets);
    this.#tellNotices();
    if (targets.some((target) => this.#isNew(target))) this.#readNew();
  }

  #readNew(): void {
    this.#phase = { ...this.#phase, running: true, finishedAt: undefined };
    this.#read((target) => this.#isNew(target), this.#stop.signal);
  }

  #isNew(target: ProxyTarget): boolean {
    return this.#readAs.get(targetId(target)) !== readAs(target);
  }

  #read(includes: (target: ProxyTarget) => boolean, signal: AbortSignal): void {
    this.#tellNotices();
    this.#progressChanges.fire(undefined);
    this.#runSurvey(includes, signal).catch((error: unknown) => {
      this.#parts.log.error(`the survey failed: ${String(error)}`);
      if (!signal.aborted) this.#finish(true);
    });
  }

  async #runSurvey(includes: (target: ProxyTarget) => boolean, signal: AbortSignal): Promise<void> {
    const survey = await this.#parts.survey();
    const listener = {
      onRows: (rows: readonly TrustRow[]): void => {
        if (signal === this.#stop.signal) this.#hear(rows);
      },
      onReadings: (readings: readonly ProxyReading[]): void => {
        if (signal !== this.#stop.signal) return;
        for (const reading of readings) this.#readings.set(targetId(reading.target), reading);
      },
      onSample: (sample: InboundSample): void => {
        if (signal === this.#stop.signal) this.#samples.set(keyOfSample(sample), sample);
      },
    };
    const once = (target: ProxyTarget): boolean => {
      if (!includes(target)) return false;
      this.#readAs.set(targetId(target), readAs(target));
      return true;
    };
    await survey.run(this.#snapshots(), this.#scope, listener, signal, once);
    if (signal === this.#stop.signal) this.#finish(signal.aborted);
  }

  #hear(rows: readonly TrustRow[]): void {
    this.#rows.set(rows);
    this.#rowChanges.fire(rows);
    this.#progressChanges.fire(undefined);
  }

  #finish(cancelled: boolean): void {
    const finishedAt = this.now();
    this.#phase = { ...this.#phase, running: false, cancelled, finishedAt };
    this.#progressChanges.fire(undefined);
    const kept = { scope: this.#scope, rows: [...this.#rows.values()], finishedAt };
    if (this.#isWhole && !cancelled) this.#parts.memory.keep(kept).catch(this.#onMemoryError);
    this.#isWhole = false;
    this.#catchUp();
  }

  #removeGone(targets: readonly ProxyTarget[]): void {
    const wanted = new Set(targets.map(targetId));
    this.#remove([...this.#readAs.keys(), ...this.#rows.ids()].filter((id) => !wanted.has(id)));
  }

  #remove(ids: readonly string[]): void {
    for (const id of ids) {
      this.#readAs.delete(id);
      this.#readings.delete(id);
    }
    const gone = this.#rows.remove(ids);
    if (gone.length === 0) return;
    this.#removals.fire(gone);
    this.#progressChanges.fire(undefined);
  }

  #tellNotices(): void {
    const notices = surveyNotices(this.#snapshots(), this.#scope);
    if (JSON.stringify(notices) === JSON.stringify(this.#notices)) return;
    this.#notices = notices;
    this.#noticeChanges.fire(undefined);
  }
}
