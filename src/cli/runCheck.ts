// One check: which contexts, read the clusters once, ask the proxies, make the report.
import path from 'node:path';
import type { CertificateReader, Clock, ClusterReader, InboundDomainReader, KubeconfigReader, KubeContext, ProxyReader } from '../app/ports.js';
import { forEachTarget } from '../app/trust/eachTarget.js';
import { notRunning, proxyTargets, surveyNotices } from '../app/trust/proxyTargets.js';
import type { ProxyTarget } from '../app/trust/proxyTargets.js';
import { TrustSurvey } from '../app/trust/trustSurvey.js';
import { clusterKey, clusterName } from '../domain/cluster.js';
import type { ClusterSnapshot } from '../domain/mesh/snapshot.js';
import { judgeDomains } from '../domain/trust/acceptedDomains.js';
import type { DomainVerdict } from '../domain/trust/acceptedDomains.js';
import type { Result } from '../shared/failure.js';
import { fail, failureMessage, succeed } from '../shared/failure.js';
import type { Message } from '../shared/text/message.js';
import { message } from '../shared/text/message.js';
import { certificateFinding, domainFinding } from './checkReport.js';
import type { CheckName, CheckReport, ContextReport, ProxyFinding } from './checkReport.js';

/** What a check needs of the outside world. */
export interface CheckWorld {
  readonly kubeconfigReader: KubeconfigReader;
  readonly clusterReader: ClusterReader;
  readonly proxyReader: ProxyReader & InboundDomainReader;
  readonly certificateReader: CertificateReader;
  readonly clock: Clock;
}

export interface CheckRequest {
  readonly check: CheckName;
  readonly kubeconfig: string;
  readonly contexts: 'all' | readonly string[];
  /** Empty for all. */
  readonly namespaces: readonly string[];
}

/** A report, or the sentence that says why the question could not be asked at all. */
export type CheckOutcome = { readonly ok: true; readonly report: CheckReport } | { readonly ok: false; readonly why: Message };

/** Hidden by `migrate_ca`; here only as long as no proxy runs in them and nobody asked for them. */
const SYSTEM_NAMESPACES: ReadonlySet<string> = new Set(['kube-system', 'kube-public', 'kube-node-lease']);

export async function runCheck(world: CheckWorld, request: CheckRequest, signal: AbortSignal): Promise<CheckOutcome> {
  const refs = await chosenContexts(world, request);
  if (!refs.ok) return { ok: false, why: failureMessage(refs.failure) };
  if (refs.value.length === 0) return { ok: false, why: message('check.error.noContexts', { path: request.kubeconfig }) };
  const snapshots: ClusterSnapshot[] = [];
  for (const [index, read] of (await Promise.all(refs.value.map((ref) => world.clusterReader.readOnce(ref, signal)))).entries()) {
    const failure = read.ok ? podsFailure(read.value) : read.failure;
    const context = refs.value[index]?.context ?? '';
    if (failure) return { ok: false, why: message('check.error.clusterUnreadable', { context, failure: failureMessage(failure) }) };
    if (read.ok) snapshots.push(read.value);
  }
  // Where namespaces may not be listed, one without pods cannot be told from one that is not there.
  const allListed = snapshots.every(({ kinds }) => kinds.namespaces.state === 'live');
  const missing = request.namespaces.filter((name) => allListed && !snapshots.some(({ namespaces }) => namespaces.has(name)));
  if (missing.length > 0) return { ok: false, why: message('check.error.namespaceMissing', { namespaces: missing.join(', ') }) };
  const findings = await find(world, request, snapshots, signal);
  const notices = [...surveyNotices(snapshots, { contexts: [], namespaces: [] }), ...readNotices(snapshots)];
  return { ok: true, report: { check: request.check, contexts: snapshots.map((snapshot) => contextReport(snapshot, request, findings)), notices } };
}

async function chosenContexts(world: CheckWorld, request: CheckRequest): Promise<Result<readonly KubeContext[]>> {
  const file = path.resolve(request.kubeconfig);
  const known = await world.kubeconfigReader.contexts(file);
  if (!known.ok || request.contexts === 'all') return known;
  const chosen: KubeContext[] = [];
  for (const name of new Set(request.contexts)) {
    const context = known.value.find((candidate) => candidate.context === name);
    if (context === undefined) return fail({ kind: 'contextMissing', path: file, context: name });
    chosen.push(context);
  }
  return succeed(chosen);
}

function podsFailure({ kinds }: ClusterSnapshot): Extract<ClusterSnapshot['kinds']['pods'], { state: 'failed' }>['failure'] | undefined {
  return kinds.pods.state === 'failed' ? kinds.pods.failure : undefined;
}

/** Without these the answer is still true, but names fewer things. */
function readNotices(snapshots: readonly ClusterSnapshot[]): readonly Message[] {
  return snapshots.flatMap(({ ref, kinds }) =>
    (['namespaces', 'configmaps', 'caRoots'] as const).flatMap((kind) => {
      const state = kinds[kind];
      if (state.state !== 'failed') return [];
      return [message(`check.notice.${kind}Unread`, { cluster: clusterName(ref), failure: failureMessage(state.failure) })];
    }),
  );
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
