// A pod's status as a kubelet writes it, for each stage of the pod's life.
import { PROXY_CONTAINER } from '../../shared/istioNames.js';
import { formatTime } from '../api/objectStore.js';
import type { Container, PodCondition, PodStatus, StoredPod } from '../mesh/podTypes.js';
import { suffixOf } from './generatedNames.js';

/**
 * `scheduled`: on a node; `initializing`: init containers run; `started`: containers run, not all ready; `ready`;
 * `applicationDone`: a Job's containers have ended and only its sidecar still runs; `completed`: everything has.
 */
export type PodStage = 'scheduled' | 'initializing' | 'started' | 'ready' | 'applicationDone' | 'completed';

const STAGES: readonly PodStage[] = ['scheduled', 'initializing', 'started', 'ready', 'applicationDone', 'completed'];

function hasReached(stage: PodStage, wanted: PodStage): boolean {
  return STAGES.indexOf(stage) >= STAGES.indexOf(wanted);
}

function condition(type: string, isTrue: boolean, before: PodStatus | undefined, now: string, waiting?: string): PodCondition {
  const status = isTrue ? 'True' : 'False';
  const old = before?.conditions?.find((candidate) => candidate.type === type);
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now;
  return { type, status, lastTransitionTime, ...(isTrue || waiting === undefined ? {} : { reason: waiting }) };
}

type ContainerState = 'waiting' | 'running' | 'finished';

function stateOf(state: ContainerState, reason: string, startedAt: string): Record<string, unknown> {
  switch (state) {
    case 'waiting':
      return { waiting: { reason } };
    case 'running':
      return { running: { startedAt } };
    case 'finished':
      return { terminated: { exitCode: 0, reason: 'Completed', startedAt, finishedAt: startedAt } };
  }
}

function containerStatus(container: Container, state: ContainerState, ready: boolean, reason: string, startedAt: string): unknown {
  const digest = suffixOf(container.image, 32);
  return {
    name: container.name,
    image: container.image,
    imageID: state === 'waiting' ? '' : `${container.image.replace(/:[^:/]*$/, '')}@sha256:${digest}`,
    ...(state === 'waiting' ? {} : { containerID: `containerd://${suffixOf(container.name + startedAt, 32)}` }),
    ready,
    restartCount: 0,
    started: state === 'running',
    state: stateOf(state, reason, startedAt),
    lastState: {},
  };
}

/** A proxy in `containers` does not know that the application has ended: it keeps a Job's pod running. */
function stateAt(stage: PodStage, isProxy: boolean): ContainerState {
  if (!hasReached(stage, 'started')) return 'waiting';
  return stage === 'completed' || (stage === 'applicationDone' && !isProxy) ? 'finished' : 'running';
}

function containerStatuses(pod: StoredPod, stage: PodStage, startedAt: string): Record<string, unknown> {
  const init = pod.spec.initContainers ?? [];
  const waiting = init.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  const isStarted = hasReached(stage, 'started');
  const ofContainers = pod.spec.containers.map((container) => {
    const state = stateAt(stage, container.name === PROXY_CONTAINER);
    const isReady = stage === 'ready' || (stage === 'applicationDone' && state === 'running');
    return containerStatus(container, state, isReady, waiting, startedAt);
  });
  if (init.length === 0) return { containerStatuses: ofContainers };
  const ofInit = init.map((container) => {
    const isSidecar = container.restartPolicy === 'Always';
    const running: ContainerState = hasReached(stage, 'initializing') ? 'running' : 'waiting';
    const state: ContainerState = stage === 'completed' || (isStarted && !isSidecar) ? 'finished' : running;
    return containerStatus(container, state, isSidecar ? stage === 'ready' : isStarted, 'PodInitializing', startedAt);
  });
  return { initContainerStatuses: ofInit, containerStatuses: ofContainers };
}

/** Where the simulated node and network put the pod. */
export interface PodPlace {
  readonly podIP: string;
  readonly hostIP: string;
}

export function podStatus(pod: StoredPod, stage: PodStage, place: PodPlace, now: Date): PodStatus {
  const time = formatTime(now);
  const before = pod.status;
  const isStarted = hasReached(stage, 'started');
  const isCompleted = stage === 'completed';
  const unready = isCompleted ? 'PodCompleted' : isStarted ? 'ContainersNotReady' : 'ContainersNotInitialized';
  const init = (pod.spec.initContainers ?? []).length > 0;
  return {
    phase: isCompleted ? 'Succeeded' : isStarted ? 'Running' : 'Pending',
    conditions: [
      condition('Initialized', isStarted || !init, before, time, 'ContainersNotInitialized'),
      condition('Ready', stage === 'ready', before, time, unready),
      condition('ContainersReady', stage === 'ready', before, time, unready),
      condition('PodScheduled', true, before, time),
    ],
    hostIP: place.hostIP,
    ...(hasReached(stage, 'initializing') ? { podIP: place.podIP, podIPs: [{ ip: place.podIP }] } : {}),
    startTime: before?.startTime ?? time,
    qosClass: 'Burstable',
    ...containerStatuses(pod, stage, time),
  };
}
