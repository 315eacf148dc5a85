// What gate facts are gathered from: the clusters as they were read, the survey's answers, our records and the plan.
import type { Result } from '../../shared/failure.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { MigrationPlan } from '../plan/migrationPlan.js';
import type { InboundDomains } from '../trust/inboundDomains.js';
import type { ProxyTrust } from '../trust/proxyTrust.js';
import type { IdentityFinding } from './identityFinding.js';

/** What one proxy answered, of which pod it was, and when. */
export interface ProxyEvidence {
  readonly namespace: string;
  readonly pod: string;
  /** Another uid is another proxy. */
  readonly uid: string;
  /** Whether its pod was Ready then. */
  readonly ready: boolean;
  /** Milliseconds since the epoch. */
  readonly readAt: number;
  readonly trust: Result<ProxyTrust>;
  /** By its own listener; undefined where it was not asked. */
  readonly inbound: Result<InboundDomains> | undefined;
}

/** What a cluster told beyond its snapshot. */
export interface ClusterEvidence {
  /** By `namespace/pod`. */
  readonly proxies: ReadonlyMap<string, ProxyEvidence>;
  /** The texts of config map `mesh-ca-migration`; a failure where it could not be read, undefined where nobody tried. */
  readonly records: Result<Readonly<Record<string, string>>> | undefined;
  /** Undefined where nobody scanned; a failure where a kind with identities in it could not be read. */
  readonly identity: Result<readonly IdentityFinding[]> | undefined;
}

/** One whole survey: when it began, and every class that it met (`classKeys`). */
export interface SurveyClasses {
  readonly startedAt: number;
  readonly classes: ReadonlySet<string>;
}

export interface GateInputs {
  readonly snapshots: readonly ClusterSnapshot[];
  readonly plan: MigrationPlan | undefined;
  /** By `clusterKey`. */
  readonly evidence: ReadonlyMap<string, ClusterEvidence>;
  /** The last two, older first. */
  readonly surveys: readonly SurveyClasses[];
  /** When the last step ended that changed the mesh; undefined when none did. */
  readonly changedAt: number | undefined;
  readonly now: number;
  /** A reading older than this says nothing any more. */
  readonly freshForMs: number;
}

/** Key of a proxy within its cluster. */
export function proxyKey(namespace: string, pod: string): string {
  return `${namespace}/${pod}`;
}
