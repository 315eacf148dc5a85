// Reads one throw-away pod's proxy while it lives, until what it holds is its last word, and judges what it held by itself.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import { controlPlaneIdentity } from '../../domain/evidence/controlPlaneFacts.js';
import type { ProbeRecord } from '../../domain/evidence/records/probeRecord.js';
import { standingOf } from '../../domain/evidence/standing.js';
import { MESH_CA_ANCHOR } from '../../domain/gates/gateFacts.js';
import { controlPlane } from '../../domain/mesh/controlPlanes.js';
import type { PodFacts } from '../../domain/mesh/facts.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { Failure, Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import type { Clock, InboundDomainReader } from '../ports.js';
import type { ProxyReading, TrustSurvey } from '../trust/trustSurvey.js';
import type { SituationSource } from './situationSource.js';

/** The pod is Ready already; what is waited for is the watch, and the first push of the second root. */
const PATIENCE_MS = 45_000;
const PAUSE_MS = 1_000;
const FRESH_FOR_MS = 60_000;

export interface ProbeReader {
  readonly situations: Pick<SituationSource, 'current'>;
  readonly survey: Pick<TrustSurvey, 'run'>;
  readonly inbound: InboundDomainReader;
  readonly clock: Clock;
}

export interface ProbePod {
  readonly cluster: ClusterRef;
  readonly revision: string;
  readonly namespace: string;
  readonly pod: string;
}

/** What the pod held when it was complete, or, when it never was, what it held last. Fails when it could not be asked. */
export async function readProbe(reader: ProbeReader, probe: ProbePod, signal: AbortSignal): Promise<Result<ProbeRecord>> {
  const { clock } = reader;
  const until = clock.now() + PATIENCE_MS;
  for (;;) {
    const read = await readOnce(reader, probe, signal);
    const isOver = signal.aborted || clock.now() >= until;
    if (isOver || (read.ok && read.value.passed)) return read;
    await clock.sleep(PAUSE_MS, signal);
  }
}

async function readOnce(reader: ProbeReader, { cluster, revision, namespace, pod }: ProbePod, signal: AbortSignal): Promise<Result<ProbeRecord>> {
  const { situations, survey, inbound, clock } = reader;
  const { snapshots } = situations.current();
  const snapshot = snapshots.find(({ ref }) => clusterKey(ref) === clusterKey(cluster));
  const facts = snapshot?.namespaces.get(namespace)?.pods.get(pod);
  if (snapshot === undefined || facts === undefined) return fail({ kind: 'proxyNotRunning', state: 'not seen' });
  const readings: ProxyReading[] = [];
  const scope = { contexts: [cluster.context], namespaces: [namespace] };
  const isProbe = ({ pod: { name } }: ProxyReading['target']): boolean => name === pod;
  // All clusters: a root is named by what they say together.
  await survey.run(snapshots, scope, { onReadings: (read) => readings.push(...read) }, signal, isProbe);
  const [reading] = readings.filter(({ target }) => clusterKey(target.cluster) === clusterKey(cluster));
  if (reading === undefined) return fail(withoutProxy(facts));
  if (!reading.trust.ok) return reading.trust;
  const accepted = await inbound.readInboundDomains({ cluster, namespace, pod }, signal);
  const now = clock.now();
  const evidence = { namespace, pod, uid: facts.uid, ready: facts.ready, readAt: now, trust: reading.trust, inbound: accepted };
  const config = [...snapshot.meshConfigs.values()].find((candidate) => candidate.revision === revision);
  const standing = standingOf(facts, evidence, { now, freshForMs: FRESH_FOR_MS, config });
  const identity = controlPlaneIdentity(snapshot, revision);
  if (identity === undefined) return fail({ kind: 'unexpected', reason: `no istiod of revision ${revision} is seen` });
  if (standing?.kind === 'unknown') return fail({ kind: 'probeUnproven', why: standing.reason });
  if (standing?.kind !== 'read') return fail({ kind: 'proxyNotRunning', state: standing?.kind ?? 'no proxy' });
  const { issuer, anchors, domain, expired } = standing;
  const passed = !expired && facts.proxy?.revision === revision && anchors.includes(MESH_CA_ANCHOR) && signedAsConfigured(snapshot, revision, issuer);
  return succeed({ at: now, revision, passed, issuer, anchors, domain, controlPlane: identity });
}

function withoutProxy({ proxy, trouble, phase }: PodFacts): Failure {
  return { kind: 'proxyNotRunning', state: proxy === undefined ? 'no proxy' : (trouble ?? phase) };
}

/** Who signs is decided by the revision's configuration: a probe signed by anybody else shows that it is not in force. */
function signedAsConfigured(snapshot: ClusterSnapshot, revision: string, issuer: string): boolean {
  const signer = controlPlane(snapshot, revision)?.signer;
  if (signer === 'meshCa') return issuer === MESH_CA_ANCHOR;
  return signer === 'istioCa' && issuer !== MESH_CA_ANCHOR;
}
