// Whether the proxies of one class and those of another complete Istio's mutual TLS, and if not, on which side and why.
import type { DomainRules } from './domainRules.js';
import type { MtlsMode } from './inboundDomains.js';
import type { NamedRoot } from './proxyTrust.js';
import { isSameRoot } from './sameRoot.js';
import type { TrustClass, TrustPosition, UnknownTrust } from './trustClasses.js';
import { validityOfRoot } from './validity.js';

/** Who of the two is meant: the one that opens the connection, or the one that accepts it. */
export type Side = 'client' | 'server';

export type BrokenReason =
  /** This side trusts none of the roots that the other's certificate verifies to. */
  | { readonly kind: 'noAnchor'; readonly side: Side; readonly root: NamedRoot }
  /** This side trusts it, but not for identities of the other's trust domain. */
  | { readonly kind: 'anchorOfOtherDomain'; readonly side: Side; readonly root: NamedRoot; readonly domain: string }
  /** This side trusts it, but it has expired, or is not valid yet. */
  | { readonly kind: 'anchorExpired' | 'anchorNotYetValid'; readonly side: Side; readonly root: NamedRoot }
  /** This side's own certificate. */
  | { readonly kind: 'certificateExpired' | 'certificateNotYetValid'; readonly side: Side }
  /** This side does not accept identities of the other's domain. */
  | { readonly kind: 'domainNotAccepted'; readonly side: Side; readonly domain: string };

export type UnknownReason =
  | { readonly kind: 'proxies'; readonly side: Side; readonly why: UnknownTrust }
  /** The mesh config of this side's revision could not be read. */
  | { readonly kind: 'domains'; readonly side: Side };

export type Authentication =
  | { readonly kind: 'authenticates' }
  /** `serverMtls` says what the server would take instead, where that is known. */
  | { readonly kind: 'broken'; readonly reasons: readonly BrokenReason[]; readonly serverMtls?: MtlsMode }
  | { readonly kind: 'unknown'; readonly reasons: readonly UnknownReason[] };

/**
 * Judges one direction. Both certificates are verified whoever opens the connection, but a server goes by its inbound
 * domains and a client by its outbound ones, so the other direction can differ. What is known to fail is broken even
 * where something else is not known.
 */
export function authenticate(client: TrustClass<unknown>, server: TrustClass<unknown>, now: number): Authentication {
  if (client.kind === 'unknown' || server.kind === 'unknown') {
    const reasons = [unknownSide('client', client), unknownSide('server', server)].filter((reason) => reason !== undefined);
    return { kind: 'unknown', reasons };
  }
  const broken = [
    ...ownCertificate('client', client.position),
    ...ownCertificate('server', server.position),
    ...verification('client', client.position, server.position, 'outbound', now),
    ...verification('server', server.position, client.position, 'inbound', now),
  ];
  if (broken.length > 0) return { kind: 'broken', reasons: broken, ...knownMode(server.position) };
  const unknown = [unknownDomains('client', client.position), unknownDomains('server', server.position)].filter((reason) => reason !== undefined);
  return unknown.length > 0 ? { kind: 'unknown', reasons: unknown } : { kind: 'authenticates' };
}

/** One row of the matrix: this class as the client of each. */
export function authenticationRow(client: TrustClass<unknown>, servers: readonly TrustClass<unknown>[], now: number): readonly Authentication[] {
  return servers.map((server) => authenticate(client, server, now));
}

function ownCertificate(side: Side, { validity }: TrustPosition): readonly BrokenReason[] {
  if (validity === 'valid') return [];
  return [{ kind: validity === 'expired' ? 'certificateExpired' : 'certificateNotYetValid', side }];
}

/** What `side`, which is at `own`, has against the certificate of its peer. */
function verification(side: Side, own: TrustPosition, peer: TrustPosition, direction: 'inbound' | 'outbound', now: number): readonly BrokenReason[] {
  const reasons: BrokenReason[] = [];
  const held = anchorsFor(peer.signedBy, own);
  // A SPIFFE validator looks up the bundle of the peer's trust domain and verifies by nothing else.
  const roots = held.filter(({ trustDomains }) => trustDomains === undefined || trustDomains.includes(peer.identityDomain));
  const [root] = roots;
  if (held.length === 0) reasons.push({ kind: 'noAnchor', side, root: peer.signedBy });
  else if (root === undefined) reasons.push({ kind: 'anchorOfOtherDomain', side, root: peer.signedBy, domain: peer.identityDomain });
  else if (!roots.some((anchor) => validityOfRoot(anchor, now) === 'valid')) {
    reasons.push({ kind: validityOfRoot(root, now) === 'expired' ? 'anchorExpired' : 'anchorNotYetValid', side, root });
  }
  if (own.domains !== 'unknown' && !accepts(own.domains, direction, peer.identityDomain)) {
    reasons.push({ kind: 'domainNotAccepted', side, domain: peer.identityDomain });
  }
  return reasons;
}

/** The anchors under which a certificate of this signer verifies, the very certificate first. */
function anchorsFor(signer: NamedRoot, { anchors }: TrustPosition): readonly NamedRoot[] {
  const same = anchors.get(signer.fingerprint);
  const renewed = [...anchors.values()].filter((anchor) => anchor !== same && isSameRoot(anchor, signer));
  return same === undefined ? renewed : [same, ...renewed];
}

function accepts(rules: DomainRules, direction: 'inbound' | 'outbound', domain: string): boolean {
  return (direction === 'inbound' && rules.anyInbound === true) || rules[direction].includes(domain);
}

function knownMode({ mtls }: TrustPosition): { readonly serverMtls?: MtlsMode } {
  return mtls === 'unknown' ? {} : { serverMtls: mtls };
}

function unknownSide(side: Side, proxies: TrustClass<unknown>): UnknownReason | undefined {
  return proxies.kind === 'unknown' ? { kind: 'proxies', side, why: proxies.why } : unknownDomains(side, proxies.position);
}

function unknownDomains(side: Side, { domains }: TrustPosition): UnknownReason | undefined {
  return domains === 'unknown' ? { kind: 'domains', side } : undefined;
}
