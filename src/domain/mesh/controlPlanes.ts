// The control planes of a cluster by revision: their istiod, its version, who is configured to sign, which roots they hand out.
// Configured, not proven: what proxies really trust is read from the proxies.
import { DEFAULT_REVISION, MESH_CA_ADDRESS, REVISION_LABEL } from '../../shared/istioNames.js';
import { MESH_CA_ROOT } from '../trust/rootNames.js';
import type { Labels, MeshConfigFacts, PodFacts, WorkloadFacts } from './facts.js';
import { isKnown } from './known.js';
import { namespaceView } from './namespaceView.js';
import { injectionRules } from './revisions.js';
import type { ClusterSnapshot } from './snapshot.js';

export type Signer = 'istioCa' | 'meshCa' | 'unknown';

export interface ControlPlaneView {
  readonly revision: string;
  /** Empty where only webhooks or proxies of the revision are left. */
  readonly istiods: readonly WorkloadFacts[];
  readonly pods: readonly PodFacts[];
  /** Tag of istiod's image; undefined when it is pinned by digest. */
  readonly version: string | undefined;
  readonly ready: number;
  readonly desired: number;
  readonly signer: Signer;
  /**
   * Whether proxies get the Mesh CA root beside their own: `configuredOnly` when the mesh config has it, but istiod's switch
   * or the agents' flag is missing, without which nothing is handed out (pilot's trustbundle.go, the agent's PROXY_CONFIG_XDS_AGENT).
   */
  readonly meshCaRoot: 'handedOut' | 'configuredOnly' | 'no' | 'unknown';
  readonly config: MeshConfigFacts | undefined;
  /** Pods that it injected; undefined while pods are not known. */
  readonly proxies: number | undefined;
  readonly tags: readonly string[];
  /** Namespaces labelled `istio-injection=enabled` are its. */
  readonly isDefaultInjector: boolean;
}

const viewsBySnapshot = new WeakMap<ClusterSnapshot, readonly ControlPlaneView[]>();

/** Every revision of which there is an istiod, a webhook or a proxy, by name. */
export function controlPlanes(snapshot: ClusterSnapshot): readonly ControlPlaneView[] {
  const remembered = viewsBySnapshot.get(snapshot);
  if (remembered !== undefined) return remembered;
  const istiods = findIstiods(snapshot);
  const proxies = countProxies(snapshot);
  const webhooks = [...snapshot.injectors.values()].map(({ revision }) => revision ?? DEFAULT_REVISION);
  const revisions = [...new Set([...istiods.map(({ revision }) => revision), ...webhooks, ...proxies.keys()])].sort();
  const views = revisions.map((revision) => viewOf(snapshot, revision, istiods, proxies));
  viewsBySnapshot.set(snapshot, views);
  return views;
}

export function controlPlane(snapshot: ClusterSnapshot, revision: string): ControlPlaneView | undefined {
  return controlPlanes(snapshot).find((view) => view.revision === revision);
}

interface Istiod {
  readonly revision: string;
  readonly workload: WorkloadFacts;
  readonly pods: readonly PodFacts[];
}

function findIstiods(snapshot: ClusterSnapshot): readonly Istiod[] {
  return [...snapshot.namespaces.values()].flatMap(({ workloads, pods }) =>
    [...workloads.values()]
      .filter(({ kind, templateLabels, labels }) => kind === 'Deployment' && (templateLabels.app ?? labels.app) === 'istiod')
      .map((workload) => ({
        revision: workload.labels[REVISION_LABEL] ?? workload.templateLabels[REVISION_LABEL] ?? DEFAULT_REVISION,
        workload,
        pods: [...pods.values()].filter(({ owner }) => owner?.kind === 'Deployment' && owner.name === workload.name),
      })),
  );
}

/** Over the namespaces' own counts, which are computed once per state of a namespace. */
function countProxies(snapshot: ClusterSnapshot): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const namespace of snapshot.namespaces.values()) {
    for (const { revision, pods } of namespaceView(snapshot, namespace).injected) {
      if (revision !== undefined) counts.set(revision, (counts.get(revision) ?? 0) + pods);
    }
  }
  return counts;
}

