// Puts proxies that nobody could tell apart by whom they authenticate into one class; knows neither clusters nor pods.
import type { Failure, Result } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { findAmbiguousRoots } from './ambiguousRoots.js';
import type { DomainRules } from './domainRules.js';
import type { MtlsMode } from './inboundDomains.js';
import type { Held, NamedRoot, ProxyTrust } from './proxyTrust.js';
import { trustDomainIn } from './spiffeId.js';
import type { Validity } from './validity.js';
import { unexpiredRoots, validityOfCertificate } from './validity.js';

/** A proxy as it was read; `member` is whatever the caller wants to find again in the class. */
export interface ProxyPosition<Member> {
  readonly member: Member;
  readonly trust: Result<ProxyTrust>;
  readonly domains: DomainRules | 'unknown';
  /** How it takes connections, where that was seen. */
  readonly mtls?: MtlsMode;
}

/** Why nothing can be said of whom a proxy authenticates. */
export type UnknownTrust =
  /** That of one member; those of one kind are one class, because their texts name pods. */
  | { readonly kind: 'unread'; readonly failure: Failure }
  | { readonly kind: 'warming' | 'rootsNotLoaded' | 'certificateNotLoaded' }
  /** Envoy holds two sets of roots, and which one counts depends on the connection. */
  | { readonly kind: 'conflictingRoots' }
  /** Two of its roots may be taken for one another, and which of them is tried depends on the verifier. */
  | { readonly kind: 'ambiguousRoots'; readonly subject: string }
  /** The certificate verifies to no root that is known here, so it cannot be told who would accept it. */
  | { readonly kind: 'unverified' }
  /** The certificate names no SPIFFE identity. */
  | { readonly kind: 'noIdentity' }
  /** What a supposed step would make of the proxy cannot be told. */
  | { readonly kind: 'unforeseen'; readonly why: Message };

/** All that decides whom a proxy authenticates. */
export interface TrustPosition {
  /** By fingerprint, each once. */
  readonly anchors: ReadonlyMap<string, NamedRoot>;
  /** The root that its certificate verifies to. */
  readonly signedBy: NamedRoot;
  /** The trust domain of its identity. */
  readonly identityDomain: string;
  readonly domains: DomainRules | 'unknown';
  /** Of its certificate and the intermediates it presents. */
  readonly validity: Validity;
  /** How it takes connections, where that was seen of a proxy of its revision and namespace. */
  readonly mtls: MtlsMode;
}

/** `id` is the same for the same class in every survey, whatever else there is. */
export type TrustClass<Member> =
  | { readonly kind: 'known'; readonly id: string; readonly position: TrustPosition; readonly members: readonly Member[] }
  | { readonly kind: 'unknown'; readonly id: string; readonly why: UnknownTrust; readonly members: readonly Member[] };

interface OpenClass<Member> {
  readonly found: Found;
  readonly members: Member[];
}

type Found = { readonly kind: 'known'; readonly position: TrustPosition } | { readonly kind: 'unknown'; readonly why: UnknownTrust };

/** The classes, known ones first, otherwise in the order of their first members. Looks at each proxy once. */
export function classifyProxies<Member>(proxies: Iterable<ProxyPosition<Member>>, now: number): readonly TrustClass<Member>[] {
  const classes = new ProxyClasses<Member>(now);
  for (const proxy of proxies) classes.add(proxy);
  return classes.list();
}

/** The same, proxy by proxy. */
export class ProxyClasses<Member> {
  readonly #now: number;
  readonly #classes = new Map<string, OpenClass<Member>>();

  constructor(now: number) {
    this.#now = now;
  }

  add({ member, trust, domains, mtls = 'unknown' }: ProxyPosition<Member>): void {
    const found = positionOf(trust, domains, mtls, this.#now);
    const key = classKey(found);
    const known = this.#classes.get(key);
    if (known) known.members.push(member);
    else this.#classes.set(key, { found, members: [member] });
  }

  list(): readonly TrustClass<Member>[] {
    const all = [...this.#classes].map(([id, { found, members }]) => ({ ...found, id, members }));
    return [...all.filter(({ kind }) => kind === 'known'), ...all.filter(({ kind }) => kind === 'unknown')];
  }
}

function positionOf(trust: Result<ProxyTrust>, domains: DomainRules | 'unknown', mtls: MtlsMode, now: number): Found {
  if (!trust.ok) return unknown({ kind: 'unread', failure: trust.failure });
  const { anchors, anchorsConflict, certificate } = trust.value;
  if (anchors.state !== 'active') return unknown(absence(anchors, 'rootsNotLoaded'));
  if (certificate.state !== 'active') return unknown(absence(certificate, 'certificateNotLoaded'));
  if (anchorsConflict) return unknown({ kind: 'conflictingRoots' });
  const ambiguous = findAmbiguousRoots(unexpiredRoots(anchors.value, now));
  if (ambiguous !== undefined) return unknown({ kind: 'ambiguousRoots', subject: ambiguous.subject });
  const { signedBy, spiffeId } = certificate.value;
  if (signedBy === undefined) return unknown({ kind: 'unverified' });
  const identityDomain = trustDomainIn(spiffeId);
  if (identityDomain === undefined) return unknown({ kind: 'noIdentity' });
  const byFingerprint = new Map(anchors.value.map((root) => [root.fingerprint, root]));
  const validity = validityOfCertificate(certificate.value, now);
  return { kind: 'known', position: { anchors: byFingerprint, signedBy, identityDomain, domains, validity, mtls } };
}

function unknown(why: UnknownTrust): Found {
  return { kind: 'unknown', why };
}

function absence(held: Exclude<Held<unknown>, { state: 'active' }>, notLoaded: 'rootsNotLoaded' | 'certificateNotLoaded'): UnknownTrust {
  if (held.state === 'unreadable') return { kind: 'unread', failure: held.failure };
  return { kind: held.state === 'warming' ? 'warming' : notLoaded };
}

/** Equal for proxies of one class and for no others. */
function classKey(found: Found): string {
  if (found.kind === 'known') return positionKey(found.position);
  const { why } = found;
  return JSON.stringify(why.kind === 'unread' ? [why.kind, why.failure.kind] : [why.kind]);
}

/** The `id` of the class of proxies at this position. */
export function positionKey({ anchors, signedBy, identityDomain, domains, validity, mtls }: TrustPosition): string {
  const rules = domains === 'unknown' ? domains : [domains.anyInbound === true ? 'any' : sortedSet(domains.inbound), sortedSet(domains.outbound)];
  return JSON.stringify([sortedSet([...anchors.values()].map(anchorKey)), signedBy.fingerprint, identityDomain, rules, validity, ...(mtls === 'unknown' ? [] : [mtls])]);
}

function anchorKey({ fingerprint, trustDomains }: NamedRoot): string {
  return trustDomains === undefined ? fingerprint : `${fingerprint} ${trustDomains.join(' ')}`;
}

function sortedSet(values: Iterable<string>): readonly string[] {
  return [...new Set(values)].sort();
}
