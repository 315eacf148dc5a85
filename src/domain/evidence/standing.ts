// What a proxy is found to be, for gates: from its pod, and from what it answered, as far as the answer is still of this proxy.
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { AnchorId, ProxyStanding } from '../gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../gates/gateFacts.js';
import type { MeshConfigFacts, PodFacts } from '../mesh/facts.js';
import { isFinished } from '../mesh/podGroups.js';
import { findAmbiguousRoots } from '../trust/ambiguousRoots.js';
import type { InboundDomains } from '../trust/inboundDomains.js';
import type { NamedRoot, ProxyTrust, WorkloadCertificate } from '../trust/proxyTrust.js';
import { trustDomainIn } from '../trust/spiffeId.js';
import { validityOfCertificate, validityOfRoot } from '../trust/validity.js';
import type { ProxyEvidence } from './gateInputs.js';
import { hasSpireTemplate, isProxyless } from './injectionTemplates.js';

export interface StandingContext {
  readonly now: number;
  readonly freshForMs: number;
  /** Mesh config of the revision that injected the proxy; undefined where it is not known. */
  readonly config: MeshConfigFacts | undefined;
}

/** Undefined for a pod without a proxy, or whose proxy is over: those are not counted. */
export function standingOf(pod: PodFacts, evidence: ProxyEvidence | undefined, context: StandingContext): ProxyStanding | undefined {
  const { proxy } = pod;
  if (proxy === undefined || isFinished(pod) || proxy.state === 'terminated') return undefined;
  if (hasSpireTemplate(pod)) return { kind: 'ownCertificates' };
  if (isZtunnel(pod)) return unknown(message('reason.ztunnel'));
  if (isProxyless(pod)) return unknown(message('reason.proxyless'));
  // It holds nothing yet, whatever a pod of its name held before.
  if (proxy.state === 'waiting' || (proxy.state === 'unknown' && pod.phase === 'Pending')) return { kind: 'followsInjector' };
  if (evidence?.uid !== pod.uid) return unknown(message('reason.notReadYet'));
  // Before it was Ready it may have held less than it does now.
  if (pod.ready && !evidence.ready) return unknown(message('reason.readySince'));
  if (context.now - evidence.readAt > context.freshForMs) return unknown(message('reason.readLongAgo'));
  if (!evidence.trust.ok) return unknown(failureMessage(evidence.trust.failure));
  return standingOfTrust(pod, evidence.trust.value, evidence, context);
}

/** How gates name a root: Mesh CA's by one name whatever its fingerprint (a rehearsal's differs), all others by fingerprint. */
export function anchorIdOf({ name, fingerprint }: NamedRoot): AnchorId {
  return name.kind === 'meshCa' ? MESH_CA_ANCHOR : fingerprint;
}

/** Its container has the name of a proxy's, and no Envoy in it (Istio's chart of ztunnel). */
function isZtunnel({ owner }: PodFacts): boolean {
  return owner?.kind === 'DaemonSet' && owner.name === 'ztunnel';
}

function standingOfTrust(pod: PodFacts, trust: ProxyTrust, evidence: ProxyEvidence, context: StandingContext): ProxyStanding {
  const { anchors, certificate } = trust;
  if (isFile(anchors) || isFile(certificate)) return { kind: 'ownCertificates' };
  if (anchors.state === 'notLoaded' && certificate.state === 'notLoaded') return { kind: 'notLoaded' };
  if (anchors.state === 'warming' || certificate.state === 'warming') {
    // One that was never Ready waits for its first certificate and has met nobody yet.
    return pod.ready ? unknown(message('reason.waitsForCa')) : { kind: 'followsInjector' };
  }
  for (const held of [anchors, certificate]) if (held.state === 'unreadable') return unknown(failureMessage(held.failure));
  // Half of it alone proves nothing, and a certificate that lives must not be overlooked.
  if (anchors.state !== 'active' || certificate.state !== 'active') return unknown(message('reason.halfHeld'));
  if (trust.anchorsConflict) return unknown(message('reason.twoSets'));
  return readStanding(anchors.value, certificate.value, evidence, context);
}

function readStanding(
  anchors: readonly NamedRoot[],
  certificate: WorkloadCertificate,
  { inbound }: ProxyEvidence,
  { now, config }: StandingContext,
): ProxyStanding {
  const domain = trustDomainIn(certificate.spiffeId);
  if (certificate.signedBy === undefined) return unknown(message('reason.noKnownRoot'));
  if (domain === undefined) return unknown(message('reason.noIdentity'));
  const usable = anchors.filter((anchor) => validityOfRoot(anchor, now) === 'valid');
  const ambiguous = findAmbiguousRoots(usable);
  // Which of the two a verifier tries first decides whether a connection comes about, and nobody can tell from here.
  if (ambiguous !== undefined) return unknown(message('reason.ambiguousRoots', { subject: ambiguous.subject.replaceAll('\n', ', ') }));
  if (usable.some(({ trustDomains }) => trustDomains !== undefined)) return unknown(message('reason.rootsByDomain'));
  const { configured, admitted } = domainsOf(config);
  return {
    kind: 'read',
    // An anchor that has expired verifies nothing any more, and one that is not valid yet nothing now.
    anchors: [...new Set(usable.map(anchorIdOf))].sort(),
    issuer: anchorIdOf(certificate.signedBy),
    domain,
    inbound: inbound === undefined ? admitted : inbound.ok ? inboundOf(inbound.value, admitted) : 'unknown',
    // Clients expect servers under the trust domain and aliases of their own control plane, and that only.
    outbound: configured,
    expired: validityOfCertificate(certificate, now) !== 'valid',
  };
}

interface ConfiguredDomains {
  /** What its clients expect of servers. */
  readonly configured: readonly string[] | 'unknown';
  /** What its servers let in: also the domains that extra anchors are for (Istio's `caCertificates[].trustDomains`). */
  readonly admitted: readonly string[] | 'unknown';
}

const NOT_CONFIGURED: ConfiguredDomains = { configured: 'unknown', admitted: 'unknown' };
const domainsByConfig = new WeakMap<MeshConfigFacts, ConfiguredDomains>();

/** Once per mesh config, however many proxies go by it. */
function domainsOf(config: MeshConfigFacts | undefined): ConfiguredDomains {
  if (config?.unreadable !== undefined || config === undefined) return NOT_CONFIGURED;
  const known = domainsByConfig.get(config);
  if (known !== undefined) return known;
  const configured = acceptedBy(config);
  const domains = { configured, admitted: [...new Set([...configured, ...(config.anchorTrustDomains ?? [])])].sort() };
  domainsByConfig.set(config, domains);
  return domains;
}

/** A control plane's trust domain with its aliases, sorted. */
export function acceptedBy({ trustDomain, trustDomainAliases }: MeshConfigFacts): readonly string[] {
  return [...new Set([trustDomain, ...trustDomainAliases])].sort();
}

function inboundOf(inbound: InboundDomains, configured: readonly string[] | 'unknown'): readonly string[] | 'any' | 'unknown' {
  switch (inbound.kind) {
    case 'any':
      return 'any';
    case 'domains':
      return [...new Set(inbound.domains)].sort();
    // A gateway has no inbound mTLS of the mesh; should it get some, then with what its control plane says.
    case 'noInbound':
    case 'noListener':
      return configured;
  }
}

function isFile(held: ProxyTrust['anchors'] | ProxyTrust['certificate']): boolean {
  return held.state === 'unreadable' && held.file !== undefined;
}

function unknown(reason: Message): ProxyStanding {
  return { kind: 'unknown', reason };
}
