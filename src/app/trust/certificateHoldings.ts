// Each distinct root and issuer that a survey met, with who trusts it and who is signed under it: one pass over the readings.
import { clusterKey, clusterName } from '../../domain/cluster.js';
import type { ClusterRef } from '../../domain/cluster.js';
import type { CertificateFacts } from '../../domain/trust/certificateFacts.js';
import type { NamedRoot, ProxyTrust } from '../../domain/trust/proxyTrust.js';
import type { CertificateHolding, CertificateRole, ClusterHolders } from '../../shared/certificateHolding.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RootBadge } from '../../shared/trustRows.js';
import type { ProxyTarget } from './proxyTargets.js';
import type { Work } from './stretches.js';
import { each } from './stretches.js';
import { oneLine, rootBadge } from './trustPresenter.js';
import type { ProxyReading } from './trustSurvey.js';

export type { CertificateHolding } from '../../shared/certificateHolding.js';

/** Of these readings, anchors first and by subject. Costs one look at each proxy, however many certificates there are. */
export function* certificateHoldings(readings: readonly ProxyReading[], now: number): Work<readonly CertificateHolding[]> {
  const book = new HoldingBook();
  yield* each(readings, ({ target, trust }) => {
    if (trust.ok) book.add(target, trust.value);
  });
  return yield* book.holdings(now);
}

/** What is counted of one certificate. */
interface Entry {
  readonly certificate: CertificateFacts;
  /** The root itself, or for what stands below one the root that it was verified to. */
  root: NamedRoot | undefined;
  under: NamedRoot | undefined;
  signsLeaves: boolean;
  anchoredBy: number;
  signs: number;
  readonly places: Map<string, Place>;
}

interface Place {
  readonly cluster: ClusterRef;
  readonly namespaces: Map<string, { anchoredBy: number; signs: number }>;
}

/** Keeps the counts, so that a survey that goes on adds to them and nothing is counted anew. */
export class HoldingBook {
  readonly #entries = new Map<string, Entry>();

  /** Counts one more proxy; the same proxy must not be added twice. */
  add(target: ProxyTarget, trust: ProxyTrust): void {
    this.#count(target, trust, 1);
  }

  /** Takes back what `add` of the very same value counted: the proxy is gone or was read anew. */
  remove(target: ProxyTarget, trust: ProxyTrust): void {
    this.#count(target, trust, -1);
  }

  *holdings(now: number): Work<readonly CertificateHolding[]> {
    const held = [...this.#entries.values()].filter(({ anchoredBy, signs }) => anchoredBy + signs > 0);
    const twins = twinsOf(held);
    const holdings: CertificateHolding[] = [];
    for (const entry of held) {
      holdings.push(holdingOf(entry, twins, now));
      // Each has a list of every namespace of the mesh.
      yield;
    }
    return holdings.sort(byRoleAndSubject);
  }

  #count(target: ProxyTarget, { anchors, certificate }: ProxyTrust, by: 1 | -1): void {
    for (const root of anchors.state === 'active' ? anchors.value : []) {
      if (root.certificate === undefined) continue;
      const entry = this.#entry(root.certificate);
      entry.root = root;
      entry.anchoredBy += by;
      placeOf(entry, target).anchoredBy += by;
    }
    if (certificate.state !== 'active') return;
    const { issuers = [], signedBy } = certificate.value;
    for (const [index, issuer] of issuers.entries()) {
      const entry = this.#entry(issuer);
      if (signedBy?.fingerprint === issuer.fingerprint) entry.root ??= signedBy;
      else entry.under = signedBy;
      entry.signsLeaves ||= index === 0;
      entry.signs += by;
      placeOf(entry, target).signs += by;
    }
  }

  #entry(certificate: CertificateFacts): Entry {
    const known = this.#entries.get(certificate.fingerprint);
    if (known) return known;
    const entry: Entry = { certificate, root: undefined, under: undefined, signsLeaves: false, anchoredBy: 0, signs: 0, places: new Map() };
    this.#entries.set(certificate.fingerprint, entry);
    return entry;
  }
}

