// How many proxies of a cluster already hold what a phase is about: Mesh CA's root, its signature, or no old root any more.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { ProxyFacts, ProxyStanding } from '../gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../gates/gateFacts.js';
import type { ClusterContext } from './positionContext.js';
import { lostKinds, unreadEvidence, unreadKinds } from './positionContext.js';
import type { Standing } from './targetPositions.js';
import { DONE, open, unknown } from './targetPositions.js';

export type ReadProxy = Extract<ProxyStanding, { kind: 'read' }>;

export interface ProxyCount {
  readonly done: number;
  readonly total: number;
  readonly unknown: number;
  readonly standing: Standing;
}

export const trustsMeshCa = ({ anchors }: ReadProxy): boolean => anchors.includes(MESH_CA_ANCHOR);
export const isSignedByMeshCa = ({ issuer, expired }: ReadProxy): boolean => issuer === MESH_CA_ANCHOR && !expired;

/** Counts the pods for which the predicate is known to hold; `lacking` says of how many it does not. */
export function countProxies(
  cluster: ClusterContext,
  holds: (proxy: ReadProxy) => boolean,
  lacking: (proxies: number) => Message,
): ProxyCount {
  const { proxies } = cluster.facts;
  const judged = proxies.map((proxy) => ({ pods: proxy.pods.length, verdict: judge(proxy, proxies, holds) }));
  const sum = (verdict: boolean | 'unknown'): number => judged.reduce((all, each) => all + (each.verdict === verdict ? each.pods : 0), 0);
  const counts = { done: sum(true), unknown: sum('unknown'), total: judged.reduce((all, { pods }) => all + pods, 0) };
  const [lost] = lostKinds(cluster, ['pods']);
  if (lost !== undefined) return { done: 0, unknown: counts.total, total: counts.total, standing: unknown(lost) };
  const [unread, ...more] = [...unreadKinds(cluster, ['pods']), ...unreadEvidence(cluster)];
  if (sum(false) > 0) return { ...counts, standing: open(lacking(sum(false))) };
  if (counts.unknown > 0) return { ...counts, standing: unknown(message('migration.proxies.unknown', { proxies: counts.unknown })) };
  return { ...counts, standing: unread === undefined ? DONE : unknown(unread, ...more) };
}

/** A proxy that cannot be read yet is what its siblings of the same revision are; without one it is unknown. */
function judge(proxy: ProxyFacts, all: readonly ProxyFacts[], holds: (proxy: ReadProxy) => boolean): boolean | 'unknown' {
  const { standing, revision, waived } = proxy;
  if (waived) return true;
  if (standing.kind === 'read') return holds(standing);
  if (standing.kind === 'unknown' || standing.kind === 'ownCertificates' || revision === undefined) return 'unknown';
  const siblings = all.flatMap((other) => (other.revision === revision && other.standing.kind === 'read' ? [other.standing] : []));
  return siblings.length === 0 ? 'unknown' : siblings.every(holds);
}
