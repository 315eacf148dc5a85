// A cluster in a few words for tests of steps: an old and a new control plane, and one namespace to move.
import type { InjectorFacts, Labels, MeshConfigFacts, NamespaceFacts, PodFacts, SelectorRequirement, WorkloadFacts } from '../../src/domain/mesh/facts.js';
import { emptySnapshot } from '../../src/domain/mesh/fold.js';
import { MESH_CA_ROOT } from '../../src/domain/trust/rootNames.js';
import type { ClusterSnapshot, KindState, NamespaceSnapshot } from '../../src/domain/mesh/snapshot.js';
import { pod } from './trustMesh.js';

export const CLUSTER = { kubeconfig: '/home/me/.kube/config', context: 'gke_rehearsal-project_us-central1_cluster-1' };
export const TARGET = { cluster: CLUSTER, namespace: 'foo' };
export const NEW_REVISION = 'asm-1232-2-distribute-root';
/** What every command line begins with. */
export const KUBECTL = ['kubectl', '--kubeconfig', CLUSTER.kubeconfig, '--context', CLUSTER.context];

export function workload(kind: WorkloadFacts['kind'], name: string, changes: Partial<WorkloadFacts> = {}): WorkloadFacts {
  return {
    kind,
    namespace: 'foo',
    name,
    uid: `uid-of-${name}`,
    labels: {},
    desired: 1,
    updated: 1,
    ready: 1,
    available: 1,
    total: 1,
    generation: 1,
    observedGeneration: 1,
    paused: false,
    onDelete: false,
    selector: { app: name },
    templateLabels: { app: name },
    templateAnnotations: {},
    proxyInTemplate: false,
    images: {},
    environment: {},
    ...changes,
  };
}

/** A pod of a workload of namespace `foo`. */
export function podOf(kind: string, owner: string, name: string, changes: Partial<PodFacts> & { revision?: string } = {}): PodFacts {
  return pod('foo', name, { owner: { kind, name: owner }, labels: { app: owner }, ...changes });
}

export interface StepMesh {
  readonly labels?: Labels;
  readonly annotations?: Labels;
  readonly workloads?: readonly WorkloadFacts[];
  readonly pods?: readonly PodFacts[];
  readonly terminating?: boolean;
  /** Ready replicas of each istiod; a revision that is not named has none. */
  readonly istiods?: Readonly<Record<string, number>>;
  readonly injectors?: readonly InjectorFacts[];
  /** Who signs for a revision and whether it hands out Mesh CA's root; one that is not named signs by itself and hands out nothing. */
  readonly signing?: Readonly<Record<string, 'istioCa' | 'both' | 'meshCa' | 'unknown'>>;
  readonly kinds?: Partial<ClusterSnapshot['kinds']>;
  readonly name?: string;
}

/** Everything is live, both control planes are ready, and `foo` is injected by `istio-injection=enabled`. */
export function stepMesh(mesh: StepMesh = {}): ClusterSnapshot {
  const { labels = { 'istio-injection': 'enabled' }, annotations = {}, workloads = [], pods = [], name = 'foo' } = mesh;
  const { istiods = { default: 1, [NEW_REVISION]: 1 }, injectors = [injector('default'), injector(NEW_REVISION)] } = mesh;
  const facts = namespaceFacts(name, { labels, annotations, terminating: mesh.terminating ?? false });
  const { signing = {} } = mesh;
  const control = Object.entries(istiods).map(([revision, ready]) => istiod(revision, ready));
  const configs = Object.keys(istiods).flatMap((revision) => meshConfig(revision, signing[revision] ?? 'istioCa'));
  const empty = emptySnapshot(CLUSTER);
  const live: KindState = { state: 'live' };
  const kinds = Object.fromEntries(Object.keys(empty.kinds).map((kind) => [kind, live])) as unknown as ClusterSnapshot['kinds'];
  return {
    ...empty,
    kinds: { ...kinds, ...mesh.kinds },
    namespaces: new Map([
      [name, namespaceOf(name, facts, workloads, pods)],
      ['istio-system', namespaceOf('istio-system', namespaceFacts('istio-system', {}), control, [])],
    ]),
    injectors: new Map(injectors.map((facts) => [facts.name, facts])),
    meshConfigs: new Map(configs.map((facts) => [facts.name, facts])),
  };
}

function namespaceFacts(name: string, changes: Partial<NamespaceFacts>): NamespaceFacts {
  return { name, uid: `uid-of-${name}`, labels: {}, annotations: {}, terminating: false, ...changes };
}

function namespaceOf(
  name: string,
  facts: NamespaceFacts,
  workloads: readonly WorkloadFacts[],
  pods: readonly PodFacts[],
): NamespaceSnapshot {
  return {
    name,
    facts,
    workloads: new Map(workloads.map((each) => [`${each.kind}/${each.name}`, each])),
    pods: new Map(pods.map((each) => [each.name, each])),
    services: new Map(),
  };
}

function istiod(revision: string, ready: number): WorkloadFacts {
  const labels = { app: 'istiod', 'istio.io/rev': revision };
  const name = revision === 'default' ? 'istiod' : `istiod-${revision}`;
  const environment = { ISTIO_MULTIROOT_MESH: 'true' };
  return workload('Deployment', name, { namespace: 'istio-system', labels, templateLabels: labels, ready, available: ready, environment });
}

/** None where the signer is to be unknown. */
function meshConfig(revision: string, signing: 'istioCa' | 'both' | 'meshCa' | 'unknown'): readonly MeshConfigFacts[] {
  if (signing === 'unknown') return [];
  const signer = signing === 'meshCa' ? { CA_PROVIDER: 'GoogleCA' } : {};
  const name = `istio-${revision}`;
  return [
    {
      name,
      uid: name,
      revision,
      trustDomain: 'cluster.local',
      trustDomainAliases: [],
      extraAnchors: signing === 'istioCa' ? [] : [MESH_CA_ROOT],
      proxyMetadata: { ...signer, PROXY_CONFIG_XDS_AGENT: 'true' },
      unreadable: undefined,
    },
  ];
}

/** The webhooks of a revision, as Istio's charts write their selectors. */
export function injector(revision: string): InjectorFacts {
  const none = (key: string): SelectorRequirement => ({ key, operator: 'DoesNotExist', values: [] });
  const is = (key: string, value: string): SelectorRequirement => ({ key, operator: 'In', values: [value] });
  const notRefused: SelectorRequirement = { key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] };
  const rule = (name: string, namespaceSelector: SelectorRequirement[], objectSelector: SelectorRequirement[]) => ({
    name,
    service: undefined,
    namespaceSelector,
    objectSelector,
  });
  const byLabel = rule('rev.namespace', [is('istio.io/rev', revision), none('istio-injection')], [notRefused]);
  const byPod = rule('rev.object', [none('istio.io/rev'), none('istio-injection')], [notRefused, is('istio.io/rev', revision)]);
  const byInjection = rule('namespace', [is('istio-injection', 'enabled')], [notRefused]);
  const name = `istio-sidecar-injector-${revision}`;
  const webhooks = revision === 'default' ? [byLabel, byPod, byInjection] : [byLabel, byPod];
  return { name, uid: name, revision, tag: undefined, webhooks };
}
