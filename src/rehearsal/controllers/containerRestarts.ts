// Containers that exit and are started again by their kubelet: once, or over and over with the back-off of real kubelets.
import { PROXY_CONTAINER } from '../../shared/istioNames.js';
import type { ObjectStore } from '../clusterBackend.js';
import { asPod, containerNamed } from '../mesh/podTypes.js';
import type { StoredPod } from '../mesh/podTypes.js';
import { withContainerChange } from './containerStatus.js';
import type { ContainerChange } from './containerStatus.js';
import type { PodInterior } from './podLifecycle.js';
import type { RehearsalClock } from './rehearsalClock.js';

export interface ContainerRestarts {
  /** The container exits and is started again. False for a pod that does not run or has no such container. */
  crashOnce(pod: StoredPod, container?: string): boolean;
  /** The container exits soon after each start, in the pods of now and of later. Returns how to end it. */
  keepCrashing(matches: (pod: StoredPod) => boolean, container?: string): () => void;
  /** Whether the pod's readiness is decided here, because one of its containers has crashed. */
  holdsBack(pod: StoredPod): boolean;
}

/** kubelet's `MaxContainerBackOff` and where it begins. */
const BACK_OFF_S = { first: 10, longest: 300 } as const;
const EXIT_MS = 500;
const LIFE_MS = 1_000;
const PROBE_MS = 700;
/** The containers that the simulation lives in: with them what happens inside begins anew. */
const LIVING_CONTAINERS: readonly string[] = [PROXY_CONTAINER, 'discovery'];

interface CrashLoop {
  readonly matches: (pod: StoredPod) => boolean;
  readonly container: string | undefined;
}

interface Crashed {
  readonly container: string;
  backOffS: number;
  /** Ends the wait for the next start; there is one only during back-off. */
  startNow: (() => void) | undefined;
}

/** The named container, or the application's own: the first that is no proxy. */
function crashingContainer({ spec }: StoredPod, wanted: string | undefined): string | undefined {
  if (wanted !== undefined) return containerNamed(spec, wanted)?.name;
  return (spec.containers.find(({ name }) => name !== PROXY_CONTAINER) ?? spec.containers[0])?.name;
}

function isRunning(pod: StoredPod): boolean {
  return pod.status?.phase === 'Running' && pod.metadata.deletionTimestamp === undefined;
}

export function startContainerRestarts(tools: {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly interior: PodInterior;
}): ContainerRestarts {
  const { store, clock, interior } = tools;
  const loops = new Set<CrashLoop>();
  const crashed = new Map<string, Crashed>();

  const current = (pod: StoredPod): StoredPod | undefined => {
    const stored = store.get('pods', pod.metadata.namespace, pod.metadata.name);
    return stored?.metadata.uid === pod.metadata.uid && isRunning(asPod(stored)) ? asPod(stored) : undefined;
  };
  /** Writes the change; undefined when the pod is gone meanwhile. */
  const write = (pod: StoredPod, container: string, change: ContainerChange): StoredPod | undefined => {
    const now = current(pod);
    return now && asPod(store.replace('pods', { ...now, status: withContainerChange(now, container, change, clock.now()) }));
  };
  const loopOf = (pod: StoredPod, container: string): CrashLoop | undefined =>
    [...loops].find((loop) => loop.matches(pod) && crashingContainer(pod, loop.container) === container);

  const exit = (pod: StoredPod, container: string): void => {
    const exited = write(pod, container, { to: 'exited' });
    if (exited === undefined) return;
    const state = crashed.get(pod.metadata.uid) ?? { container, backOffS: BACK_OFF_S.first, startNow: undefined };
    crashed.set(pod.metadata.uid, state);
    if (LIVING_CONTAINERS.includes(container)) interior.stop(exited);
    clock.schedule(EXIT_MS, () => {
      if (loopOf(exited, container) === undefined) start(exited, container);
      else backOff(exited, state);
    });
  };

  const backOff = (pod: StoredPod, state: Crashed): void => {
    if (write(pod, state.container, { to: 'backOff', seconds: state.backOffS }) === undefined) return;
    const startNow = (): void => {
      callOff();
      state.startNow = undefined;
      start(pod, state.container);
    };
    const callOff = clock.schedule(state.backOffS * 1000, startNow);
    state.startNow = startNow;
    state.backOffS = Math.min(state.backOffS * 2, BACK_OFF_S.longest);
  };

  const start = (pod: StoredPod, container: string): void => {
    const started = write(pod, container, { to: 'restarted' });
    if (started === undefined) return;
    if (loopOf(started, container) !== undefined) {
      clock.schedule(LIFE_MS, () => { exit(started, container); });
      return;
    }
    const becomeReady = (): void => {
      clock.schedule(PROBE_MS, () => {
        crashed.delete(pod.metadata.uid);
        write(started, container, { to: 'ready' });
      });
    };
    if (LIVING_CONTAINERS.includes(container)) interior.start(started, becomeReady);
    else becomeReady();
  };

  const crash = (pod: StoredPod, wanted: string | undefined): boolean => {
    const container = crashingContainer(pod, wanted);
    if (container === undefined || !isRunning(pod) || crashed.has(pod.metadata.uid)) return false;
    crashed.set(pod.metadata.uid, { container, backOffS: BACK_OFF_S.first, startNow: undefined });
    exit(pod, container);
    return true;
  };

  store.onChange(({ type, resource, object, previous }) => {
    if (resource !== 'pods') return;
    const pod = asPod(object);
    if (type === 'DELETED') crashed.delete(pod.metadata.uid);
    if (loops.size === 0 || type === 'DELETED' || !isRunning(pod) || (previous && isRunning(asPod(previous)))) return;
    const loop = [...loops].find(({ matches }) => matches(pod));
    // It starts, lives for a moment, and never gets ready.
    if (loop !== undefined) clock.schedule(LIFE_MS / 4, () => crash(current(pod) ?? pod, loop.container));
  });

  return {
    crashOnce: crash,
    keepCrashing(matches, container) {
      const loop = { matches, container };
      loops.add(loop);
      for (const pod of store.list('pods').map(asPod)) if (matches(pod)) crash(pod, container);
      return () => {
        loops.delete(loop);
        for (const { startNow } of [...crashed.values()]) startNow?.();
      };
    },
    holdsBack: (pod) => crashed.has(pod.metadata.uid),
  };
}
