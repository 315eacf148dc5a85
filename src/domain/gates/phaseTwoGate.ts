// Gate before REVISION_2 is installed: every proxy, and everything that could become one, trusts Mesh CA and accepts its domain.
import type { ClusterGateFacts, CreatableFacts, GateFacts, ProxyFacts } from './gateFacts.js';
import { MESH_CA_ANCHOR } from './gateFacts.js';
import { distributesMeshCa, handsOutMeshCa, injectorVouches } from './injectedTrust.js';
import { controlPlaneOf, knownFleet, knownMesh } from './knownMesh.js';
import { creatableUnknown, missing, notKnown, proxyObstacle, proxyUnknown, wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';
import { creatableUnvouched } from './unvouched.js';
import { acceptsDomain, couldTalk, lacksOfPeers, peerIdentities } from './peers.js';
import type { LiveIdentity, ReadStanding } from './peers.js';

export function* phaseTwoObstacles(facts: GateFacts): Generator<Obstacle> {
  yield* knownMesh(facts);
  yield* knownFleet(facts);
  if (facts.revision1 === undefined) yield wrong('revisionNotPlanned', undefined, '1');
  const talks = couldTalk(facts);
  for (const cluster of facts.clusters) {
    yield* distributors(cluster, facts);
    yield* injectors(cluster, facts);
    for (const creatable of cluster.creatable) yield* creatableObstacles(cluster, creatable, facts);
    yield* creatableUnvouched(cluster);
    yield* identityScan(cluster);
    const peers = peerIdentities(facts, cluster.cluster, talks);
    for (const proxy of cluster.proxies) if (!proxy.waived) yield* proxyObstacles(cluster, proxy, facts, peers);
  }
}

/**
 * Each cluster has a ready control plane that hands out Mesh CA's root: REVISION_1, or REVISION_2 where that cluster is
 * already through with phase 2 and REVISION_1 has gone there. (To ask for REVISION_1 everywhere would lock the others out.)
 */
function* distributors(cluster: ClusterGateFacts, facts: GateFacts): Generator<Obstacle> {
  const { revision1 = '', revision2 } = facts;
  const revision = controlPlaneOf(cluster, revision1) === undefined && controlPlaneOf(cluster, revision2) !== undefined ? (revision2 ?? '') : revision1;
  const controlPlane = controlPlaneOf(cluster, revision);
  if (controlPlane === undefined) {
    yield missing('controlPlaneMissing', cluster, revision1);
    return;
  }
  if (!controlPlane.ready) yield missing('controlPlaneNotReady', cluster, revision);
  const handsOut = handsOutMeshCa(controlPlane);
  if (handsOut !== 'yes') {
    yield (handsOut === 'no' ? wrong : notKnown)('controlPlaneNotDistributing', cluster.cluster, revision);
  }
  const { accepts } = controlPlane;
  const { meshCaDomain } = facts;
  if (meshCaDomain === undefined || accepts === 'unknown') yield notKnown('controlPlaneRejectsDomain', cluster.cluster, revision, meshCaDomain ?? '');
  else if (!accepts.includes(meshCaDomain)) yield wrong('controlPlaneRejectsDomain', cluster.cluster, revision, meshCaDomain);
}

/** No injector whose pods would not trust Mesh CA may match anything, through its own webhook or a tag's. */
function* injectors(cluster: ClusterGateFacts, facts: GateFacts): Generator<Obstacle> {
  for (const { name, kind, revision, canMatch } of cluster.webhooks) {
    if (kind !== 'mutating' || !canMatch) continue;
    if (distributesMeshCa(cluster, revision, facts) === false) yield wrong('oldInjectorMatches', cluster.cluster, name, revision ?? '');
  }
  for (const { name, revision } of cluster.references) {
    if (distributesMeshCa(cluster, revision, facts) === false) yield wrong('reference', cluster.cluster, name, revision);
  }
}

function* creatableObstacles(cluster: ClusterGateFacts, creatable: CreatableFacts, facts: GateFacts): Generator<Obstacle> {
  const { outcome, meshed, waived, foreignProxyImage } = creatable;
  if (waived) return;
  const subject = `${creatable.namespace}/${creatable.workload}`;
  if (outcome.kind === 'unknown') yield creatableUnknown(cluster.cluster, subject, outcome.reason);
  if (!meshed && outcome.kind !== 'injected' && outcome.kind !== 'handInjected') return;
  if (foreignProxyImage) yield wrong('creatableForeignImage', cluster.cluster, subject);
  if (outcome.kind === 'withoutSidecar') yield wrong('creatableWithoutSidecar', cluster.cluster, subject);
  if (outcome.kind === 'refused') yield { ...wrong('creatableRefused', cluster.cluster, subject), reason: outcome.reason };
  if (outcome.kind !== 'injected' && outcome.kind !== 'handInjected') return;
  const distributes = distributesMeshCa(cluster, outcome.revision, facts);
  if (distributes !== true) yield (distributes === false ? wrong : notKnown)('creatableByOld', cluster.cluster, subject, outcome.revision ?? '');
}

function* identityScan({ cluster, openIdentityFindings }: ClusterGateFacts): Generator<Obstacle> {
  if (openIdentityFindings === undefined) yield notKnown('identityNotScanned', cluster, '');
  else if (openIdentityFindings > 0) yield wrong('identityFindings', cluster, '', String(openIdentityFindings));
}

function* proxyObstacles(cluster: ClusterGateFacts, proxy: ProxyFacts, facts: GateFacts, peers: readonly LiveIdentity[]): Generator<Obstacle> {
  const { standing } = proxy;
  switch (standing.kind) {
    case 'read':
      yield* readObstacles(cluster, proxy, standing, facts);
      yield* lacksOfPeers(cluster, proxy, standing, peers);
      return;
    case 'followsInjector':
    case 'notLoaded': {
      const vouched = injectorVouches(cluster, proxy.revision, facts);
      if (vouched !== true) yield proxyObstacle('proxyUnjudged', cluster, proxy, proxy.revision ?? '', vouched === 'unknown');
      return;
    }
    case 'ownCertificates':
      yield proxyObstacle('proxyOwnCertificates', cluster, proxy);
      return;
    case 'unknown':
      yield proxyUnknown(cluster, proxy, standing.reason);
  }
}

function* readObstacles(cluster: ClusterGateFacts, proxy: ProxyFacts, standing: ReadStanding, { meshCaDomain }: GateFacts): Generator<Obstacle> {
  if (!standing.anchors.includes(MESH_CA_ANCHOR)) yield proxyObstacle('proxyLacksMeshCa', cluster, proxy);
  if (standing.expired) yield proxyObstacle('proxyExpired', cluster, proxy);
  if (meshCaDomain === undefined) return;
  const accepted = acceptsDomain(standing, meshCaDomain);
  if (accepted !== true) yield proxyObstacle('proxyRejectsDomain', cluster, proxy, meshCaDomain, accepted === 'unknown');
}
