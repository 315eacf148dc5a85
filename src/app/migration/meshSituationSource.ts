// The mesh as gates, steps and position judge it, kept up to date: snapshots as they change, everything else as it was read last.
import { clusterKey } from '../../domain/cluster.js';
import { classKeys } from '../../domain/evidence/classKeys.js';
import type { ClusterEvidence, SurveyClasses } from '../../domain/evidence/gateInputs.js';
import { gatherGateFacts, isSettled } from '../../domain/evidence/gatherGateFacts.js';
import { identityDomains } from '../../domain/evidence/identityDomains.js';
import { scanIdentity } from '../../domain/evidence/scanIdentity.js';
import { stepTraces } from '../../domain/evidence/stepTraces.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { MigrationPlan } from '../../domain/plan/migrationPlan.js';
import type { MeshSituation, StepTools } from '../../domain/procedure/procedureStep.js';
import { succeed } from '../../shared/failure.js';
import type { Disposable } from '../events.js';
import { DisposableStore, Emitter } from '../events.js';
import type { ClusterChange } from '../inventory/meshInventory.js';
import type { Clock, Log } from '../ports.js';
import type { ClusterReadings, EvidenceReading } from './readEvidence.js';
import { readEvidence } from './readEvidence.js';
import type { SituationSource } from './situationSource.js';
import type { SnapshotSource } from './snapshotSource.js';
import { withObjects } from './snapshotSource.js';

/** A rollout announces itself many times a second, and facts are gathered from the whole mesh. */
const ANNOUNCE_AFTER_MS = 250;
/** Of all time at most this part is spent on gathering, however large the mesh. */
const BUSY_PART = 1 / 10;
/** Longer than a survey of a large mesh takes, shorter than anybody believes an old reading. */
const FRESH_FOR_MS = 15 * 60_000;
/** Two that agree are wanted; a mesh that still moves after so many is unsettled, and gates say so. */
const MOST_READINGS = 4;
const SETTLE_PAUSE_MS = 500;

export interface SituationParts {
  readonly clusters: SnapshotSource;
  /** What reads; made when it is needed first, because it is loaded late. */
  readonly reading: () => Promise<EvidenceReading>;
  readonly plan: () => MigrationPlan | undefined;
  readonly tools: () => StepTools;
  readonly clock: Clock;
  readonly log: Log;
}

