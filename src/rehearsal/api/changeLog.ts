// The store's recent changes, by resource, so that a watch can go on where a list or an earlier watch ended.
import type { ObjectStore, ResourceName, StoreEvent } from '../clusterBackend.js';

/** How many changes of one resource are kept; a watcher that is further behind has to list anew. */
const KEPT_PER_RESOURCE = 5000;

export interface Subscription {
  readonly resource: ResourceName;
  /** Missing: all namespaces. */
  readonly namespace?: string;
  readonly listener: (event: StoreEvent) => void;
}

export interface ChangeLog {
  /** Changes after a version, oldest first; undefined when some of them are no longer kept. */
  since(resource: ResourceName, namespace: string | undefined, version: number): readonly StoreEvent[] | undefined;
  /** Calls the listener for each later change. Returns how to stop. */
  subscribe(subscription: Subscription): () => void;
  /** The oldest version from which a resource can be watched. */
  oldest(resource: ResourceName): number;
  close(): void;
}

interface ResourceLog {
  readonly events: StoreEvent[];
  /** Version of the last change that was dropped, or at which the log began. */
  floor: number;
}

export function versionOf(event: StoreEvent): number {
  return Number(event.object.metadata.resourceVersion);
}

/** Position of the first event after a version; events are in order of their versions. */
function firstAfter(events: readonly StoreEvent[], version: number): number {
  let low = 0;
  let high = events.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const event = events[middle];
    if (event && versionOf(event) <= version) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Listens to the store until it is closed. */
export function createChangeLog(store: ObjectStore, kept: number = KEPT_PER_RESOURCE): ChangeLog {
  const begin = Number(store.resourceVersion);
  const logs = new Map<ResourceName, ResourceLog>();
  // Keyed by resource and namespace, so that a change is offered only to those who may want it.
  const listeners = new Map<string, Set<Subscription['listener']>>();
  const keyOf = (resource: ResourceName, namespace: string | undefined): string => `${resource}/${namespace ?? ''}`;

  const remember = (event: StoreEvent): void => {
    const log = logs.get(event.resource) ?? { events: [], floor: begin };
    logs.set(event.resource, log);
    log.events.push(event);
    // Dropping half at a time keeps the cost of one change constant.
    if (log.events.length <= kept * 2) return;
    const dropped = log.events.splice(0, log.events.length - kept);
    const last = dropped.at(-1);
    if (last) log.floor = versionOf(last);
  };
  const tell = (key: string, event: StoreEvent): void => {
    for (const listener of [...(listeners.get(key) ?? [])]) listener(event);
  };
  const stop = store.onChange((event) => {
    remember(event);
    const { namespace } = event.object.metadata;
    tell(keyOf(event.resource, undefined), event);
    if (namespace !== undefined) tell(keyOf(event.resource, namespace), event);
  });

  const oldest = (resource: ResourceName): number => logs.get(resource)?.floor ?? begin;
  return {
    oldest,
    since(resource, namespace, version) {
      if (version < oldest(resource)) return undefined;
      const events = logs.get(resource)?.events ?? [];
      const later = events.slice(firstAfter(events, version));
      return namespace === undefined ? later : later.filter((event) => event.object.metadata.namespace === namespace);
    },
    subscribe({ resource, namespace, listener }) {
      const key = keyOf(resource, namespace);
      const group = listeners.get(key) ?? new Set();
      listeners.set(key, group.add(listener));
      return () => {
        group.delete(listener);
        if (group.size === 0) listeners.delete(key);
      };
    },
    close() {
      stop();
      listeners.clear();
    },
  };
}
