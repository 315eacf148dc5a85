// Events: what happened to an object, counted where it happens again (client-go/tools/record).
import { formatTime } from '../api/objectStore.js';
import type { ObjectStore } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import { suffixOf } from './generatedNames.js';

const EVENTS = 'events';

export interface Happening {
  readonly object: StoredObject;
  readonly type: 'Normal' | 'Warning';
  readonly reason: string;
  readonly message: string;
  /** Who says so, such as `replicaset-controller`. */
  readonly component: string;
}

/** Records a happening; the same one of the same object only counts up. */
export function recordEvent(store: ObjectStore, now: Date, { object, type, reason, message, component }: Happening): void {
  const { name, namespace = 'default', uid, resourceVersion } = object.metadata;
  const eventName = `${name}.${suffixOf(`${uid}/${reason}/${message}`, 16)}`;
  const time = formatTime(now);
  const known = store.get(EVENTS, namespace, eventName);
  if (known) {
    store.replace(EVENTS, { ...known, count: Number(known.count) + 1, lastTimestamp: time });
    return;
  }
  store.create(EVENTS, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName, namespace },
    involvedObject: { apiVersion: object.apiVersion, kind: object.kind, name, namespace, uid, resourceVersion },
    type,
    reason,
    message,
    source: { component },
    reportingComponent: component,
    reportingInstance: '',
    firstTimestamp: time,
    lastTimestamp: time,
    count: 1,
  });
}
