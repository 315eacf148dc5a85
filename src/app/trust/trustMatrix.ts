// From a survey's readings to the classes of proxies and who of them can authenticate whom, over all clusters.
import { clusterKey } from '../../domain/cluster.js';
import type { MeshConfigFacts } from '../../domain/mesh/facts.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { Authentication } from '../../domain/trust/authentication.js';
import { authenticationGrid } from '../../domain/trust/authentication.js';
import type { DomainRules, TrustClass } from '../../domain/trust/trustClasses.js';
import { classifyProxies } from '../../domain/trust/trustClasses.js';
import type { ProxyTarget } from './proxyTargets.js';
import type { ProxyReading } from './trustSurvey.js';

export interface TrustMatrix {
  readonly classes: readonly TrustClass<ProxyTarget>[];
  /** `grid[client][server]`, by the places of the classes. */
  readonly grid: readonly (readonly Authentication[])[];
}

/** The matrix of these proxies; classes and their members come in the order of the readings. */
export function trustMatrix(readings: readonly ProxyReading[], snapshots: readonly ClusterSnapshot[], now: number): TrustMatrix {
  const rules = domainRulesByRevision(snapshots);
  const classes = classifyProxies(
    readings.map(({ target, trust }) => ({
      member: target,
      trust,
      domains: rules.get(revisionKey(clusterKey(target.cluster), target.pod.proxy?.revision)) ?? ('unknown' as const),
    })),
    now,
  );
  return { classes, grid: authenticationGrid(classes, now) };
}

/** One object a revision, however many proxies it has. */
function domainRulesByRevision(snapshots: readonly ClusterSnapshot[]): ReadonlyMap<string, DomainRules> {
  return new Map(
    snapshots.flatMap(({ ref, meshConfigs }) =>
      [...meshConfigs.values()]
        .filter(({ unreadable }) => unreadable === undefined)
        .map((config) => [revisionKey(clusterKey(ref), config.revision), domainRules(config)] as const),
    ),
  );
}

/**
 * A control plane lets its servers accept, and its clients expect, its own trust domain and the aliases (Istio
 * pilot/pkg/security/authn and networking/core: `ExpandWithTrustDomains`).
 */
function domainRules({ trustDomain, trustDomainAliases }: MeshConfigFacts): DomainRules {
  const domains = [...new Set([trustDomain, ...trustDomainAliases])];
  return { inbound: domains, outbound: domains };
}

function revisionKey(cluster: string, revision: string | undefined): string {
  return `${revision ?? ''}\n${cluster}`;
}
