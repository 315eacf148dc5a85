// What a throw-away pod of a revision must have shown before pods that matter may come from it.
import { controlPlaneOf } from './knownMesh.js';
import { MESH_CA_ANCHOR } from './gateFacts.js';
import type { ClusterGateFacts, GateFacts, ProbeFacts } from './gateFacts.js';
import { notKnown, proxyObstacle, wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';
import { acceptsDomain, couldTalk, peerIdentities } from './peers.js';
import type { Talks } from './peers.js';

/** The last probe of the istiod that is there now: one of an istiod before it says nothing. */
function presentProbe(cluster: ClusterGateFacts, revision: string): ProbeFacts | undefined {
  const identity = controlPlaneOf(cluster, revision)?.identity;
  return cluster.probes.find((probe) => probe.revision === revision && probe.controlPlane === identity);
}

/** What is missing in the probe itself: its signer, both roots, and the roots of everything it will have to talk to. */
function* probeItself(facts: GateFacts, cluster: ClusterGateFacts, probe: ProbeFacts, isMeshCa: boolean, talks: Talks): Generator<Obstacle> {
  const { revision, issuer, anchors } = probe;
  if (issuer === undefined || (issuer === MESH_CA_ANCHOR) !== isMeshCa) yield wrong('probeSigner', cluster.cluster, revision, issuer ?? '');
  if (!anchors.includes(MESH_CA_ANCHOR)) yield wrong('probeLacksMeshCa', cluster.cluster, revision);
  for (const peer of peerIdentities(facts, cluster.cluster, talks)) {
    if (!anchors.includes(peer.issuer)) yield wrong('probeLacksIssuer', cluster.cluster, revision, peer.issuer);
  }
  yield* probeAccepts(facts, cluster, revision, talks);
}

/** What its control plane tells its pods to accept must hold every domain that lives: the probe is gone, and nobody called it. */
function* probeAccepts(facts: GateFacts, cluster: ClusterGateFacts, revision: string, talks: Talks): Generator<Obstacle> {
  const accepts = controlPlaneOf(cluster, revision)?.accepts ?? 'unknown';
  const domains = new Set(peerIdentities(facts, cluster.cluster, talks).map(({ domain }) => domain));
  for (const domain of domains) {
    if (accepts === 'unknown') yield notKnown('controlPlaneRejectsDomain', cluster.cluster, revision, domain);
    else if (!accepts.includes(domain)) yield wrong('controlPlaneRejectsDomain', cluster.cluster, revision, domain);
  }
}

/** Every read proxy that could talk to this cluster must take the probe's certificate, whoever calls whom. */
function* probeAmongProxies(facts: GateFacts, cluster: ClusterGateFacts, probe: ProbeFacts, talks: Talks): Generator<Obstacle> {
  const { issuer, domain } = probe;
  if (issuer === undefined || domain === undefined) return;
  for (const other of facts.clusters) {
    if (!talks(cluster.cluster, other.cluster)) continue;
    for (const proxy of other.proxies) {
      const { standing } = proxy;
      if (proxy.waived || standing.kind !== 'read') continue;
      if (!standing.anchors.includes(issuer)) yield proxyObstacle('probeNotTrusted', other, proxy, issuer);
      const accepted = acceptsDomain(standing, domain);
      if (accepted !== true) yield proxyObstacle('probeNotAccepted', other, proxy, domain, accepted === 'unknown');
    }
  }
}

/**
 * What the old istiods make next trusts their own root alone, whether or not a pod of theirs lives now. Where their root is not
 * known there are proxies that say different things, and those are asked themselves.
 */
function* probeBesideCitadels(facts: GateFacts, cluster: ClusterGateFacts, { revision, issuer }: ProbeFacts, talks: Talks): Generator<Obstacle> {
  const others = facts.clusters.filter((other) => talks(cluster.cluster, other.cluster)).flatMap(({ controlPlanes }) => controlPlanes);
  const isOther = others.some((other) => other.installed && other.signer === 'istioCa' && other.revision !== revision && other.issuer !== undefined && other.issuer !== issuer);
  if (isOther) yield wrong('probeSigner', cluster.cluster, revision, issuer ?? '');
}

/** `signer` is who has to have signed the probe: Mesh CA in phase 2, the Istio CA before. */
export function* probeObstacles(facts: GateFacts, cluster: ClusterGateFacts, revision: string, signer: 'istioCa' | 'meshCa'): Generator<Obstacle> {
  const probe = presentProbe(cluster, revision);
  if (probe === undefined) {
    yield notKnown('probeMissing', cluster.cluster, revision);
    return;
  }
  if (!probe.passed) {
    yield wrong('probeFailed', cluster.cluster, revision);
    return;
  }
  const talks = couldTalk(facts);
  yield* probeItself(facts, cluster, probe, signer === 'meshCa', talks);
  if (signer === 'istioCa') yield* probeBesideCitadels(facts, cluster, probe, talks);
  yield* probeAmongProxies(facts, cluster, probe, talks);
}