export class MeshSituationSource implements SituationSource, Disposable {
  readonly #parts: SituationParts;
  readonly #owned = new DisposableStore();
  readonly #changes: Emitter<undefined>;
  readonly #ended = new AbortController();
  #readings: ReadonlyMap<string, ClusterReadings> = new Map();
  #surveys: readonly SurveyClasses[] = [];
  #changedAt: number | undefined;
  #last: MeshSituation | undefined;
  #announcing = false;
  /** Of the last gathering, in milliseconds. */
  #cost = 0;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(parts: SituationParts) {
    this.#parts = parts;
    this.#changes = this.#owned.add(
      new Emitter((error) => {
        parts.log.error(`a view of the migration failed: ${String(error)}`);
      }),
    );
    this.#owned.add(
      parts.clusters.onDidChange((changes) => {
        this.#forgetChanged(changes);
        this.invalidate();
      }),
    );
  }

  /** Gathers when something changed since it last did, or when what it knows has grown old. */
  current(): MeshSituation {
    const now = this.#parts.clock.now();
    const { plan } = this.#parts;
    const known = this.#last;
    if (known !== undefined && known.plan === plan() && now - known.now < FRESH_FOR_MS / 10) return known;
    this.#last = this.#gather(now);
    return this.#last;
  }

  refresh(signal: AbortSignal): Promise<MeshSituation> {
    return this.#inTurn(signal, async () => {
      for (let reading = 1; reading < MOST_READINGS; reading += 1) {
        const { facts } = await this.#readAnew(signal);
        if (facts.settled || signal.aborted) return this.current();
        await this.#parts.clock.sleep(SETTLE_PAUSE_MS, signal);
      }
      return this.#readAnew(signal);
    });
  }

  readOnce(signal: AbortSignal): Promise<MeshSituation> {
    return this.#inTurn(signal, () => this.#readAnew(signal));
  }

  /** One after another, so that each survey begins after it was asked for. Who does not want to wait any more gets what is known. */
  #inTurn(signal: AbortSignal, read: () => Promise<MeshSituation>): Promise<MeshSituation> {
    const done = this.#queue.then(() => (signal.aborted ? this.current() : read()));
    this.#queue = done.catch(() => undefined);
    if (signal.aborted) return Promise.resolve(this.current());
    const givenUp = new AbortController();
    return Promise.race([
      done.finally(() => { givenUp.abort(); }),
      new Promise<MeshSituation>((resolve) => {
        // One signal may outlive a thousand readings.
        signal.addEventListener('abort', () => { resolve(this.current()); }, { once: true, signal: givenUp.signal });
      }),
    ]);
  }

  /** The plan, or something else that facts are made of, is another one now. */
  invalidate(): void {
    this.#last = undefined;
    if (this.#announcing) return;
    this.#announcing = true;
    void this.#parts.clock.sleep(Math.max(ANNOUNCE_AFTER_MS, this.#cost / BUSY_PART), this.#ended.signal).then(() => {
      this.#announcing = false;
      if (!this.#ended.signal.aborted) this.#changes.fire(undefined);
    });
  }

  /** A step that changes the mesh has ended now: surveys that began before prove nothing about what comes after. */
  noteChange(): void {
    this.#changedAt = this.#parts.clock.now();
    this.invalidate();
  }

  readonly onDidChange = (listener: () => void): Disposable => this.#changes.event(listener);

  dispose(): void {
    this.#ended.abort();
    this.#owned.dispose();
  }

  async #readAnew(signal: AbortSignal): Promise<MeshSituation> {
    const { clock, log, reading } = this.#parts;
    const startedAt = clock.now();
    try {
      const readings = await readEvidence(await reading(), this.#snapshots(), clock, signal);
      if (signal.aborted) return this.current();
      this.#readings = readings;
      this.#last = this.#gather(clock.now());
      this.#surveys = [...this.#surveys.slice(-1), { startedAt, classes: classKeys(this.#last.facts) }];
      const settled = isSettled(this.#surveys, this.#changedAt);
      this.#last = { ...this.#last, facts: { ...this.#last.facts, settled } };
      this.#changes.fire(undefined);
    } catch (error) {
      // A bug, not a cluster: what was known stays, grows old and becomes unknown.
      log.error(`reading the mesh failed: ${String(error)}`);
    }
    return this.current();
  }

  #snapshots(): readonly ClusterSnapshot[] {
    const { clusters } = this.#parts;
    return clusters.clusters.flatMap((ref) => {
      const snapshot = clusters.snapshot(ref);
      return snapshot === undefined ? [] : [withObjects(snapshot, this.#readings.get(clusterKey(ref))?.objects)];
    });
  }

  #gather(now: number): MeshSituation {
    const plan = this.#parts.plan();
    const snapshots = this.#snapshots();
    const evidence = this.#evidence(snapshots, plan);
    const surveys = this.#surveys;
    const facts = gatherGateFacts({ snapshots, plan, evidence, surveys, changedAt: this.#changedAt, now, freshForMs: FRESH_FOR_MS });
    const traces = new Map(snapshots.map((snapshot) => [clusterKey(snapshot.ref), stepTraces(snapshot, evidence.get(clusterKey(snapshot.ref)))]));
    this.#cost = this.#parts.clock.now() - now;
    return { plan, snapshots, facts, evidence, traces, tools: this.#parts.tools(), now };
  }

  #evidence(snapshots: readonly ClusterSnapshot[], plan: MigrationPlan | undefined): ReadonlyMap<string, ClusterEvidence> {
    const domains = identityDomains(snapshots, plan);
    const evidenceOf = ({ proxies, records, identityObjects }: ClusterReadings): ClusterEvidence => {
      if (domains === undefined) return { proxies, records, identity: undefined };
      const identity = identityObjects.ok ? succeed(scanIdentity(identityObjects.value, domains)) : identityObjects;
      return { proxies, records, identity };
    };
    return new Map([...this.#readings].map(([key, readings]) => [key, evidenceOf(readings)]));
  }

  /** A proxy that does not run now may hold anything when it runs again, under the same pod. */
  #forgetChanged(changes: readonly ClusterChange[]): void {
    for (const { ref, before, after } of changes) {
      const key = clusterKey(ref);
      const known = this.#readings.get(key);
      if (known === undefined) continue;
      const proxies = stillThere(known.proxies, before, after);
      if (proxies.size < known.proxies.size) this.#readings = new Map([...this.#readings, [key, { ...known, proxies }]]);
    }
  }
}

type Proxies = ClusterReadings['proxies'];

/** Looks only into namespaces that changed. */
function stillThere(proxies: Proxies, before: ClusterSnapshot | undefined, after: ClusterSnapshot | undefined): Proxies {
  if (after === undefined) return new Map();
  const gone = [...proxies].filter(([, { namespace, pod, uid }]) => {
    const now = after.namespaces.get(namespace);
    if (now !== undefined && now === before?.namespaces.get(namespace)) return false;
    const facts = now?.pods.get(pod);
    return facts?.uid !== uid || facts.proxy?.state !== 'running';
  });
  if (gone.length === 0) return proxies;
  const left = new Map(proxies);
  for (const [key] of gone) left.delete(key);
  return left;
}
