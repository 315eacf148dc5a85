// Phase 1: Mesh CA's root is handed out to every proxy while Istio CA goes on signing.
import { message } from '../../shared/text/message.js';
import { clusterKey } from '../cluster.js';
import { failureMessage } from '../../shared/failure.js';
import { finishSteps, gatewaySteps, installSteps, namespaceSteps } from './movingSteps.js';
import type { ClusterContext, PositionContext } from './positionContext.js';
import { asFarAsRead } from './positionContext.js';
import type { ProxyCount, ReadProxy } from './proxyTrustPosition.js';
import { countProxies, trustsMeshCa } from './proxyTrustPosition.js';
import type { StepDraft } from './stepDraft.js';
import { perCluster } from './stepDraft.js';
import type { Standing } from './targetPositions.js';
import { DONE, inTheWay, open, unknown } from './targetPositions.js';
import type { Message } from '../../shared/text/message.js';
import type { StepId } from '../procedure/stepOrder.js';

export function distributionPhase(context: PositionContext): readonly StepDraft[] {
  return [
    ...installSteps(context, 1),
    ...namespaceSteps(context, 1),
    { step: 'scan-identity', phase: 1, targets: perCluster(context, 'scan-identity', (cluster) => scanStanding(context, cluster)) },
    ...gatewaySteps(context, 1),
    proxyStep(context, { step: 'check-root-cert', phase: 1 }, trustsMeshCa, (proxies) => message('migration.proxies.oneRoot', { proxies })),
    ...finishSteps(context, 1),
  ];
}

/** A step whose progress is counted in proxies. */
export function proxyStep(
  context: PositionContext,
  { step, phase }: { readonly step: StepId; readonly phase: 1 | 2 },
  holds: (proxy: ReadProxy) => boolean,
  lacking: (proxies: number) => Message,
): StepDraft {
  const counts = new Map<ClusterContext, ProxyCount>(context.clusters.map((cluster) => [cluster, countProxies(cluster, holds, lacking)]));
  const sum = (part: (count: ProxyCount) => number): number => [...counts.values()].reduce((all, count) => all + part(count), 0);
  return {
    step,
    phase,
    targets: perCluster(context, step, (cluster) => counts.get(cluster)?.standing ?? open()),
    counts: { done: sum(({ done }) => done), total: sum(({ total }) => total), unknown: sum(({ unknown }) => unknown) },
  };
}

/** Authorization that names identities stops matching when Mesh CA's trust domain comes: it is looked for before phase 2. */
function scanStanding({ situation }: PositionContext, cluster: ClusterContext): Standing {
  const { ref, facts: { openIdentityFindings }, isPastFirst } = cluster;
  if (openIdentityFindings === 0 || isPastFirst) return DONE;
  const scanned = situation.evidence?.get(clusterKey(ref))?.identity;
  if (scanned?.ok === false) return unknown(message('migration.unread', { what: failureMessage(scanned.failure) }));
  if (openIdentityFindings !== undefined) return inTheWay(message('migration.identity.open', { findings: openIdentityFindings }));
  // Written identities are of no watched kind; a cluster whose namespaces cannot be read cannot be scanned either.
  return asFarAsRead(cluster, ['namespaces'], open());
}
