// From what is known of a proxy to the row that shows it.
import { clusterKey, clusterName } from '../../domain/cluster.js';
import { findAmbiguousRoots } from '../../domain/trust/ambiguousRoots.js';
import type { NamedRoot, ProxyTrust, WorkloadCertificate } from '../../domain/trust/proxyTrust.js';
import { isSameRoot } from '../../domain/trust/sameRoot.js';
import { unexpiredRoots, validityOfCertificate, validityOfRoot } from '../../domain/trust/validity.js';
import { assertNever } from '../../shared/assertNever.js';
import type { Failure, Result } from '../../shared/failure.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RootBadge, TrustRow, TrustState } from '../../shared/trustRows.js';
import type { ProxyTarget } from './proxyTargets.js';
import { targetId } from './proxyTargets.js';

/** The row of a proxy that a survey is going to ask. */
export function waitingRow(target: ProxyTarget): TrustRow {
  return row(target, 'waiting', undefined, undefined);
}

/** The row of a proxy that was asked. `now` decides whether its certificate is expired. */
export function trustRow(target: ProxyTarget, trust: Result<ProxyTrust>, now: number): TrustRow {
  if (!trust.ok) return row(target, 'unknown', undefined, failureMessage(trust.failure));
  return row(target, stateOf(trust.value, now), trust.value, undecidedRemark(trust.value, now) ?? trustRemark(trust.value, now));
}

function row(target: ProxyTarget, state: TrustState, trust: ProxyTrust | undefined, why: Message | undefined): TrustRow {
  const { cluster, pod } = target;
  const certificate = trust?.certificate.state === 'active' ? trust.certificate.value : undefined;
  return {
    id: targetId(target),
    cluster: clusterName(cluster),
    context: cluster.context,
    clusterKey: clusterKey(cluster),
    namespace: pod.namespace,
    pod: pod.name,
    gateway: pod.proxy?.role === 'router',
    revision: pod.proxy?.revision,
    state,
    roots: trust?.anchors.state === 'active' ? sortedBadges(trust.anchors.value) : [],
    signedBy: certificate?.signedBy && rootBadge(certificate.signedBy),
    spiffeId: certificate?.spiffeId,
    notBefore: certificate?.notBefore,
    notAfter: certificate?.notAfter,
    why,
  };
}

/** Both secrets must be there for a proxy to count as read; one that is on its way, or of which nobody can tell what it does, leaves it unknown. */
function stateOf(trust: ProxyTrust, now: number): TrustState {
  const { anchors, certificate } = trust;
  const states = [anchors.state, certificate.state];
  if (states.includes('unreadable') || states.includes('warming')) return 'unknown';
  if (states.includes('notLoaded')) return 'notLoaded';
  return undecidedRemark(trust, now) === undefined ? 'read' : 'unknown';
}

/** Why it cannot be told by which roots a proxy goes that holds both secrets. Roots that have expired verify nothing. */
function undecidedRemark({ anchors, anchorsConflict, certificate }: ProxyTrust, now: number): Message | undefined {
  if (anchors.state !== 'active' || certificate.state !== 'active') return undefined;
  return anchorsConflict ? message('trust.why.conflictingRoots') : ambiguityRemark(unexpiredRoots(anchors.value, now));
}

function ambiguityRemark(roots: readonly NamedRoot[]): Message | undefined {
  const ambiguous = findAmbiguousRoots(roots);
  return ambiguous && message('surveys.why.ambiguousRoots', { subject: oneLine(ambiguous.subject) });
}

/** The gravest thing to say about what the proxy holds, or nothing. */
export function trustRemark(trust: ProxyTrust, now: number): Message | undefined {
  const { anchors, certificate } = trust;
  const failure = heldFailure(anchors) ?? heldFailure(certificate);
  if (failure) return failureMessage(failure);
  if (anchors.state === 'warming' || certificate.state === 'warming') return message('trust.why.warming');
  if (anchors.state === 'notLoaded' && certificate.state === 'notLoaded') return message('trust.why.notLoaded');
  if (anchors.state === 'notLoaded') return message('trust.why.rootsNotLoaded');
  if (certificate.state === 'notLoaded') return message('trust.why.certificateNotLoaded');
  return certificateRemark(certificate, now) ?? signingRootRemark(trust, now) ?? anchorsRemark(trust);
}

