// Finds stored objects by resource, namespace, name, uid and owner without walking all of them.
import type { ResourceName } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import { createSortedNames } from './sortedNames.js';
import type { SortedNames } from './sortedNames.js';

interface NamespaceBucket {
  readonly objects: Map<string, StoredObject>;
  readonly names: SortedNames;
}

interface ResourceBucket {
  readonly namespaces: Map<string, NamespaceBucket>;
  readonly names: SortedNames;
}

export interface Dependent {
  readonly resource: ResourceName;
  readonly object: StoredObject;
}

export interface ObjectIndex {
  get(resource: ResourceName, namespace: string | undefined, name: string): StoredObject | undefined;
  list(resource: ResourceName, namespace: string | undefined): readonly StoredObject[];
  set(resource: ResourceName, object: StoredObject): void;
  delete(resource: ResourceName, object: StoredObject): void;
  hasUid(uid: string): boolean;
  /** Everything whose owner references name this uid. */
  dependents(ownerUid: string): readonly Dependent[];
}

function listNamespace(bucket: NamespaceBucket | undefined): StoredObject[] {
  if (!bucket) return [];
  return bucket.names.all.flatMap((name) => bucket.objects.get(name) ?? []);
}

function bucketsOf(resources: Map<ResourceName, ResourceBucket>, resource: ResourceName, namespace: string): NamespaceBucket {
  let byResource = resources.get(resource);
  if (!byResource) {
    byResource = { namespaces: new Map(), names: createSortedNames('/') };
    resources.set(resource, byResource);
  }
  let bucket = byResource.namespaces.get(namespace);
  if (!bucket) {
    bucket = { objects: new Map(), names: createSortedNames('') };
    byResource.namespaces.set(namespace, bucket);
    byResource.names.add(namespace);
  }
  return bucket;
}

/** Cluster-scoped objects live in the namespace with the empty name. */
export function createObjectIndex(): ObjectIndex {
  const resources = new Map<ResourceName, ResourceBucket>();
  const uids = new Set<string>();
  const owned = new Map<string, Map<string, Dependent>>();

  const forgetOwners = (object: StoredObject): void => {
    for (const owner of object.metadata.ownerReferences ?? []) {
      const dependents = owned.get(owner.uid);
      dependents?.delete(object.metadata.uid);
      if (dependents?.size === 0) owned.delete(owner.uid);
    }
  };
  const rememberOwners = (resource: ResourceName, object: StoredObject): void => {
    for (const owner of object.metadata.ownerReferences ?? []) {
      const dependents = owned.get(owner.uid) ?? new Map<string, Dependent>();
      dependents.set(object.metadata.uid, { resource, object });
      owned.set(owner.uid, dependents);
    }
  };

  return {
    get: (resource, namespace, name) => resources.get(resource)?.namespaces.get(namespace ?? '')?.objects.get(name),
    list(resource, namespace) {
      const bucket = resources.get(resource);
      if (!bucket) return [];
      if (namespace !== undefined) return listNamespace(bucket.namespaces.get(namespace));
      return bucket.names.all.flatMap((name) => listNamespace(bucket.namespaces.get(name)));
    },
    set(resource, object) {
      const bucket = bucketsOf(resources, resource, object.metadata.namespace ?? '');
      const old = bucket.objects.get(object.metadata.name);
      if (old) forgetOwners(old);
      bucket.objects.set(object.metadata.name, object);
      bucket.names.add(object.metadata.name);
      uids.add(object.metadata.uid);
      rememberOwners(resource, object);
    },
    delete(resource, object) {
      const bucket = bucketsOf(resources, resource, object.metadata.namespace ?? '');
      const old = bucket.objects.get(object.metadata.name);
      if (old) forgetOwners(old);
      bucket.objects.delete(object.metadata.name);
      bucket.names.delete(object.metadata.name);
      uids.delete(object.metadata.uid);
    },
    hasUid: (uid) => uids.has(uid),
    dependents: (ownerUid) => [...(owned.get(ownerUid)?.values() ?? [])],
  };
}