function viewOf(
  snapshot: ClusterSnapshot,
  revision: string,
  all: readonly Istiod[],
  proxies: ReadonlyMap<string, number>,
): ControlPlaneView {
  const own = all.filter((istiod) => istiod.revision === revision);
  const istiods = own.map(({ workload }) => workload);
  const config = [...snapshot.meshConfigs.values()].find((candidate) => candidate.revision === revision);
  const { rules } = injectionRules(snapshot);
  const injectors = rules.filter((rule) => rule.revision === revision).map(({ injector }) => injector);
  return {
    revision,
    istiods,
    pods: own.flatMap(({ pods }) => pods),
    version: istiods.map(versionOf).find((version) => version !== undefined),
    ready: istiods.reduce((sum, { ready }) => sum + ready, 0),
    desired: istiods.reduce((sum, { desired }) => sum + desired, 0),
    signer: signerOf(istiods, config),
    meshCaRoot: meshCaRootOf(snapshot, istiods, config),
    config,
    proxies: isKnown(snapshot, 'pods') ? (proxies.get(revision) ?? 0) : undefined,
    tags: injectors.flatMap(({ tag }) => tag ?? []).sort(),
    isDefaultInjector: injectors.some(({ webhooks }) =>
      webhooks.some(({ namespaceSelector }) =>
        namespaceSelector.some(({ key, operator, values }) => key === 'istio-injection' && operator === 'In' && values.includes('enabled')),
      ),
    ),
  };
}

/** What agents call an Istio CA, and where one is: an istiod by its Service (istio, pkg/istio-agent and pilot's charts). */
const ISTIO_CA_PROVIDERS: readonly string[] = ['', 'Citadel'];
const ISTIO_CA_ADDRESS = /^istiod(?:-[a-z0-9-]+)?\.[a-z0-9-]+\.svc(?:\.[a-z0-9.-]+)?(?::\d+)?$/u;

/** A CA that nobody here knows (Certificate Authority Service, one of another vendor): who signs is not known then. */
function isForeignCa({ CA_PROVIDER = '', CA_ADDR = '' }: Labels): boolean {
  const isKnownProvider = CA_PROVIDER === 'GoogleCA' || ISTIO_CA_PROVIDERS.includes(CA_PROVIDER);
  return !isKnownProvider || !(CA_ADDR === '' || CA_ADDR === MESH_CA_ADDRESS || ISTIO_CA_ADDRESS.test(CA_ADDR));
}

/**
 * Mesh CA where the agents or istiod are told its address; an Istio CA only where the mesh config could be read and names no other.
 * Whoever is told of a CA that is neither may be signed by anybody.
 */
function signerOf(istiods: readonly WorkloadFacts[], config: MeshConfigFacts | undefined): Signer {
  const told = [...istiods.map(({ environment }) => environment), config?.proxyMetadata ?? {}];
  if (told.some(isForeignCa)) return 'unknown';
  if (told.some((settings) => settings.CA_ADDR === MESH_CA_ADDRESS || settings.CA_PROVIDER === 'GoogleCA')) return 'meshCa';
  if (config === undefined || config.unreadable !== undefined || istiods.length === 0) return 'unknown';
  // An istiod without a CA and without a word of who signs instead: managed, or of a kind we do not know.
  return istiods.some(({ environment }) => environment.ENABLE_CA_SERVER === 'false') ? 'unknown' : 'istioCa';
}

function meshCaRootOf(
  snapshot: ClusterSnapshot,
  istiods: readonly WorkloadFacts[],
  config: MeshConfigFacts | undefined,
): ControlPlaneView['meshCaRoot'] {
  if (config === undefined || config.unreadable !== undefined) return 'unknown';
  const meshCaRoots = [MESH_CA_ROOT, ...snapshot.declaredMeshCaRoots];
  if (!config.extraAnchors.some((anchor) => meshCaRoots.includes(anchor))) return 'no';
  const isMultiRoot = istiods.length > 0 && istiods.every(({ environment }) => environment.ISTIO_MULTIROOT_MESH === 'true');
  return isMultiRoot && config.proxyMetadata.PROXY_CONFIG_XDS_AGENT === 'true' ? 'handedOut' : 'configuredOnly';
}

/** The tag of the image; an image pinned by digest alone says no version. */
function versionOf({ images }: WorkloadFacts): string | undefined {
  return /:([^:/@]+)(?:@.*)?$/.exec(images.discovery?.replace(/@.*$/, '') ?? '')?.[1];
}
