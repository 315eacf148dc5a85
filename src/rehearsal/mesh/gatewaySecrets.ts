// The TLS secrets of a gateway's own: those that Gateway objects which select its pod name, under the names Envoy knows them by.
import { listAt, textAt } from '../api/json.js';
import type { ObjectStore } from '../clusterBackend.js';
import type { EnvoySecret } from '../envoy/envoyView.js';
import type { StoredObject } from '../kubeObject.js';
import { gatewaysFor } from './gatewayRoutes.js';
import type { StoredPod } from './podTypes.js';

const API_GATEWAYS = 'gateways.gateway.networking.k8s.io';
/** Label that istiod puts on the pods of a Gateway-API gateway. */
export const GATEWAY_NAME_LABEL = 'gateway.networking.k8s.io/gateway-name';

interface Wanted {
  /** As Envoy names it. */
  readonly name: string;
  readonly namespace: string;
  readonly secret: string;
  readonly asksClients: boolean;
}

function ofIstioGateway(gateway: StoredObject, namespace: string): Wanted[] {
  return listAt(gateway, 'spec', 'servers').flatMap((server) => {
    const secret = textAt(server, 'tls', 'credentialName');
    const isMutual = textAt(server, 'tls', 'mode') === 'MUTUAL';
    return secret === '' ? [] : [{ name: `kubernetes://${secret}`, namespace, secret, asksClients: isMutual }];
  });
}

function ofApiGateway(gateway: StoredObject, namespace: string): Wanted[] {
  return listAt(gateway, 'spec', 'listeners').flatMap((listener) =>
    listAt(listener, 'tls', 'certificateRefs').map((reference) => {
      const place = textAt(reference, 'namespace') || namespace;
      const secret = textAt(reference, 'name');
      return { name: `kubernetes-gateway://${place}/${secret}`, namespace: place, secret, asksClients: false };
    }),
  );
}

function wantedBy(store: ObjectStore, pod: StoredPod, revision: string): Wanted[] {
  const { namespace = '', labels = {} } = pod.metadata;
  const own = labels[GATEWAY_NAME_LABEL];
  const api = own === undefined ? undefined : store.get(API_GATEWAYS, namespace, own);
  // Istio reads the Secret from the namespace of the gateway's pod, wherever the Gateway object is.
  return [...gatewaysFor(store, pod, revision).flatMap((gateway) => ofIstioGateway(gateway, namespace)), ...(api ? ofApiGateway(api, namespace) : [])];
}

/** Those whose Secret is missing stay warming. */
export function gatewaySecrets(store: ObjectStore, pod: StoredPod, revision: string, startedAt: Date): readonly EnvoySecret[] {
  return wantedBy(store, pod, revision).flatMap(({ name, namespace, secret, asksClients }): EnvoySecret[] => {
    const stored = store.get('secrets', namespace, secret);
    const read = (key: string): string => Buffer.from(textAt(stored, 'data', key), 'base64').toString();
    if (stored === undefined) return [{ kind: 'warming', name, lastUpdated: startedAt }];
    const lastUpdated = new Date(Math.max(startedAt.getTime(), Date.parse(stored.metadata.creationTimestamp)));
    const anchors: EnvoySecret = { kind: 'clientAnchors', name: `${name}-cacert`, pem: read('ca.crt'), lastUpdated };
    return [{ kind: 'serverChain', name, pem: read('tls.crt'), lastUpdated }, ...(asksClients ? [anchors] : [])];
  });
}
