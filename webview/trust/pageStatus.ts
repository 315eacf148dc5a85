// What the page has to say about the survey as a whole: how far it is, over which part of the mesh, why there is nothing.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { SurveyProgress, TrustScope } from '../../src/shared/trustRows.js';
import type { MeshSummary } from './meshSummary.js';
import type { TrustPageState } from './trustState.js';
import { relativeTime } from './validity.js';

export type EmptyState = 'connecting' | 'noClusters' | 'notSurveyed' | 'looking' | 'noProxies' | 'noMatch';

/** Why no row is shown; undefined when some are. */
export function emptyStateOf(state: TrustPageState, shownCount: number): EmptyState | undefined {
  if (shownCount > 0) return undefined;
  if (!state.connected) return 'connecting';
  if (state.rows.size > 0) return 'noMatch';
  if (state.chosen.length === 0) return 'noClusters';
  if (state.progress.running || state.progress.total > 0) return 'looking';
  return state.progress.startedAt === undefined && state.progress.finishedAt === undefined ? 'notSurveyed' : 'noProxies';
}

/** "12 of 18", and how many of them stayed unknown. */
export function progressMessage({ done, total, unknown }: SurveyProgress): Message {
  if (unknown === 0) return message('trust.page.progress', { done, total });
  return message('trust.page.progressUnknown', { done, total, unknown });
}

/** When the last survey was and how it ended. */
export function surveyedMessage(progress: SurveyProgress, now: number): Message {
  const { running, cancelled, finishedAt, done, total } = progress;
  if (running) return message('trust.page.surveying');
  if (finishedAt === undefined) return message('trust.page.notSurveyed');
  // The page's clock is set by messages, so a survey may have ended after what it last heard.
  const when = relativeTime(finishedAt, Math.max(now, finishedAt));
  if (cancelled) return message('trust.page.surveyCancelled', { when, done, total });
  return message('trust.page.surveyed', { when });
}

export interface Announcement {
  /** Changes as seldom as something is worth saying: at the start, at each quarter, at the end. */
  readonly stage: string;
  readonly text: Message;
}

/** What a screen reader says of the survey. */
export function announcementOf({ running, cancelled, done, total, unknown, finishedAt }: SurveyProgress): Announcement | undefined {
  if (running) {
    const quarter = total === 0 ? 0 : Math.floor((4 * done) / total);
    const text =
      quarter === 0 ? message('trust.page.announce.started', { total }) : message('trust.page.announce.progress', { done, total, unknown });
    return { stage: `running ${quarter}`, text };
  }
  if (finishedAt === undefined) return undefined;
  if (cancelled) return { stage: 'cancelled', text: message('trust.page.announce.cancelled', { done, total }) };
  return { stage: 'finished', text: message('trust.page.announce.finished', { done, unknown }) };
}

/** The part of the mesh in words; undefined when it is the whole mesh. */
export function scopeMessage({ contexts, namespaces }: TrustScope, summary: MeshSummary): Message | undefined {
  const names = contexts.map((context) => summary.clusters.find((cluster) => cluster.context === context)?.name ?? context);
  const inClusters = message('trust.page.scope.clusters', { names: names.join(', ') });
  const inNamespaces = message('trust.page.scope.namespaces', { names: namespaces.join(', ') });
  if (contexts.length === 0) return namespaces.length === 0 ? undefined : inNamespaces;
  if (namespaces.length === 0) return inClusters;
  return message('trust.page.scope.both', { namespaces: inNamespaces, clusters: inClusters });
}
