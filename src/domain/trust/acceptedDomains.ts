// Whether a proxy accepts peers of the Istio CA's trust domain and of Mesh CA's: by its own matchers where it has any.
import type { MeshConfigFacts } from '../mesh/facts.js';
import type { InboundDomains } from './inboundDomains.js';

const MESH_CA_SUFFIX = '.svc.id.goog';
/** Istio's default, which ASM's Citadel options set as well. */
const DEFAULT_TRUST_DOMAIN = 'cluster.local';

/** Mesh CA issues identities under a workload identity pool, `FLEET.svc.id.goog`, and under nothing else; an Istio CA under anything else. */
export function isMeshCaDomain(domain: string): boolean {
  return domain.endsWith(MESH_CA_SUFFIX);
}

export interface DomainVerdict {
  /** Undefined when every domain passes. */
  readonly accepted: readonly string[] | undefined;
  /** Whether every trust domain under which an Istio CA of this cluster issues identities is accepted. */
  readonly acceptsCitadel: boolean;
  readonly acceptsMeshCa: boolean;
  /** What the control plane's mesh config accepts and this proxy does not (yet). */
  readonly undelivered: readonly string[];
  /** The proxy has no inbound listener with mTLS, so this is what its control plane's mesh config says. */
  readonly fromMeshConfig: boolean;
}

/** Undefined when neither the proxy nor a readable mesh config of its revision says anything. */
export function judgeDomains(
  inbound: InboundDomains,
  revision: string | undefined,
  meshConfigs: readonly MeshConfigFacts[],
): DomainVerdict | undefined {
  const config = meshConfigs.find((candidate) => candidate.revision === revision && candidate.unreadable === undefined);
  const configured = config && [...new Set([config.trustDomain, ...config.trustDomainAliases])];
  const citadelDomains = istioCaDomains(config, meshConfigs);
  if (inbound.kind === 'any') {
    return { accepted: undefined, acceptsCitadel: true, acceptsMeshCa: true, undelivered: [], fromMeshConfig: false };
  }
  const accepted = inbound.kind === 'domains' ? inbound.domains : configured;
  if (accepted === undefined) return undefined;
  return {
    accepted,
    acceptsCitadel: citadelDomains.every((domain) => accepted.includes(domain)),
    acceptsMeshCa: accepted.some(isMeshCaDomain),
    undelivered: (configured ?? []).filter((domain) => !accepted.includes(domain)),
    fromMeshConfig: inbound.kind !== 'domains',
  };
}

/** The revision's own domain when it signs itself; a Mesh CA revision has the domains of those beside it to accept. */
function istioCaDomains(config: MeshConfigFacts | undefined, all: readonly MeshConfigFacts[]): readonly string[] {
  if (config && !isMeshCaDomain(config.trustDomain)) return [config.trustDomain];
  const others = all.filter(({ unreadable }) => unreadable === undefined).map(({ trustDomain }) => trustDomain);
  const citadel = [...new Set(others.filter((domain) => !isMeshCaDomain(domain)))];
  return citadel.length > 0 ? citadel : [DEFAULT_TRUST_DOMAIN];
}
