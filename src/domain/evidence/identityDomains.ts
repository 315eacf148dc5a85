// Which trust domains the identity scan has to reckon with: those of today's peers, the coming one, and what all will expand.
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { MigrationPlan } from '../plan/migrationPlan.js';
import type { IdentityDomains } from './scanIdentity.js';
import { acceptedBy } from './standing.js';

/** Istio's default, which asmcli's Citadel options set too. */
const CLUSTER_LOCAL = 'cluster.local';

/**
 * Undefined without a plan: the coming trust domain is the fleet's. Where a control plane of the migration is not installed yet,
 * what asmcli will give it counts (`cluster.local` and the fleet's domain for both options).
 */
export function identityDomains(snapshots: readonly ClusterSnapshot[], plan: MigrationPlan | undefined): IdentityDomains | undefined {
  if (plan === undefined) return undefined;
  const coming = `${plan.fleetProject}.svc.id.goog`;
  const configs = snapshots.flatMap(({ meshConfigs }) => [...meshConfigs.values()]).filter(({ unreadable }) => unreadable === undefined);
  const present = new Set([CLUSTER_LOCAL, ...configs.map(({ trustDomain }) => trustDomain)]);
  present.delete(coming);
  const ofMigration = configs.filter(({ revision }) => revision === plan.revision1 || revision === plan.revision2).map(acceptedBy);
  const bundles = [...ofMigration, [CLUSTER_LOCAL, coming]];
  const expanded = [...new Set(bundles.flat())].filter((domain) => bundles.every((bundle) => bundle.includes(domain)));
  return { present: [...present].sort(), coming, expanded };
}
