// Says what a root is by its key: Mesh CA's, an Istio CA's that a chosen cluster publishes, or something else. A subject
// never makes a root Mesh CA or a known Istio CA.
import { clusterKey, clusterName } from '../cluster.js';
import type { ClusterRef } from '../cluster.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { CertificateFacts } from './certificateFacts.js';
import type { RootName } from './proxyTrust.js';

/**
 * SHA-256 of Mesh CA's one root (RSA 4096, 2018-04-25 to 2118-04-25), as it stands in the ASM packages' file
 * `asm/istio/options/ca-migration-citadel.yaml`.
 */
export const MESH_CA_ROOT =
  '61:48:49:A4:AA:1A:7C:E5:93:C0:44:43:86:2A:D4:3B:53:64:81:4D:5E:7D:51:25:B0:74:08:DA:D2:C5:26:F0';

/** SHA-256 of that root's public key: a certificate renewed with the same key is Mesh CA all the same. */
export const MESH_CA_KEY =
  'FE:3C:04:21:3E:51:B8:69:FF:6F:FD:7D:9C:A0:9D:54:40:6E:53:69:52:C6:7F:69:BD:B6:F3:37:12:EF:60:65';

/** How the common name of Mesh CA's root begins; all that `migrate_ca` looks at. */
const MESH_CA_NAME = /^CN=istio_v1_cloud_workload_root-signer/m;

/** Istio's default; a Citadel root has its trust domain as organisation and nothing else. */
const DEFAULT_TRUST_DOMAIN = 'cluster.local';

/** What the chosen clusters together say about roots. */
export interface RootKnowledge {
  /** Fingerprint of a published Istio CA root to the names of the clusters that publish it. */
  readonly istioCaClusters: ReadonlyMap<string, readonly string[]>;
  /** The same by the SHA-256 of the root's public key. */
  readonly istioCaKeys: ReadonlyMap<string, readonly string[]>;
  /** Cluster key to the roots that stand for Mesh CA there: a rehearsal's, and for that cluster's proxies alone. */
  readonly declaredMeshCaRoots: ReadonlyMap<string, ReadonlySet<string>>;
  /** Every trust domain of the chosen clusters' control planes. */
  readonly trustDomains: ReadonlySet<string>;
}

/** Gathers it over all chosen clusters, because a proxy of one may trust the Istio CA of another. */
export function gatherRootKnowledge(snapshots: readonly ClusterSnapshot[]): RootKnowledge {
  const istioCaClusters = new Map<string, string[]>();
  const istioCaKeys = new Map<string, string[]>();
  const trustDomains = new Set([DEFAULT_TRUST_DOMAIN]);
  for (const snapshot of snapshots) {
    const name = clusterName(snapshot.ref);
    const published = [...snapshot.caRoots.values()];
    addPublished(istioCaClusters, name, published.flatMap(({ fingerprints }) => fingerprints));
    addPublished(istioCaKeys, name, published.flatMap(({ keys }) => keys ?? []));
    for (const { trustDomain, trustDomainAliases } of snapshot.meshConfigs.values()) {
      for (const domain of [trustDomain, ...trustDomainAliases]) trustDomains.add(domain);
    }
  }
  return {
    istioCaClusters,
    istioCaKeys,
    declaredMeshCaRoots: new Map(snapshots.map(({ ref, declaredMeshCaRoots }) => [clusterKey(ref), new Set(declaredMeshCaRoots)])),
    trustDomains,
  };
}

/** Thousands of namespaces publish the same root. */
function addPublished(publishers: Map<string, string[]>, cluster: string, prints: readonly string[]): void {
  for (const print of new Set(prints)) publishers.set(print, [...(publishers.get(print) ?? []), cluster]);
}

/** Names a root as seen by the proxies of this cluster. */
export function nameRoot(root: CertificateFacts, cluster: ClusterRef, knowledge: RootKnowledge): RootName {
  if (root.fingerprint === MESH_CA_ROOT) return { kind: 'meshCa', rehearsal: false };
  if (knowledge.declaredMeshCaRoots.get(clusterKey(cluster))?.has(root.fingerprint) === true) {
    return { kind: 'meshCa', rehearsal: true };
  }
  if (root.spki === MESH_CA_KEY && root.selfSigned) return { kind: 'meshCa', rehearsal: false, renewed: true };
  // Before what clusters publish: a stranger's key under Mesh CA's name stays remarkable wherever it turns up.
  if (MESH_CA_NAME.test(root.subject)) return { kind: 'lookalike' };
  const clusters = knowledge.istioCaClusters.get(root.fingerprint);
  if (clusters) return { kind: 'istioCa', clusters };
  // istiod renews its root with the key that it has (security/pkg/pki/ca/selfsignedcarootcertrotator.go): the same CA.
  const sameKey = root.selfSigned ? knowledge.istioCaKeys.get(root.spki) : undefined;
  if (sameKey) return { kind: 'istioCa', clusters: sameKey, renewed: true };
  const trustDomain = root.selfSigned ? /^O=(.+)$/.exec(root.subject)?.[1] : undefined;
  if (trustDomain !== undefined && knowledge.trustDomains.has(trustDomain)) return { kind: 'unknownIstioCa', trustDomain };
  return { kind: 'other' };
}
