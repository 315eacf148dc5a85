// Feeds one page: everything when it is ready, then what changes, in batches that the page can take; nothing while nobody
// looks. Knows no editor.
import type { AnyMessage } from '../../shared/messaging.js';
import type { Locale } from '../../shared/text/render.js';
import type { ToTrustPage } from '../../shared/trustProtocol.js';
import type { TrustRow, TrustScope } from '../../shared/trustRows.js';
import type { TrustSurveyControl } from './trustSurveyControl.js';

/** 50,000 rows in one message stop a page for more than half a second; 2,000 pass within a frame or two. */
export const largestBatch = 2000;

/** Resolves when the page has taken the message (or will never take it). */
export type PostToPage = (message: AnyMessage<ToTrustPage>) => PromiseLike<unknown>;

export class TrustPageFeed {
  readonly #control: TrustSurveyControl;
  readonly #locale: Locale;
  readonly #post: PostToPage;
  readonly #subscriptions: readonly { dispose(): void }[];
  /** The newest state of each row that the page does not have yet. */
  readonly #pending = new Map<string, TrustRow>();
  readonly #gone = new Set<string>();
  #progressPending = false;
  #listening = false;
  #sending = false;

  constructor(control: TrustSurveyControl, locale: Locale, post: PostToPage) {
    this.#control = control;
    this.#locale = locale;
    this.#post = post;
    this.#subscriptions = [
      control.onRows((rows) => {
        this.#addRows(rows);
      }),
      control.onRemoved((ids) => {
        this.#removeRows(ids);
      }),
      control.onProgress(() => {
        this.#progressPending = true;
        this.#send();
      }),
      control.onNotices(() => {
        this.#tell({ type: 'notices', payload: { notices: control.notices() } });
      }),
      control.onChosen(() => {
        this.#tell({ type: 'chosen', payload: { chosen: control.chosen() } });
      }),
    ];
  }

  /** The page has been loaded and knows nothing, or is to forget what it knows. */
  begin(scope: TrustScope): void {
    this.#listening = true;
    this.#pending.clear();
    this.#gone.clear();
    this.#progressPending = false;
    const control = this.#control;
    this.#tell({
      type: 'start',
      payload: { locale: this.#locale, scope, progress: control.progress(), chosen: control.chosen(), now: control.now(), saved: control.saved() },
    });
    this.#tell({ type: 'notices', payload: { notices: control.notices() } });
    this.#addRows(control.rows());
  }

  /** Nobody looks: the page is gone until it says `ready` again. */
  pause(): void {
    this.#listening = false;
    this.#pending.clear();
    this.#gone.clear();
  }

  dispose(): void {
    this.pause();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #tell(message: AnyMessage<ToTrustPage>): void {
    if (this.#listening) void this.#post(message);
  }

  #addRows(rows: Iterable<TrustRow>): void {
    if (!this.#listening) return;
    for (const row of rows) {
      this.#gone.delete(row.id);
      this.#pending.set(row.id, row);
    }
    this.#send();
  }

  #removeRows(ids: readonly string[]): void {
    if (!this.#listening) return;
    for (const id of ids) {
      this.#pending.delete(id);
      this.#gone.add(id);
    }
    this.#send();
  }

  /** One message at a time: what changes while the page is busy is sent once, in its newest state. */
  #send(): void {
    if (this.#sending) return;
    this.#sending = true;
    void this.#sendAll();
  }

  async #sendAll(): Promise<void> {
    try {
      for (let message = this.#next(); message !== undefined; message = this.#next()) await this.#post(message);
    } catch {
      // The panel was closed while a message was on its way: there is nobody left to tell.
      this.pause();
    } finally {
      this.#sending = false;
    }
  }

  #next(): AnyMessage<ToTrustPage> | undefined {
    if (!this.#listening) return undefined;
    // Whoever cancelled looks whether it worked; the thousands of rows that were not asked can come after that.
    if (this.#progressPending && this.#control.progress().cancelled) return this.#nextProgress();
    if (this.#gone.size > 0) {
      const ids = [...this.#gone].slice(0, largestBatch);
      for (const id of ids) this.#gone.delete(id);
      return { type: 'removed', payload: { ids } };
    }
    if (this.#pending.size > 0) {
      const rows = [...this.#pending.values()].slice(0, largestBatch);
      for (const { id } of rows) this.#pending.delete(id);
      return { type: 'rows', payload: { rows } };
    }
    return this.#progressPending ? this.#nextProgress() : undefined;
  }

  #nextProgress(): AnyMessage<ToTrustPage> {
    this.#progressPending = false;
    return { type: 'progress', payload: { progress: this.#control.progress() } };
  }
}
