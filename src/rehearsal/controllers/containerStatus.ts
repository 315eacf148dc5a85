// How a kubelet writes one container's exit, waiting and restart into a pod's status, with what follows for the whole pod.
import { formatTime } from '../api/objectStore.js';
import { fieldsAt, isObject, listAt, numberAt, textAt } from '../api/json.js';
import type { PodCondition, PodStatus, StoredPod } from '../mesh/podTypes.js';

type Fields = Record<string, unknown>;
const STATUS_LISTS = ['containerStatuses', 'initContainerStatuses'] as const;

export type ContainerChange =
  /** It has exited with an error. */
  | { readonly to: 'exited' }
  /** kubelet waits before it starts it again. */
  | { readonly to: 'backOff'; readonly seconds: number }
  | { readonly to: 'restarted' }
  /** Probes succeed, for all of the pod's containers that run. */
  | { readonly to: 'ready' };

function changedEntry(entry: Fields, change: ContainerChange, pod: StoredPod, now: string): Fields {
  switch (change.to) {
    case 'exited': {
      const startedAt = textAt(entry, 'state', 'running', 'startedAt') || now;
      const terminated = { exitCode: 1, reason: 'Error', startedAt, finishedAt: now, containerID: entry.containerID };
      return { ...entry, ready: false, started: false, state: { terminated } };
    }
    case 'backOff': {
      const { name, namespace = '', uid } = pod.metadata;
      const what = `container=${textAt(entry, 'name')} pod=${name}_${namespace}(${uid})`;
      const waiting = { reason: 'CrashLoopBackOff', message: `back-off ${backOffText(change.seconds)} restarting failed ${what}` };
      return { ...entry, state: { waiting }, lastState: entry.state };
    }
    case 'restarted': {
      const lastState = 'terminated' in fieldsAt(entry, 'state') ? entry.state : entry.lastState;
      const restartCount = numberAt(entry, 0, 'restartCount') + 1;
      return { ...entry, restartCount, started: true, state: { running: { startedAt: now } }, lastState };
    }
    case 'ready':
      return { ...entry, ready: true };
  }
}

/** As Go writes durations: `10s`, `2m40s`. */
function backOffText(seconds: number): string {
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function condition(before: PodStatus | undefined, type: string, unready: readonly string[], now: string): PodCondition {
  const status = unready.length === 0 ? 'True' : 'False';
  const old = before?.conditions?.find((candidate) => candidate.type === type);
  const lastTransitionTime = old?.status === status ? old.lastTransitionTime : now;
  if (status === 'True') return { type, status, lastTransitionTime };
  const message = `containers with unready status: [${unready.join(' ')}]`;
  return { type, status, lastTransitionTime, reason: 'ContainersNotReady', message };
}

/** Init containers count while they run beside the others: native sidecars. */
function unreadyContainers(status: Fields): string[] {
  const running = listAt(status, 'initContainerStatuses').filter((entry) => !('terminated' in fieldsAt(entry, 'state')) || !fieldsAt(entry).ready);
  return [...listAt(status, 'containerStatuses'), ...running].filter((entry) => fieldsAt(entry).ready !== true).map((entry) => textAt(entry, 'name'));
}

function concerns(change: ContainerChange, container: string, entry: Fields): boolean {
  return change.to === 'ready' ? 'running' in fieldsAt(entry, 'state') : entry.name === container;
}

/** The pod's status after something happened to one of its containers. */
export function withContainerChange(pod: StoredPod, container: string, change: ContainerChange, time: Date): PodStatus {
  const now = formatTime(time);
  const lists = STATUS_LISTS.filter((list) => pod.status?.[list] !== undefined).map((list) => {
    const entries = listAt(pod.status, list).map((entry) =>
      isObject(entry) && concerns(change, container, entry) ? changedEntry(entry, change, pod, now) : entry,
    );
    return [list, entries] as const;
  });
  const status: PodStatus = { ...pod.status, ...Object.fromEntries(lists) };
  const unready = unreadyContainers(status);
  const others = (pod.status?.conditions ?? []).filter(({ type }) => type !== 'Ready' && type !== 'ContainersReady');
  const [ready, containersReady] = ['Ready', 'ContainersReady'].map((type) => condition(pod.status, type, unready, now));
  return { ...status, conditions: [...others, ...[ready, containersReady].filter((entry) => entry !== undefined)] };
}
