// What every gate asks first: that the whole mesh was read, that no cluster of it is missing, and that it has come to rest.
import type { GateSubject } from './gate.js';
import type { ClusterGateFacts, ControlPlaneGateFacts, GateFacts } from './gateFacts.js';
import { missing, notKnown, wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';

/** What is not known of the mesh, and whether it still moves: two surveys after the last step must agree. */
export function* knownMesh(facts: GateFacts): Generator<Obstacle> {
  if (facts.clusters.length === 0) yield notKnown('clusterMissing', undefined, '');
  for (const { cluster, unread } of facts.clusters) {
    for (const what of unread) yield { ...notKnown('clusterUnread', cluster, cluster), reason: what };
  }
  for (const cluster of facts.clustersNotInPlan) yield wrong('clusterNotInPlan', undefined, cluster);
  if (!facts.settled) yield notKnown('notSettled', undefined, '');
}

/**
 * Nobody of the fleet is overlooked: whoever is in it and not in the plan may be of the mesh, and would be cut off with the old root.
 * Asked before phase 2 and phase 3 only, because nobody is cut off before, and never in front of a way back.
 */
export function* knownFleet({ fleet }: GateFacts): Generator<Obstacle> {
  if (fleet.state === 'unread') yield notKnown('fleetUnread', undefined, fleet.project, fleet.why === 'old' ? String(fleet.days) : '');
  if (fleet.state === 'read') for (const member of fleet.notInPlan) yield notKnown('fleetMemberNotInPlan', undefined, member);
}

/** The clusters that a subject means; one that is not in the facts is an obstacle of its own (`subjectMissing`). */
export function subjectClusters(facts: GateFacts, subject: GateSubject): readonly ClusterGateFacts[] {
  return subject.cluster === undefined ? facts.clusters : facts.clusters.filter(({ cluster }) => cluster === subject.cluster);
}

/** A gate asked about a cluster of which nothing is known stays shut. */
export function* subjectMissing(facts: GateFacts, subject: GateSubject): Generator<Obstacle> {
  const { cluster } = subject;
  if (cluster !== undefined && !facts.clusters.some((known) => known.cluster === cluster)) yield notKnown('clusterMissing', cluster, cluster);
}

export function controlPlaneOf(cluster: ClusterGateFacts, revision: string | undefined): ControlPlaneGateFacts | undefined {
  return cluster.controlPlanes.find((candidate) => candidate.revision === revision && candidate.installed);
}

/** The revision's istiod is ready, and an injection webhook leads to it: what may be asked of a revision that pods are to come from. */
export function* readyToInject(cluster: ClusterGateFacts, revision: string): Generator<Obstacle> {
  const controlPlane = controlPlaneOf(cluster, revision);
  if (controlPlane === undefined) yield missing('controlPlaneMissing', cluster, revision);
  else if (!controlPlane.ready) yield missing('controlPlaneNotReady', cluster, revision);
  const own = cluster.webhooks.filter((webhook) => webhook.kind === 'mutating' && webhook.revision === revision);
  if (own.some(({ endpointReady }) => endpointReady === true)) return;
  const isUnknown = own.some(({ endpointReady }) => endpointReady === 'unknown');
  yield isUnknown ? notKnown('webhookNotInjecting', cluster.cluster, revision) : missing('webhookNotInjecting', cluster, revision);
}
