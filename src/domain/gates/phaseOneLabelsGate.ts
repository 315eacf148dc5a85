// Gate before the first label of phase 1 in a cluster: REVISION_1 injects, and what it makes was tried on one pod.
import type { GateSubject } from './gate.js';
import type { GateFacts } from './gateFacts.js';
import { knownMesh, readyToInject, subjectClusters, subjectMissing } from './knownMesh.js';
import { wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';
import { probeObstacles } from './probeEvidence.js';

export function* phaseOneLabelsObstacles(facts: GateFacts, subject: GateSubject): Generator<Obstacle> {
  yield* knownMesh(facts);
  yield* subjectMissing(facts, subject);
  const { revision1 } = facts;
  if (revision1 === undefined) {
    yield wrong('revisionNotPlanned', undefined, '1');
    return;
  }
  for (const cluster of subjectClusters(facts, subject)) {
    yield* readyToInject(cluster, revision1);
    yield* probeObstacles(facts, cluster, revision1, 'istioCa');
  }
}
