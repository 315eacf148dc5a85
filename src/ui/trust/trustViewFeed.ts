// Feeds one page with what is worked out of the survey: only the view that is looked at, again when the survey has moved on,
// and never so often that it takes more than a small part of the time. Knows no editor.
import type { Clock } from '../../app/ports.js';
import type { Work } from '../../app/trust/stretches.js';
import { inStretches } from '../../app/trust/stretches.js';
import type { PairRequest, TrustViewMaker } from '../../app/trust/surveyEvidence.js';
import type { AnyMessage } from '../../shared/messaging.js';
import type { ToTrustPage } from '../../shared/trustProtocol.js';
import type { TrustView } from '../../shared/trustViews.js';
import type { PostToPage } from './trustPageFeed.js';
import type { TrustSurveyControl } from './trustSurveyControl.js';

/** Between two workings-out at least this long, and so many times what the last one took, but no longer than anybody believes an old state. */
const LEAST_PAUSE_MS = 300;
const PAUSE_FACTOR = 10;
const MOST_PAUSE_MS = 5000;

/** Pods are shown by their rows. */
type WorkedOutView = Exclude<TrustView, 'pods'>;

export interface TrustViewFeedParts {
  readonly control: Pick<TrustSurveyControl, 'evidence' | 'progress' | 'onRows' | 'onRemoved' | 'onProgress' | 'onNotices' | 'onChosen'>;
  /** Loads what works views out at the first call. */
  readonly maker: () => Promise<TrustViewMaker>;
  readonly clock: Clock;
  readonly post: PostToPage;
  readonly onError: (error: unknown) => void;
}

export class TrustViewFeed {
  readonly #parts: TrustViewFeedParts;
  readonly #subscriptions: readonly { dispose(): void }[];
  #view: TrustView | undefined;
  #hypothesis: string | undefined;
  #stale = false;
  #working = false;
  /** Of what is worked out just now. */
  #work = new AbortController();
  #pause = new AbortController();
  /** When the survey began whose end the page has been told of. */
  #endSeen: number | undefined;

  constructor(parts: TrustViewFeedParts) {
    this.#parts = parts;
    const { control } = parts;
    const moveOn = (): void => {
      this.#outdate();
    };
    this.#subscriptions = [
      control.onRows(moveOn),
      control.onRemoved(moveOn),
      // What is missing from the survey decides what may be said of the whole mesh.
      control.onNotices(moveOn),
      control.onChosen(moveOn),
      control.onProgress(() => {
        this.#outdate();
        this.#hurryAtEnd();
      }),
    ];
  }

  /** From now on this view is looked at. */
  look(view: TrustView): void {
    this.#view = view;
    this.#startOver();
  }

  /** The page has forgotten what it was sent. */
  begin(): void {
    this.#startOver();
  }

  suppose(hypothesis: string | undefined): void {
    this.#hypothesis = hypothesis;
    this.#startOver();
  }

  /** Nobody looks until the next `look`. */
  pause(): void {
    this.#view = undefined;
    this.#work.abort();
    this.#pause.abort();
  }

  dispose(): void {
    this.pause();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  openPair(request: PairRequest): void {
    this.#answer((maker) => {
      const pair = maker.pair(request);
      if (pair !== undefined) void this.#parts.post({ type: 'pair', payload: { pair } });
    });
  }

  explain(id: string): void {
    this.#answer((maker) => {
      const explanation = maker.explain(this.#parts.control.evidence(), id);
      if (explanation !== undefined) void this.#parts.post({ type: 'explanation', payload: { explanation } });
    });
  }

  #answer(work: (maker: TrustViewMaker) => void): void {
    this.#parts.maker().then(work).catch(this.#parts.onError);
  }

  /** Somebody waits for another answer than the one that is being worked out. */
  #startOver(): void {
    this.#work.abort();
    this.#pause.abort();
    this.#outdate();
  }

  /** The last state of a survey is waited for; those of the proxies that come and go after it are not. */
  #hurryAtEnd(): void {
    const { running, startedAt } = this.#parts.control.progress();
    if (running || startedAt === this.#endSeen) return;
    this.#endSeen = startedAt;
    this.#pause.abort();
  }

  #outdate(): void {
    this.#stale = true;
    if (this.#working || this.#view === undefined || this.#view === 'pods') return;
    this.#working = true;
    this.#workOff().catch(this.#parts.onError);
  }

  /** Works out as long as something has changed meanwhile. */
  async #workOff(): Promise<void> {
    const { clock, maker } = this.#parts;
    try {
      const made = await maker();
      while (this.#stale && this.#view !== undefined && this.#view !== 'pods') {
        this.#stale = false;
        this.#work = new AbortController();
        this.#pause = new AbortController();
        const before = clock.now();
        await this.#tell(made, this.#view);
        const tookMs = clock.now() - before;
        await clock.sleep(Math.min(MOST_PAUSE_MS, Math.max(LEAST_PAUSE_MS, PAUSE_FACTOR * tookMs)), this.#pause.signal);
      }
    } finally {
      this.#working = false;
    }
  }

  async #tell(maker: TrustViewMaker, view: WorkedOutView): Promise<void> {
    const { post, clock } = this.#parts;
    const { signal } = this.#work;
    const message = await inStretches(this.#messageOf(maker, view), clock, signal);
    if (message !== undefined && !signal.aborted) await post(message);
  }

  #messageOf(maker: TrustViewMaker, view: WorkedOutView): Work<AnyMessage<ToTrustPage>> {
    const evidence = this.#parts.control.evidence();
    switch (view) {
      case 'overview':
        return mapped(maker.overview(evidence), (overview) => ({ type: 'overview', payload: { overview } }));
      case 'matrix':
        return mapped(maker.matrix(evidence, this.#hypothesis), (matrix) => ({ type: 'matrix', payload: { matrix } }));
      case 'certificates':
        return mapped(maker.certificates(evidence), (certificates) => ({ type: 'certificates', payload: { certificates } }));
    }
  }
}

function* mapped<From, To>(work: Work<From>, map: (value: From) => To): Work<To> {
  return map(yield* work);
}
