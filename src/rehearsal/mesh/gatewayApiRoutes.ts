// What a gateway's pod serves of the Gateway API: the listeners of the Gateways that it is for, the grants for their certificates and the
// routes attached to them, as far as the istiod of its revision takes notice of them.
import { listAt, numberAt, textAt } from '../api/json.js';
import type { ObjectStore } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import { covers, isSeenBy } from './gatewayVisibility.js';
import { hasLabels } from './labelSelector.js';
import type { StoredPod } from './podTypes.js';

export const API_GATEWAYS = 'gateways.gateway.networking.k8s.io';
const GRANTS = 'referencegrants.gateway.networking.k8s.io';
const ROUTES = ['httproutes', 'grpcroutes', 'tlsroutes', 'tcproutes'].map((plural) => `${plural}.gateway.networking.k8s.io`);
/** Label that istiod puts on the pods of a Gateway-API gateway. */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

/** The one that the pod was made of, or those whose address is a Service that leads to it (Istio, Gateway API, manual deployment). */
export function apiGatewaysFor(store: ObjectStore, { metadata: { namespace = '', labels = {} } }: StoredPod, revision: string): readonly StoredObject[] {
  const own = labels[GATEWAY_NAME_LABEL];
  if (own !== undefined) return [store.get(API_GATEWAYS, namespace, own)].filter((gateway) => gateway !== undefined);
  const services = store.list('services', namespace).filter((service) => {
    const selector = (service.spec as { readonly selector?: Record<string, string> }).selector ?? {};
    return Object.keys(selector).length > 0 && hasLabels(selector, labels);
  });
  const names = services.map(({ metadata }) => `${metadata.name}.${namespace}`);
  return store.list(API_GATEWAYS).filter((gateway) => isSeenBy(gateway, revision) && listAt(gateway, 'spec', 'addresses').some((address) => {
    const [service = '', place = gateway.metadata.namespace ?? ''] = textAt(address, 'value').split('.');
    return textAt(address, 'type') === 'Hostname' && names.includes(`${service}.${place}`);
  }));
}

/** In the Gateway's own namespace, or with a grant of the Secret's (Gateway API, ReferenceGrant; istio, gateway/conversion.go, buildTLS). */
export function mayUse(store: ObjectStore, gateway: StoredObject, namespace: string, secret: string, revision: string): boolean {
  const place = gateway.metadata.namespace ?? '';
  if (namespace === place) return true;
  return store.list(GRANTS, namespace).some((grant) =>
    isSeenBy(grant, revision) &&
    listAt(grant, 'spec', 'from').some((from) => textAt(from, 'kind') === 'Gateway' && textAt(from, 'namespace') === place) &&
    listAt(grant, 'spec', 'to').some((to) => textAt(to, 'kind') === 'Secret' && ['', secret].includes(textAt(to, 'name'))));
}

export interface ApiListener {
  readonly hasCertificate: boolean;
  readonly hasRoute: boolean;
}

/** Open for the host at the port; a listener that may not use its certificate is not opened at all. */
export function apiListeners(store: ObjectStore, pod: StoredPod, revision: string, { host, port }: { readonly host: string; readonly port: number }): readonly ApiListener[] {
  return apiGatewaysFor(store, pod, revision).flatMap((gateway) =>
    listAt(gateway, 'spec', 'listeners')
      .filter((listener) => numberAt(listener, 0, 'port') === port && covers(textAt(listener, 'hostname') || '*', host))
      .map((listener) => certificatesOf(gateway, listener))
      .filter((certificates) => certificates.every(([namespace, secret]) => mayUse(store, gateway, namespace, secret, revision)))
      .map((certificates) => ({
        hasCertificate: certificates.every(([namespace, secret]) => store.get('secrets', namespace, secret) !== undefined),
        hasRoute: hasRoute(store, gateway, revision, host),
      })),
  );
}

/** Namespace and name each. */
export function certificatesOf(gateway: StoredObject, listener: unknown): readonly (readonly [string, string])[] {
  return listAt(listener, 'tls', 'certificateRefs').map((reference) => [textAt(reference, 'namespace') || (gateway.metadata.namespace ?? ''), textAt(reference, 'name')]);
}

function hasRoute(store: ObjectStore, { metadata }: StoredObject, revision: string, host: string): boolean {
  return ROUTES.flatMap((resource) => store.list(resource)).some((route) => {
    const hosts = listAt(route, 'spec', 'hostnames') as readonly string[];
    const isAttached = listAt(route, 'spec', 'parentRefs').some((parent) => textAt(parent, 'name') === metadata.name && (textAt(parent, 'namespace') || route.metadata.namespace) === metadata.namespace);
    return isSeenBy(route, revision) && isAttached && (hosts.length === 0 || hosts.some((pattern) => covers(pattern, host)));
  });
}
