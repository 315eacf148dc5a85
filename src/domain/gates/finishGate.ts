// Gate before anything of a revision goes (its istiod, Service istiod, a gateway): nothing refers to it, nobody loses an endpoint.
import { DEFAULT_REVISION, ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import type { GateSubject } from './gate.js';
import type { ClusterGateFacts, GateFacts, WebhookGateFacts } from './gateFacts.js';
import { controlPlaneOf, knownMesh, subjectClusters, subjectMissing } from './knownMesh.js';
import { creatableUnknown, missing, notKnown, proxyObstacle, wrong } from './obstacle.js';
import type { Obstacle } from './obstacle.js';

const ISTIOD_SERVICE = `${ISTIO_NAMESPACE}/istiod`;

export function* finishObstacles(facts: GateFacts, subject: GateSubject): Generator<Obstacle> {
  yield* knownMesh(facts);
  yield* subjectMissing(facts, subject);
  for (const cluster of subjectClusters(facts, subject)) yield* finishIn(cluster, subject);
}

function* finishIn(cluster: ClusterGateFacts, subject: GateSubject): Generator<Obstacle> {
  const { goes = 'controlPlane' } = subject;
  if (goes === 'gateway') {
    yield* gatewayGoes(cluster, subject);
    return;
  }
  const revision = leaving(cluster, subject);
  if (revision === undefined) {
    yield notKnown('revisionNotPlanned', cluster.cluster, '');
    return;
  }
  if (goes === 'istiodService') yield* successorReady(cluster, subject);
  // Only revision `default` is reached through Service `istiod` itself: for it the Service's move is its end.
  const stays = goes === 'istiodService' && revision === subject.successor;
  if (!stays && (goes === 'controlPlane' || revision === DEFAULT_REVISION)) {
    yield* references(cluster, revision);
    yield* webhooks(cluster, revision, goes);
  }
  if (goes === 'controlPlane' && cluster.istiodService === revision) yield wrong('istiodServiceRefers', cluster.cluster, revision);
}

/** Whom Service `istiod` is led away from is what it leads to now: the phase before may not have been finished. */
function leaving({ istiodService }: ClusterGateFacts, { goes, revision }: GateSubject): string | undefined {
  return goes === 'istiodService' ? (istiodService ?? revision) : revision;
}

/** Proxies, templates, labels and tags that would find nobody. Waivers do not help here: it breaks for good. */
function* references(cluster: ClusterGateFacts, revision: string): Generator<Obstacle> {
  for (const { name, revision: of } of cluster.references) {
    if (of === revision) yield wrong('reference', cluster.cluster, name, revision);
  }
  for (const { namespace, workload, outcome, meshed } of cluster.creatable) {
    const subject = `${namespace}/${workload}`;
    if ((outcome.kind === 'injected' || outcome.kind === 'handInjected') && outcome.revision === revision) {
      yield wrong('creatableByOld', cluster.cluster, subject, revision);
    }
    if (meshed && outcome.kind === 'unknown') yield creatableUnknown(cluster.cluster, subject, outcome.reason);
  }
  for (const proxy of cluster.proxies) {
    if (proxy.revision === revision) yield proxyObstacle('proxyRefers', cluster, proxy, revision);
    else if (proxy.revision === undefined) yield proxyObstacle('proxyUnknown', cluster, proxy, '', true);
  }
}

/** Webhooks that can match keep an endpoint: those of others must not call the Service that goes. */
function* webhooks(cluster: ClusterGateFacts, revision: string, goes: 'controlPlane' | 'istiodService'): Generator<Obstacle> {
  const service = revision === DEFAULT_REVISION ? ISTIOD_SERVICE : `${ISTIOD_SERVICE}-${revision}`;
  for (const webhook of cluster.webhooks) {
    if (!webhook.canMatch) continue;
    const isOwn = webhook.revision === revision && webhook.tag === undefined;
    // Its own validation goes with it; its own injection, as long as something matches it, may not.
    if (isOwn && webhook.kind === 'validating') continue;
    if (isOwn) yield wrong('webhookLosesEndpoint', cluster.cluster, nameOf(webhook), revision);
    // Service `istiod` stays, with the successor behind it.
    else if (webhook.service === service && service !== ISTIOD_SERVICE) yield wrong('webhookLosesEndpoint', cluster.cluster, nameOf(webhook), revision);
    else if (goes === 'controlPlane' && webhook.endpointReady !== true) {
      yield (webhook.endpointReady === false ? wrong : notKnown)('webhookWithoutEndpoint', cluster.cluster, webhook.name);
    }
  }
}

/** With one of those that match it: whoever forgot a namespace does not know where to look. */
function nameOf({ name, matches }: WebhookGateFacts): string {
  return matches === undefined ? name : `${name} (${matches})`;
}

/** Whoever Service `istiod` is to lead to must be there: validation, and all that calls by that name, hangs on it. */
function* successorReady(cluster: ClusterGateFacts, { successor }: GateSubject): Generator<Obstacle> {
  const controlPlane = controlPlaneOf(cluster, successor);
  if (controlPlane === undefined) yield missing('controlPlaneMissing', cluster, successor ?? '');
  else if (!controlPlane.ready) yield missing('controlPlaneNotReady', cluster, controlPlane.revision);
}

/** A gateway Deployment may go when every Service it serves has a ready endpoint of another. */
function* gatewayGoes(cluster: ClusterGateFacts, { namespace, gateway }: GateSubject): Generator<Obstacle> {
  if (gateway === undefined) {
    yield notKnown('gatewayLosesEndpoint', cluster.cluster, '');
    return;
  }
  const workload = `Deployment/${gateway}`;
  for (const service of cluster.gatewayServices) {
    if (service.namespace !== namespace) continue;
    const { [workload]: own = 0, ...others } = service.ready;
    const isLast = own > 0 && Object.values(others).every((count) => count === 0);
    if (isLast) yield wrong('gatewayLosesEndpoint', cluster.cluster, `${service.namespace}/${service.name}`, gateway);
  }
}
