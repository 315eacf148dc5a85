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
  forget(uid: string): void;
}

interface Connection {
  readonly address: string;
  readonly istiod: string;
  readonly since: number;
}

export function createIstiodConnections(store: ObjectStore, clock: RehearsalClock, istiods: Istiods): IstiodConnections {
  const connections = new Map<string, Connection>();
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

  return {
    reach(pod, address) {
      const { uid, name } = pod.metadata;
      const now = clock.now().getTime();
      const open = connections.get(uid);
      if (open?.address === address && !hasEnded(open, name, now)) {
        const istiod = istiods.process(open.istiod);
        if (istiod !== undefined) return istiod;
      }
      const istiod = istiods.atAddress(address, name);
      if (istiod === undefined || !isTrusted(pod, istiod)) return undefined;
      connections.set(uid, { address, istiod: istiod.pod.metadata.uid, since: now });
      return istiod;
    },
    forget(uid) {
      connections.delete(uid);
    },
  };
}
