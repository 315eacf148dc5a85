// Puts together what a proxy's Envoy would tell, from the simulated proxy and the Services of its cluster.
import { ROOT_SECRET, WORKLOAD_SECRET } from '../../shared/istioNames.js';
import type { ObjectStore } from '../clusterBackend.js';
import type { Service, ServicePods } from '../controllers/servicePods.js';
import type { ControlStream, EnvoySecret, EnvoyUpstream, EnvoyView } from '../envoy/envoyView.js';
import type { RunningProxy } from './dataPlane.js';
import { gatewaySecrets } from './gatewaySecrets.js';
import type { StoredPod } from './podTypes.js';
import type { ProxyCertificates } from './proxyCertificates.js';
import { anchorsOf, spiffeId } from './proxyTrust.js';
import type { ProxyTrust } from './proxyTrust.js';
import { writtenServerNames } from './serverNames.js';

interface ViewTools {
  readonly store: ObjectStore;
  readonly servicePods: ServicePods;
  readonly certificates: ProxyCertificates;
  readonly now: Date;
  readonly controlStream: ControlStream;
}

function secretsOf(pod: StoredPod, proxy: RunningProxy, trust: ProxyTrust, certificates: ProxyCertificates): EnvoySecret[] {
  const { uid, namespace = '' } = pod.metadata;
  const { serviceAccount, agent, keyType } = proxy.settings;
  const pem = certificates.chainOf({ uid, namespace, serviceAccount, keyType }, trust);
  const anchors = anchorsOf(agent, trust).join('');
  return [
    { kind: 'chain', name: WORKLOAD_SECRET, pem, lastUpdated: new Date(trust.certifiedAt) },
    { kind: 'anchors', name: ROOT_SECRET, pem: anchors, lastUpdated: new Date(trust.anchorsChangedAt) },
  ];
}

const DESTINATION_RULES = 'destinationrules.networking.istio.io';

/** Clients pin the service accounts behind a Service, under each domain that their istiod counts as its own; or what a rule writes. */
function upstreamsOf({ store, servicePods }: ViewTools, client: string, domains: readonly string[]): EnvoyUpstream[] {
  const rules = store.list(DESTINATION_RULES);
  return (store.list('services') as readonly Service[]).flatMap((service) => {
    const { name, namespace = '' } = service.metadata;
    const accounts = [...new Set(servicePods.selectedBy(service).map(({ spec }) => spec.serviceAccountName ?? 'default'))].sort();
    const written = accounts.length === 0 ? undefined : writtenServerNames(rules, { name, namespace, client });
    const spiffeIds = written ?? accounts.flatMap((account) => domains.map((domain) => spiffeId(domain, namespace, account)));
    return (service.spec.ports ?? []).map(({ port }) => ({
      cluster: `outbound|${port}||${name}.${namespace}.svc.cluster.local`,
      spiffeIds,
    }));
  });
}

/** Envoy asks for the mesh's two secrets only where its configuration names them: in an east-west gateway nothing does. */
function meshSecrets(pod: StoredPod, { settings, startedAt, trust }: RunningProxy, certificates: ProxyCertificates): EnvoySecret[] {
  if (!settings.usesMutualTls) return [];
  if (trust !== undefined) return secretsOf(pod, { settings, startedAt, trust }, trust, certificates);
  return [WORKLOAD_SECRET, ROOT_SECRET].map((name) => ({ kind: 'warming', name, lastUpdated: new Date(startedAt) }));
}

export function viewOfProxy(tools: ViewTools, pod: StoredPod, proxy: RunningProxy): EnvoyView {
  const { settings, startedAt, trust } = proxy;
  const own = settings.kind === 'router' ? gatewaySecrets(tools.store, pod, settings.revision, new Date(startedAt)) : [];
  return {
    pod: pod.metadata.name,
    namespace: pod.metadata.namespace ?? '',
    podIP: pod.status?.podIP ?? '',
    isConfigured: trust?.push !== undefined,
    kind: settings.kind,
    istioVersion: settings.version,
    clusterId: settings.clusterId,
    meshId: settings.meshId,
    startedAt: new Date(startedAt),
    now: tools.now,
    controlStream: tools.controlStream,
    secrets: [...meshSecrets(pod, proxy, tools.certificates), ...own],
    acceptedDomains: trust?.push?.acceptedDomains ?? [],
    // A getter: it goes through all Services, and most questions are about secrets.
    get upstreams() {
      return upstreamsOf(tools, pod.metadata.namespace ?? '', trust?.push?.pinnedDomains ?? []);
    },
  };
}
