// Reads the evidence behind the position anew when the proxies of the mesh are others than those that were read, when a cluster is
// back, and before what was read is too old to be believed, so that what somebody else did is noticed without a click. Never more
// often than a survey is worth, and only while somebody looks.
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import type { Disposable } from '../events.js';
import type { Clock, Log } from '../ports.js';
import type { LivePosition } from './livePosition.js';

/** A rollout replaces pods for a while: it is waited out. */
const QUIET_MS = 5_000;
/** Between the ends of two readings that nobody asked for. */
const PAUSE_MS = 30_000;
/** Well before readings count as too old (`meshSituationSource`), and seldom enough for the largest mesh. */
const RENEW_AFTER_MS = 10 * 60_000;

export interface UpkeepParts {
  readonly live: Pick<LivePosition, 'current' | 'refresh' | 'onDidChange'>;
  readonly clock: Clock;
  readonly log: Log;
  /** Nobody looks: then nothing is read. */
  readonly isWanted: () => boolean;
  readonly onDidChangeWanted: (listener: () => void) => Disposable;
}

export class EvidenceUpkeep implements Disposable {
  readonly #parts: UpkeepParts;
  readonly #ended = new AbortController();
  readonly #subscriptions: readonly Disposable[];
  /** The proxies that were there, and the clusters that could be read, when the last reading began. */
  #read: string | undefined;
  /** When it ended. */
  #readAt = 0;
  #isWaiting = false;
  #isTimed = false;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
    const look = (): void => {
      this.#look();
    };
    this.#subscriptions = [parts.live.onDidChange(look), parts.onDidChangeWanted(look)];
    look();
  }

  dispose(): void {
    this.#ended.abort();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Takes note of a change; cheap, because it is called for each of them. */
  #look(): void {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    void this.#upkeep()
      .catch((error: unknown) => {
        this.#parts.log.error(`the mesh could not be read anew: ${String(error)}`);
        return false;
      })
      .then((hasMore) => {
        this.#isWaiting = false;
        if (hasMore) this.#look();
      });
  }

  /** Whether something changed while nobody looked. */
  async #upkeep(): Promise<boolean> {
    const { live, clock, isWanted } = this.#parts;
    const { signal } = this.#ended;
    // The first reading waits only for the clusters themselves.
    if (this.#read !== undefined) await clock.sleep(QUIET_MS, signal);
    const { situation } = live.current();
    const present = meshToRead(situation);
    const isOld = clock.now() - this.#readAt >= RENEW_AFTER_MS;
    if (this.#isOver() || !isWanted() || isLoading(situation) || (present === this.#read && !isOld)) return false;
    this.#read = present;
    await live.refresh(signal);
    this.#readAt = clock.now();
    this.#lookWhenOld();
    await clock.sleep(PAUSE_MS, signal);
    return !this.#isOver() && meshToRead(live.current().situation) !== present;
  }

  /** Nothing need change in the clusters for a reading to grow old. One timer, however often something is read. */
  #lookWhenOld(): void {
    if (this.#isTimed) return;
    this.#isTimed = true;
    const { clock } = this.#parts;
    void clock.sleep(this.#readAt + RENEW_AFTER_MS - clock.now(), this.#ended.signal).then(() => {
      this.#isTimed = false;
      if (this.#isOver()) return;
      if (clock.now() - this.#readAt < RENEW_AFTER_MS) this.#lookWhenOld();
      else this.#look();
    });
  }

  #isOver(): boolean {
    return this.#ended.signal.aborted;
  }
}

function isLoading({ snapshots }: MeshSituation): boolean {
  return snapshots.length === 0 || snapshots.some(({ kinds }) => Object.values(kinds).some(({ state }) => state === 'loading'));
}

/** Uids of all pods with a proxy, over all clusters, and how much of each cluster is followed: one that is back is read again. */
function meshToRead({ snapshots }: MeshSituation): string {
  const followed = snapshots.map(({ kinds }) => Object.values(kinds).filter(({ state }) => state === 'live').length);
  const uids = snapshots.flatMap(({ namespaces }) =>
    [...namespaces.values()].flatMap(({ pods }) => [...pods.values()].flatMap(({ proxy, uid, ready }) => (proxy === undefined ? [] : [`${uid}${ready ? '' : '-'}`]))),
  );
  return [...followed, ...uids.sort()].join(' ');
}
