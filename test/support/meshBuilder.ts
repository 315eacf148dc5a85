// Builds snapshots of clusters for tests, a few words a thing, with what Istio's own installers write.
import type { ClusterRef } from '../../src/domain/cluster.js';
import type {
  InjectorFacts,
  Labels,
  MeshConfigFacts,
  PodFacts,
  ProxyFacts,
  Selector,
  WatchedKind,
  WebhookRule,
  WorkloadFacts,
} from '../../src/domain/mesh/facts.js';
import { emptySnapshot, foldDeltas } from '../../src/domain/mesh/fold.js';
import type { ClusterSnapshot, Delta, KindState, ObjectFacts } from '../../src/domain/mesh/snapshot.js';

export const CLUSTER_1: ClusterRef = { kubeconfig: '/home/me/.kube/config', context: 'gke_rehearsal-project_us-central1_cluster-1' };

const KINDS = Object.keys(emptySnapshot(CLUSTER_1).kinds) as WatchedKind[];

export interface PodSpec extends Partial<Omit<PodFacts, 'proxy'>> {
  /** The revision that injected it; none: no proxy. */
  readonly by?: string | undefined;
  readonly proxy?: Partial<ProxyFacts>;
}

export function pod(namespace: string, name: string, { by, proxy, ...spec }: PodSpec = {}): ObjectFacts {
  const injected: ProxyFacts = {
    role: 'sidecar', native: false, image: 'proxyv2:1.16.7', revision: by, state: 'running', ready: true, caAddress: undefined, ...proxy,
  };
  const facts: PodFacts = {
    namespace, name, uid: `uid-${namespace}-${name}`, labels: {}, annotations: {}, phase: 'Running', ready: true, terminating: false,
    hostNetwork: false, createdAt: 0, owner: undefined, serviceAccount: 'default', trouble: undefined, ...spec,
    proxy: by === undefined && proxy === undefined ? undefined : injected,
  };
  return { kind: 'pods', facts };
}

/** A pod of a Deployment. */
export function podOf(namespace: string, deployment: string, suffix: string, spec: PodSpec = {}): ObjectFacts {
  return pod(namespace, `${deployment}-${suffix}`, { owner: { kind: 'Deployment', name: deployment }, ...spec });
}

export function namespace(name: string, labels: Labels = {}, annotations: Labels = {}): ObjectFacts {
  return { kind: 'namespaces', facts: { name, uid: `uid-${name}`, labels, annotations, terminating: false } };
}

