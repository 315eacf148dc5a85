// What was owned goes with its owner: in the background, before it (foreground) or not at all (orphan), pods always gracefully
// (kubernetes/pkg/controller/garbagecollector).
import type { StoredObject } from '../kubeObject.js';
import type { ApiContext } from './apiContext.js';
import { formatTime } from './objectStore.js';
import { PODS, RESOURCES, findResource, resourceName } from './resources.js';
import type { Resource } from './resources.js';

/** The finalizer that holds an owner until what blocks its deletion is gone. */
export const FOREGROUND = 'foregroundDeletion';

export interface Owned {
  readonly resource: Resource;
  readonly object: StoredObject;
}

/** Everything that names it as an owner; a namespaced owner can own only in its namespace. */
export function ownedBy(context: ApiContext, owner: StoredObject): readonly Owned[] {
  const { namespace, uid } = owner.metadata;
  return RESOURCES.filter((resource) => namespace === undefined || resource.namespaced).flatMap((resource) =>
    context.backend.store
      .list(resourceName(resource), namespace)
      .filter(({ metadata }) => metadata.ownerReferences?.some((reference) => reference.uid === uid) === true)
      .map((object) => ({ resource, object })),
  );
}

function withoutOwner(context: ApiContext, { resource, object }: Owned, uid: string): void {
  const ownerReferences = (object.metadata.ownerReferences ?? []).filter((reference) => reference.uid !== uid);
  context.backend.store.replace(resourceName(resource), { ...object, metadata: { ...object.metadata, ownerReferences } });
}

/** Leaves everything that is owned alone. */
export function orphanDependents(context: ApiContext, owner: StoredObject): void {
  for (const owned of ownedBy(context, owner)) withoutOwner(context, owned, owner.metadata.uid);
}

/** Marks an object as on its way out, held by its finalizers and by those added here. */
export function markDeleted(context: ApiContext, resource: Resource, object: StoredObject, ...finalizers: readonly string[]): StoredObject {
  const held = [...new Set([...(object.metadata.finalizers ?? []), ...finalizers])];
  const deletion = { deletionTimestamp: object.metadata.deletionTimestamp ?? formatTime(context.now()), deletionGracePeriodSeconds: 0 };
  return context.backend.store.replace(resourceName(resource), { ...object, metadata: { ...object.metadata, ...deletion, finalizers: held } });
}

/** Whether another owner is still there that is not being deleted by the same act. */
function hasOtherOwner(context: ApiContext, { metadata }: StoredObject, uid: string): boolean {
  return (metadata.ownerReferences ?? []).some((reference) => {
    const [group = '', version] = reference.apiVersion.includes('/') ? reference.apiVersion.split('/') : ['', reference.apiVersion];
    const resource = RESOURCES.find((candidate) => candidate.kind === reference.kind && findResource(group, version ?? '', candidate.plural) === candidate);
    const owner = resource && context.backend.store.get(resourceName(resource), resource.namespaced ? metadata.namespace : undefined, reference.name);
    return reference.uid !== uid && owner?.metadata.uid === reference.uid;
  });
}

/** Begins to delete what an owner leaves behind: pods stop, objects with finalizers wait, the rest goes with what it owns. */
function collect(context: ApiContext, owned: Owned, ownerUid: string, foreground: boolean): void {
  const { resource, object } = owned;
  if (hasOtherOwner(context, object, ownerUid)) {
    withoutOwner(context, owned, ownerUid);
  } else if (resource === PODS) {
    context.backend.stopPod(object);
  } else if (foreground) {
    deleteInForeground(context, resource, object);
  } else if ((object.metadata.finalizers ?? []).length > 0) {
    markDeleted(context, resource, object);
  } else {
    removeWithDependents(context, resource, object);
  }
}

/** Removes an object; what it owned follows in the background. */
export function removeWithDependents(context: ApiContext, resource: Resource, object: StoredObject): void {
  const { namespace, name, uid } = object.metadata;
  // Pods begin to stop before their owner goes: the store would take them away at once.
  for (const owned of ownedBy(context, object)) collect(context, owned, uid, false);
  context.backend.store.remove(resourceName(resource), namespace, name);
}

/** Removes a marked object once nothing holds it: neither a finalizer nor, in the foreground, what it owns. */
export function finishWhenFree(context: ApiContext, resource: Resource, object: StoredObject): void {
  const { store } = context.backend;
  const finalizers = object.metadata.finalizers ?? [];
  const left = finalizers.includes(FOREGROUND) && ownedBy(context, object).length === 0 ? finalizers.filter((held) => held !== FOREGROUND) : finalizers;
  if (left.length === 0) removeWithDependents(context, resource, object);
  else if (left.length < finalizers.length) {
    store.replace(resourceName(resource), { ...object, metadata: { ...object.metadata, finalizers: [...left] } });
  }
}

/** Deletes what an object owns first; it goes itself when the last of it has gone. */
export function deleteInForeground(context: ApiContext, resource: Resource, object: StoredObject): StoredObject | undefined {
  const { namespace, name, uid } = object.metadata;
  const marked = markDeleted(context, resource, object, FOREGROUND);
  for (const owned of ownedBy(context, marked)) collect(context, owned, uid, true);
  const present = context.backend.store.get(resourceName(resource), namespace, name);
  if (present?.metadata.uid === uid) finishWhenFree(context, resource, present);
  return context.backend.store.get(resourceName(resource), namespace, name);
}

/** Lets owners that wait in the foreground go when what they owned has gone. Returns how to stop. */
export function followForegroundDeletion(context: ApiContext): () => void {
  const { store } = context.backend;
  return store.onChange((event) => {
    if (event.type !== 'DELETED') return;
    const { ownerReferences, namespace } = event.object.metadata;
    for (const { kind, name, uid } of ownerReferences ?? []) {
      const resource = RESOURCES.find((candidate) => candidate.kind === kind);
      const owner = resource && store.get(resourceName(resource), resource.namespaced ? namespace : undefined, name);
      if (!resource || owner?.metadata.uid !== uid || owner.metadata.finalizers?.includes(FOREGROUND) !== true) continue;
      finishWhenFree(context, resource, owner);
    }
  });
}