function placeOf({ places }: Entry, { cluster, pod }: ProxyTarget): { anchoredBy: number; signs: number } {
  const key = clusterKey(cluster);
  const place = places.get(key) ?? { cluster, namespaces: new Map<string, { anchoredBy: number; signs: number }>() };
  places.set(key, place);
  const counts = place.namespaces.get(pod.namespace) ?? { anchoredBy: 0, signs: 0 };
  place.namespaces.set(pod.namespace, counts);
  return counts;
}

/** How many certificates have each key and each name; the same name with one key is a renewal, with two a danger. */
interface Twins {
  readonly byKey: ReadonlyMap<string, number>;
  readonly keysByName: ReadonlyMap<string, ReadonlySet<string>>;
}

function twinsOf(entries: readonly Entry[]): Twins {
  const byKey = new Map<string, number>();
  const keysByName = new Map<string, Set<string>>();
  for (const { certificate } of entries) {
    byKey.set(certificate.spki, (byKey.get(certificate.spki) ?? 0) + 1);
    const keys = keysByName.get(certificate.subject) ?? new Set();
    keysByName.set(certificate.subject, keys.add(certificate.spki));
  }
  return { byKey, keysByName };
}

function holdingOf(entry: Entry, twins: Twins, now: number): CertificateHolding {
  const { fingerprint, spki, subject, serial, notBefore, notAfter, keyAlgorithm } = entry.certificate;
  const name = badgeOf(entry);
  return {
    fingerprint,
    spki,
    name,
    role: roleOf(entry),
    subject: oneLine(subject),
    serial,
    notBefore,
    notAfter,
    keyAlgorithm,
    anchoredBy: entry.anchoredBy,
    signs: entry.signs,
    holders: holdersOf(entry),
    source: sourceOf(entry, name),
    remarks: remarksOf(entry, twins, now),
  };
}

function roleOf({ anchoredBy, signsLeaves }: Entry): CertificateRole {
  if (anchoredBy > 0) return 'anchor';
  return signsLeaves ? 'leafIssuer' : 'issuer';
}

/** What stands below a root has that root's word, because that is what it signs for. */
function badgeOf({ certificate, root, under }: Entry): RootBadge {
  if (root !== undefined) return rootBadge(root);
  const detail = message('surveys.source.intermediate', { subject: oneLine(certificate.subject) });
  return { label: under === undefined ? 'OTHER' : rootBadge(under).label, detail, fingerprint: certificate.fingerprint };
}

function sourceOf({ root, under }: Entry, name: RootBadge): Message {
  if (root !== undefined || under === undefined) return name.detail;
  return message('surveys.source.issuedUnder', { root: rootBadge(under).detail });
}

function remarksOf({ certificate }: Entry, { byKey, keysByName }: Twins, now: number): readonly Message[] {
  return [
    ...(certificate.notAfter <= now ? [message('surveys.holding.expired')] : []),
    ...(certificate.notBefore > now ? [message('surveys.holding.notYetValid')] : []),
    ...((byKey.get(certificate.spki) ?? 0) > 1 ? [message('surveys.holding.sameKey')] : []),
    ...((keysByName.get(certificate.subject)?.size ?? 0) > 1 ? [message('surveys.holding.sameName')] : []),
  ];
}

function holdersOf({ places }: Entry): readonly ClusterHolders[] {
  return [...places.values()]
    .map(({ cluster, namespaces }) => ({
      cluster: clusterName(cluster),
      context: cluster.context,
      namespaces: [...namespaces]
        .filter(([, { anchoredBy, signs }]) => anchoredBy + signs > 0)
        .map(([namespace, counts]) => ({ namespace, ...counts }))
        .sort((one, other) => byText(one.namespace, other.namespace)),
    }))
    .filter(({ namespaces }) => namespaces.length > 0)
    .sort((one, other) => byText(one.context, other.context));
}

const ROLE_ORDER: readonly CertificateRole[] = ['anchor', 'leafIssuer', 'issuer'];

function byRoleAndSubject(one: CertificateHolding, other: CertificateHolding): number {
  const byRole = ROLE_ORDER.indexOf(one.role) - ROLE_ORDER.indexOf(other.role);
  return byRole !== 0 ? byRole : byText(`${one.subject} ${one.fingerprint}`, `${other.subject} ${other.fingerprint}`);
}

function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
