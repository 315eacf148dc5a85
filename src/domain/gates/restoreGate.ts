// Gate before CA Secrets are put back: there is a verified backup, and no istiod would switch its root by it.
import type { GateSubject } from './gate.js';
import type { ClusterGateFacts, GateFacts } from './gateFacts.js';
import { knownMesh, subjectClusters, subjectMissing } from './knownMesh.js';
import { missing, notKnown, wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';

export function* restoreObstacles(facts: GateFacts, subject: GateSubject): Generator<Obstacle> {
  yield* knownMesh(facts);
  yield* subjectMissing(facts, subject);
  for (const cluster of subjectClusters(facts, subject)) yield* restoreIn(cluster);
}

function* restoreIn(cluster: ClusterGateFacts): Generator<Obstacle> {
  const { caSecrets, controlPlanes } = cluster;
  if (caSecrets.some(({ present }) => present === 'unknown')) yield notKnown('clusterUnread', cluster.cluster, cluster.cluster, 'cacerts');
  if (!caSecrets.some(({ backedUp }) => backedUp)) yield missing('backupMissing', cluster, 'cacerts');
  // A Citadel that is running would sign under the restored root from its next start on.
  for (const { revision, installed, signer } of controlPlanes) {
    if (installed && signer !== 'meshCa') yield (signer === 'istioCa' ? wrong : notKnown)('citadelLeft', cluster.cluster, revision);
  }
}
