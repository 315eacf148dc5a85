// Phase 3: the old root's keys are backed up and deleted, and the old root leaves every proxy.
import type { StepId } from '../procedure/stepOrder.js';
import type { ClusterContext, PositionContext } from './positionContext.js';
import { backupStanding, deletionStanding, oldRootStanding } from './secretPosition.js';
import type { StepDraft } from './stepDraft.js';
import { perCluster } from './stepDraft.js';
import type { Standing } from './targetPositions.js';

export function removalPhase(context: PositionContext): readonly StepDraft[] {
  const draft = (step: StepId, judge: (cluster: ClusterContext) => Standing): StepDraft => ({ step, phase: 3, targets: perCluster(context, step, judge) });
  return [
    draft('backup-secrets', backupStanding),
    draft('delete-secrets', deletionStanding),
    draft('restart-control-plane', (cluster) => oldRootStanding(context, cluster, 'sidecar')),
    draft('restart-gateways', (cluster) => oldRootStanding(context, cluster, 'router')),
  ];
}
