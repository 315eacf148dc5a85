// An obstacle as an item of a verdict: in words, with the step that leads past it, and whether the plan may waive it.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { clusterName } from '../cluster.js';
import type { GateId, GateItem } from './gate.js';
import type { GateFacts } from './gateFacts.js';
import { obstacleMessage } from './gateMessages.js';
import { gateRemedy } from './gateRemedies.js';
import type { Obstacle, ObstacleKind } from './obstacle.js';

/** What a person may take upon themselves, workload by workload; the rest would break for certain, or can be put right. */
const WAIVABLE: readonly ObstacleKind[] = [
  'clusterNotInPlan',
  'fleetUnread',
  'fleetMemberNotInPlan',
  'proxyUnknown',
  'proxyUnjudged',
  'proxyOwnCertificates',
  'proxyRejectsDomain',
  'proxyExpired',
  'creatableUnknown',
  'creatableWithoutSidecar',
  'creatableForeignImage',
  'creatableOwnCertificates',
  'identityFindings',
];

export function gateItem(gate: GateId, obstacle: Obstacle, facts: GateFacts): GateItem {
  const { kind, cluster, subject, unknown } = obstacle;
  const ref = facts.clusters.find((each) => each.cluster === cluster)?.ref;
  return {
    cluster,
    clusterName: ref === undefined ? cluster : clusterName(ref),
    subject,
    problem: obstacleMessage(obstacle),
    unknown,
    remedy: gateRemedy(gate, obstacle, facts),
    // Nothing refers to what goes, waived or not: it would be cut off for good.
    waivable: gate !== 'finish' && WAIVABLE.includes(kind),
  };
}

/** The item's problem where items of several clusters stand in one list: namespaces and workloads have the same names in all of them. */
export function placedProblem({ clusterName: cluster, problem }: Pick<GateItem, 'clusterName' | 'problem'>): Message {
  return cluster === undefined ? problem : message('gates.inCluster', { cluster, problem });
}
