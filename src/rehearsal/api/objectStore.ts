// All objects of one simulated cluster, with identity and versions as an API server keeps them; it knows no HTTP.
import { randomUUID } from 'node:crypto';
import type { ObjectStore, ResourceName, StoreEvent } from '../clusterBackend.js';
import type { KubeObject, ObjectMeta, StoredObject } from '../kubeObject.js';
import { alreadyExists, notFound } from './apiError.js';
import { sameJson, without } from './json.js';
import { createObjectIndex } from './objectIndex.js';
import { hasGeneration } from './resources.js';

/** Kubernetes writes times in UTC with whole seconds. */
export function formatTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}

/**
 * Versions grow by one per change from a number made of the time in microseconds: a store started later is always ahead of
 * what an earlier one gave out, so that a watcher of a killed and restarted server is told to list anew.
 */
function firstVersion(now: Date): number {
  return now.getTime() * 1000;
}

/** What a change may touch without being a change of what the object asks for. */
function desiredState(object: KubeObject): Record<string, unknown> {
  return without(object, 'metadata', 'status', 'apiVersion', 'kind');
}

function isUnchanged(old: StoredObject, next: KubeObject): boolean {
  const { uid, resourceVersion, creationTimestamp, generation } = old.metadata;
  return sameJson(old, { ...next, metadata: { ...next.metadata, uid, resourceVersion, creationTimestamp, generation } });
}

/** An empty store. `now` is the clock of the simulated cluster. */
export function createObjectStore(options: { readonly now: () => Date }): ObjectStore {
  const index = createObjectIndex();
  const listeners = new Set<(event: StoreEvent) => void>();
  let version = firstVersion(options.now());

  // A listener may change the store: what it causes waits until everyone has heard of what caused it.
  const waiting: StoreEvent[] = [];
  let announcing = false;
  const announce = (event: StoreEvent): void => {
    waiting.push(event);
    if (announcing) return;
    announcing = true;
    try {
      for (let next = waiting.shift(); next; next = waiting.shift()) {
        for (const listener of [...listeners]) listener(next);
      }
    } finally {
      announcing = false;
    }
  };

  const store: ObjectStore = {
    get resourceVersion() {
      return String(version);
    },
    get: (resource, namespace, name) => index.get(resource, namespace, name),
    list: (resource, namespace) => index.list(resource, namespace),

    create(resource, object) {
      const { namespace, name } = object.metadata;
      if (index.get(resource, namespace, name)) throw alreadyExists(resource, name);
      version += 1;
      const stored: StoredObject = {
        ...object,
        metadata: {
          ...object.metadata,
          uid: randomUUID(),
          resourceVersion: String(version),
          creationTimestamp: formatTime(options.now()),
          ...(hasGeneration(resource) ? { generation: 1 } : {}),
        },
      };
      index.set(resource, stored);
      announce({ type: 'ADDED', resource, object: stored });
      return stored;
    },

    replace(resource, object) {
      const { namespace, name } = object.metadata;
      const old = index.get(resource, namespace, name);
      if (!old) throw notFound(resource, name);
      if (isUnchanged(old, object)) return old;
      version += 1;
      const stored = withVersion(resource, old, object, version);
      index.set(resource, stored);
      announce({ type: 'MODIFIED', resource, object: stored, previous: old });
      return stored;
    },

    remove(resource, namespace, name) {
      const old = index.get(resource, namespace, name);
      if (!old) return undefined;
      version += 1;
      index.delete(resource, old);
      const last: StoredObject = { ...old, metadata: { ...old.metadata, resourceVersion: String(version) } };
      announce({ type: 'DELETED', resource, object: last, previous: old });
      collectDependents(old.metadata.uid);
      return last;
    },

    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };

  /** What is already on its way out (a pod that stops) is left to whoever stops it. */
  function collectDependents(ownerUid: string): void {
    for (const { resource, object } of index.dependents(ownerUid)) {
      const others = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== ownerUid);
      if (object.metadata.deletionTimestamp !== undefined) continue;
      if (others.some((owner) => index.hasUid(owner.uid))) {
        store.replace(resource, { ...object, metadata: { ...object.metadata, ownerReferences: others } });
      } else {
        store.remove(resource, object.metadata.namespace, object.metadata.name);
      }
    }
  }
  return store;
}

function withVersion(resource: ResourceName, old: StoredObject, next: KubeObject, version: number): StoredObject {
  const { uid, creationTimestamp, generation } = old.metadata;
  const grown = sameJson(desiredState(old), desiredState(next)) ? (generation ?? 1) : (generation ?? 1) + 1;
  return {
    ...next,
    metadata: {
      ...(without(next.metadata, 'generation') as ObjectMeta),
      uid,
      creationTimestamp,
      resourceVersion: String(version),
      ...(hasGeneration(resource) ? { generation: grown } : {}),
    },
  };
}
