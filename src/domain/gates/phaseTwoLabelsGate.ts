// Gate before each label of phase 2: the gate of the phase again, and a probe of REVISION_2 in every cluster that all take.
import type { GateSubject } from './gate.js';
import type { GateFacts } from './gateFacts.js';
import { readyToInject, subjectClusters, subjectMissing } from './knownMesh.js';
import { wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';
import { phaseTwoObstacles } from './phaseTwoGate.js';
import { probeObstacles } from './probeEvidence.js';

export function* phaseTwoLabelsObstacles(facts: GateFacts, subject: GateSubject): Generator<Obstacle> {
  yield* phaseTwoObstacles(facts);
  yield* subjectMissing(facts, subject);
  const { revision2 } = facts;
  if (revision2 === undefined) {
    yield wrong('revisionNotPlanned', undefined, '2');
    return;
  }
  for (const cluster of subjectClusters(facts, subject)) yield* readyToInject(cluster, revision2);
  for (const cluster of facts.clusters) yield* probeObstacles(facts, cluster, revision2, 'meshCa');
}
