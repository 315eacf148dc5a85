// Reads anew everything that gates judge beyond the snapshots: every proxy, our records, the listed kinds, written identities.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { ProxyEvidence } from '../../domain/evidence/gateInputs.js';
import { proxyKey } from '../../domain/evidence/gateInputs.js';
import type { IdentityObject } from '../../domain/evidence/writtenIdentities.js';
import type { GateObjects } from '../../domain/mesh/gateObjects.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { Result } from '../../shared/failure.js';
import type { Clock, InboundDomainReader } from '../ports.js';
import { forEachTarget } from '../trust/eachTarget.js';
import type { ProxyReading, TrustSurvey } from '../trust/trustSurvey.js';
import type { EvidencePorts } from './ports.js';

export interface EvidenceReading {
  readonly survey: Pick<TrustSurvey, 'run'>;
  readonly inbound: InboundDomainReader;
  readonly evidence: Pick<EvidencePorts, 'records' | 'gateObjects' | 'identityObjects'>;
}

/** What one cluster answered in one pass. */
export interface ClusterReadings {
  readonly proxies: ReadonlyMap<string, ProxyEvidence>;
  readonly records: Result<Readonly<Record<string, string>>>;
  readonly identityObjects: Result<readonly IdentityObject[]>;
  readonly objects: GateObjects;
}

/** By `clusterKey`. What could not be read is in it with the reason; a signal that aborts leaves the rest as cancelled. */
export async function readEvidence(
  reading: EvidenceReading,
  snapshots: readonly ClusterSnapshot[],
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ClusterReadings>> {
  const [proxies, others] = await Promise.all([
    readProxies(reading, snapshots, clock, signal),
    Promise.all(snapshots.map(async ({ ref }) => [clusterKey(ref), await readOthers(reading, ref, signal)] as const)),
  ]);
  return new Map(others.map(([key, answers]) => [key, { ...answers, proxies: proxies.get(key) ?? new Map<string, ProxyEvidence>() }]));
}

type Others = Omit<ClusterReadings, 'proxies'>;

async function readOthers({ evidence }: EvidenceReading, ref: ClusterRef, signal: AbortSignal): Promise<Others> {
  const [records, identityObjects, objects] = await Promise.all([
    evidence.records.read(ref, signal),
    evidence.identityObjects.readIdentityObjects(ref, signal),
    evidence.gateObjects.readGateObjects(ref, signal),
  ]);
  return { records, identityObjects, objects };
}

/** First what every proxy trusts, then, of those that answered, whom they accept: by their own matchers, not by a config map. */
async function readProxies(
  { survey, inbound }: EvidenceReading,
  snapshots: readonly ClusterSnapshot[],
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ReadonlyMap<string, ProxyEvidence>>> {
  const found = new Map<string, Map<string, ProxyEvidence>>();
  const put = ({ target, trust }: ProxyReading, domains: ProxyEvidence['inbound']): void => {
    const { namespace, name, uid, ready } = target.pod;
    const key = clusterKey(target.cluster);
    const ofCluster = found.get(key) ?? new Map<string, ProxyEvidence>();
    found.set(key, ofCluster);
    ofCluster.set(proxyKey(namespace, name), { namespace, pod: name, uid, ready, readAt: clock.now(), trust, inbound: domains });
  };
  const answered = new Map<ProxyReading['target'], ProxyReading>();
  const onReadings = (readings: readonly ProxyReading[]): void => {
    for (const read of readings) {
      put(read, undefined);
      if (read.trust.ok) answered.set(read.target, read);
    }
  };
  await survey.run(snapshots, { contexts: [], namespaces: [] }, { onReadings }, signal);
  await forEachTarget([...answered.keys()], undefined, async (target) => {
    const read = answered.get(target);
    if (read === undefined || signal.aborted) return;
    const { namespace, name } = target.pod;
    put(read, await inbound.readInboundDomains({ cluster: target.cluster, namespace, pod: name }, signal));
  });
  return found;
}