function certificateRemark(held: ProxyTrust['certificate'], now: number): Message | undefined {
  const certificate = held.state === 'active' ? held.value : undefined;
  if (certificate === undefined) return undefined;
  return chainRemark(certificate) ?? validityRemark(certificate, now);
}

/** Peers hold the same roots: where every one of this name and key is out of its time, nobody can verify this proxy. */
function signingRootRemark({ anchors, certificate }: ProxyTrust, now: number): Message | undefined {
  const signer = certificate.state === 'active' ? certificate.value.signedBy : undefined;
  if (signer === undefined || anchors.state !== 'active') return undefined;
  const validities = anchors.value.filter((root) => isSameRoot(root, signer)).map((root) => validityOfRoot(root, now));
  if (validities.length === 0 || validities.includes('valid')) return undefined;
  return message(validities.includes('expired') ? 'trust.why.rootExpired' : 'trust.why.rootNotYetValid');
}

function chainRemark({ signedBy }: WorkloadCertificate): Message | undefined {
  if (signedBy === undefined) return message('trust.why.unverified');
  return signedBy.name.kind === 'lookalike' ? message('trust.why.signedByLookalike') : undefined;
}

function validityRemark(certificate: WorkloadCertificate, now: number): Message | undefined {
  const { notBefore, notAfter } = certificate;
  if (notAfter <= now) return message('trust.why.expired');
  if (notBefore > now) return message('trust.why.notYetValid');
  const withIntermediates = validityOfCertificate(certificate, now);
  if (withIntermediates === 'valid') return undefined;
  return message(withIntermediates === 'expired' ? 'trust.why.intermediateExpired' : 'trust.why.intermediateNotYetValid');
}

function anchorsRemark({ anchors, anchorsConflict }: ProxyTrust): Message | undefined {
  if (anchorsConflict) return message('trust.why.conflictingRoots');
  if (anchors.state !== 'active') return undefined;
  if (anchors.value.some(({ name }) => name.kind === 'lookalike')) return message('trust.why.lookalikeRoot');
  return ambiguityRemark(anchors.value);
}

function heldFailure(held: ProxyTrust['anchors'] | ProxyTrust['certificate']): Failure | undefined {
  return held.state === 'unreadable' ? held.failure : undefined;
}

const BADGE_ORDER: readonly RootBadge['label'][] = ['CITADEL', 'MESHCA', 'OTHER'];

/** In migrate_ca's order, whatever order the bundle has: the agent sorts bundles as text, which says nothing. */
export function sortedBadges(roots: readonly NamedRoot[]): readonly RootBadge[] {
  return roots.map(rootBadge).sort((one, other) => BADGE_ORDER.indexOf(one.label) - BADGE_ORDER.indexOf(other.label));
}

/** Names a root for people. An Istio CA's form without a cluster that publishes it is a guess, so its label is `OTHER`. */
export function rootBadge(root: NamedRoot): RootBadge {
  return { label: badgeLabel(root), detail: badgeDetail(root), fingerprint: root.fingerprint };
}

function badgeLabel({ name }: NamedRoot): RootBadge['label'] {
  switch (name.kind) {
    case 'meshCa':
      return 'MESHCA';
    case 'istioCa':
      return 'CITADEL';
    case 'unknownIstioCa':
    case 'lookalike':
    case 'other':
      return 'OTHER';
    default:
      return assertNever(name);
  }
}

function badgeDetail({ name, subject }: NamedRoot): Message {
  switch (name.kind) {
    case 'meshCa':
      if (name.renewed === true) return message('surveys.root.renewedMeshCa');
      return message(name.rehearsal ? 'trust.root.rehearsalMeshCa' : 'trust.root.meshCa');
    case 'istioCa':
      return message(name.renewed === true ? 'surveys.root.renewedIstioCa' : 'trust.root.istioCa', { clusters: name.clusters.join(', ') });
    case 'unknownIstioCa':
      return message('trust.root.unknownIstioCa', { trustDomain: name.trustDomain });
    case 'lookalike':
      return message('trust.root.lookalike');
    case 'other':
      return message('trust.root.other', { subject: oneLine(subject) });
    default:
      return assertNever(name);
  }
}

/** A subject on one line; its RDNs stand on lines of their own, because a comma may be part of one. */
export function oneLine(subject: string): string {
  return subject.replaceAll('\n', ', ');
}
