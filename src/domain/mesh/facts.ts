// What is kept of each Kubernetes object: only what rules and views need, readonly, without the object it came from.

export type Labels = Readonly<Record<string, string>>;

/**
 * The kinds that inventory lists and watches, by their plural names. `configmaps` are the mesh configs of the control planes;
 * `caRoots` are the config maps `istio-ca-root-cert` of all namespaces, which need a permission of their own.
 */
export type WatchedKind =
  | 'namespaces'
  | 'pods'
  | 'deployments'
  | 'statefulsets'
  | 'daemonsets'
  | 'services'
  | 'mutatingwebhookconfigurations'
  | 'configmaps'
  | 'caRoots';

export interface NamespaceFacts {
  readonly name: string;
  readonly uid: string;
  readonly labels: Labels;
  /** Our own (the labels the namespace had before it was moved) and the marks of tools that apply from a repository. */
  readonly annotations: Labels;
  readonly terminating: boolean;
  /** Field managers that set the labels which decide on injection; absent where the cluster does not say. */
  readonly labelManagers?: readonly string[];
}

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

/** What a pod says owns it; a ReplicaSet of a Deployment is already resolved to the Deployment. */
export interface PodOwner {
  readonly kind: string;
  readonly name: string;
}

export type ProxyRole = 'sidecar' | 'router' | 'waypoint' | 'unknown';

export interface ProxyFacts {
  readonly role: ProxyRole;
  /** In `initContainers` with `restartPolicy: Always`, as native sidecars are. */
  readonly native: boolean;
  readonly image: string;
  /** The revision that injected it; undefined when the pod does not say. */
  readonly revision: string | undefined;
  readonly state: 'running' | 'waiting' | 'terminated' | 'unknown';
  readonly ready: boolean;
  /** Environment `CA_ADDR`: where it was told to ask for certificates. Configured, not proven. */
  readonly caAddress: string | undefined;
}

export interface PodFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Labels;
  /** Our own and Istio's annotations that rules read. */
  readonly annotations: Labels;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed' | 'Unknown';
  readonly ready: boolean;
  readonly terminating: boolean;
  readonly hostNetwork: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly owner: PodOwner | undefined;
  readonly serviceAccount: string;
  readonly proxy: ProxyFacts | undefined;
  /** Why a container waits or ended badly, e.g. `CrashLoopBackOff`. */
  readonly trouble: string | undefined;
}

export interface WorkloadFacts {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Labels;
  /** Pods wanted, and how far they are; generation against observedGeneration tells whether status is of this spec. */
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly total: number;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly paused: boolean;
  /** `OnDelete` workloads do not roll by themselves. */
  readonly onDelete: boolean;
  readonly selector: Labels;
  readonly templateLabels: Labels;
  readonly templateAnnotations: Labels;
  /** Strategy `Recreate`: all old pods go before the first new one comes; absent where they do not. */
  readonly recreates?: true;
  /** Of a StatefulSet: pods with a lower ordinal do not roll; absent where all do. */
  readonly partition?: number;
  /** Why the API server takes none of its new pods (a quota, a webhook), in its words; absent where it does. */
  readonly podsRefused?: string;
  /** The pod template already holds a proxy (hand-injected), so labels do not move it. */
  readonly proxyInTemplate: boolean;
  /** The revision that a proxy in the template says it is of. */
  readonly templateRevision?: string;
  /** Its pods share the node's network, so nothing is injected; absent where they do not. */
  readonly hostNetwork?: boolean;
  /** Images of the template's containers by container name; istiod's tells its version. */
  readonly images: Labels;
  /** Environment variables with literal values of an istiod's containers; empty for others. */
  readonly environment: Labels;
}

export interface ServiceFacts {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly type: string;
  readonly labels: Labels;
  readonly selector: Labels;
}

export interface SelectorRequirement {
  readonly key: string;
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  readonly values: readonly string[];
}

/** A LabelSelector with `matchLabels` turned into requirements; empty matches everything. */
export type Selector = readonly SelectorRequirement[];

export interface WebhookRule {
  readonly name: string;
  readonly service: { readonly namespace: string; readonly name: string } | undefined;
  readonly namespaceSelector: Selector;
  readonly objectSelector: Selector;
}

/** A MutatingWebhookConfiguration of Istio: a revision's, or a revision tag's. */
export interface InjectorFacts {
  readonly name: string;
  readonly uid: string;
  readonly revision: string | undefined;
  readonly tag: string | undefined;
  readonly webhooks: readonly WebhookRule[];
}

/** ConfigMap `istio` or `istio-REV` of istio-system: what a control plane was told, key `mesh`. */
export interface MeshConfigFacts {
  readonly name: string;
  readonly uid: string;
  readonly revision: string;
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  /** SHA-256 fingerprints (colon-separated upper-case hex) of `caCertificates[].pem`. */
  readonly extraAnchors: readonly string[];
  /** Every name in `caCertificates[].trustDomains`; undefined where there is none. */
  readonly anchorTrustDomains?: readonly string[];
  /** `defaultConfig.proxyMetadata`. */
  readonly proxyMetadata: Labels;
  /** Every other setting as JSON, by name (`defaultConfig.` before those of proxies); undefined where nobody noted them. */
  readonly settings?: Labels;
  /** The text could not be read as YAML; the other fields are then Istio's defaults. */
  readonly unreadable: string | undefined;
}

/** ConfigMap `istio-ca-root-cert`: the root that istiod serves under, a reference for the Istio CA of this cluster. */
export interface CaRootFacts {
  readonly namespace: string;
  readonly uid: string;
  readonly fingerprints: readonly string[];
  /** SHA-256 of the public keys of the same certificates; undefined where nobody noted them. */
  readonly keys?: readonly string[];
}
