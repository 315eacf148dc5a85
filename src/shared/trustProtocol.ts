// The messages between the extension and the Certificate Trust page, in both directions. A message that one side does not
// handle does not compile there.
import type { SurveyProgress, TrustRow, TrustScope } from './trustRows.js';
import type { Message } from './text/message.js';
import type { Locale } from './text/render.js';

export interface ToTrustPage {
  /** Answer to `ready`: everything the page needs to draw. Rows follow in batches. */
  readonly start: {
    readonly locale: Locale;
    readonly scope: TrustScope;
    readonly progress: SurveyProgress;
    /** Contexts of the clusters that take part; empty when none was chosen yet. */
    readonly chosen: readonly string[];
    /** Milliseconds since the epoch, by the extension's clock. */
    readonly now: number;
  };
  /** Rows that are new or have changed, at most 2,000 a message. */
  readonly rows: { readonly rows: readonly TrustRow[] };
  /** Rows of proxies that are gone or out of scope. */
  readonly removed: { readonly ids: readonly string[] };
  readonly progress: { readonly progress: SurveyProgress };
  readonly scope: { readonly scope: TrustScope };
  /** The choice of clusters has changed. */
  readonly chosen: { readonly chosen: readonly string[] };
  /** Something about the whole survey, e.g. a cluster whose pods could not be listed. */
  readonly notices: { readonly notices: readonly Message[] };
}

export interface FromTrustPage {
  /** The page listens now. Sent once each time it is loaded. */
  readonly ready: Record<string, never>;
  readonly survey: Record<string, never>;
  readonly cancel: Record<string, never>;
  readonly copy: { readonly text: string };
  /** The person asked for the whole mesh instead of the scope the page was opened on. */
  readonly widen: Record<string, never>;
  /** The person asked to choose clusters, from the page that is empty for want of them. */
  readonly chooseClusters: Record<string, never>;
}
