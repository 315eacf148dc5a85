// Which control plane to install: the few choices from which all its objects follow, and the four this mesh knows.
import { DEFAULT_REVISION } from '../../../shared/istioNames.js';

export interface ControlPlaneSpec {
  readonly revision: string;
  /** Tag of istiod's and the proxies' images. */
  readonly version: string;
  readonly hub: string;
  readonly installedBy: 'istio' | 'asm';
  readonly meshId: string;
  /** As proxies name their cluster. */
  readonly clusterId: string;
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  /** PEM of anchors handed out beside the CA's own root. */
  readonly caCertificates: readonly string[];
  readonly isMultiRoot: boolean;
  readonly signsWith: 'citadel' | 'meshCa';
  /** istiod's `ENABLE_NATIVE_SIDECARS`; off where nothing is said. */
  readonly nativeSidecars?: boolean;
  /** Of workload certificates: `ec` sets proxyMetadata `ECC_SIGNATURE_ALGORITHM`. RSA where nothing is said. */
  readonly workloadKeys?: 'rsa' | 'ec';
}

/** The project and cluster that an installation belongs to. */
export interface MeshPlace {
  readonly fleetProject: string;
  readonly project: string;
  readonly location: string;
  readonly cluster: string;
}

const ASM_HUB = 'gke.gcr.io/asm';
const TARGET_VERSION = '1.23.2-asm.2';
const CITADEL_DOMAIN = 'cluster.local';

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)];
}

function asm(place: MeshPlace): Pick<ControlPlaneSpec, 'hub' | 'installedBy' | 'meshId' | 'clusterId'> {
  return {
    hub: ASM_HUB,
    installedBy: 'asm',
    meshId: `proj-${place.fleetProject}`,
    clusterId: `cn-${place.project}-${place.location}-${place.cluster}`,
  };
}

/** Identities of workloads under Mesh CA: the fleet's workload identity pool. */
export function fleetTrustDomain(place: MeshPlace): string {
  return `${place.fleetProject}.svc.id.goog`;
}

/** Istio on GKE, installed with `istioctl install`. */
export function istioOnGke(): ControlPlaneSpec {
  return {
    revision: DEFAULT_REVISION,
    version: '1.16.7',
    hub: 'docker.io/istio',
    installedBy: 'istio',
    meshId: CITADEL_DOMAIN,
    clusterId: 'Kubernetes',
    trustDomain: CITADEL_DOMAIN,
    trustDomainAliases: [],
    caCertificates: [],
    isMultiRoot: false,
    signsWith: 'citadel',
  };
}

/** ASM 1.16 with Istio CA. */
export function asmWithCitadel(place: MeshPlace): ControlPlaneSpec {
  return {
    ...asm(place),
    revision: 'asm-1162-2',
    version: '1.16.2-asm.2',
    trustDomain: CITADEL_DOMAIN,
    trustDomainAliases: [fleetTrustDomain(place)],
    caCertificates: [],
    isMultiRoot: false,
    signsWith: 'citadel',
  };
}

/** REVISION_1: `--ca citadel --option ca-migration-citadel`. Citadel signs, Mesh CA's root is handed out too. */
export function distributesMeshCaRoot(place: MeshPlace, revision: string, meshCaRootPem: string): ControlPlaneSpec {
  return {
    ...asmWithCitadel(place),
    revision,
    version: TARGET_VERSION,
    caCertificates: [meshCaRootPem],
    isMultiRoot: true,
  };
}

/**
 * REVISION_2: `--ca mesh_ca --option ca-migration-meshca`, with the aliases that asmcli adds; `foundAliases` are those it
 * reads from the mesh config of the istiod it finds.
 */
export function signsWithMeshCa(place: MeshPlace, revision: string, foundAliases: readonly string[] = []): ControlPlaneSpec {
  const trustDomain = fleetTrustDomain(place);
  const aliases = [`${place.fleetProject}.hub.id.goog`, `${place.project}.svc.id.goog`, ...foundAliases, CITADEL_DOMAIN];
  return {
    ...asm(place),
    revision,
    version: TARGET_VERSION,
    trustDomain,
    trustDomainAliases: unique(aliases).filter((alias) => alias !== trustDomain),
    caCertificates: [],
    isMultiRoot: true,
    signsWith: 'meshCa',
  };
}
