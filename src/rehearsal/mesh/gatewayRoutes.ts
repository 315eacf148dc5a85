// What a gateway's pod was told to serve: the Gateways that are for it and the VirtualServices bound to them, as far as the istiod
// of its revision takes notice of them; and with that what a client gets that asks it for a host.
import { fieldsAt, listAt, numberAt, textAt } from '../api/json.js';
import type { ObjectStore } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import { apiListeners } from './gatewayApiRoutes.js';
import { covers, isSeenBy } from './gatewayVisibility.js';
import { hasLabels } from './labelSelector.js';
import type { StoredPod } from './podTypes.js';

export const ISTIO_GATEWAYS = 'gateways.networking.istio.io';
export const VIRTUAL_SERVICES = 'virtualservices.networking.istio.io';

/** Gateways anywhere that select the pod, those without a selector among them (istio, pilot/pkg/model/push_context.go, mergeGateways). */
export function gatewaysFor(store: ObjectStore, pod: StoredPod, revision: string): readonly StoredObject[] {
  return store.list(ISTIO_GATEWAYS).filter((gateway) => isSeenBy(gateway, revision) && hasLabels(fieldsAt(gateway, 'spec', 'selector') as Record<string, string>, pod.metadata.labels ?? {}));
}

function routesTo(store: ObjectStore, gateways: readonly StoredObject[], revision: string, host: string): readonly StoredObject[] {
  const names = gateways.map(({ metadata: { namespace = '', name } }) => `${namespace}/${name}`);
  return store.list(VIRTUAL_SERVICES).filter((route) => {
    const bound = (listAt(route, 'spec', 'gateways') as string[]).map((name) => (name.includes('/') ? name : `${route.metadata.namespace ?? ''}/${name}`));
    return isSeenBy(route, revision) && bound.some((name) => names.includes(name)) && (listAt(route, 'spec', 'hosts') as string[]).some((pattern) => covers(pattern, host));
  });
}

/** Envoy opens no TLS listener before its certificate has come, and answers 404 where no route has the host. */
export function answerOf(store: ObjectStore, pod: StoredPod, revision: string, asked: { readonly host: string; readonly port: number }): string {
  const { host, port } = asked;
  const istios = gatewaysFor(store, pod, revision).flatMap((gateway) =>
    listAt(gateway, 'spec', 'servers')
      .filter((server) => numberAt(server, 0, 'port', 'number') === port && (listAt(server, 'hosts') as string[]).some((pattern) => covers(pattern, host)))
      .map((server) => textAt(server, 'tls', 'credentialName'))
      .map((credential) => ({
        hasCertificate: credential === '' || store.get('secrets', pod.metadata.namespace, credential) !== undefined,
        hasRoute: routesTo(store, [gateway], revision, host).length > 0,
      })),
  );
  const opened = [...istios, ...apiListeners(store, pod, revision, asked)];
  if (opened.length === 0) return 'connection refused';
  const ready = opened.filter(({ hasCertificate }) => hasCertificate);
  if (ready.length === 0) return 'no certificate';
  return ready.some(({ hasRoute }) => hasRoute) ? 'served' : '404';
}
