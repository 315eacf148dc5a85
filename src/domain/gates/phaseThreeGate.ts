// Gate before CA Secrets are deleted: in every cluster nothing lives under an old root, and nothing is left that could sign under one.
import { MESH_CA_ANCHOR } from './gateFacts.js';
import type { ClusterGateFacts, GateFacts, ProxyFacts } from './gateFacts.js';
import type { GateSubject } from './gate.js';
import { controlPlaneOf, knownFleet, knownMesh, subjectClusters, subjectMissing } from './knownMesh.js';
import { creatableUnknown, missing, notKnown, proxyObstacle, proxyUnknown, wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';
import { creatableUnvouched } from './unvouched.js';

export function* phaseThreeObstacles(facts: GateFacts, subject: GateSubject): Generator<Obstacle> {
  yield* knownMesh(facts);
  yield* knownFleet(facts);
  yield* subjectMissing(facts, subject);
  for (const cluster of facts.clusters) {
    yield* citadels(cluster);
    yield* creatableUnvouched(cluster);
    for (const proxy of cluster.proxies) yield* certificate(cluster, proxy);
  }
  for (const cluster of subjectClusters(facts, subject)) yield* backups(cluster);
}

function isMeshCa(cluster: ClusterGateFacts, revision: string | undefined): boolean {
  return controlPlaneOf(cluster, revision)?.signer === 'meshCa';
}

/** Control planes that sign, and whatever would ask one that is not Mesh CA's. */
function* citadels(cluster: ClusterGateFacts): Generator<Obstacle> {
  for (const { revision, installed, signer } of cluster.controlPlanes) {
    if (installed && signer !== 'meshCa') yield (signer === 'istioCa' ? wrong : notKnown)('citadelLeft', cluster.cluster, revision);
  }
  for (const { name, revision } of cluster.references) {
    if (!isMeshCa(cluster, revision)) yield wrong('reference', cluster.cluster, name, revision);
  }
  for (const { namespace, workload, outcome, meshed } of cluster.creatable) {
    const subject = `${namespace}/${workload}`;
    if (outcome.kind === 'unknown' && meshed) yield creatableUnknown(cluster.cluster, subject, outcome.reason);
    if (outcome.kind !== 'injected' && outcome.kind !== 'handInjected') continue;
    if (!isMeshCa(cluster, outcome.revision)) yield wrong('creatableByOld', cluster.cluster, subject, outcome.revision ?? '');
  }
}

/** A certificate under an old root that is known to live cannot be waived; what only may be one can. */
function* certificate(cluster: ClusterGateFacts, proxy: ProxyFacts): Generator<Obstacle> {
  const { standing, revision, waived } = proxy;
  if (standing.kind === 'read') {
    if (standing.issuer !== MESH_CA_ANCHOR) yield proxyObstacle('proxyOldCertificate', cluster, proxy, standing.issuer);
    return;
  }
  if (waived) return;
  if (standing.kind === 'unknown') yield proxyUnknown(cluster, proxy, standing.reason);
  else if (standing.kind === 'ownCertificates') yield proxyObstacle('proxyOwnCertificates', cluster, proxy);
  else if (!isMeshCa(cluster, revision)) yield proxyObstacle('proxyUnjudged', cluster, proxy, revision ?? '');
}

function* backups(cluster: ClusterGateFacts): Generator<Obstacle> {
  for (const { name, present, backedUp, madeAnew } of cluster.caSecrets) {
    if (present === 'unknown') yield notKnown('clusterUnread', cluster.cluster, cluster.cluster, name);
    if (present === true && !backedUp && madeAnew !== true) yield missing('backupMissing', cluster, name);
  }
}
