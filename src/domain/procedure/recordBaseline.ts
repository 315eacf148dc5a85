// `record-baseline`: who can authenticate whom before anything is done, kept in the clusters. The guide has nothing of the kind.
import { message } from '../../shared/text/message.js';
import { clusterName } from '../cluster.js';
import type { MeshSituation, ProcedureStep, StepFinding } from './procedureStep.js';
import { blocks, EMPTY_DRAFT, findingsWhere } from './stepDraft.js';

export const recordBaseline: ProcedureStep = {
  id: 'record-baseline',
  phases: [0],
  scope: 'mesh',
  guideSection: undefined,
  readsOnly: false,
  title: () => message('procedure.baseline.title'),
  gates: () => [],
  plan: (_order, situation) => ({
    ...EMPTY_DRAFT,
    findings: baselineFindings(situation),
    action: { kind: 'recordBaseline' },
    changes: [message('procedure.baseline.change')],
    guarded: [message('procedure.baseline.guard')],
    checks: [message('procedure.baseline.check')],
    undo: { explanation: message('steps.undo.nothing'), commands: [] },
    verify: ({ facts }) =>
      facts.baseline === undefined
        ? { kind: 'open', items: [message('procedureChecks.baseline.none')], settles: true }
        : { kind: 'verified', evidence: [message('procedureChecks.baseline.recorded', { pairs: facts.baseline.pairs.size })] },
  }),
};

/**
 * A record that is made too late, or without a cluster, would make gates forget what could talk: then it is better that there is
 * none, and every pair counts.
 */
function baselineFindings({ facts }: MeshSituation): readonly StepFinding[] {
  const moved = new Set([
    ...[facts.revision1, facts.revision2].filter((revision) => revision !== undefined),
    ...facts.clusters.flatMap(({ controlPlanes }) => controlPlanes.filter(({ signer, handsOutMeshCa }) => signer === 'meshCa' || handsOutMeshCa === 'yes').map(({ revision }) => revision)),
  ]);
  const hasBegun = facts.clusters.some(({ proxies }) => proxies.some(({ revision }) => revision !== undefined && moved.has(revision)));
  return [
    ...findingsWhere(
      [facts.clusters.length === 0, blocks(message('procedureChecks.baseline.noClusters'))],
      [hasBegun, blocks(message('procedureChecks.baseline.tooLate'))],
    ),
    ...facts.clusters.flatMap(({ ref, unread }) =>
      unread.map((what) => blocks(message('gates.inCluster', { cluster: clusterName(ref), problem: message('gates.clusterUnread', { what }) }))),
    ),
  ];
}
