// Phase 2: Mesh CA signs. Every proxy trusts both roots, so old and new certificates are accepted everywhere.
import { message } from '../../shared/text/message.js';
import { proxyStep } from './distributionPhase.js';
import { finishSteps, gatewaySteps, installSteps, namespaceSteps } from './movingSteps.js';
import type { PositionContext } from './positionContext.js';
import { isSignedByMeshCa } from './proxyTrustPosition.js';
import type { StepDraft } from './stepDraft.js';

export function switchPhase(context: PositionContext): readonly StepDraft[] {
  return [
    ...installSteps(context, 2),
    ...namespaceSteps(context, 2),
    ...gatewaySteps(context, 2),
    proxyStep(context, { step: 'check-workload-cert', phase: 2 }, isSignedByMeshCa, (proxies) => message('migration.proxies.oldSigner', { proxies })),
    ...finishSteps(context, 2),
  ];
}
