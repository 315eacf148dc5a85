// How far trust and signing have come, what keeps the next gates shut, and what has changed since the survey before: one look
// at each row.
import { clusterKey } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { SignerClass, TrustClass } from '../../shared/trustClass.js';
import { signerClassOf, trustClassOf } from '../../shared/trustClass.js';
import type { TrustRow } from '../../shared/trustRows.js';
import type { ChangedProxy, DifferenceView, GatePhase, GateView, ObstacleGroup, TrustCounts, TrustOverview } from '../../shared/trustViews.js';
import { gatePhases, mostChanges, mostObstacles } from '../../shared/trustViews.js';
import type { JudgedGate } from './gateStanding.js';
import { isOldRootNeeded, judgeGates, surveyDoubts } from './gateStanding.js';
import type { ProxyPlace } from './proxyObstacle.js';
import { proxyObstacle } from './proxyObstacle.js';
import { each } from './stretches.js';
import type { Work } from './stretches.js';
import { changeMessages, differenceWork } from './surveyDifference.js';
import type { SurveyEvidence } from './surveyEvidence.js';

export function* presentOverview(evidence: SurveyEvidence): Work<TrustOverview> {
  const rows = [...evidence.rows.values()];
  const whole = new Counting();
  const clusters = new Map<string, { readonly name: string; readonly context: string; readonly counting: Counting }>();
  yield* each(rows, (row) => {
    const cluster = clusters.get(row.clusterKey) ?? { name: row.cluster, context: row.context, counting: new Counting() };
    clusters.set(row.clusterKey, cluster);
    whole.add(row);
    cluster.counting.add(row);
  });
  const counts = whole.counts();
  const judged = judgeGates(counts, surveyDoubts(evidence));
  // Whether somebody is in the way depends on all the others.
  const books = gatePhases.map((phase) => new ObstacleBook(phase, isOldRootNeeded(counts.signing)));
  const placeOf = placeFinder(evidence);
  yield* each(rows, (row) => {
    for (const book of books) book.add(row, placeOf);
  });
  return {
    ...counts,
    clusters: [...clusters]
      .map(([key, { name, context, counting }]) => ({ key, context, name, ...counting.counts() }))
      .sort((one, other) => byText(one.name + one.key, other.name + other.key)),
    gates: books.map((book) => book.view(judged[book.phase], counts.total)),
    difference: yield* differenceView(evidence.previous, rows),
  };
}

/** Finds the pod of a row in its cluster as it is now. */
export function placeFinder({ readings, snapshots }: SurveyEvidence): (row: TrustRow) => ProxyPlace {
  const byCluster = new Map<string, ClusterSnapshot>(snapshots.map((snapshot) => [clusterKey(snapshot.ref), snapshot]));
  return ({ id, namespace, pod }) => {
    const cluster = readings.get(id)?.target.cluster;
    const snapshot = cluster && byCluster.get(clusterKey(cluster));
    return { snapshot, pod: snapshot?.namespaces.get(namespace)?.pods.get(pod) };
  };
}

/** How many of these rows are in each class of trust and of signers. */
export function countRows(rows: Iterable<TrustRow>): TrustCounts {
  const counting = new Counting();
  for (const row of rows) counting.add(row);
  return counting.counts();
}

class Counting {
  readonly #trust: Record<TrustClass, number> = { both: 0, istioCa: 0, meshCa: 0, otherRoots: 0, unknown: 0, notLoaded: 0, waiting: 0 };
  readonly #signing: Record<SignerClass, number> = { meshCa: 0, istioCa: 0, other: 0, unsigned: 0, unread: 0 };
  #total = 0;

  add(row: TrustRow): void {
    this.#total += 1;
    this.#trust[trustClassOf(row)] += 1;
    this.#signing[signerClassOf(row)] += 1;
  }

  counts(): TrustCounts {
    return { total: this.#total, trust: this.#trust, signing: this.#signing };
  }
}

interface OpenGroup {
  readonly group: ObstacleGroup;
  readonly workloads: Set<string>;
  pods: number;
}

/** Gathers the proxies that keep one gate shut by namespace and reason. */
class ObstacleBook {
  readonly phase: GatePhase;
  readonly #isOldRootNeeded: boolean;
  readonly #groups = new Map<string, OpenGroup>();
  /** Pods of one workload and state are in the way for one reason, which is then found once. */
  readonly #alike = new Map<string, OpenGroup | undefined>();

