// Lock of phase 2's rollback: REVISION_1 is ready, and every proxy of the mesh, living or next, still trusts what it signs under.
import type { GateSubject } from './gate.js';
import type { AnchorId, CaSecretFacts, ClusterGateFacts, GateFacts, ProxyFacts } from './gateFacts.js';
import { controlPlaneOf, knownMesh, readyToInject, subjectClusters, subjectMissing } from './knownMesh.js';
import { missing, notKnown, proxyObstacle, proxyUnknown, wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';
import { creatableUnvouched } from './unvouched.js';
import { acceptsDomain, couldTalk } from './peers.js';

export function* rollbackTwoObstacles(facts: GateFacts, subject: GateSubject): Generator<Obstacle> {
  yield* knownMesh(facts);
  yield* subjectMissing(facts, subject);
  const { revision1 } = facts;
  if (revision1 === undefined) {
    yield wrong('revisionNotPlanned', undefined, '1');
    return;
  }
  // Once phase 3 began anywhere, the Secrets come back everywhere first, and into the istiods that hand their root out.
  for (const cluster of facts.clusters) yield* caSecrets(cluster);
  for (const cluster of subjectClusters(facts, subject)) {
    yield* readyToInject(cluster, revision1);
    yield* trustsReturningCa(facts, cluster, revision1);
  }
}

function* caSecrets(cluster: ClusterGateFacts): Generator<Obstacle> {
  const { caSecrets } = cluster;
  if (caSecrets.some(({ present }) => present === 'unknown')) yield notKnown('clusterUnread', cluster.cluster, cluster.cluster, 'cacerts');
  else if (!caSecrets.some(({ present }) => present === true) || caSecrets.some(isPluggedInGone)) yield missing('caSecretMissing', cluster, '');
  for (const { revision, installed, loadedPresentCa } of cluster.controlPlanes) {
    if (installed && loadedPresentCa !== true) yield (loadedPresentCa === false ? wrong : notKnown)('caNotLoaded', cluster.cluster, revision);
  }
}

/**
 * Deleted in phase 3 and not back. A Citadel that starts then makes a root of its own and a Secret for it: that one is there and
 * loaded everywhere in its cluster, and still nothing that other clusters make trusts what is signed under it, nor the other way round.
 */
function isPluggedInGone({ name, present, backedUp }: CaSecretFacts): boolean {
  return name === 'cacerts' && present === false && backedUp;
}

function* trustsReturningCa(facts: GateFacts, cluster: ClusterGateFacts, revision: string): Generator<Obstacle> {
  const controlPlane = controlPlaneOf(cluster, revision);
  if (controlPlane === undefined) return;
  const { issuer, trustDomain } = controlPlane;
  if (issuer === undefined || trustDomain === undefined) {
    yield notKnown('citadelLeft', cluster.cluster, revision);
    return;
  }
  const talks = couldTalk(facts);
  for (const other of facts.clusters) {
    if (!talks(cluster.cluster, other.cluster)) continue;
    yield* creatableUnvouched(other);
    for (const proxy of other.proxies) if (!proxy.waived) yield* trusts(other, proxy, issuer, trustDomain);
  }
}

function* trusts(cluster: ClusterGateFacts, proxy: ProxyFacts, issuer: AnchorId, domain: string): Generator<Obstacle> {
  const { standing } = proxy;
  if (standing.kind === 'unknown') yield proxyUnknown(cluster, proxy, standing.reason);
  if (standing.kind === 'ownCertificates') yield proxyObstacle('proxyOwnCertificates', cluster, proxy);
  // Those that follow their injector get what istiods hand out, which has been asked above.
  if (standing.kind !== 'read') return;
  if (!standing.anchors.includes(issuer)) yield proxyObstacle('proxyLacksIssuer', cluster, proxy, issuer);
  const accepted = acceptsDomain(standing, domain);
  if (accepted !== true) yield proxyObstacle('proxyRejectsDomain', cluster, proxy, domain, accepted === 'unknown');
}
