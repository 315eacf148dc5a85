// Whose identities the proxies of a revision accept: by the mesh config of their control plane, and by what a sample of them shows.
import type { MeshConfigFacts, WorkloadFacts } from '../mesh/facts.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import { DEFAULT_REVISION, ISTIO_NAMESPACE, REVISION_LABEL } from '../../shared/istioNames.js';
import type { InboundListener } from './inboundDomains.js';

/** Whose identities a proxy accepts. */
export interface DomainRules {
  /** As a server, from clients. */
  readonly inbound: readonly string[];
  /** As a client, of servers: Istio pins each server's service account in these domains. */
  readonly outbound: readonly string[];
  /** As a server it asks for a certificate and lets any domain pass. */
  readonly anyInbound?: true;
}

/** Environment variable of istiod that takes the matchers out of its proxies' inbound listeners (Istio pilot/pkg/features). */
const SKIP_VALIDATION = 'PILOT_SKIP_VALIDATE_TRUST_DOMAIN';
const ISTIOD_APP = 'istiod';

/**
 * The rules of each revision with a readable mesh config, one object a revision. A control plane lets its servers accept, and
 * its clients expect, its own trust domain and the aliases (Istio pilot/pkg/networking: `TrustDomainsForValidation`,
 * `ExpandWithTrustDomains`). `caCertificates[].trustDomains` are not among them: istiod's trust bundle takes only the `pem` of
 * an entry (Istio pilot/pkg/trustbundle: `AddMeshConfigUpdate`).
 */
export function configuredRules(snapshot: ClusterSnapshot): ReadonlyMap<string, DomainRules> {
  const skipping = revisionsWithoutValidation(snapshot);
  return new Map(
    [...snapshot.meshConfigs.values()]
      .filter(({ unreadable }) => unreadable === undefined)
      .map((config) => [config.revision, rulesOf(config, skipping.has(config.revision))] as const),
  );
}

function rulesOf({ trustDomain, trustDomainAliases }: MeshConfigFacts, skips: boolean): DomainRules {
  const domains = [...new Set([trustDomain, ...trustDomainAliases])];
  return { inbound: domains, outbound: domains, ...(skips ? { anyInbound: true as const } : {}) };
}

/** Revisions whose istiod is told not to validate domains, as long as all its Deployments agree. */
function revisionsWithoutValidation({ namespaces }: ClusterSnapshot): ReadonlySet<string> {
  const istiods = [...(namespaces.get(ISTIO_NAMESPACE)?.workloads.values() ?? [])].filter(isIstiod);
  const validating = new Set(istiods.filter((istiod) => !skipsValidation(istiod)).map(revisionOf));
  return new Set(istiods.map(revisionOf).filter((revision) => !validating.has(revision)));
}

function isIstiod({ kind, labels, name }: WorkloadFacts): boolean {
  return kind === 'Deployment' && (labels.app === ISTIOD_APP || name === ISTIOD_APP || name.startsWith(`${ISTIOD_APP}-`));
}

/** As Go's `strconv.ParseBool` reads it. */
function skipsValidation({ environment }: WorkloadFacts): boolean {
  return /^(1|t|true)$/i.test(environment[SKIP_VALIDATION] ?? '');
}

function revisionOf({ labels }: WorkloadFacts): string {
  return labels[REVISION_LABEL] ?? DEFAULT_REVISION;
}

/** What the proxies really do counts for what they accept; what their clients expect is only in the mesh config. */
export function sampledRules(configured: DomainRules, { domains }: InboundListener): DomainRules {
  const { outbound } = configured;
  switch (domains.kind) {
    case 'noInbound':
    case 'noListener':
      return configured;
    case 'any':
      return { inbound: configured.inbound, outbound, anyInbound: true };
    case 'domains':
      return { inbound: domains.domains, outbound };
  }
}

/** Domains that the mesh config of the sample's revision accepts and the sample does not; empty where it is as configured. */
export function undeliveredDomains(configured: DomainRules, { domains }: InboundListener): readonly string[] {
  return domains.kind === 'domains' ? configured.inbound.filter((domain) => !domains.domains.includes(domain)) : [];
}
