// The messages between the extension and the Certificate Trust page, in both directions. A message that one side does not
// handle does not compile there.
import type { SurveyProgress, TrustRow, TrustScope } from './trustRows.js';
import type {
  CertificatesView,
  ExportFormat,
  MatrixPairView,
  MatrixView,
  ObstacleAction,
  ProxyExplanation,
  SavedSurveyFacts,
  TrustOverview,
  TrustView,
} from './trustViews.js';
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
    /** The survey comes from a file: nothing is asked of clusters. */
    readonly saved: SavedSurveyFacts | undefined;
  };
  /** Rows that are new or have changed, at most 2,000 a message. */
  readonly rows: { readonly rows: readonly TrustRow[] };
  /** Rows of proxies that are gone or out of scope. */
  readonly removed: { readonly ids: readonly string[] };
  readonly progress: { readonly progress: SurveyProgress };
  readonly scope: { readonly scope: TrustScope };
  /** The page was opened on a subject: the view to show, and the proxy or the namespace to stand on where it is one. */
  readonly focus: { readonly view: TrustView; readonly id: string | undefined; readonly namespace?: string | undefined };
  /** The choice of clusters has changed. */
  readonly chosen: { readonly chosen: readonly string[] };
  /** Something about the whole survey, e.g. a cluster whose pods could not be listed. */
  readonly notices: { readonly notices: readonly Message[] };
  readonly overview: { readonly overview: TrustOverview };
  readonly matrix: { readonly matrix: MatrixView };
  readonly certificates: { readonly certificates: CertificatesView };
  /** Answer to `openPair`. */
  readonly pair: { readonly pair: MatrixPairView };
  /** Answer to `explain`. */
  readonly explanation: { readonly explanation: ProxyExplanation };
}

export interface FromTrustPage {
  /** The page listens now. Sent once each time it is loaded. */
  readonly ready: { readonly view: TrustView };
  readonly survey: Record<string, never>;
  readonly cancel: Record<string, never>;
  readonly copy: { readonly text: string };
  /** The person asked for the whole mesh instead of the scope the page was opened on. */
  readonly widen: Record<string, never>;
  /** The person asked to choose clusters, from the page that is empty for want of them. */
  readonly chooseClusters: Record<string, never>;
  /** The view that is looked at now: only its value is computed and sent. */
  readonly look: { readonly view: TrustView };
  /** A hypothesis of `MatrixView.hypotheses`, or none. */
  readonly suppose: { readonly hypothesis: string | undefined };
  /** A cell of the matrix, and which of its proxies are looked at. */
  readonly openPair: { readonly row: number; readonly column: number; readonly rowOffset: number; readonly columnOffset: number };
  /** Why this proxy is as it is. */
  readonly explain: { readonly id: string };
  /** What the person wants done about the proxies of a namespace, or about a gateway in it. Which command that is stands in the extension alone. */
  readonly resolve: {
    readonly action: ObstacleAction;
    readonly clusterKey: string;
    readonly namespace: string;
    /** For a gateway, where it is one alone: the name of its workload. */
    readonly workload: string | undefined;
  };
  readonly export: { readonly format: ExportFormat };
  readonly save: Record<string, never>;
  readonly openFile: Record<string, never>;
}
