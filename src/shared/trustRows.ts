// What the Certificate Trust page shows of each proxy: JSON-safe, ready to draw, without keys.
import type { Message } from './text/message.js';

/** A root as a badge: migrate_ca's word because people know it, with what is really known behind it. */
export interface RootBadge {
  /** `CITADEL` for an Istio CA known to be one, `MESHCA` for Mesh CA's own key, `OTHER` for anything else. */
  readonly label: 'CITADEL' | 'MESHCA' | 'OTHER';
  /** Where it comes from, as a sentence: "Istio CA of cluster-1". */
  readonly detail: Message;
  /** SHA-256, colon-separated upper-case hex. */
  readonly fingerprint: string;
}

export type TrustState =
  /** In the survey's queue. */
  | 'waiting'
  | 'read'
  /** Nothing uses mTLS in this proxy, so it has not loaded its secrets. */
  | 'notLoaded'
  /** Could not be read; `why` says the reason. */
  | 'unknown';

export interface TrustRow {
  /** Unique over clusters. */
  readonly id: string;
  readonly cluster: string;
  readonly context: string;
  /** Tells clusters apart: two kubeconfigs may each have a context of this name. */
  readonly clusterKey: string;
  readonly namespace: string;
  readonly pod: string;
  readonly gateway: boolean;
  /** The revision that injected the proxy. */
  readonly revision: string | undefined;
  readonly state: TrustState;
  readonly roots: readonly RootBadge[];
  /** The root that the proxy's certificate verifies to; undefined when it is not known or verifies to none. */
  readonly signedBy: RootBadge | undefined;
  readonly spiffeId: string | undefined;
  /** Milliseconds since the epoch. */
  readonly notBefore: number | undefined;
  readonly notAfter: number | undefined;
  /** Why it is unknown, or what about it is remarkable. */
  readonly why: Message | undefined;
}

export interface SurveyProgress {
  readonly running: boolean;
  readonly cancelled: boolean;
  readonly total: number;
  /** Answered, readable or not. */
  readonly done: number;
  readonly unknown: number;
  /** Milliseconds since the epoch; undefined before the first survey, or while one runs. */
  readonly startedAt: number | undefined;
  readonly finishedAt: number | undefined;
}

/** What part of the mesh the page looks at; the survey reads only that. */
export interface TrustScope {
  /** Context names; empty means all chosen clusters. */
  readonly contexts: readonly string[];
  /** Namespaces; empty means all. */
  readonly namespaces: readonly string[];
}
