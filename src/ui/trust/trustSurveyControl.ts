// What the Certificate Trust panel needs of the survey: the present state at any time, and news of it as it changes.
import type { Message } from '../../shared/text/message.js';
import type { SurveyEvidence } from '../../app/trust/surveyEvidence.js';
import type { SurveyFromFile } from '../../app/trust/surveyRecord.js';
import type { SavedSurveyFacts } from '../../shared/trustViews.js';
import type { SurveyProgress, TrustRow, TrustScope } from '../../shared/trustRows.js';

interface Subscription {
  dispose(): void;
}

export interface TrustSurveyControl {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Contexts of the clusters that take part. */
  chosen(): readonly string[];
  /** Rows of the scope that was last started, as they are now. */
  rows(): Iterable<TrustRow>;
  progress(): SurveyProgress;
  notices(): readonly Message[];
  /** The survey from a file that is shown. */
  saved(): SavedSurveyFacts | undefined;
  evidence(): SurveyEvidence;
  /** Begins a survey of this part of the mesh; one that is running ends. Rows of another scope are forgotten. */
  start(scope: TrustScope): void;
  cancel(): void;
  /** Shows a survey from a file until the next survey begins. */
  open(survey: SurveyFromFile): void;
  /** New and changed rows. */
  onRows(listener: (rows: readonly TrustRow[]) => void): Subscription;
  onRemoved(listener: (ids: readonly string[]) => void): Subscription;
  onProgress(listener: () => void): Subscription;
  onNotices(listener: () => void): Subscription;
  onChosen(listener: () => void): Subscription;
}
