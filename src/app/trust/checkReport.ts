// What a check found, as values: the three outputs and the exit code are functions of it.
import type { ProxyReading } from './trustSurvey.js';
import type { ProxyTarget } from './proxyTargets.js';
import { trustRemark } from './trustPresenter.js';
import type { DomainVerdict } from '../../domain/trust/acceptedDomains.js';
import type { NamedRoot, ProxyTrust } from '../../domain/trust/proxyTrust.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { failureMessage } from '../../shared/failure.js';
import type { Result } from '../../shared/failure.js';

export type CheckName = 'root-cert' | 'workload-cert' | 'trustdomain';

/** The words of `migrate_ca`, and one for the roots that it calls CITADEL without knowing them. */
export type CaWord = 'CITADEL' | 'MESHCA' | 'OTHER';

export type CheckVerdict =
  /** In the order in which they are printed. For a trust domain check: whose domains are accepted. */
  | { readonly kind: 'known'; readonly words: readonly CaWord[] }
  /** The proxy was read, but holds none because nothing in it uses mTLS. */
  | { readonly kind: 'notLoaded'; readonly why: Message }
  | { readonly kind: 'unknown'; readonly why: Message };

export interface ProxyFinding {
  readonly target: ProxyTarget;
  readonly verdict: CheckVerdict;
  /** Something about a proxy that was read, e.g. that its certificate has expired. */
  readonly remark: Message | undefined;
  readonly trust: ProxyTrust | undefined;
  readonly domains: DomainVerdict | undefined;
}

export interface ContextReport {
  readonly context: string;
  /** Every namespace that gets a heading, sorted as the API sorts. */
  readonly namespaces: readonly string[];
  readonly findings: readonly ProxyFinding[];
}

export interface CheckReport {
  readonly check: CheckName;
  readonly contexts: readonly ContextReport[];
  /** About the whole, e.g. that a cluster's config maps could not be read. */
  readonly notices: readonly Message[];
}

/** What a survey's reading means for a check of certificates. */
export function certificateFinding(check: 'root-cert' | 'workload-cert', reading: ProxyReading, now: number): ProxyFinding {
  const { target, trust } = reading;
  const base = { target, domains: undefined, trust: trust.ok ? trust.value : undefined };
  if (!trust.ok) return { ...base, remark: undefined, verdict: { kind: 'unknown', why: failureMessage(trust.failure) } };
  const verdict = check === 'root-cert' ? rootsVerdict(trust.value) : issuerVerdict(trust.value);
  const remark = verdict.kind === 'known' ? trustRemark(trust.value, now) : undefined;
  return { ...base, verdict, remark };
}

/** What a proxy's accepted domains mean; `undefined` when neither the proxy nor its mesh config says any. */
export function domainFinding(target: ProxyTarget, domains: Result<DomainVerdict | undefined>): ProxyFinding {
  const base = { target, trust: undefined, remark: undefined };
  const unknown = (why: Message): ProxyFinding => ({ ...base, domains: undefined, verdict: { kind: 'unknown', why } });
  if (!domains.ok) return unknown(failureMessage(domains.failure));
  if (domains.value === undefined) return unknown(message('check.why.noMeshConfig', { revision: target.pod.proxy?.revision ?? '?' }));
  const { acceptsCitadel, acceptsMeshCa, undelivered, fromMeshConfig } = domains.value;
  const words: CaWord[] = [...(acceptsCitadel ? ['CITADEL' as const] : []), ...(acceptsMeshCa ? ['MESHCA' as const] : [])];
  const remark =
    undelivered.length > 0
      ? message('check.remark.undeliveredDomains', { domains: undelivered.join(', ') })
      : fromMeshConfig
        ? message('check.remark.domainsFromMeshConfig')
        : undefined;
  return { ...base, remark, domains: domains.value, verdict: { kind: 'known', words } };
}

const WORD_ORDER: readonly CaWord[] = ['CITADEL', 'MESHCA', 'OTHER'];

function rootsVerdict({ anchors, anchorsConflict }: ProxyTrust): CheckVerdict {
  if (anchors.state !== 'active') return absentVerdict(anchors, message('trust.why.rootsNotLoaded'));
  // Which of the two sets counts depends on the connection.
  if (anchorsConflict) return { kind: 'unknown', why: message('trust.why.conflictingRoots') };
  const words = new Set(anchors.value.map(caWord));
  return { kind: 'known', words: WORD_ORDER.filter((word) => words.has(word)) };
}

function issuerVerdict({ certificate }: ProxyTrust): CheckVerdict {
  if (certificate.state !== 'active') return absentVerdict(certificate, message('trust.why.certificateNotLoaded'));
  const { signedBy } = certificate.value;
  // A chain that verifies to nothing names no issuer, whatever its certificates are called.
  if (signedBy === undefined) return { kind: 'unknown', why: message('trust.why.unverified') };
  return { kind: 'known', words: [caWord(signedBy)] };
}

function absentVerdict(held: Exclude<ProxyTrust['anchors' | 'certificate'], { state: 'active' }>, notLoaded: Message): CheckVerdict {
  if (held.state === 'notLoaded') return { kind: 'notLoaded', why: notLoaded };
  return { kind: 'unknown', why: held.state === 'warming' ? message('trust.why.warming') : failureMessage(held.failure) };
}

/** The script's word for a root. Only what is formed exactly like a Citadel root may be called so without proof. */
export function caWord({ name }: NamedRoot): CaWord {
  if (name.kind === 'meshCa') return 'MESHCA';
  return name.kind === 'istioCa' || name.kind === 'unknownIstioCa' ? 'CITADEL' : 'OTHER';
}

/** How many proxies' answers are not known: what makes the exit code 1. */
export function unknownCount({ contexts }: CheckReport): number {
  return contexts.flatMap(({ findings }) => findings).filter(({ verdict }) => verdict.kind === 'unknown').length;
}
