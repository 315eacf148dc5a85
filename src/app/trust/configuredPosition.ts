// Where the proxies of a control plane would stand that has none yet: by its mesh config and the root that its cluster publishes.
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import { isMeshCaDomain } from '../../domain/trust/acceptedDomains.js';
import { configuredRules } from '../../domain/trust/domainRules.js';
import type { NamedRoot } from '../../domain/trust/proxyTrust.js';
import type { TrustPosition } from '../../domain/trust/trustClasses.js';
import type { TrustMatrix } from './trustMatrix.js';

/**
 * Undefined where the mesh config cannot be read, or names a root that no proxy was seen to hold: then nobody knows what it is.
 * Anchors are the published root and `caCertificates`; these reach proxies of istiods with `ISTIO_MULTIROOT_MESH` only, so this
 * is what is configured and not what is true.
 */
export function configuredPosition(
  cluster: ClusterRef,
  revision: string,
  matrix: TrustMatrix,
  snapshots: readonly ClusterSnapshot[],
): TrustPosition | undefined {
  const snapshot = snapshots.find(({ ref }) => clusterKey(ref) === clusterKey(cluster));
  const domains = snapshot && configuredRules(snapshot).get(revision);
  const config = snapshot && [...snapshot.meshConfigs.values()].find((candidate) => candidate.revision === revision);
  if (snapshot === undefined || domains === undefined || config === undefined) return undefined;
  const roots = knownRoots(matrix);
  const published = [...new Set([...snapshot.caRoots.values()].flatMap(({ fingerprints }) => fingerprints))];
  const meshCa = [...roots.values()].find(({ name }) => name.kind === 'meshCa');
  const byMeshCa = isMeshCaDomain(config.trustDomain);
  const signedBy = byMeshCa ? meshCa : roots.get(published[0] ?? '');
  const trusted = [...(byMeshCa ? [] : published), ...config.extraAnchors].map((fingerprint) => roots.get(fingerprint));
  const anchors = [...trusted, signedBy].filter((root) => root !== undefined);
  if (signedBy === undefined || trusted.includes(undefined)) return undefined;
  return {
    anchors: new Map(anchors.map((root) => [root.fingerprint, root])),
    signedBy,
    identityDomain: config.trustDomain,
    domains,
    validity: 'valid',
    mtls: 'unknown',
  };
}

function knownRoots({ classes }: TrustMatrix): ReadonlyMap<string, NamedRoot> {
  const positions = classes.flatMap((one) => (one.kind === 'known' ? [one.position] : []));
  return new Map(positions.flatMap(({ anchors, signedBy }) => [...anchors.values(), signedBy].map((root) => [root.fingerprint, root] as const)));
}
