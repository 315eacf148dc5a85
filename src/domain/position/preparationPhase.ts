// Phase 0: what is looked at before anything is changed. Only what leaves a trace in the clusters can be seen as done.
import { message } from '../../shared/text/message.js';
import type { Message } from '../../shared/text/message.js';
import type { WatchedKind } from '../mesh/facts.js';
import { meshObstacles } from '../procedure/checkClusters.js';
import { fleetConcerns } from '../procedure/checkFleet.js';
import { PROCEDURE } from '../procedure/procedure.js';
import type { StepId } from '../procedure/stepOrder.js';
import type { PositionContext } from './positionContext.js';
import { asFarAsRead, goalOf, hasRecords, unreadEvidence } from './positionContext.js';
import type { StepDraft } from './stepDraft.js';
import { perCluster } from './stepDraft.js';
import type { Standing } from './targetPositions.js';
import { DONE, inTheWay, MESH_TARGET, notNeeded, open, targetPosition, unknown } from './targetPositions.js';

const TRACELESS: readonly StepId[] = ['check-tools', 'check-asmcli', 'get-credentials', 'set-istioctl-path', 'check-permissions'];

export function preparationPhase(context: PositionContext): readonly StepDraft[] {
  const anytime = notNeeded(message('migration.anytime'));
  return [
    ...TRACELESS.map((step): StepDraft => {
      const isOnMesh = PROCEDURE[step].scope === 'mesh';
      return { step, phase: 0, targets: isOnMesh ? [targetPosition(step, MESH_TARGET, anytime)] : perCluster(context, step, () => anytime) };
    }),
    { step: 'check-clusters', phase: 0, targets: clusterTargets(context) },
    { step: 'check-fleet', phase: 0, targets: [targetPosition('check-fleet', MESH_TARGET, fleetStanding(context))] },
    { step: 'record-baseline', phase: 0, targets: [targetPosition('record-baseline', MESH_TARGET, baselineStanding(context))] },
  ];
}

/** Where what this migration cannot do would show (`meshObstacles`). */
const SHOWING_OBSTACLES: readonly WatchedKind[] = ['deployments', 'daemonsets', 'namespaces', 'pods', 'configmaps'];

/** A mesh this migration can do, all of whose clusters take part. */
function clusterTargets(context: PositionContext): StepDraft['targets'] {
  const missing = context.situation.facts.clustersNotInPlan;
  const [first] = missing;
  const targets = perCluster(context, 'check-clusters', (cluster) => {
    const [obstacle, ...others] = meshObstacles(cluster.snapshot);
    if (obstacle !== undefined) return inTheWay(obstacle, ...others);
    return asFarAsRead(cluster, SHOWING_OBSTACLES, cluster.facts.controlPlanes.length === 0 ? noControlPlane(unreadEvidence(cluster)) : DONE);
  });
  if (first === undefined) return targets;
  const named = inTheWay(message('migration.clusters.notInPlan', { clusters: missing.join(', ') }));
  return [...targets, targetPosition('check-clusters', MESH_TARGET, named)];
}

function noControlPlane([first, ...rest]: readonly Message[]): Standing {
  return first === undefined ? inTheWay(message('migration.clusters.noMesh')) : unknown(first, ...rest);
}

/** Asked in front of everything; once the first proxy has moved, it is for the gates of phases 2 and 3 to ask again. */
function fleetStanding(context: PositionContext): Standing {
  const { plan, facts } = context.situation;
  const [first, ...rest] = fleetConcerns(facts);
  if (plan === undefined) return notNeeded(message('migration.fleet.noPlan'));
  if (facts.fleet.state === 'waived') return notNeeded(message('migration.fleet.waived'));
  if (facts.fleet.state === 'unread') {
    if (hasBegun(context)) return notNeeded(message('migration.fleet.gates'));
    return areRecordsRead(context) ? open() : recordsNotRead(context);
  }
  return first === undefined ? DONE : unknown(first, ...rest);
}

/** Should only one cluster have kept a record, then it may be the one that was not read. */
function areRecordsRead({ refs, clusters }: PositionContext): boolean {
  return clusters.filter(hasRecords).length === refs.length;
}

function recordsNotRead({ clusters }: PositionContext): Standing {
  return unknown(message('migration.baseline.notRead'), ...clusters.filter((cluster) => !hasRecords(cluster)).flatMap(unreadEvidence));
}

function hasBegun({ clusters }: PositionContext): boolean {
  return clusters.some((cluster) => {
    const goal = goalOf(cluster, 1);
    return cluster.facts.proxies.some(({ revision }) => revision !== undefined && goal.has(revision));
  });
}

/** Who can authenticate whom before anything is done can only be seen before anything is done. */
function baselineStanding(context: PositionContext): Standing {
  if (context.situation.facts.baseline !== undefined) return DONE;
  if (!areRecordsRead(context)) return recordsNotRead(context);
  return hasBegun(context) ? notNeeded(message('migration.baseline.tooLate')) : open();
}
