// The life of pods, as scheduler and kubelets lead them: from Pending to Ready with small delays, and a graceful end.
import { PROXY_CONTAINER } from '../../shared/istioNames.js';
import { textAt } from '../api/json.js';
import { formatTime } from '../api/objectStore.js';
import type { ObjectStore } from '../clusterBackend.js';
import { asPod } from '../mesh/podTypes.js';
import type { StoredPod } from '../mesh/podTypes.js';
import { spreadOf } from './generatedNames.js';
import type { PodPlace, PodStage } from './podStatus.js';
import { podStatus } from './podStatus.js';
import type { RehearsalClock } from './rehearsalClock.js';

/** What happens inside a pod whose containers run: a proxy waits for its certificate, an istiod loads its CA. */
export interface PodInterior {
  /** Calls `whenReady` once, at the moment from which readiness probes succeed, or never. */
  start(pod: StoredPod, whenReady: () => void): void;
  stop(pod: StoredPod): void;
}

export interface PodLifecycle {
  /** Asks the pod to end: `deletionTimestamp` now, gone a little later. Asking again changes nothing. */
  stopPod(pod: StoredPod): void;
}

/** Milliseconds from one stage to the next, and how much they vary from pod to pod. */
const DELAYS = { schedule: 90, init: 260, start: 420, probe: 700, work: 4_000, stop: 900 } as const;
/** How often a kubelet tries to mount what is not there yet. */
const MOUNT_RETRY_MS = 2_000;
const VARIATION = 0.6;

export function startPodLifecycle(tools: {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly interior: PodInterior;
  /** First two numbers of the cluster's pod addresses. */
  readonly podNetwork: string;
  /** Whether something that happened to the pod's containers keeps it from getting ready. */
  readonly holdsBack?: (pod: StoredPod) => boolean;
}): PodLifecycle {
  const { store, clock, interior, podNetwork, holdsBack } = tools;
  let addresses = 1;

  const current = (pod: StoredPod): StoredPod | undefined => {
    const stored = store.get('pods', pod.metadata.namespace, pod.metadata.name);
    return stored?.metadata.uid === pod.metadata.uid ? asPod(stored) : undefined;
  };
  const wait = (pod: StoredPod, ms: number, task: () => void): void => {
    clock.schedule(ms * (1 - VARIATION / 2 + VARIATION * spreadOf(pod.metadata.name)), task);
  };

  const chooseNode = (pod: StoredPod): StoredPod => {
    if (pod.spec.nodeName !== undefined) return pod;
    const nodes = store.list('nodes').filter(({ spec }) => (spec as { unschedulable?: boolean } | undefined)?.unschedulable !== true);
    const node = nodes[Math.floor(spreadOf(pod.metadata.name) * nodes.length)];
    if (node === undefined) return pod;
    return { ...pod, spec: { ...pod.spec, nodeName: node.metadata.name } };
  };

  /** A pod whose config map is not there stays in `ContainerCreating`: so do sidecars without `istio-ca-root-cert`. */
  const lacksVolume = ({ metadata, spec }: StoredPod): boolean =>
    (spec.volumes ?? []).some((volume) => {
      const name = textAt(volume, 'configMap', 'name');
      const isOptional = textAt(volume, 'configMap', 'optional') === 'true';
      return name !== '' && !isOptional && store.get('configmaps', metadata.namespace, name) === undefined;
    });

  const enter = (pod: StoredPod, stage: PodStage, place: PodPlace): boolean => {
    const now = current(pod);
    if (now === undefined || now.metadata.deletionTimestamp !== undefined) return false;
    if (stage === 'ready' && holdsBack?.(now) === true) return false;
    const placed = stage === 'scheduled' ? chooseNode(now) : now;
    store.replace('pods', { ...placed, status: { ...podStatus(placed, stage, place, clock.now()) } });
    return true;
  };

  const begin = (pod: StoredPod): void => {
    addresses += 1;
    const place = { podIP: `${podNetwork}.${(addresses >> 8) & 255}.${addresses & 255}`, hostIP: `${podNetwork}.255.${2 + (addresses % 3)}` };
    const step = (ms: number, stage: PodStage, next: () => void): void => {
      wait(pod, ms, () => {
        if (enter(pod, stage, place)) next();
      });
    };
    /** What is not to run for ever ends; with an ordinary sidecar in it, the pod does not. */
    const finish = (): void => {
      if (pod.spec.restartPolicy === undefined || pod.spec.restartPolicy === 'Always') return;
      const hasSidecar = pod.spec.containers.some(({ name }) => name === PROXY_CONTAINER);
      step(DELAYS.work, hasSidecar ? 'applicationDone' : 'completed', () => {
        const done = current(pod);
        if (done !== undefined && !hasSidecar) interior.stop(done);
      });
    };
    const run = (): void => {
      const started = current(pod);
      if (started === undefined) return;
      interior.start(started, () => {
        step(DELAYS.probe, 'ready', finish);
      });
    };
    const mount = (): void => {
      if (current(pod) === undefined) return;
      if (lacksVolume(pod)) clock.schedule(MOUNT_RETRY_MS, mount);
      else step(DELAYS.init, 'initializing', () => { step(DELAYS.start, 'started', run); });
    };
    step(DELAYS.schedule, 'scheduled', mount);
  };

  store.onChange((event) => {
    if (event.resource !== 'pods') return;
    const pod = asPod(event.object);
    if (event.type === 'ADDED') begin(pod);
    if (event.type === 'DELETED') interior.stop(pod);
  });

  return {
    stopPod(pod) {
      const now = current(pod);
      if (now === undefined || now.metadata.deletionTimestamp !== undefined) return;
      const seconds = now.spec.terminationGracePeriodSeconds ?? 30;
      const metadata = {
        ...now.metadata,
        deletionTimestamp: formatTime(new Date(clock.now().getTime() + seconds * 1000)),
        deletionGracePeriodSeconds: seconds,
      };
      store.replace('pods', { ...now, metadata });
      wait(now, DELAYS.stop, () => {
        if (current(now) !== undefined) store.remove('pods', now.metadata.namespace, now.metadata.name);
      });
    },
  };
}
