// The steps that phases 1 and 2 share: install, probe, move namespaces and test them, and finish.
import type { Phase, StepId } from '../procedure/stepOrder.js';
import { operatorStanding, istiodStanding, tagStanding, webhookStanding } from './finishPosition.js';
import { GATEWAY_KINDS, gatewayStandings } from './gatewayPosition.js';
import { installStanding, probeStanding } from './installPosition.js';
import { applicationTestStanding, meshedNamespaces, NAMESPACE_KINDS, namespaceStanding } from './namespacePosition.js';
import type { TargetPosition } from './position.js';
import type { ClusterContext, PositionContext } from './positionContext.js';
import { asFarAsRead } from './positionContext.js';
import type { StepDraft } from './stepDraft.js';
import { insideClusters, perCluster } from './stepDraft.js';
import { DONE, isFulfilled, targetPosition } from './targetPositions.js';

export type MovingPhase = Extract<Phase, 1 | 2>;

export function installSteps(context: PositionContext, phase: MovingPhase): readonly StepDraft[] {
  const install: StepId = phase === 1 ? 'install-revision-1' : 'install-revision-2';
  const probe: StepId = phase === 1 ? 'probe-revision-1' : 'probe-revision-2';
  return [
    { step: install, phase, targets: perCluster(context, install, (cluster) => installStanding(cluster, phase)) },
    { step: probe, phase, targets: perCluster(context, probe, (cluster) => probeStanding(cluster, phase, hasMoved(cluster, phase))) },
  ];
}

export function namespaceSteps(context: PositionContext, phase: MovingPhase): readonly StepDraft[] {
  const moves = insideClusters(context, 'migrate-namespace', NAMESPACE_KINDS, (cluster) => namespaceTargets(cluster, phase));
  const tests = insideClusters(context, 'test-application', NAMESPACE_KINDS, (cluster) => testTargets(cluster, phase));
  return [
    { step: 'migrate-namespace', phase, targets: moves },
    { step: 'test-application', phase, targets: tests },
  ];
}

export function gatewaySteps(context: PositionContext, phase: MovingPhase): readonly StepDraft[] {
  const move: StepId = phase === 1 ? 'migrate-gateway' : 'upgrade-gateway';
  const standings = (cluster: ClusterContext): ReturnType<typeof gatewayStandings> => gatewayStandings(cluster, phase);
  return [
    { step: move, phase, targets: insideClusters(context, move, GATEWAY_KINDS, (cluster) => standings(cluster).map((each) => targetPosition(move, each.target, each.move))) },
    {
      step: 'delete-old-gateway',
      phase,
      targets: insideClusters(context, 'delete-old-gateway', GATEWAY_KINDS, (cluster) =>
        standings(cluster).map((each) => targetPosition('delete-old-gateway', each.target, each.remove)),
      ),
    },
  ];
}

export function finishSteps(context: PositionContext, phase: MovingPhase): readonly StepDraft[] {
  const draft = (step: StepId, judge: typeof webhookStanding): StepDraft => ({
    step,
    phase,
    targets: perCluster(context, step, (cluster) => judge(cluster, phase)),
  });
  return [draft('move-tags', tagStanding), draft('finalize-webhook', webhookStanding), draft('delete-old-istiod', istiodStanding), draft('delete-old-operator', operatorStanding)];
}

function namespaceTargets(cluster: ClusterContext, phase: MovingPhase): readonly TargetPosition[] {
  return meshedNamespaces(cluster).map((namespace) =>
    targetPosition(
      'migrate-namespace',
      { scope: 'namespace', cluster: cluster.ref, namespace: namespace.name },
      phase === 1 && cluster.isPastFirst ? asFarAsRead(cluster, NAMESPACE_KINDS, DONE) : namespaceStanding(cluster, namespace, phase),
    ),
  );
}

function testTargets(cluster: ClusterContext, phase: MovingPhase): readonly TargetPosition[] {
  if (phase === 1 && cluster.isPastFirst) return [];
  return meshedNamespaces(cluster).map((namespace) =>
    targetPosition(
      'test-application',
      { scope: 'namespace', cluster: cluster.ref, namespace: namespace.name },
      applicationTestStanding(cluster, namespace, phase, namespaceStanding(cluster, namespace, phase)),
    ),
  );
}

function hasMoved(cluster: ClusterContext, phase: MovingPhase): boolean {
  const targets = namespaceTargets(cluster, phase);
  return targets.length > 0 && targets.every(({ state }) => isFulfilled(state));
}
