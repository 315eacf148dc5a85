// Everything that a survey has shown so far, for what is worked out of it: exports, the saved file, and the views of the page.
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { Message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/languages.js';
import type { SurveyProgress, TrustRow, TrustScope } from '../../shared/trustRows.js';
import type { CertificatesView, ExportFormat, MatrixPairView, MatrixView, ProxyExplanation, TrustOverview } from '../../shared/trustViews.js';
import type { InboundSample } from './inboundSamples.js';
import type { TextPieces, Work } from './stretches.js';
import type { SurveyFromFile, SurveyRecord } from './surveyRecord.js';
import type { ProxyReading } from './trustSurvey.js';

export interface SurveyEvidence {
  /** By id. */
  readonly rows: ReadonlyMap<string, TrustRow>;
  /** What was read of the proxies, by the id of their row; a proxy that waits has none. */
  readonly readings: ReadonlyMap<string, ProxyReading>;
  readonly samples: readonly InboundSample[];
  /** As the clusters are now; empty for a survey from a file. */
  readonly snapshots: readonly ClusterSnapshot[];
  readonly scope: TrustScope;
  readonly notices: readonly Message[];
  /** Whether all of the scope has been asked. */
  readonly progress: Pick<SurveyProgress, 'running' | 'cancelled'>;
  /** By which validity is judged: now, or when the saved survey ended. */
  readonly now: number;
  /** The survey of the same scope before this one. */
  readonly previous: { readonly rows: readonly TrustRow[]; readonly finishedAt: number | undefined } | undefined;
  /** The survey from a file that is shown. */
  readonly saved: SurveyRecord | undefined;
}

/** Which cell of the matrix is opened, and from which proxy on each side is listed. */
export interface PairRequest {
  readonly row: number;
  readonly column: number;
  readonly rowOffset: number;
  readonly columnOffset: number;
}

/** A survey from a file, with its rows. */
export type ReadSurvey = ({ readonly ok: true } & Omit<SurveyFromFile, 'file'>) | { readonly ok: false; readonly why: Message };

/** What works the views out of the evidence. It is loaded late: nothing of it is needed before a survey was made. */
export interface TrustViewMaker {
  overview(evidence: SurveyEvidence): Work<TrustOverview>;
  matrix(evidence: SurveyEvidence, hypothesis: string | undefined): Work<MatrixView>;
  /** Of the matrix that was made last; undefined where it has no such cell. */
  pair(request: PairRequest): MatrixPairView | undefined;
  certificates(evidence: SurveyEvidence): Work<CertificatesView>;
  explain(evidence: SurveyEvidence, id: string): ProxyExplanation | undefined;
  exportText(evidence: SurveyEvidence, format: ExportFormat, render: RenderText): Work<TextPieces>;
  saveText(evidence: SurveyEvidence): Work<TextPieces>;
  readSaved(content: Uint8Array): Work<ReadSurvey>;
}