  constructor(phase: GatePhase, oldRootNeeded: boolean) {
    this.phase = phase;
    this.#isOldRootNeeded = oldRootNeeded;
  }

  add(row: TrustRow, placeOf: (row: TrustRow) => ProxyPlace): void {
    // Who was not asked, because the survey was cancelled, is counted and is no reason of a namespace's own.
    if (row.state === 'waiting' || row.why?.key === 'failure.cancelled' || isReady(this.phase, row)) return;
    const place = placeOf(row);
    const workload = place.pod?.owner?.name ?? row.pod;
    const state = row.state === 'unknown' ? (row.why?.key ?? '') : `${trustClassOf(row)} ${signerClassOf(row)}`;
    const key = `${row.clusterKey} ${row.namespace} ${workload} ${row.revision ?? ''} ${row.gateway ? 'gateway' : ''} ${state}`;
    const known = this.#alike.get(key) ?? this.#groupOf(row, place);
    this.#alike.set(key, known);
    if (known === undefined) return;
    known.workloads.add(workload);
    known.pods += 1;
  }

  #groupOf(row: TrustRow, place: ProxyPlace): OpenGroup | undefined {
    const found = proxyObstacle(this.phase, row, place, this.#isOldRootNeeded);
    if (found === undefined) return undefined;
    const { clusterKey: key, cluster, namespace } = row;
    // Reasons of one kind are one group: what differs in them names pods.
    const id = JSON.stringify([key, namespace, found.reason.key, reasonDetail(found.reason)]);
    const known = this.#groups.get(id) ?? { group: { id, clusterKey: key, cluster, namespace, workloads: [], pods: 0, ...found }, workloads: new Set(), pods: 0 };
    this.#groups.set(id, known);
    return known;
  }

  view(judged: JudgedGate, total: number): GateView {
    const all = [...this.#groups.values()].map(({ group, workloads, pods }) => ({ ...group, workloads: [...workloads].sort(byText), pods }));
    all.sort((one, other) => other.pods - one.pods || byText(one.id, other.id));
    return { phase: this.phase, ...judged, total, obstacles: all.slice(0, mostObstacles), more: Math.max(0, all.length - mostObstacles) };
  }
}

function isReady(phase: GatePhase, row: TrustRow): boolean {
  return phase === 'trust' ? trustClassOf(row) === 'both' : signerClassOf(row) === 'meshCa';
}

/** The kind of failure without its particulars; other reasons are told apart by what they name. */
function reasonDetail({ args }: Message): string {
  const { why } = args;
  return typeof why === 'object' ? why.key : JSON.stringify(args);
}

function* differenceView(previous: SurveyEvidence['previous'], rows: readonly TrustRow[]): Work<DifferenceView | undefined> {
  if (previous === undefined) return undefined;
  const { added, gone, changed } = yield* differenceWork(previous.rows, rows);
  const list = [
    ...changed.flatMap((change) => changeMessages(change).map((sentence) => changedProxy(change.after, sentence))),
    ...added.map((row) => changedProxy(row, message('panel.difference.added', { after: stateText(row) }))),
    ...gone.map((row) => changedProxy(row, message('panel.difference.gone', { before: stateText(row) }))),
  ];
  return {
    since: previous.finishedAt,
    added: added.length,
    gone: gone.length,
    changed: changed.length,
    list: list.slice(0, mostChanges),
    more: Math.max(0, list.length - mostChanges),
  };
}

function changedProxy({ id, cluster, namespace, pod }: TrustRow, change: Message): ChangedProxy {
  return { id, cluster, pod: `${namespace}/${pod}`, change };
}

/** In migrate_ca's brackets where its roots are known. */
function stateText(row: TrustRow): string | Message {
  return row.state === 'read' ? `[${row.roots.map(({ label }) => label).join(' ')}]` : message(`trust.page.state.${row.state}`);
}

function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
