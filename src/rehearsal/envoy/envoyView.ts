// What Envoy's admin interface has to tell about one proxy: plain values, gathered by whoever simulates the proxy.

/** A secret as SDS delivered it. */
export type EnvoySecret =
  | { readonly kind: 'chain'; readonly name: string; readonly pem: string; readonly lastUpdated: Date }
  | { readonly kind: 'anchors'; readonly name: string; readonly pem: string; readonly lastUpdated: Date }
  /** A server certificate of a gateway's own, such as `kubernetes://shop-tls`; or the CAs it asks of its clients. */
  | { readonly kind: 'serverChain' | 'clientAnchors'; readonly name: string; readonly pem: string; readonly lastUpdated: Date }
  /** Asked for and not there yet. */
  | { readonly kind: 'warming'; readonly name: string; readonly lastUpdated: Date };

/** A Service that the proxy may call, with the identities it accepts from it. */
export interface EnvoyUpstream {
  /** As Istio names clusters: `outbound|8000||httpbin.foo.svc.cluster.local`. */
  readonly cluster: string;
  readonly spiffeIds: readonly string[];
}

/** The stream to the control plane, through the agent that runs beside Envoy. */
export interface ControlStream {
  readonly isOpen: boolean;
  /** How often one was opened since Envoy started, and on how many of these an answer came. */
  readonly opened: number;
  readonly answered: number;
}

export interface EnvoyView {
  readonly pod: string;
  readonly namespace: string;
  readonly podIP: string;
  /** Unset while it has not heard from its control plane: then it has no dynamic listeners and clusters. */
  readonly isConfigured?: boolean;
  /** `sidecar` or `router`. */
  readonly kind: string;
  readonly istioVersion: string;
  readonly clusterId: string;
  readonly meshId: string;
  readonly startedAt: Date;
  readonly now: Date;
  readonly controlStream: ControlStream;
  readonly secrets: readonly EnvoySecret[];
  /** Trust domains that the inbound listener lets in. */
  readonly acceptedDomains: readonly string[];
  readonly upstreams: readonly EnvoyUpstream[];
}
