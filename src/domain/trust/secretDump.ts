// What an Envoy's admin interface says of its secrets, in one shape for all spellings of the JSON.

/** A secret as Envoy holds it. Certificates are PEM text; private keys are never kept. */
export interface ProxySecret {
  readonly name: string;
  /** `warming`: asked for and not yet delivered. */
  readonly state: 'active' | 'warming';
  /** RFC 3339 as Envoy wrote it. */
  readonly lastUpdated: string | undefined;
  /** The certificate chain of a TLS certificate. */
  readonly chainPem: string | undefined;
  /** Anchors of a validation context; SPIFFE validators give one entry per trust domain. */
  readonly anchors: readonly { readonly trustDomain: string | undefined; readonly pem: string }[];
  /** Names a file instead of bytes; nothing can be said of its content. */
  readonly file: string | undefined;
  /** Why its bytes make no sense, when they do not. */
  readonly unreadable: string | undefined;
}

export interface SecretDump {
  /** One a name: of a name that Envoy holds twice, the one that was updated last. */
  readonly secrets: readonly ProxySecret[];
  /** Names that Envoy holds twice with different anchors, so that which of them counts depends on the connection. */
  readonly conflicts: readonly string[];
}
