// To which istiod process each proxy is connected: one of those behind the Service's name, kept until it ends or grows old.
import { CA_ROOT_CONFIG_MAP, ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import { textAt } from '../api/json.js';
import type { ObjectStore } from '../clusterBackend.js';
import { spreadOf } from '../controllers/generatedNames.js';
import type { RehearsalClock } from '../controllers/rehearsalClock.js';
import { isServerTrusted } from './controlPlane.js';
import type { Istiods, RunningIstiod } from './istiods.js';
import type { StoredPod } from './podTypes.js';

/** istiod ends connections of this age (`keepaliveMaxServerConnectionAge`), so that a repointed Service takes effect. */
export const CONNECTION_AGE_MS = 30 * 60 * 1000;

export interface IstiodConnections {
  /** The istiod that answers this proxy at an address; undefined when none does or the proxy does not trust it. */
  reach(pod: StoredPod, address: string): RunningIstiod | undefined;
  /** Whether one is open now, without trying to make one, and how many there have been. */
  of(pod: StoredPod, address: string): { readonly isOpen: boolean; readonly made: number };
  forget(uid: string): void;
}

interface Connection {
  readonly address: string;
  readonly istiod: string;
  readonly since: number;
}

export function createIstiodConnections(store: ObjectStore, clock: RehearsalClock, istiods: Istiods): IstiodConnections {
  const connections = new Map<string, Connection>();
  const made = new Map<string, number>();
  let servicesChangedAt = Number.NEGATIVE_INFINITY;
  store.onChange(({ resource, object }) => {
    if (resource === 'services' && object.metadata.namespace === ISTIO_NAMESPACE) servicesChangedAt = clock.now().getTime();
  });

  /** Reconnecting to where the Service led before changes nothing, so only the first end after a change counts. */
  const hasEnded = ({ since }: Connection, name: string, now: number): boolean => {
    if (since >= servicesChangedAt) return false;
    const phase = spreadOf(name) * CONNECTION_AGE_MS;
    return now >= phase + Math.ceil((servicesChangedAt - phase) / CONNECTION_AGE_MS) * CONNECTION_AGE_MS;
  };

  /** Agents read the root from their namespace's config map whenever they connect. */
  const isTrusted = (pod: StoredPod, istiod: RunningIstiod): boolean => {
    const root = store.get('configmaps', pod.metadata.namespace, CA_ROOT_CONFIG_MAP);
    return isServerTrusted(root && textAt(root, 'data', 'root-cert.pem'), istiod.controlPlane);
  };

  /** The one that is there; undefined also when it was made to another address. */
  const present = ({ metadata: { uid, name } }: StoredPod, address: string): 'ended by age' | RunningIstiod | undefined => {
    const open = connections.get(uid);
    if (open?.address !== address) return undefined;
    return hasEnded(open, name, clock.now().getTime()) ? 'ended by age' : istiods.process(open.istiod);
  };

  const reach = (pod: StoredPod, address: string): RunningIstiod | undefined => {
    const { uid, name } = pod.metadata;
    const there = present(pod, address);
    if (there !== undefined && there !== 'ended by age') return there;
    const istiod = istiods.atAddress(address, name);
    if (istiod === undefined || !isTrusted(pod, istiod)) return undefined;
    connections.set(uid, { address, istiod: istiod.pod.metadata.uid, since: clock.now().getTime() });
    made.set(uid, (made.get(uid) ?? 0) + 1);
    return istiod;
  };

  return {
    reach,
    of(pod, address) {
      const there = present(pod, address);
      // After an end by age the agent is let in again at once, where it is let in at all.
      const isOpen = there === 'ended by age' ? reach(pod, address) !== undefined : there !== undefined;
      return { isOpen, made: made.get(pod.metadata.uid) ?? 0 };
    },
    forget(uid) {
      connections.delete(uid);
      made.delete(uid);
    },
  };
}
