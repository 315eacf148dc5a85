// Whether what a phase leaves behind is gone: the old webhook Service, the old istiod, the old operator's state.
import { message } from '../../shared/text/message.js';
import type { ClusterContext } from './positionContext.js';
import { goalOf, otherControlPlanes, unreadKinds } from './positionContext.js';
import type { Standing } from './targetPositions.js';
import { DONE, notNeeded, open, unknown, unlessUnread } from './targetPositions.js';

/** No tag leads to a control plane of before this phase. */
export function tagStanding(cluster: ClusterContext, phase: 1 | 2): Standing {
  const goal = goalOf(cluster, phase);
  const tags = cluster.facts.references.filter(({ kind }) => kind === 'tag');
  if (tags.length === 0) return notNeeded(message('migration.tags.none'));
  const behind = tags.filter(({ revision }) => !goal.has(revision));
  if (behind.length > 0) return open(message('migration.tags.behind', { tags: behind.map(({ name }) => name).join(', ') }));
  return unlessUnread(DONE, unreadKinds(cluster, ['mutatingwebhookconfigurations']));
}

/** Service `istiod` leads to the phase's control plane. */
export function webhookStanding(cluster: ClusterContext, phase: 1 | 2): Standing {
  const { istiodService } = cluster.facts;
  if (phase === 1 && cluster.isPastFirst) return DONE;
  const isThere = istiodService !== undefined && goalOf(cluster, phase).has(istiodService);
  const standing = isThere || istiodService === undefined ? open() : open(message('migration.webhook.leadsTo', { revision: istiodService }));
  return isThere ? unlessUnread(DONE, unreadKinds(cluster, ['services', 'pods'])) : standing;
}

/** No control plane of before this phase is installed. */
export function istiodStanding(cluster: ClusterContext, phase: 1 | 2): Standing {
  const others = otherControlPlanes(cluster, goalOf(cluster, phase));
  if (others.length > 0) return open(message('migration.istiod.left', { revisions: others.join(', ') }));
  return unlessUnread(DONE, unreadKinds(cluster, ['deployments']));
}

/** An installation by Istio 1.21 or later, or a cluster that does not serve the kind, has none. */
export function operatorStanding(cluster: ClusterContext, phase: 1 | 2): Standing {
  const states = cluster.traces?.installedStates;
  if (states === undefined) return unknown(message('migration.operator.notRead'));
  const left = states.filter((revision) => !goalOf(cluster, phase).has(revision));
  return left.length === 0 ? DONE : open(message('migration.istiod.left', { revisions: left.join(', ') }));
}
