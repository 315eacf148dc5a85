// Whether what a phase leaves behind is gone: the old webhook Service, the old istiod, the old operator's state.
import { message } from '../../shared/text/message.js';
import type { ClusterContext } from './positionContext.js';
import { asFarAsRead, goalOf, otherControlPlanes } from './positionContext.js';
import type { Standing } from './targetPositions.js';
import { DONE, notNeeded, open, unknown } from './targetPositions.js';

/** No tag leads to a control plane of before this phase. */
export function tagStanding(cluster: ClusterContext, phase: 1 | 2): Standing {
  return asFarAsRead(cluster, ['mutatingwebhookconfigurations'], movedTags(cluster, phase));
}

function movedTags(cluster: ClusterContext, phase: 1 | 2): Standing {
  const goal = goalOf(cluster, phase);
  const tags = cluster.facts.references.filter(({ kind }) => kind === 'tag');
  if (tags.length === 0) return notNeeded(message('migration.tags.none'));
  const behind = tags.filter(({ revision }) => !goal.has(revision));
  return behind.length === 0 ? DONE : open(message('migration.tags.behind', { tags: behind.map(({ name }) => name).join(', ') }));
}

/** Service `istiod` leads to the phase's control plane. */
export function webhookStanding(cluster: ClusterContext, phase: 1 | 2): Standing {
  return asFarAsRead(cluster, ['services', 'pods'], ledService(cluster, phase));
}

function ledService(cluster: ClusterContext, phase: 1 | 2): Standing {
  const { istiodService } = cluster.facts;
  if (phase === 1 && cluster.isPastFirst) return DONE;
  if (istiodService === undefined) return open();
  return goalOf(cluster, phase).has(istiodService) ? DONE : open(message('migration.webhook.leadsTo', { revision: istiodService }));
}

/** No control plane of before this phase is installed. */
export function istiodStanding(cluster: ClusterContext, phase: 1 | 2): Standing {
  const others = otherControlPlanes(cluster, goalOf(cluster, phase));
  const standing = others.length === 0 ? DONE : open(message('migration.istiod.left', { revisions: others.join(', ') }));
  return asFarAsRead(cluster, ['deployments'], standing);
}

/** An installation by Istio 1.21 or later, or a cluster that does not serve the kind, has none. */
export function operatorStanding(cluster: ClusterContext, phase: 1 | 2): Standing {
  const states = cluster.traces?.installedStates;
  if (states === undefined) return unknown(message('migration.operator.notRead'));
  const left = states.filter((revision) => !goalOf(cluster, phase).has(revision));
  return left.length === 0 ? DONE : open(message('migration.istiod.left', { revisions: left.join(', ') }));
}
