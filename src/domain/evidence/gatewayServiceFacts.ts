// The Services that lead to gateways, with how many ready endpoints each gateway gives them. Found by what they select.
import type { GatewayServiceFacts } from '../gates/gateFacts.js';
import type { Labels } from '../mesh/facts.js';
import { gateways } from '../mesh/gateways.js';
import { serviceSelects } from '../mesh/podSelection.js';
import type { ClusterSnapshot, NamespaceSnapshot } from '../mesh/snapshot.js';
import { workloadOf } from './proxyGroups.js';
import { readyEndpoints } from './serviceEndpoints.js';

/** By namespace and name. A Service that would select a gateway's pods, had it any, is among them with nothing ready. */
export function gatewayServiceFacts(snapshot: ClusterSnapshot): readonly GatewayServiceFacts[] {
  const byNamespace = new Map<string, Labels[]>();
  for (const { namespace, workload } of gateways(snapshot)) {
    const templates = [...workload.pods.map(({ labels }) => labels), ...(workload.facts === undefined ? [] : [workload.facts.templateLabels])];
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), ...templates]);
  }
  return [...byNamespace].flatMap(([name, templates]) => {
    const namespace = snapshot.namespaces.get(name);
    return namespace === undefined ? [] : servicesOf(snapshot, namespace, templates);
  });
}

function servicesOf(snapshot: ClusterSnapshot, namespace: NamespaceSnapshot, templates: readonly Labels[]): readonly GatewayServiceFacts[] {
  return [...namespace.services.values()]
    .filter((service) => templates.some((labels) => serviceSelects(service.selector, labels)))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .map((service) => {
      const ready: Record<string, number> = {};
      for (const pod of readyEndpoints(snapshot, service) ?? []) {
        const workload = workloadOf(pod);
        ready[workload] = (ready[workload] ?? 0) + 1;
      }
      return { namespace: namespace.name, name: service.name, ready };
    });
}
