// Whether AuthorizationPolicies in a simulated mesh let a caller in, as istiod translates them for its trust domains: what the
// identity scan foretells is tried on it, so it shares nothing with the scan and is written from Istio's source:
// pilot/pkg/security/trustdomain/bundle.go (principals) and authz/matcher/string.go (patterns); DENY is asked before ALLOW.
// Only who calls is looked at: operations, and conditions other than `source.principal`, are taken to hold.
import { fieldsAt, listAt, textAt } from '../../src/rehearsal/api/json.js';
import type { KubeObject } from '../../src/rehearsal/kubeObject.js';
import { ISTIO_NAMESPACE } from '../../src/shared/istioNames.js';
import { hasLabels } from '../../src/rehearsal/mesh/labelSelector.js';
import type { Labels } from '../../src/rehearsal/mesh/labelSelector.js';

/** The parts of a principal that names a trust domain: `DOMAIN/ns/NAMESPACE/sa/ACCOUNT`. */
const PRINCIPAL_PARTS = 5;
/** istiod takes it for its own trust domain and all aliases, whatever they are. */
const CLUSTER_LOCAL = 'cluster.local';

/** Where a policy is asked: the server's pod, and the trust domain of its istiod with the aliases. */
export interface AuthorizingServer {
  readonly namespace: string;
  readonly labels: Labels;
  readonly trustDomains: readonly string[];
}

/** What istiod makes of a principal: of each of its trust domains, where the written one is one of them; otherwise itself. */
export function expandedPrincipals(principal: string, trustDomains: readonly string[]): readonly string[] {
  const [written = '', ...parts] = principal.split('/');
  if (parts.length + 1 !== PRINCIPAL_PARTS || written === '*') return [principal];
  if (written !== CLUSTER_LOCAL && !trustDomains.some((domain) => matches(written, domain))) return [principal];
  return [...new Set(trustDomains.map((domain) => (isSuffixOf(written, domain) ? principal : [domain, ...parts].join('/'))))];
}

function isSuffixOf(pattern: string, text: string): boolean {
  return pattern.startsWith('*') && text.endsWith(pattern.slice(1));
}

/** A star at the beginning or the end stands for anything, a star alone for anybody who is authenticated. */
function matches(pattern: string, text: string): boolean {
  if (pattern === '*') return text !== '';
  if (isSuffixOf(pattern, text)) return true;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : pattern === text;
}

/** `caller` is the SPIFFE id in the caller's certificate without its scheme. */
export function letsIn(policies: readonly KubeObject[], server: AuthorizingServer, caller: string): boolean {
  const own = policies.filter((policy) => concerns(policy, server));
  const ofAction = (action: string): readonly KubeObject[] => own.filter((policy) => (textAt(policy, 'spec', 'action') || 'ALLOW') === action);
  const isMatched = (policy: KubeObject): boolean => listAt(policy, 'spec', 'rules').some((rule) => ruleMatches(rule, server, caller));
  if (ofAction('DENY').some(isMatched)) return false;
  const allowing = ofAction('ALLOW');
  return allowing.length === 0 || allowing.some(isMatched);
}

/** Those of istio-system are for all namespaces. */
function concerns({ metadata, spec }: KubeObject, { namespace, labels }: AuthorizingServer): boolean {
  if (metadata.namespace !== namespace && metadata.namespace !== ISTIO_NAMESPACE) return false;
  return hasLabels(fieldsAt(spec, 'selector', 'matchLabels') as Labels, labels);
}

function ruleMatches(rule: unknown, server: AuthorizingServer, caller: string): boolean {
  const sources = listAt(rule, 'from');
  const conditions = listAt(rule, 'when').filter((condition) => textAt(condition, 'key') === 'source.principal');
  const isFrom = (source: unknown): boolean => names(source, 'principals', 'notPrincipals', server, caller);
  return (sources.length === 0 || sources.some((from) => isFrom(fieldsAt(from, 'source')))) && conditions.every((when) => names(when, 'values', 'notValues', server, caller));
}

function names(entry: unknown, wanted: string, unwanted: string, { trustDomains }: AuthorizingServer, caller: string): boolean {
  const listed = (field: string): readonly string[] => listAt(entry, field).flatMap((principal) => expandedPrincipals(String(principal), trustDomains));
  const isListed = (field: string): boolean => listed(field).some((principal) => matches(principal, caller));
  return (listAt(entry, wanted).length === 0 || isListed(wanted)) && !isListed(unwanted);
}
