// The trust domain of the identities that Mesh CA would issue in a cluster, as far as its proxies and its mesh configs tell.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { isMeshCaDomain } from '../../domain/trust/acceptedDomains.js';
import type { Work } from './stretches.js';
import { each } from './stretches.js';
import type { TrustMatrix } from './trustMatrix.js';

export interface MeshCaDomain {
  readonly domain: string;
  /** Nothing but an alias in a mesh config names it: what its writer expects, and not what Mesh CA was seen to do. */
  readonly isAlias: boolean;
}

/**
 * By what Mesh CA has issued there, otherwise by a mesh config of its own, otherwise by an alias. Undefined where none of them
 * names one, or where two contradict each other: Mesh CA issues for the cluster's fleet alone.
 */
export function* meshCaDomain(cluster: ClusterRef, { classes }: TrustMatrix, snapshots: readonly ClusterSnapshot[]): Work<MeshCaDomain | undefined> {
  const key = clusterKey(cluster);
  const issued = new Set<string>();
  for (const one of classes) {
    if (one.kind !== 'known' || one.position.signedBy.name.kind !== 'meshCa') continue;
    const { identityDomain } = one.position;
    yield* each(one.members, (member) => {
      if (clusterKey(member.cluster) === key) issued.add(identityDomain);
    });
  }
  const configs = [...(snapshots.find(({ ref }) => clusterKey(ref) === key)?.meshConfigs.values() ?? [])].filter(({ unreadable }) => unreadable === undefined);
  const own = configs.map(({ trustDomain }) => trustDomain).filter(isMeshCaDomain);
  const aliases = configs.flatMap(({ trustDomainAliases }) => trustDomainAliases).filter(isMeshCaDomain);
  const [known = new Set<string>()] = [issued, new Set(own), new Set(aliases)].filter(({ size }) => size > 0);
  const [domain] = known;
  if (domain === undefined || known.size > 1) return undefined;
  return { domain, isAlias: issued.size === 0 && own.length === 0 };
}