/** A Deployment that is where it should be, with so many pods. */
export function deployment(namespaceName: string, name: string, pods: number, spec: Partial<WorkloadFacts> = {}): ObjectFacts {
  const facts: WorkloadFacts = {
    kind: 'Deployment', namespace: namespaceName, name, uid: `uid-${name}`, labels: {}, desired: pods, updated: pods, ready: pods,
    available: pods, total: pods, generation: 1, observedGeneration: 1, paused: false, onDelete: false, selector: {}, templateLabels: {},
    templateAnnotations: {}, proxyInTemplate: false, images: {}, environment: {}, ...spec,
  };
  const kind = ({ Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets' } as const)[facts.kind];
  return { kind, facts };
}

export function service(namespaceName: string, name: string, selector: Labels): ObjectFacts {
  return { kind: 'services', facts: { namespace: namespaceName, name, uid: `uid-${name}`, type: 'ClusterIP', labels: {}, selector } };
}

function rule(name: string, serviceName: string, namespaceSelector: Selector, objectSelector: Selector): WebhookRule {
  return { name, service: { namespace: 'istio-system', name: serviceName }, namespaceSelector, objectSelector };
}

const NOT_REFUSED: Selector = [{ key: 'sidecar.istio.io/inject', operator: 'NotIn', values: ['false'] }];
const NO_INJECTION: Selector = [{ key: 'istio-injection', operator: 'DoesNotExist', values: [] }];
const NO_NAMESPACE_REVISION: Selector = [{ key: 'istio.io/rev', operator: 'DoesNotExist', values: [] }];

/** The four webhooks of Istio's chart (manifests/charts/istiod/templates/mutatingwebhook.yaml), the default ones on request. */
export function injector(revision: string, options: { readonly tag?: string; readonly isDefault?: boolean; readonly service?: string } = {}): ObjectFacts {
  const { tag, isDefault = false } = options;
  const address = options.service ?? (revision === 'default' ? 'istiod' : `istiod-${revision}`);
  const answersTo: Selector = [{ key: 'istio.io/rev', operator: 'In', values: [tag ?? revision] }];
  const byRevision = [
    rule('rev.namespace.sidecar-injector.istio.io', address, [...answersTo, ...NO_INJECTION], NOT_REFUSED),
    rule('rev.object.sidecar-injector.istio.io', address, [...NO_NAMESPACE_REVISION, ...NO_INJECTION], [...NOT_REFUSED, ...answersTo]),
  ];
  const enabled: Selector = [{ key: 'istio-injection', operator: 'In', values: ['enabled'] }];
  const asked: Selector = [{ key: 'sidecar.istio.io/inject', operator: 'In', values: ['true'] }];
  const byDefault = [
    rule('namespace.sidecar-injector.istio.io', address, enabled, NOT_REFUSED),
    rule('object.sidecar-injector.istio.io', address, [...NO_INJECTION, ...NO_NAMESPACE_REVISION], [...asked, ...NO_NAMESPACE_REVISION]),
  ];
  const suffix = revision === 'default' ? '' : `-${revision}`;
  const name = tag === undefined ? `istio-sidecar-injector${suffix}` : `istio-revision-tag-${tag}`;
  const facts: InjectorFacts = { name, uid: `uid-${name}`, revision, tag, webhooks: isDefault ? [...byRevision, ...byDefault] : byRevision };
  return { kind: 'mutatingwebhookconfigurations', facts };
}

export function meshConfig(revision: string, spec: Partial<MeshConfigFacts> = {}): ObjectFacts {
  const name = revision === 'default' ? 'istio' : `istio-${revision}`;
  const facts: MeshConfigFacts = {
    name, uid: `uid-${name}`, revision, trustDomain: 'cluster.local', trustDomainAliases: [], extraAnchors: [], proxyMetadata: {},
    unreadable: undefined, ...spec,
  };
  return { kind: 'configmaps', facts };
}

/** An istiod with its Deployment, one ready pod, Service, webhooks and mesh config. */
export function controlPlane(
  revision: string,
  version: string,
  options: { readonly isDefault?: boolean; readonly config?: Partial<MeshConfigFacts>; readonly environment?: Labels } = {},
): readonly ObjectFacts[] {
  const name = revision === 'default' ? 'istiod' : `istiod-${revision}`;
  const labels = { app: 'istiod', 'istio.io/rev': revision };
  return [
    deployment('istio-system', name, 1, {
      labels, templateLabels: labels, images: { discovery: `gcr.io/istio/pilot:${version}` }, environment: options.environment ?? {},
    }),
    podOf('istio-system', name, '1', { labels }),
    service('istio-system', name, labels),
    injector(revision, { isDefault: options.isDefault ?? false }),
    meshConfig(revision, options.config),
  ];
}

/** The deltas of a cluster that was listed completely. */
export function listed(objects: readonly ObjectFacts[]): readonly Delta[] {
  return KINDS.flatMap((kind): Delta[] => [
    { type: 'listed', kind, objects: objects.filter((object) => object.kind === kind) },
    { type: 'state', kind, state: { state: 'live' } },
  ]);
}

/** A cluster of which everything is known. */
export function cluster(objects: readonly ObjectFacts[], ref: ClusterRef = CLUSTER_1): ClusterSnapshot {
  return foldDeltas(emptySnapshot(ref), listed(objects));
}

/** The same with some kinds, or all, in another state. */
export function inState(snapshot: ClusterSnapshot, state: KindState, kinds: readonly WatchedKind[] = KINDS): ClusterSnapshot {
  return foldDeltas(snapshot, kinds.map((kind) => ({ type: 'state', kind, state })));
}
