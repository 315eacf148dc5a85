// The end of a namespace: it terminates, everything in it is deleted, and it goes when its last pod has stopped.
import type { StoredObject } from '../kubeObject.js';
import type { ApiContext } from './apiContext.js';
import { fieldsAt, textAt } from './json.js';
import { markDeleted } from './garbageCollection.js';
import { formatTime } from './objectStore.js';
import { PODS, RESOURCES, resourceName } from './resources.js';

const POD_RESOURCE = resourceName(PODS);

/** Removes what nothing holds. Whether something is left: a pod that stops, or what a finalizer keeps for whoever owns it. */
function removeContent(context: ApiContext, namespace: string): boolean {
  const { store } = context.backend;
  const pods = store.list(POD_RESOURCE, namespace);
  // Pods first: what owns them would take them away at once.
  for (const pod of pods) context.backend.stopPod(pod);
  let isHeld = false;
  for (const resource of RESOURCES.filter((candidate) => candidate.namespaced && candidate !== PODS)) {
    for (const object of store.list(resourceName(resource), namespace)) {
      if ((object.metadata.finalizers ?? []).length > 0) {
        markDeleted(context, resource, object);
        isHeld = true;
      } else store.remove(resourceName(resource), namespace, object.metadata.name);
    }
  }
  return isHeld || store.list(POD_RESOURCE, namespace).length > 0;
}

function removeWhenEmpty(context: ApiContext, namespace: string): void {
  if (!removeContent(context, namespace)) context.backend.store.remove('namespaces', undefined, namespace);
}

/** Begins or, when nothing has to stop, ends the deletion; the namespace as it is afterwards, or undefined once it is gone. */
export function terminateNamespace(context: ApiContext, object: StoredObject): StoredObject | undefined {
  const { store } = context.backend;
  const { name } = object.metadata;
  if (object.metadata.deletionTimestamp === undefined) {
    store.replace('namespaces', {
      ...object,
      metadata: { ...object.metadata, deletionTimestamp: formatTime(context.now()) },
      status: { ...fieldsAt(object, 'status'), phase: 'Terminating' },
    });
  }
  removeWhenEmpty(context, name);
  return store.get('namespaces', undefined, name);
}

/** Ends terminating namespaces when the last object in them goes. Returns how to stop. */
export function followNamespaceTermination(context: ApiContext): () => void {
  const { store } = context.backend;
  return store.onChange((event) => {
    const { namespace } = event.object.metadata;
    // Most of what goes was removed by the termination itself; only what it waited for can end it.
    const isAwaited = event.resource === POD_RESOURCE || (event.previous?.metadata.deletionTimestamp !== undefined);
    if (event.type !== 'DELETED' || namespace === undefined || !isAwaited) return;
    const owner = store.get('namespaces', undefined, namespace);
    if (owner && textAt(owner, 'status', 'phase') === 'Terminating') removeWhenEmpty(context, namespace);
  });
}
