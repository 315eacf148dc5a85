// What a gateway's pods are given of Istio's own API: the Gateways that select them and the VirtualServices bound to those, as far
// as the istiod of a revision takes notice of them.
import { REVISION_LABEL } from '../../shared/istioNames.js';
import type { Labels } from '../mesh/facts.js';
import type { IstioGatewayFacts, NamedObject, VirtualServiceFacts } from '../mesh/gateObjects.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';

export interface GatewayConfig {
  readonly gateways: readonly IstioGatewayFacts[];
  readonly routes: readonly VirtualServiceFacts[];
}

export interface LostConfig {
  readonly kind: 'Gateway' | 'VirtualService';
  readonly object: NamedObject;
}

/** A Secret with a TLS certificate, where Istio looks for it: in the namespace of the gateway's pods. */
export interface GatewayCredential {
  readonly gateway: string;
  readonly namespace: string;
  readonly secret: string;
  /** Clients have to show a certificate, and a CA for those has to be there too. */
  readonly verifiesClients: boolean;
}

/** Where Istio looks for that CA first; only where there is none it takes the Secret's own `ca.crt` (istio, pilot/pkg/credentials/kube, GetCaCert). */
export function clientCaOf(secret: string): string {
  return `${secret}-cacert`;
}

/** For pods with these labels whose istiod is of the revision; undefined: whatever revision that may be. */
export function gatewayConfig({ objects }: ClusterSnapshot, labels: Labels, revision: string | undefined): GatewayConfig {
  const gateways = itemsOf(objects.istioGateways).filter((gateway) => isSeenBy(gateway, revision) && isFor(gateway, labels));
  const names = new Set(gateways.map(nameOf));
  const routes = itemsOf(objects.virtualServices).filter((route) => isSeenBy(route, revision) && route.gateways.some((name) => names.has(name)));
  return { gateways, routes };
}

/** The label is compared as it is, tags are not resolved; without one an object is everybody's (istio, pkg/config/model.go, LabelsInRevision). */
export function isSeenBy({ labels }: NamedObject, revision: string | undefined): boolean {
  const own = labels[REVISION_LABEL];
  return revision === undefined || own === undefined || own === revision;
}

/** Without a selector it is for every gateway (istio, pilot/pkg/model/push_context.go, mergeGateways). */
function isFor({ selector }: IstioGatewayFacts, labels: Labels): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}

/** What is served now and would not be: hosts that no other object of the same kind takes over. By kind, namespace and name. */
export function lostConfig(before: GatewayConfig, after: GatewayConfig): readonly LostConfig[] {
  const listeners = new Set(after.gateways.flatMap(listenersOf));
  const hosts = new Set(after.routes.flatMap((route) => route.hosts));
  // A route whose Gateway goes is that Gateway's loss.
  const kept = new Set(after.gateways.map(nameOf));
  const gateways = before.gateways.filter((gateway) => listenersOf(gateway).some((listener) => !listeners.has(listener)));
  const routes = before.routes.filter((route) => route.gateways.some((name) => kept.has(name)) && route.hosts.some((host) => !hosts.has(host)));
  return [...gateways.map((object) => ({ kind: 'Gateway', object }) as const), ...routes.map((object) => ({ kind: 'VirtualService', object }) as const)];
}

function listenersOf({ servers }: IstioGatewayFacts): readonly string[] {
  return servers.flatMap(({ port, hosts }) => hosts.map((host) => `${port} ${host}`));
}

export function nameOf({ namespace, name }: NamedObject): string {
  return `${namespace}/${name}`;
}

/** `name`, or the same as a resource: `kubernetes://name`, `kubernetes://namespace/name` (istio, pilot/pkg/model/credentials). */
export function credentialsOf({ gateways }: GatewayConfig, namespace: string): readonly GatewayCredential[] {
  const found = new Map<string, GatewayCredential>();
  for (const gateway of gateways) {
    for (const { credential, verifiesClients } of gateway.servers) {
      const [, place, secret] = /^(?:kubernetes:\/\/)?(?:([^/:]+)\/)?([^/:]+)$/.exec(credential ?? '') ?? [];
      if (secret === undefined) continue;
      const key = `${place ?? namespace}/${secret}`;
      const known = found.get(key) ?? { gateway: nameOf(gateway), namespace: place ?? namespace, secret, verifiesClients };
      found.set(key, { ...known, verifiesClients: known.verifiesClients || verifiesClients });
    }
  }
  return [...found.values()];
}
