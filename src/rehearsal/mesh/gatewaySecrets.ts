// The TLS secrets of a gateway's own: those that Gateway objects which select its pod name, under the names Envoy knows them by.
import { listAt, textAt } from '../api/json.js';
import type { ObjectStore } from '../clusterBackend.js';
import type { EnvoySecret } from '../envoy/envoyView.js';
import type { StoredObject } from '../kubeObject.js';
import { apiGatewaysFor, certificatesOf, mayUse } from './gatewayApiRoutes.js';
import { gatewaysFor } from './gatewayRoutes.js';
import type { StoredPod } from './podTypes.js';

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

/** A listener that may not use its certificate is not opened: nobody asks for it. */
function ofApiGateway(store: ObjectStore, gateway: StoredObject, revision: string): Wanted[] {
  return listAt(gateway, 'spec', 'listeners').flatMap((listener) => {
    const asksClients = textAt(listener, 'tls', 'options', 'gateway.istio.io/tls-terminate-mode') === 'MUTUAL';
    return certificatesOf(gateway, listener)
      .filter(([namespace, secret]) => mayUse(store, gateway, namespace, secret, revision))
      .map(([namespace, secret]) => ({ name: `kubernetes-gateway://${namespace}/${secret}`, namespace, secret, asksClients }));
  });
}

function wantedBy(store: ObjectStore, pod: StoredPod, revision: string): Wanted[] {
  const { namespace = '' } = pod.metadata;
  // Istio reads the Secret from the namespace of the gateway's pod, wherever the Gateway object is.
  return [
    ...gatewaysFor(store, pod, revision).flatMap((gateway) => ofIstioGateway(gateway, namespace)),
    ...apiGatewaysFor(store, pod, revision).flatMap((gateway) => ofApiGateway(store, gateway, revision)),
  ];
}

/** Those whose Secret is missing stay warming. */
export function gatewaySecrets(store: ObjectStore, pod: StoredPod, revision: string, startedAt: Date): readonly EnvoySecret[] {
  return wantedBy(store, pod, revision).flatMap(({ name, namespace, secret, asksClients }): EnvoySecret[] => {
    const stored = store.get('secrets', namespace, secret);
    const read = (key: string): string => Buffer.from(textAt(stored, 'data', key), 'base64').toString();
    if (stored === undefined) return [{ kind: 'warming', name, lastUpdated: startedAt }];
    const lastUpdated = new Date(Math.max(startedAt.getTime(), Date.parse(stored.metadata.creationTimestamp)));
    // A Secret of the CA's own wins (istio, pilot/pkg/credentials/kube, GetCaCert).
    const ca = store.get('secrets', namespace, `${secret}-cacert`);
    const pem = ca === undefined ? read('ca.crt') : Buffer.from(textAt(ca, 'data', 'ca.crt') || textAt(ca, 'data', 'cacert'), 'base64').toString();
    const anchors: EnvoySecret = { kind: 'clientAnchors', name: `${name}-cacert`, pem, lastUpdated };
    return [{ kind: 'serverChain', name, pem: read('tls.crt'), lastUpdated }, ...(asksClients ? [anchors] : [])];
  });
}
