// What a SPIFFE ID says: `spiffe://TRUST_DOMAIN/ns/NAMESPACE/sa/ACCOUNT`, as Istio writes them.

/** The trust domain; undefined for what is no SPIFFE ID. */
export function trustDomainIn(spiffeId: string | undefined): string | undefined {
  return /^spiffe:\/\/([^/]+)/.exec(spiffeId ?? '')?.[1];
}
