// Objects of the Gateway API (gateway.networking.k8s.io), reduced to what tells whose they are, what they serve and what they need.
import type { NamedObject } from './namedObject.js';

export interface GatewayApiFacts extends NamedObject {
  readonly gatewayClass: string;
  readonly listeners: readonly GatewayListenerFacts[];
  /** Host names of `spec.addresses`: a Gateway with one is for the pods behind that Service, and nobody makes a Deployment of it. */
  readonly hostnames: readonly string[];
}

export interface GatewayListenerFacts {
  readonly port: number;
  /** `certificateRefs` to Secrets of a listener that ends TLS, `namespace/name` each. */
  readonly certificates: readonly string[];
  /** It verifies its clients' certificates (option `gateway.istio.io/tls-terminate-mode: MUTUAL`). */
  readonly verifiesClients: boolean;
}

export const GATEWAY_ROUTE_KINDS = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute'] as const;

export type GatewayRouteKind = (typeof GATEWAY_ROUTE_KINDS)[number];

/** A route that is attached to a Gateway. */
export interface GatewayRouteFacts extends NamedObject {
  readonly kind: GatewayRouteKind;
  /** The Gateways among its parents, `namespace/name` each. */
  readonly gateways: readonly string[];
  /** `*` where it names none. */
  readonly hosts: readonly string[];
}

/** What allows Gateways of other namespaces to name Secrets of this one. */
export interface ReferenceGrantFacts extends NamedObject {
  /** Namespaces of the Gateways that it allows. */
  readonly from: readonly string[];
  /** Secrets of its own namespace; undefined: any. */
  readonly secrets: readonly string[] | undefined;
}
