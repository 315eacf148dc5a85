// What a gateway's pods are given of the Gateway API: Gateways, the routes attached to them and the grants for their certificates, as
// far as the istiod of a revision takes notice of them.
import type { GatewayApiFacts, GatewayRouteFacts, GatewayRouteKind, ReferenceGrantFacts } from '../mesh/gatewayApiObjects.js';
import type { GateObjects, NamedObject } from '../mesh/gateObjects.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { GatewayCredential } from './gatewayConfig.js';
import { isSeenBy, nameOf } from './gatewayConfig.js';

export interface GatewayApiConfig {
  readonly gateways: readonly GatewayApiFacts[];
  readonly routes: readonly GatewayRouteFacts[];
  readonly grants: readonly ReferenceGrantFacts[];
}

export interface LostApiConfig {
  readonly kind: 'Gateway' | GatewayRouteKind;
  readonly object: NamedObject;
}

/** Of these Gateways; undefined: whatever revision that may be. Routes and grants are filtered like Istio's own kinds (istio, pilot/pkg/config/kube/crdclient, addCRD). */
export function gatewayApiConfig(objects: GateObjects, gateways: readonly GatewayApiFacts[], revision: string | undefined): GatewayApiConfig {
  const names = new Set(gateways.map(nameOf));
  return {
    gateways,
    routes: itemsOf(objects.gatewayRoutes).filter((route) => isSeenBy(route, revision) && route.gateways.some((name) => names.has(name))),
    grants: itemsOf(objects.referenceGrants).filter((grant) => isSeenBy(grant, revision)),
  };
}

/** What is served now and would not be: Gateways that go, and hosts of the others that no other route takes over. */
export function lostApiConfig(before: GatewayApiConfig, after: GatewayApiConfig): readonly LostApiConfig[] {
  const kept = new Set(after.gateways.map(nameOf));
  const served = new Set(after.routes.flatMap((route) => hostsServed(route, kept)));
  const gateways = before.gateways.filter((gateway) => !kept.has(nameOf(gateway)));
  const routes = before.routes.filter((route) => hostsServed(route, kept).some((host) => !served.has(host)));
  return [...gateways.map((object) => ({ kind: 'Gateway', object }) as const), ...routes.map((object) => ({ kind: object.kind, object }))];
}

/** Each host on each of these Gateways. A route of a lost Gateway is that Gateway's loss. */
function hostsServed({ gateways, hosts }: GatewayRouteFacts, among: ReadonlySet<string>): readonly string[] {
  return gateways.filter((name) => among.has(name)).flatMap((name) => hosts.map((host) => `${name} ${host}`));
}

export interface ApiCredential extends GatewayCredential {
  /** A Secret of the Gateway's own namespace, or one that a grant gives it (Gateway API, ReferenceGrant). */
  readonly isGranted: boolean;
}

/** The Secrets with certificates, each once for each Gateway. */
export function apiCredentialsOf({ gateways, grants }: GatewayApiConfig): readonly ApiCredential[] {
  return gateways.flatMap((gateway) => {
    const found = new Map<string, ApiCredential>();
    for (const { certificates, verifiesClients } of gateway.listeners) {
      for (const certificate of certificates) {
        const [namespace = '', secret = ''] = certificate.split('/');
        const isGranted = namespace === gateway.namespace || grants.some((grant) => allows(grant, gateway, namespace, secret));
        found.set(certificate, { gateway: nameOf(gateway), namespace, secret, verifiesClients: verifiesClients || found.get(certificate)?.verifiesClients === true, isGranted });
      }
    }
    return [...found.values()];
  });
}

function allows(grant: ReferenceGrantFacts, gateway: NamedObject, namespace: string, secret: string): boolean {
  return grant.namespace === namespace && grant.from.includes(gateway.namespace) && (grant.secrets?.includes(secret) ?? true);
}
