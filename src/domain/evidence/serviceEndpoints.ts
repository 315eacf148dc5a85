// Whether a Service leads anywhere: computed from its selector and the pods, which are watched, so that no endpoints need be.
import type { PodFacts, ServiceFacts } from '../mesh/facts.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';

/** The pods that a Service sends traffic to now; undefined for one without a selector, whose endpoints somebody else keeps. */
export function readyEndpoints(snapshot: ClusterSnapshot, service: ServiceFacts): readonly PodFacts[] | undefined {
  const wanted = Object.entries(service.selector);
  if (wanted.length === 0) return undefined;
  const pods = snapshot.namespaces.get(service.namespace)?.pods.values() ?? [];
  return [...pods].filter(({ ready, terminating, labels }) => ready && !terminating && wanted.every(([key, value]) => labels[key] === value));
}

export function findService(snapshot: ClusterSnapshot, namespace: string, name: string): ServiceFacts | undefined {
  return snapshot.namespaces.get(namespace)?.services.get(name);
}

/** Of what a webhook calls: false where the Service is gone or leads to no ready pod. */
export function hasReadyEndpoint(
  snapshot: ClusterSnapshot,
  address: { readonly namespace: string; readonly name: string } | undefined,
): boolean | 'unknown' {
  // A URL leads out of the cluster.
  if (address === undefined || snapshot.kinds.services.state !== 'live' || snapshot.kinds.pods.state !== 'live') return 'unknown';
  const service = findService(snapshot, address.namespace, address.name);
  if (service === undefined) return false;
  const endpoints = readyEndpoints(snapshot, service);
  return endpoints === undefined ? 'unknown' : endpoints.length > 0;
}
