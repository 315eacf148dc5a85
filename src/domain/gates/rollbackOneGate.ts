// Lock of phase 1's rollback, label included: no Mesh CA certificate lives or can be issued anywhere, and the old istiod is there.
import { DEFAULT_REVISION } from '../../shared/istioNames.js';
import type { GateSubject } from './gate.js';
import { MESH_CA_ANCHOR } from './gateFacts.js';
import type { ClusterGateFacts, GateFacts, ProxyFacts } from './gateFacts.js';
import { controlPlaneOf, knownMesh, readyToInject, subjectClusters, subjectMissing } from './knownMesh.js';
import { creatableUnknown, missing, notKnown, proxyObstacle, proxyUnknown, wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';

export function* rollbackOneObstacles(facts: GateFacts, subject: GateSubject): Generator<Obstacle> {
  yield* knownMesh(facts);
  yield* subjectMissing(facts, subject);
  for (const cluster of subjectClusters(facts, subject)) {
    if (subject.revision === undefined) yield notKnown('revisionNotPlanned', cluster.cluster, '');
    else yield* oldInjector(cluster, subject.revision);
  }
  for (const cluster of facts.clusters) {
    yield* issuable(cluster);
    for (const proxy of cluster.proxies) yield* certificate(cluster, proxy);
  }
}

/** Pods of revision `default` come from whatever Service `istiod` leads to: after `finalize-webhook`, from a newer istiod. */
function* oldInjector(cluster: ClusterGateFacts, revision: string): Generator<Obstacle> {
  yield* readyToInject(cluster, revision);
  if (revision === DEFAULT_REVISION && cluster.istiodService !== revision) {
    yield missing('istiodServiceElsewhere', cluster, revision, cluster.istiodService ?? '');
  }
}

function mayBeMeshCa(cluster: ClusterGateFacts, revision: string | undefined): boolean | 'unknown' {
  const signer = controlPlaneOf(cluster, revision)?.signer;
  return signer === 'unknown' ? 'unknown' : signer === 'meshCa';
}

/** What could ask Mesh CA for a certificate next. */
function* issuable(cluster: ClusterGateFacts): Generator<Obstacle> {
  for (const { name, revision } of cluster.references) {
    const may = mayBeMeshCa(cluster, revision);
    if (may !== false) yield (may === true ? wrong : notKnown)('creatableMeshCa', cluster.cluster, name, revision);
  }
  for (const { namespace, workload, outcome } of cluster.creatable) {
    if (outcome.kind === 'unknown') yield creatableUnknown(cluster.cluster, `${namespace}/${workload}`, outcome.reason);
    if (outcome.kind !== 'injected' && outcome.kind !== 'handInjected') continue;
    const may = mayBeMeshCa(cluster, outcome.revision);
    if (may !== false) yield (may === true ? wrong : notKnown)('creatableMeshCa', cluster.cluster, `${namespace}/${workload}`, outcome.revision ?? '');
  }
}

function* certificate(cluster: ClusterGateFacts, proxy: ProxyFacts): Generator<Obstacle> {
  const { standing, revision, waived } = proxy;
  if (standing.kind === 'read') {
    // Its present certificate, and the next one.
    if (standing.issuer === MESH_CA_ANCHOR || mayBeMeshCa(cluster, revision) === true) yield proxyObstacle('proxyMeshCaCertificate', cluster, proxy);
    return;
  }
  if (mayBeMeshCa(cluster, revision) === true) yield proxyObstacle('proxyMeshCaCertificate', cluster, proxy);
  else if (standing.kind === 'unknown' && !waived) yield proxyUnknown(cluster, proxy, standing.reason);
}
