// Looks for authorization that stops matching when peers move to Mesh CA's trust domain, and says what to write instead.
// The rules are Istio's: pilot/pkg/security/trustdomain/bundle.go (principals), networking's exact subjectAltNames.
import { assertNever } from '../../shared/assertNever.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { IdentityFinding, IdentityVerdict } from './identityFinding.js';
import type { IdentityObject, WrittenIdentity } from './writtenIdentities.js';
import { writtenIdentities } from './writtenIdentities.js';

export interface IdentityDomains {
  /** Under which peers have identities today, Istio's default among them. */
  readonly present: readonly string[];
  /** Under which Mesh CA will issue. */
  readonly coming: string;
  /** What every control plane of the migration will accept (trust domain and aliases): only these are expanded by all of them. */
  readonly expanded: readonly string[];
}

/** istiod takes it for whatever the trust domain is (`DefaultClusterLocalDomain` in bundle.go). */
const CLUSTER_LOCAL = 'cluster.local';

/** Every identity that is written down, with its verdict; in the order of the objects. */
export function scanIdentity(objects: readonly IdentityObject[], domains: IdentityDomains): readonly IdentityFinding[] {
  return objects.flatMap((object) => writtenIdentities(object, domains.present).map((written) => findingOf(object, written, domains)));
}

interface Judgement {
  readonly verdict: IdentityVerdict;
  readonly why: Message;
  readonly proposal?: string;
}

function findingOf({ kind, namespace, name }: IdentityObject, written: WrittenIdentity, domains: IdentityDomains): IdentityFinding {
  const { proposal, ...judgement } = judge(written, domains);
  const { path, value } = written;
  const id = [kind, namespace, name, `${path.replace(/\[\d+\]/g, '')}=${value.slice(0, 120)}`].join('.');
  return { id, kind, namespace, name, path, value, ...judgement, proposal };
}

function judge(written: WrittenIdentity, domains: IdentityDomains): Judgement {
  switch (written.use) {
    case 'principal':
    case 'notPrincipal':
      return judgePrincipal(written, domains);
    case 'peerName':
      return judgePeerName(written, domains);
    case 'text':
      return { verdict: 'review', why: message('identity.text') };
    case 'outsideService':
      return { verdict: 'review', why: message('identity.outsideService', { domain: domains.coming }) };
    default:
      return assertNever(written.use);
  }
}

/** A principal is `DOMAIN/ns/NAMESPACE/sa/ACCOUNT`; anything of another shape is no identity to istiod and is kept as it is. */
function judgePrincipal(written: WrittenIdentity, { present, coming, expanded }: IdentityDomains): Judgement {
  const parts = written.value.split('/');
  const domain = parts[0] ?? '';
  if (domain.startsWith('*') && (domain === '*' || parts.length !== 5)) return { verdict: 'holds', why: message('identity.anyDomain') };
  const isPresent = present.includes(domain);
  if (parts.length !== 5) {
    // `cluster.local/ns/foo/*` and the like: a prefix of the old identities and of no other.
    if (domain === coming && !isPresent) return { verdict: 'holds', why: message('identity.anyDomain') };
    if (!isPresent) return { verdict: 'review', why: message('identity.foreignDomain', { domain }) };
    if (written.among.includes(inDomain(written.value, coming))) return { verdict: 'holds', why: message('identity.bothListed', { domain: coming }) };
    const why = message('identity.prefixKeptLiterally', { effect: effectOf(written, coming) });
    return { verdict: 'breaks', why, proposal: `*/${parts.slice(1).join('/')}` === '*/*' ? '*' : inDomain(written.value, coming) };
  }
  const isExpanded = domain === CLUSTER_LOCAL || expanded.some((accepted) => matches(domain, accepted));
  if (isExpanded) return { verdict: 'holds', why: message('identity.expanded') };
  if (!isPresent) return { verdict: 'review', why: message('identity.foreignDomain', { domain }) };
  return { verdict: 'breaks', why: effectOf(written, coming), proposal: inDomain(written.value, CLUSTER_LOCAL) };
}

/** A domain may begin or end with a star, as every value of a policy. */
function matches(pattern: string, domain: string): boolean {
  if (pattern.startsWith('*')) return domain.endsWith(pattern.slice(1));
  return pattern.endsWith('*') ? domain.startsWith(pattern.slice(0, -1)) : pattern === domain;
}

/** What no longer matching means: an exception lost in a rule that refuses refuses more; a rule that refuses lost refuses less. */
function effectOf({ use, action }: WrittenIdentity, domain: string): Message {
  if (action !== 'ALLOW' && action !== 'DENY') return message('identity.unknownEffect', { domain });
  const refusesMore = (action === 'ALLOW') === (use === 'principal');
  return refusesMore ? message('identity.refuses', { domain }) : message('identity.letsThrough', { domain });
}

function judgePeerName(written: WrittenIdentity, { present, coming }: IdentityDomains): Judgement {
  const domain = /^spiffe:\/\/([^/]*)/.exec(written.value)?.[1] ?? '';
  if (domain === coming) return { verdict: 'holds', why: message('identity.bothListed', { domain: coming }) };
  if (!present.includes(domain)) return { verdict: 'review', why: message('identity.foreignDomain', { domain }) };
  const proposal = `spiffe://${coming}${written.value.slice(`spiffe://${domain}`.length)}`;
  if (written.among.includes(proposal)) return { verdict: 'holds', why: message('identity.bothListed', { domain: coming }) };
  return { verdict: 'breaks', why: message('identity.serverNotExpected', { domain: coming }), proposal };
}

function inDomain(principal: string, domain: string): string {
  return `${domain}/${principal.split('/').slice(1).join('/')}`;
}
