// Puts together what a proxy's Envoy would tell, from the simulated proxy and the Services of its cluster.
import { ROOT_SECRET, WORKLOAD_SECRET } from '../../shared/istioNames.js';
import type { ObjectStore } from '../clusterBackend.js';
import { selectedPods } from '../controllers/endpointsController.js';
import type { Service } from '../controllers/endpointsController.js';
import type { EnvoySecret, EnvoyUpstream, EnvoyView } from '../envoy/envoyView.js';
import type { RunningProxy } from './dataPlane.js';
import type { StoredPod } from './podTypes.js';
import type { ProxyCertificates } from './proxyCertificates.js';
import { anchorsOf, spiffeId } from './proxyTrust.js';
import type { ProxyTrust } from './proxyTrust.js';

function secretsOf(pod: StoredPod, proxy: RunningProxy, trust: ProxyTrust, certificates: ProxyCertificates): EnvoySecret[] {
  const { uid, namespace = '' } = pod.metadata;
  const { serviceAccount, agent } = proxy.settings;
  const pem = certificates.chainOf({ uid, namespace, serviceAccount }, trust);
  const anchors = anchorsOf(agent, trust).join('');
  return [
    { kind: 'chain', name: WORKLOAD_SECRET, pem, lastUpdated: new Date(trust.certifiedAt) },
    { kind: 'anchors', name: ROOT_SECRET, pem: anchors, lastUpdated: new Date(trust.anchorsChangedAt) },
  ];
}

/** Clients pin the service accounts behind a Service, under each domain that their istiod counts as its own. */
function upstreamsOf(store: ObjectStore, domains: readonly string[]): EnvoyUpstream[] {
  return (store.list('services') as readonly Service[]).flatMap((service) => {
    const { name, namespace = '' } = service.metadata;
    const pods = selectedPods(service, store.list('pods', namespace));
    const accounts = [...new Set(pods.map(({ spec }) => spec.serviceAccountName ?? 'default'))].sort();
    const spiffeIds = accounts.flatMap((account) => domains.map((domain) => spiffeId(domain, namespace, account)));
    return (service.spec.ports ?? []).map(({ port }) => ({
      cluster: `outbound|${port}||${name}.${namespace}.svc.cluster.local`,
      spiffeIds,
    }));
  });
}

export function viewOfProxy(
  tools: { readonly store: ObjectStore; readonly certificates: ProxyCertificates; readonly now: Date },
  pod: StoredPod,
  proxy: RunningProxy,
): EnvoyView {
  const { settings, startedAt, trust } = proxy;
  const warming: EnvoySecret[] = [WORKLOAD_SECRET, ROOT_SECRET].map((name) => ({
    kind: 'warming',
    name,
    lastUpdated: new Date(startedAt),
  }));
  return {
    pod: pod.metadata.name,
    namespace: pod.metadata.namespace ?? '',
    podIP: pod.status?.podIP ?? '',
    kind: settings.kind,
    istioVersion: settings.version,
    clusterId: settings.clusterId,
    meshId: settings.meshId,
    startedAt: new Date(startedAt),
    now: tools.now,
    secrets: trust === undefined ? warming : secretsOf(pod, proxy, trust, tools.certificates),
    acceptedDomains: trust?.push?.acceptedDomains ?? [],
    // A getter: it goes through all Services, and most questions are about secrets.
    get upstreams() {
      return upstreamsOf(tools.store, trust?.push?.pinnedDomains ?? []);
    },
  };
}
