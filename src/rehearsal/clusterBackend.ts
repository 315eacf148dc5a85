// The seam between the rehearsal's Kubernetes-shaped server and the simulated mesh behind it: what each gives the other.
import type { Duplex, Readable, Writable } from 'node:stream';
import type { KubeObject, StoredObject } from './kubeObject.js';

/** `deployments.apps`-style name of a served resource: plural, and group unless it is the core group. */
export type ResourceName = string;

export interface StoreEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly resource: ResourceName;
  readonly object: StoredObject;
  /** What stood there before; selectors of a watch turn changes into ADDED and DELETED with it. */
  readonly previous?: StoredObject;
}

/** All objects of one simulated cluster. Only the store assigns uid, resourceVersion, generation and creationTimestamp. */
export interface ObjectStore {
  get(resource: ResourceName, namespace: string | undefined, name: string): StoredObject | undefined;
  /** In order of namespace and name, as etcd would list them. */
  list(resource: ResourceName, namespace?: string): readonly StoredObject[];
  /** Throws `ApiError` AlreadyExists. */
  create(resource: ResourceName, object: KubeObject): StoredObject;
  /** Replaces; a change outside metadata and status adds one to `generation`; an equal object keeps its version. Throws NotFound. */
  replace(resource: ResourceName, object: KubeObject): StoredObject;
  /** Removes at once, and by owner references what it owned. Gone already: undefined. */
  remove(resource: ResourceName, namespace: string | undefined, name: string): StoredObject | undefined;
  /** Called synchronously after each change, in order. Returns how to stop. */
  onChange(listener: (event: StoreEvent) => void): () => void;
  readonly resourceVersion: string;
}

/** Stands in for admission: sees each pod before it is stored. A webhook refuses by not answering, a quota with `forbidden`. */
export type PodAdmission = (pod: KubeObject) => { readonly admitted: KubeObject } | { readonly refused: string; readonly forbidden?: true };

/**
 * Stands in for validating webhooks: sees each object before it is created or changed. The reason when none of those who
 * have to be asked answers; undefined when the object may be stored.
 */
export type ObjectValidation = (
  operation: 'CREATE' | 'UPDATE',
  resource: { readonly group: string; readonly plural: string },
  object: KubeObject,
) => string | undefined;

/** A command to be run in a container, as `kubectl exec` asks for it. */
export interface PodCommand {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** Program and arguments; no shell is in between. */
  readonly command: readonly [string, ...string[]];
}

/** A program that runs in a container. */
export interface PodProcess {
  readonly stdin: Writable;
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** The exit code, once both outputs have been written to their end. Never rejects. */
  readonly exit: Promise<number>;
  /** Nobody listens any more. */
  kill(): void;
}

/** What the simulated mesh gives the API server of one cluster. */
export interface ClusterBackend {
  readonly store: ObjectStore;
  readonly admitPod: PodAdmission;
  readonly validate: ObjectValidation;
  /**
   * Opens a connection to a port inside a pod, as port-forward does.
   * Throws an Error whose message kubelet would give (`error forwarding port …: connection refused`).
   */
  connectToPod(namespace: string, pod: string, port: number): Duplex;
  /**
   * Starts a program; throws an Error in the container runtime's words when it cannot be started. What the program asks of its
   * own pod's ports goes through `connect`, so that whatever befalls `connectToPod` befalls it too.
   */
  execInPod(command: PodCommand, connect: (port: number) => Duplex): PodProcess;
  /** Begins to delete a pod gracefully; the simulation removes it when it has stopped. */
  stopPod(pod: StoredObject): void;
}
