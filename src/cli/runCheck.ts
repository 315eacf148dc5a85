// One check: which contexts, read the clusters once, ask the proxies, make the report.
import type { CertificateReader, Clock, InboundDomainReader, ProxyReader } from '../app/ports.js';
import { forEachTarget } from '../app/trust/eachTarget.js';
import { notRunning, proxyTargets } from '../app/trust/proxyTargets.js';
import type { ProxyTarget } from '../app/trust/proxyTargets.js';
import { TrustSurvey } from '../app/trust/trustSurvey.js';
import { clusterKey } from '../domain/cluster.js';
import type { ClusterSnapshot } from '../domain/mesh/snapshot.js';
import { judgeDomains } from '../domain/trust/acceptedDomains.js';
import type { DomainVerdict } from '../domain/trust/acceptedDomains.js';
import type { Result } from '../shared/failure.js';
import { fail, succeed } from '../shared/failure.js';
import { certificateFinding, domainFinding } from './checkReport.js';
import type { CheckName, CheckReport, ContextReport, ProxyFinding } from './checkReport.js';
import { readClusters } from './readClusters.js';
import type { ClusterRequest, ClusterWorld, NotAsked } from './readClusters.js';

/** What a check needs of the outside world. */
export interface CheckWorld extends ClusterWorld {
  readonly proxyReader: ProxyReader & InboundDomainReader;
  readonly certificateReader: CertificateReader;
  readonly clock: Clock;
}

export interface CheckRequest extends ClusterRequest {
  readonly check: CheckName;
}

/** A report, or the sentence that says why the question could not be asked at all. */
export type CheckOutcome = { readonly ok: true; readonly report: CheckReport } | NotAsked;

/** Hidden by `migrate_ca`; here only as long as no proxy runs in them and nobody asked for them. */
const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

export async function runCheck(world: CheckWorld, request: CheckRequest, signal: AbortSignal): Promise<CheckOutcome> {
  const read = await readClusters(world, request, signal);
  if (!read.ok) return read;
  const { snapshots, notices } = read;
  const findings = await find(world, request, snapshots, signal);
  return { ok: true, report: { check: request.check, contexts: snapshots.map((snapshot) => contextReport(snapshot, request, findings)), notices } };
}

async function find(
  world: CheckWorld,
  { check, namespaces }: CheckRequest,
  snapshots: readonly ClusterSnapshot[],
  signal: AbortSignal,
): Promise<readonly ProxyFinding[]> {
  const scope = { contexts: [], namespaces };
  const findings: ProxyFinding[] = [];
  if (check === 'trustdomain') {
    await forEachTarget(proxyTargets(snapshots, scope), undefined, async (target) => {
      findings.push(domainFinding(target, await readDomains(world, snapshots, target, signal)));
    });
  } else {
    const onReadings = (readings: readonly Parameters<typeof certificateFinding>[1][]): void => {
      for (const reading of readings) findings.push(certificateFinding(check, reading, world.clock.now()));
    };
    await new TrustSurvey(world).run(snapshots, scope, { onReadings }, signal);
  }
  return findings;
}

async function readDomains(
  { proxyReader }: CheckWorld,
  snapshots: readonly ClusterSnapshot[],
  { cluster, pod }: ProxyTarget,
  signal: AbortSignal,
): Promise<Result<DomainVerdict | undefined>> {
  const stopped = notRunning(pod);
  if (stopped) return fail(stopped);
  const inbound = await proxyReader.readInboundDomains({ cluster, namespace: pod.namespace, pod: pod.name }, signal);
  if (!inbound.ok) return inbound;
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
