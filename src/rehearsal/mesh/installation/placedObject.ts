// An object together with the resource under which the API server keeps it.
import { applyDefaults } from '../../api/defaults.js';
import type { ObjectStore, ResourceName } from '../../clusterBackend.js';
import type { KubeObject } from '../../kubeObject.js';

export interface PlacedObject {
  readonly resource: ResourceName;
  readonly object: KubeObject;
}

/** Creates what is not there and replaces what is, as `kubectl apply` does. */
export function applyObjects(store: ObjectStore, objects: readonly PlacedObject[]): void {
  for (const { resource, object } of objects) {
    const present = store.get(resource, object.metadata.namespace, object.metadata.name);
    if (present === undefined) store.create(resource, applyDefaults(object));
    else store.replace(resource, { ...present, ...object, metadata: { ...present.metadata, ...object.metadata } });
  }
}
