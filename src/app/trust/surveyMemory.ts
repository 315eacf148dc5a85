// What is remembered of the last survey of a scope beyond the end of the editor, so that the next one can be compared with it.
import type { TrustRow, TrustScope } from '../../shared/trustRows.js';

/** A survey that came to its end: what its rows say, which is certificates' facts and never a key. */
export interface KeptSurvey {
  readonly scope: TrustScope;
  readonly rows: readonly TrustRow[];
  /** Milliseconds since the epoch. */
  readonly finishedAt: number;
}

export interface SurveyMemory {
  /** The last survey of exactly this scope, if there was one. */
  recall(scope: TrustScope): Promise<KeptSurvey | undefined>;
  /** In place of an earlier one. */
  keep(survey: KeptSurvey): Promise<void>;
}
