// What is known of one cluster at one moment, immutable: views and rules are functions over it.
import type { Failure } from '../../shared/failure.js';
import type { ClusterRef } from '../cluster.js';
import type {
  CaRootFacts,
  InjectorFacts,
  MeshConfigFacts,
  NamespaceFacts,
  PodFacts,
  ServiceFacts,
  WatchedKind,
  WorkloadFacts,
} from './facts.js';
import type { GateObjects } from './gateObjects.js';

/** How well one kind is known. What is not `live` is not to be trusted as complete. */
export type KindState =
  | { readonly state: 'loading' }
  | { readonly state: 'live' }
  /** Was live; the connection is gone and is being made again. What is shown is of `since` (ms since the epoch). */
  | { readonly state: 'stale'; readonly since: number; readonly failure: Failure }
  | { readonly state: 'failed'; readonly failure: Failure };

/** A namespace with what lives in it. `facts` is undefined while only its objects have been seen. */
export interface NamespaceSnapshot {
  readonly name: string;
  readonly facts: NamespaceFacts | undefined;
  readonly pods: ReadonlyMap<string, PodFacts>;
  /** By `Kind/name`. */
  readonly workloads: ReadonlyMap<string, WorkloadFacts>;
  readonly services: ReadonlyMap<string, ServiceFacts>;
}

export interface ClusterSnapshot {
  readonly ref: ClusterRef;
  readonly kinds: Readonly<Record<WatchedKind, KindState>>;
  readonly namespaces: ReadonlyMap<string, NamespaceSnapshot>;
  readonly injectors: ReadonlyMap<string, InjectorFacts>;
  readonly meshConfigs: ReadonlyMap<string, MeshConfigFacts>;
  readonly caRoots: ReadonlyMap<string, CaRootFacts>;
  /** Roots that stand for Mesh CA in this cluster's kubeconfig entry (a rehearsal's), beside the real one. */
  readonly declaredMeshCaRoots: readonly string[];
  /** What is listed now and then rather than watched; whoever reads it puts it here (`withObjects`). */
  readonly objects: GateObjects;
}

/** One kind's objects as facts. */
export type ObjectFacts =
  | { readonly kind: 'namespaces'; readonly facts: NamespaceFacts }
  | { readonly kind: 'pods'; readonly facts: PodFacts }
  | { readonly kind: 'deployments' | 'statefulsets' | 'daemonsets'; readonly facts: WorkloadFacts }
  | { readonly kind: 'services'; readonly facts: ServiceFacts }
  | { readonly kind: 'mutatingwebhookconfigurations'; readonly facts: InjectorFacts }
  | { readonly kind: 'configmaps'; readonly facts: MeshConfigFacts }
  | { readonly kind: 'caRoots'; readonly facts: CaRootFacts };

/** What a reader tells: a whole list replaces what was known of the kind; the rest are single changes. */
export type Delta =
  | { readonly type: 'listed'; readonly kind: WatchedKind; readonly objects: readonly ObjectFacts[] }
  | { readonly type: 'set'; readonly object: ObjectFacts }
  | { readonly type: 'gone'; readonly object: ObjectFacts }
  | { readonly type: 'state'; readonly kind: WatchedKind; readonly state: KindState }
  | { readonly type: 'declaredMeshCaRoots'; readonly fingerprints: readonly string[] };
