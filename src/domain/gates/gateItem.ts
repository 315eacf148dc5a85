// An obstacle as an item of a verdict: in words, with the step that leads past it, and whether the plan may waive it.
import type { GateId, GateItem } from './gate.js';
import type { GateFacts } from './gateFacts.js';
import { obstacleMessage } from './gateMessages.js';
import { gateRemedy } from './gateRemedies.js';
import type { Obstacle, ObstacleKind } from './obstacle.js';

/** What a person may take upon themselves, workload by workload; the rest would break for certain, or can be put right. */
const WAIVABLE: readonly ObstacleKind[] = [
  'clusterNotInPlan',
  'proxyUnknown',
  'proxyUnjudged',
  'proxyOwnCertificates',
  'proxyRejectsDomain',
  'proxyExpired',
  'creatableUnknown',
  'creatableWithoutSidecar',
  'creatableForeignImage',
  'identityFindings',
];

export function gateItem(gate: GateId, obstacle: Obstacle, facts: GateFacts): GateItem {
  const { kind, cluster, subject, unknown } = obstacle;
  return {
    cluster,
    subject,
    problem: obstacleMessage(obstacle),
    unknown,
    remedy: gateRemedy(gate, obstacle, facts),
    // Nothing refers to what goes, waived or not: it would be cut off for good.
    waivable: gate !== 'finish' && WAIVABLE.includes(kind),
  };
}
