// Phase 3 in one cluster: the CA secrets backed up and deleted, and the old root gone from every proxy.
import { message } from '../../shared/text/message.js';
import { oldRoots } from '../evidence/oldRoots.js';
import type { ClusterContext, PositionContext } from './positionContext.js';
import { asFarAsRead, unreadEvidence } from './positionContext.js';
import type { Standing } from './targetPositions.js';
import { DONE, notNeeded, open, unknown, unlessUnread } from './targetPositions.js';

/** Every CA secret that is there has a backup that was read back; one that is gone, or that an istiod made anew, needs none. */
export function backupStanding(cluster: ClusterContext): Standing {
  const { caSecrets } = cluster.facts;
  const unsure = caSecrets.find(({ present }) => present === 'unknown');
  if (unsure !== undefined) return unknown(message('migration.secret.unknown', { name: unsure.name }));
  const missing = caSecrets.filter(({ present, backedUp, madeAnew }) => present === true && !backedUp && madeAnew !== true).map(({ name }) => name);
  if (missing.length > 0) return open(message('migration.secret.notBackedUp', { names: missing.join(', ') }));
  return unlessUnread(DONE, caSecrets.length === 0 ? unreadEvidence(cluster) : []);
}

/** What istiod made anew is the secret of the one that runs: it stays. */
export function deletionStanding({ facts: { caSecrets } }: ClusterContext): Standing {
  const unsure = caSecrets.find(({ present }) => present === 'unknown');
  if (unsure !== undefined) return unknown(message('migration.secret.unknown', { name: unsure.name }));
  const there = caSecrets.filter(({ present, madeAnew }) => present === true && madeAnew !== true).map(({ name }) => name);
  return there.length === 0 ? DONE : open(message('migration.secret.there', { names: there.join(', ') }));
}

/** The proxies of this kind hold no old root any more; without any there is nothing to restart. */
export function oldRootStanding(context: PositionContext, cluster: ClusterContext, role: 'sidecar' | 'router'): Standing {
  const own = cluster.facts.proxies.filter((proxy) => proxy.role === role);
  if (own.length === 0) return asFarAsRead(cluster, ['pods'], role === 'router' ? notNeeded(message('migration.noGateways')) : DONE);
  const isOld = oldRoots(context.situation);
  const holding = own.filter(({ standing }) => standing.kind === 'read' && standing.anchors.some(isOld));
  const count = (proxies: readonly { readonly pods: readonly string[] }[]): number => proxies.reduce((sum, { pods }) => sum + pods.length, 0);
  if (holding.length > 0) return asFarAsRead(cluster, ['pods'], open(message('migration.oldRoot.held', { proxies: count(holding) })));
  const unsure = own.filter(({ standing, waived }) => standing.kind === 'unknown' && !waived);
  if (unsure.length > 0) return unknown(message('migration.proxies.unknown', { proxies: count(unsure) }));
  return asFarAsRead(cluster, ['pods'], DONE);
}
