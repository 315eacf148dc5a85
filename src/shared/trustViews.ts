// What the Certificate Trust page shows beside the rows: small values that the extension computes from all of them. JSON-safe.
import type { CertificateHolding } from './certificateHolding.js';
import type { ClassCounts, SignerCounts } from './trustClass.js';
import type { RootBadge } from './trustRows.js';
import type { Message } from './text/message.js';

/** Four views of one survey. */
export const trustViews = ['overview', 'pods', 'matrix', 'certificates'] as const;

export type TrustView = (typeof trustViews)[number];

/** Which gate a proxy keeps shut: phase 2 opens when every proxy trusts both roots, phase 3 when Mesh CA has signed for every one. */
export const gatePhases = ['trust', 'signing'] as const;

export type GatePhase = (typeof gatePhases)[number];

/** What a person can have done about a proxy; the extension knows by which command. */
export const obstacleActions = ['restart', 'migrate', 'addGateway', 'upgradeGateway', 'survey'] as const;

export type ObstacleAction = (typeof obstacleActions)[number];

/** Why one proxy is not where the next gate wants it. */
export interface ProxyObstacle {
  readonly reason: Message;
  readonly action: ObstacleAction | undefined;
}

/** Proxies of one namespace that keep a gate shut for one reason. */
export interface ObstacleGroup extends ProxyObstacle {
  readonly id: string;
  readonly clusterKey: string;
  readonly cluster: string;
  readonly namespace: string;
  /** Names of the workloads, in order; a pod's own name where nothing owns it. */
  readonly workloads: readonly string[];
  readonly pods: number;
}

/** `passed`: what the gate leads to is done. `unknown`: nobody who was surveyed is in the way, but that is not the whole mesh. */
export type GateStanding = 'open' | 'passed' | 'shut' | 'unknown';

export interface GateView {
  readonly phase: GatePhase;
  readonly ready: number;
  readonly total: number;
  readonly standing: GateStanding;
  /** Why it is shut although nobody is in the way, or why it is not known. */
  readonly notes: readonly Message[];
  /** Most proxies first, at most `mostObstacles`. */
  readonly obstacles: readonly ObstacleGroup[];
  /** Groups that are not in the list. */
  readonly more: number;
}

export const mostObstacles = 60;

export interface TrustCounts {
  readonly total: number;
  readonly trust: ClassCounts;
  readonly signing: SignerCounts;
}

export interface ClusterTrust extends TrustCounts {
  readonly key: string;
  readonly context: string;
  readonly name: string;
}

/** One proxy that is not as the survey before found it. */
export interface ChangedProxy {
  readonly id: string;
  readonly cluster: string;
  /** `namespace/pod` */
  readonly pod: string;
  readonly change: Message;
}

/** Against the survey before this one. */
export interface DifferenceView {
  /** When that one ended, milliseconds since the epoch. */
  readonly since: number | undefined;
  readonly added: number;
  readonly gone: number;
  readonly changed: number;
  /** At most `mostChanges`. */
  readonly list: readonly ChangedProxy[];
  readonly more: number;
}

export const mostChanges = 40;

export interface TrustOverview extends TrustCounts {
  readonly clusters: readonly ClusterTrust[];
  readonly gates: readonly GateView[];
  readonly difference: DifferenceView | undefined;
}

export interface MatrixPlace {
  readonly cluster: string;
  /** Undefined: pods that do not say what injected them. */
  readonly revisions: readonly (string | undefined)[];
}

/** A class of proxies in the words of its head. */
export interface MatrixClass {
  /** The same for the same class in every survey, so a class that has come or gone is seen even where their number is equal. */
  readonly id: string;
  /** A, B, … Z, AA, … */
  readonly name: string;
  readonly count: number;
  readonly places: readonly MatrixPlace[];
  readonly roots: readonly RootBadge[];
  readonly signedBy: RootBadge | undefined;
  /** The trust domain of its identities; undefined when nothing is known of the class. */
  readonly identity: string | undefined;
  /** Whose identities it accepts; undefined when that is not known. */
  readonly accepts: readonly string[] | undefined;
  /** How it takes connections, where that was seen: two classes may differ in nothing else. */
  readonly mode: 'strict' | 'permissive' | 'disable' | undefined;
  /** What is remarkable, e.g. expired, and why nothing is known of it. */
  readonly remarks: readonly Message[];
}

export type PairState = 'yes' | 'no' | 'unknown';

/** Both directions of one pair: `out` is the row's class as the client of the column's, `back` the other way round. */
export interface MatrixCell {
  readonly out: PairState;
  readonly back: PairState;
  /** Not as it is without the hypothesis. */
  readonly changed: boolean;
}

/** A step that has not been run; `id` is what the page sends back. */
export interface HypothesisChoice {
  readonly id: string;
  readonly label: Message;
}

/** With how many classes a grid is still worth drawing. */
export const mostMatrixClasses = 24;

export interface MatrixView {
  readonly classes: readonly MatrixClass[];
  /** Row by row. */
  readonly cells: readonly (readonly MatrixCell[])[];
  /** Over all classes, drawn or not: in how many pairs something fails, or is not known. A pair counts once for both directions. */
  readonly pairs: { readonly broken: number; readonly unknown: number };
  /** Classes beyond `mostMatrixClasses`, which are not drawn. */
  readonly more: number;
  readonly hypotheses: readonly HypothesisChoice[];
  readonly hypothesis: string | undefined;
  /** What is to be known of the supposed step, e.g. why nothing can be said. */
  readonly notes: readonly Message[];
}

export interface MatrixPod {
  readonly id: string;
  readonly cluster: string;
  readonly name: string;
}

/** One page of a class's proxies. */
export interface MatrixMembers {
  readonly total: number;
  readonly offset: number;
  readonly pods: readonly MatrixPod[];
}

export const membersPerPage = 20;

/** What is behind one cell. */
export interface MatrixPairView {
  readonly row: number;
  readonly column: number;
  /** Sentences; empty where the direction works. */
  readonly out: readonly Message[];
  readonly back: readonly Message[];
  readonly rowMembers: MatrixMembers;
  readonly columnMembers: MatrixMembers;
}

export type CalendarUnit = 'hour' | 'day' | 'week' | 'month' | 'year' | 'decade';

/** What ends in one stretch of time. */
export interface CalendarBucket {
  readonly start: number;
  readonly leaves: number;
  readonly issuers: number;
  readonly roots: number;
}

export interface CertificatesView {
  readonly holdings: readonly CertificateHolding[];
  /** Of the workloads' certificates, which live for hours, and of the authorities', which live for years. */
  readonly calendars: readonly { readonly unit: CalendarUnit; readonly buckets: readonly CalendarBucket[] }[];
  readonly expired: number;
}

/** What is behind one proxy's row. */
export interface ProxyExplanation {
  readonly id: string;
  /** What owns the pod; undefined where nothing is known to. */
  readonly workload: string | undefined;
  /** What it keeps shut and why; empty when it is in nobody's way. */
  readonly obstacles: readonly (ProxyObstacle & { readonly phase: GatePhase })[];
  /** Leaf first, as presented. */
  readonly chain: readonly { readonly fingerprint: string; readonly subject: string }[];
}

/** A survey that was read from a file. */
export interface SavedSurveyFacts {
  readonly file: string;
  /** Milliseconds since the epoch. */
  readonly surveyedAt: number;
}

export const exportFormats = ['json', 'csv', 'markdown', 'migrateCa'] as const;

export type ExportFormat = (typeof exportFormats)[number];
