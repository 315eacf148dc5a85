// Feeds one page with what is worked out of the survey: only the view that is looked at, again when the survey has moved on,
// and never so often that it takes more than a small part of the time. Knows no editor.
import type { Clock } from '../../app/ports.js';
import { inStretches } from '../../app/trust/stretches.js';
import type { PairRequest, TrustViewMaker } from '../../app/trust/surveyEvidence.js';
import type { TrustView } from '../../shared/trustViews.js';
import type { PostToPage } from './trustPageFeed.js';
import type { TrustSurveyControl } from './trustSurveyControl.js';

/** Between two workings-out at least this long, and so many times what the last one took. */
const LEAST_PAUSE_MS = 300;
const PAUSE_FACTOR = 10;

export interface TrustViewFeedParts {
  readonly control: Pick<TrustSurveyControl, 'evidence' | 'onRows' | 'onRemoved' | 'onProgress'>;
  /** Loads what works views out at the first call. */
  readonly maker: () => Promise<TrustViewMaker>;
  readonly clock: Clock;
  readonly post: PostToPage;
  readonly onError: (error: unknown) => void;
}

export class TrustViewFeed {
  readonly #parts: TrustViewFeedParts;
  readonly #subscriptions: readonly { dispose(): void }[];
  readonly #ended = new AbortController();
  #view: TrustView | undefined;
  #hypothesis: string | undefined;
  #stale = false;
  #working = false;

  constructor(parts: TrustViewFeedParts) {
    this.#parts = parts;
    const { control } = parts;
    const moveOn = (): void => {
      this.#outdate();
    };
    this.#subscriptions = [control.onRows(moveOn), control.onRemoved(moveOn), control.onProgress(moveOn)];
  }

  /** From now on this view is looked at. */
  look(view: TrustView): void {
    this.#view = view;
    this.#outdate();
  }

  /** The page has forgotten what it was sent. */
  begin(): void {
    this.#outdate();
  }

  suppose(hypothesis: string | undefined): void {
    this.#hypothesis = hypothesis;
    this.#outdate();
  }

  /** Nobody looks until the next `look`. */
  pause(): void {
    this.#view = undefined;
  }

  dispose(): void {
    this.pause();
    this.#ended.abort();
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

  #outdate(): void {
    this.#stale = true;
    if (this.#working || this.#view === undefined || this.#view === 'pods') return;
    this.#working = true;
    this.#workOff()
      .catch(this.#parts.onError)
      .finally(() => {
        this.#working = false;
      });
  }

  /** Works out as long as something has changed meanwhile. */
  async #workOff(): Promise<void> {
    const { clock, maker } = this.#parts;
    const made = await maker();
    while (this.#stale && this.#view !== undefined && !this.#ended.signal.aborted) {
      this.#stale = false;
      const before = clock.now();
      await this.#tell(made, this.#view);
      const tookMs = clock.now() - before;
      await clock.sleep(Math.max(LEAST_PAUSE_MS, PAUSE_FACTOR * tookMs), this.#ended.signal);
    }
  }

  async #tell(maker: TrustViewMaker, view: TrustView): Promise<void> {
    const { control, post, clock } = this.#parts;
    const { signal } = this.#ended;
    switch (view) {
      case 'overview': {
        const overview = await inStretches(maker.overview(control.evidence()), clock, signal);
        if (overview !== undefined) await post({ type: 'overview', payload: { overview } });
        break;
      }
      case 'matrix': {
        const matrix = await inStretches(maker.matrix(control.evidence(), this.#hypothesis), clock, signal);
        if (matrix !== undefined) await post({ type: 'matrix', payload: { matrix } });
        break;
      }
      case 'certificates':
        await post({ type: 'certificates', payload: { certificates: maker.certificates(control.evidence()) } });
        break;
      case 'pods':
        break;
    }
  }
}
