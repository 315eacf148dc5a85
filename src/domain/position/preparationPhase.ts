// Phase 0: what is looked at before anything is changed. Only what leaves a trace in the clusters can be seen as done.
import { message } from '../../shared/text/message.js';
import type { Message } from '../../shared/text/message.js';
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
    { step: 'record-baseline', phase: 0, targets: [targetPosition('record-baseline', MESH_TARGET, baselineStanding(context))] },
  ];
}

/** A mesh this migration can do, all of whose clusters take part. */
function clusterTargets(context: PositionContext): StepDraft['targets'] {
  const missing = context.situation.facts.clustersNotInPlan;
  const [first] = missing;
  const targets = perCluster(context, 'check-clusters', (cluster) => {
    const managed = cluster.facts.controlPlanes.filter(({ revision }) => revision.startsWith('asm-managed')).map(({ revision }) => revision);
    if (managed.length > 0) return inTheWay(message('migration.clusters.managed', { revisions: managed.join(', ') }));
    return asFarAsRead(cluster, ['deployments'], cluster.facts.controlPlanes.length === 0 ? noControlPlane(unreadEvidence(cluster)) : DONE);
  });
  if (first === undefined) return targets;
  const named = inTheWay(message('migration.clusters.notInPlan', { clusters: missing.join(', ') }));
  return [...targets, targetPosition('check-clusters', MESH_TARGET, named)];
}

function noControlPlane([first, ...rest]: readonly Message[]): Standing {
  return first === undefined ? inTheWay(message('migration.clusters.noMesh')) : unknown(first, ...rest);
}

/** Who can authenticate whom before anything is done can only be seen before anything is done. */
function baselineStanding({ situation, refs, clusters }: PositionContext): Standing {
  if (situation.facts.baseline !== undefined) return DONE;
  // Should only one cluster have kept it, then it may be the one that was not read.
  if (clusters.filter(hasRecords).length < refs.length) return unknown(message('migration.baseline.notRead'));
  const hasBegun = clusters.some((cluster) => {
    const goal = goalOf(cluster, 1);
    return cluster.facts.proxies.some(({ revision }) => revision !== undefined && goal.has(revision));
  });
  return hasBegun ? notNeeded(message('migration.baseline.tooLate')) : open();
}
