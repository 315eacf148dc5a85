// Which pods each Service selects, kept up to date change by change: a change costs the pod's labels, not all Services or pods.
import type { ObjectStore } from '../clusterBackend.js';
import type { StoredObject } from '../kubeObject.js';
import { hasLabels } from '../mesh/labelSelector.js';
import type { Labels } from '../mesh/labelSelector.js';
import { asPod } from '../mesh/podTypes.js';
import type { StoredPod } from '../mesh/podTypes.js';
import { keyOf } from './reconcileQueue.js';

interface ServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly protocol?: string;
}

export type Service = StoredObject & { readonly spec: { readonly selector?: Labels; readonly ports?: readonly ServicePort[] } };

export interface ServicePods {
  /** Pods the Service selects, ready or not, in order of name. */
  selectedBy(service: Service): readonly StoredPod[];
  /** Calls the listener with the key of each Service whose pods, or which itself, changed. */
  onChange(listener: (serviceKey: string) => void): void;
  /** How many Services have been compared with a pod so far: what the cost of a change is counted in. */
  readonly comparisons: number;
}

function selectorOf({ spec }: Service): Labels {
  return spec.selector ?? {};
}

/** One entry of the selector is enough to find the Service by; without a selector it selects no pods. */
function indexKey(service: Service): string | undefined {
  const [entry] = Object.entries(selectorOf(service)).sort(([a], [b]) => (a < b ? -1 : 1));
  return entry && `${service.metadata.namespace ?? ''}/${entry[0]}=${entry[1]}`;
}

class Tracker implements ServicePods {
  readonly #store: ObjectStore;
  readonly #services = new Map<string, Map<string, Service>>();
  readonly #members = new Map<string, Map<string, StoredPod>>();
  readonly #listeners: ((key: string) => void)[] = [];
  comparisons = 0;

  constructor(store: ObjectStore) {
    this.#store = store;
    store.onChange(({ type, resource, object, previous }) => {
      if (resource === 'services') this.#onService(type === 'DELETED', object as Service, previous as Service | undefined);
      if (resource === 'pods') this.#onPod(type === 'DELETED', asPod(object), previous && asPod(previous));
    });
  }

  selectedBy(service: Service): readonly StoredPod[] {
    const pods = [...(this.#members.get(keyOf(service))?.values() ?? [])];
    return pods.sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  }

  onChange(listener: (serviceKey: string) => void): void {
    this.#listeners.push(listener);
  }

  #announce(key: string): void {
    for (const listener of this.#listeners) listener(key);
  }

  #onService(isGone: boolean, service: Service, previous: Service | undefined): void {
    const key = keyOf(service);
    const [old, now] = [previous && indexKey(previous), isGone ? undefined : indexKey(service)];
    if (old !== undefined) this.#services.get(old)?.delete(key);
    if (now !== undefined) this.#services.set(now, (this.#services.get(now) ?? new Map<string, Service>()).set(key, service));
    if (now === undefined) this.#members.delete(key);
    else if (previous === undefined || JSON.stringify(selectorOf(previous)) !== JSON.stringify(selectorOf(service))) {
      this.#recount(key, service);
    }
    this.#announce(key);
  }

  #recount(key: string, service: Service): void {
    const pods = this.#store.list('pods', service.metadata.namespace).map(asPod);
    const selected = pods.filter(({ metadata }) => hasLabels(selectorOf(service), metadata.labels ?? {}));
    this.#members.set(key, new Map(selected.map((pod) => [pod.metadata.uid, pod])));
  }

  #matching(pod: StoredPod): Map<string, Service> {
    const found = new Map<string, Service>();
    for (const [label, value] of Object.entries(pod.metadata.labels ?? {})) {
      for (const [key, service] of this.#services.get(`${pod.metadata.namespace ?? ''}/${label}=${value}`) ?? []) {
        this.comparisons += 1;
        if (hasLabels(selectorOf(service), pod.metadata.labels ?? {})) found.set(key, service);
      }
    }
    return found;
  }

  #onPod(isGone: boolean, pod: StoredPod, previous: StoredPod | undefined): void {
    const { uid } = pod.metadata;
    const after = isGone ? new Map<string, Service>() : this.#matching(pod);
    const hasSameLabels = !isGone && previous?.metadata.labels === pod.metadata.labels;
    const before = previous === undefined || hasSameLabels ? after : this.#matching(previous);
    for (const key of before.keys()) if (!after.has(key)) this.#members.get(key)?.delete(uid);
    for (const key of after.keys()) this.#members.set(key, (this.#members.get(key) ?? new Map<string, StoredPod>()).set(uid, pod));
    for (const key of new Set([...before.keys(), ...after.keys()])) this.#announce(key);
  }
}

export function trackServicePods(store: ObjectStore): ServicePods {
  return new Tracker(store);
}
