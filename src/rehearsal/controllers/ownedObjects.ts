// Which objects of one kind each controller owns, kept up to date from the store: looking them up costs what they are.
import type { ObjectStore, ResourceName } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';

export interface OwnedObjects {
  /** In order of name. */
  ownedBy(ownerUid: string): readonly StoredObject[];
}

/** The uid of the controller that manages an object. */
export function controllerOf(object: StoredObject): { readonly uid: string; readonly kind: string; readonly name: string } | undefined {
  return object.metadata.ownerReferences?.find(({ controller }) => controller === true);
}

export function trackOwnedObjects(store: ObjectStore, resource: ResourceName): OwnedObjects {
  const byOwner = new Map<string, Map<string, StoredObject>>();
  store.onChange((event) => {
    if (event.resource !== resource) return;
    const owner = controllerOf(event.object)?.uid;
    if (owner === undefined) return;
    const owned = byOwner.get(owner) ?? new Map<string, StoredObject>();
    if (event.type === 'DELETED') owned.delete(event.object.metadata.uid);
    else owned.set(event.object.metadata.uid, event.object);
    if (owned.size === 0) byOwner.delete(owner);
    else byOwner.set(owner, owned);
  });
  const byName = (a: StoredObject, b: StoredObject): number => (a.metadata.name < b.metadata.name ? -1 : 1);
  return { ownedBy: (uid) => [...(byOwner.get(uid)?.values() ?? [])].sort(byName) };
}
