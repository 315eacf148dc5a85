// Whether those who verify istiod hold the root that it serves under: proxies by a config map, the API server by a webhook's bundle.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';

/** Proxies verify istiod with it, so namespaces that lag cannot connect after istiod's root has changed (istio#36723). */
export function laggingRoots({ caRoots }: ClusterSnapshot): readonly Message[] {
  const counts = new Map<string, string[]>();
  for (const { namespace, fingerprints } of caRoots.values()) {
    const key = [...fingerprints].sort().join();
    counts.set(key, [...(counts.get(key) ?? []), namespace]);
  }
  if (counts.size < 2) return [];
  const [, ...lagging] = [...counts.values()].sort((one, other) => other.length - one.length);
  return [message('concerns.rootsDisagree', { namespaces: lagging.flat().sort().join(', ') })];
}

/** The API server verifies istiod with `caBundle`; one left behind by a change of root refuses every pod (istio#60774). */
export function staleBundles({ objects, caRoots }: ClusterSnapshot): readonly Message[] {
  const published = new Set([...caRoots.values()].flatMap(({ fingerprints }) => fingerprints));
  if (published.size === 0) return [];
  return [...itemsOf(objects.mutatingWebhooks), ...itemsOf(objects.validatingWebhooks)]
    .filter(({ webhooks }) => webhooks.some(({ service, caBundle }) => service !== undefined && !(caBundle ?? []).some((root) => published.has(root))))
    .map(({ name }) => message('concerns.webhookBundle', { webhook: name }));
}
