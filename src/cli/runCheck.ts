// One check: which contexts, read the clusters once, ask the proxies, make the report.
import type { InboundDomainReader, ProxyReader } from '../app/ports.js';
import { forEachInTurn, limitsByCluster } from '../app/trust/eachTarget.js';
import { notRunning, proxyTargets } from '../app/trust/proxyTargets.js';
import type { TurnTaking } from '../app/trust/readInTurn.js';
import { readInTurn } from '../app/trust/readInTurn.js';
import type { ProxyTarget } from '../app/trust/proxyTargets.js';
import { TrustSurvey } from '../app/trust/trustSurvey.js';
import { clusterKey } from '../domain/cluster.js';
import { isGatewayRole } from '../domain/mesh/gateways.js';
import type { ClusterSnapshot } from '../domain/mesh/snapshot.js';
import { judgeDomains } from '../domain/trust/acceptedDomains.js';
import type { DomainVerdict } from '../domain/trust/acceptedDomains.js';
import type { SurveyProgress } from '../shared/trustRows.js';
import type { Turn } from '../app/trust/adaptiveLimit.js';
import type { Result } from '../shared/failure.js';
import { fail, succeed } from '../shared/failure.js';
import { certificateFinding, domainFinding } from '../app/trust/checkReport.js';
import type { CheckName, CheckReport, ContextReport, ProxyFinding } from '../app/trust/checkReport.js';
import { readClusters } from './readClusters.js';
import type { ClusterRequest, NotAsked } from './readClusters.js';
import type { SurveyWorld } from './runSurvey.js';

/** What a check needs of the outside world. */
export interface CheckWorld extends SurveyWorld {
  readonly proxyReader: ProxyReader & InboundDomainReader;
}

export interface CheckRequest extends ClusterRequest {
  readonly check: CheckName;
}

/** A report, or the sentence that says why the question could not be asked at all. */
export type CheckOutcome = { readonly ok: true; readonly report: CheckReport } | NotAsked;

/** Hidden by `migrate_ca`; here only as long as no proxy runs in them and nobody asked for them. */
const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

/** Tells how far it is; what is cancelled is unknown in the report. */
export async function runCheck(
  world: CheckWorld,
  request: CheckRequest,
  signal: AbortSignal,
  onProgress: OnProgress = () => undefined,
): Promise<CheckOutcome> {
  const read = await readClusters(world, request, signal);
  if (!read.ok) return read;
  const { snapshots, notices } = read;
  const find = request.check === 'trustdomain' ? findDomains : findCertificates;
  const findings = await find({ world, request, snapshots, signal, onProgress });
  return { ok: true, report: { check: request.check, contexts: snapshots.map((snapshot) => contextReport(snapshot, request, findings)), notices } };
}

type OnProgress = (progress: SurveyProgress) => void;

interface Asking {
  readonly world: CheckWorld;
  readonly request: CheckRequest;
  readonly snapshots: readonly ClusterSnapshot[];
  readonly signal: AbortSignal;
  readonly onProgress: OnProgress;
}

async function findCertificates({ world, request, snapshots, signal, onProgress }: Asking): Promise<readonly ProxyFinding[]> {
  const { proxyReader, certificateReader, clock, random } = world;
  const check = request.check === 'workload-cert' ? request.check : 'root-cert';
  const findings: ProxyFinding[] = [];
  const onReadings = (readings: readonly Parameters<typeof certificateFinding>[1][]): void => {
    for (const reading of readings) findings.push(certificateFinding(check, reading, clock.now()));
  };
  // Whom proxies accept is another check's question, so no listeners are read.
  const survey = new TrustSurvey({ proxyReader, certificateReader, clock, ...(random && { random }) });
  await survey.run(snapshots, { contexts: [], namespaces: request.namespaces }, { onReadings, onProgress }, signal);
  return findings;
}

async function findDomains(asking: Asking): Promise<readonly ProxyFinding[]> {
  const { world, request, snapshots, signal, onProgress } = asking;
  const { clock, random = () => 0.5 } = world;
  const targets = proxyTargets(snapshots, { contexts: [], namespaces: request.namespaces });
  const findings: ProxyFinding[] = [];
  const count = { unknown: 0 };
  const startedAt = clock.now();
  const limitOf = limitsByCluster({ clock, signal });
  const work = async (target: ProxyTarget, turn: Turn): Promise<void> => {
    const domains = await readDomains(asking, target, turn, { clock, random, limit: limitOf(target), signal });
    findings.push(domainFinding(target, domains));
    if (findings.at(-1)?.verdict.kind === 'unknown') count.unknown += 1;
    onProgress({ running: true, cancelled: false, total: targets.length, done: findings.length, unknown: count.unknown, startedAt, finishedAt: undefined });
  };
  const leave = (target: ProxyTarget): void => {
    findings.push(domainFinding(target, fail(notRunning(target.pod) ?? { kind: 'cancelled' })));
  };
  await forEachInTurn(targets, { limitOf, work, leave, signal });
  return findings;
}

async function readDomains(
  { world: { proxyReader }, snapshots }: Asking,
  { cluster, pod }: ProxyTarget,
  turn: Turn,
  taking: TurnTaking,
): Promise<Result<DomainVerdict | undefined>> {
  const stopped = notRunning(pod);
  if (stopped) return fail(stopped);
  const address = { cluster, namespace: pod.namespace, pod: pod.name };
  const inbound = await readInTurn(() => proxyReader.readInboundDomains(address, taking.signal), turn, taking);
  if (!inbound.ok) return inbound;
  // What a mesh config accepts is no answer of a sidecar; gateways have no such listener.
  if (inbound.value.kind === 'noListener' && !isGatewayRole(pod.proxy?.role ?? 'unknown')) return fail({ kind: 'proxyAnswerUnreadable', reason: 'its inbound listener is not in force' });
  const configs = snapshots.find(({ ref }) => clusterKey(ref) === clusterKey(cluster))?.meshConfigs.values() ?? [];
  return succeed(judgeDomains(inbound.value, pod.proxy?.revision, [...configs]));
}

/** Answers come as they come; the report has them in the order of the API. */
function contextReport(snapshot: ClusterSnapshot, { namespaces }: CheckRequest, findings: readonly ProxyFinding[]): ContextReport {
  const byPod = new Map(
    findings
      .filter(({ target }) => clusterKey(target.cluster) === clusterKey(snapshot.ref))
      .map((finding) => [`${finding.target.pod.namespace}/${finding.target.pod.name}`, finding]),
  );
  const ordered = proxyTargets([snapshot], { contexts: [], namespaces })
    .map(({ pod }) => byPod.get(`${pod.namespace}/${pod.name}`))
    .filter((finding) => finding !== undefined);
  const meshed = new Set(ordered.map(({ target }) => target.pod.namespace));
  const shown = [...snapshot.namespaces.keys()]
    .filter((name) => (namespaces.length > 0 ? namespaces.includes(name) : !SYSTEM_NAMESPACES.has(name) || meshed.has(name)))
    .sort();
  return { context: snapshot.ref.context, namespaces: shown, findings: ordered };
}
