// The row of a pod: readiness, the one word for its state and restarts, counted as the real `printPod` counts them.
import type { StoredObject } from '../kubeObject.js';
import { formatAge } from './age.js';
import { fieldsAt, listAt, numberAt, textAt, valueAt } from './json.js';

const NONE = '<none>';

function isReady(status: unknown): boolean {
  return valueAt(status, ['ready']) === true;
}

/** A native sidecar: an init container that keeps running and counts like a container. */
function sidecarNames(pod: StoredObject): ReadonlySet<string> {
  const sidecars = listAt(pod, 'spec', 'initContainers').filter((container) => textAt(container, 'restartPolicy') === 'Always');
  return new Set(sidecars.map((container) => textAt(container, 'name')));
}

function isRunning(status: unknown): boolean {
  return valueAt(status, ['state', 'running']) !== undefined;
}

/** Why a container is not running, or undefined when it runs. */
function stopReason(status: unknown): string | undefined {
  const waiting = textAt(status, 'state', 'waiting', 'reason');
  if (waiting !== '') return waiting;
  if (valueAt(status, ['state', 'terminated']) === undefined) return undefined;
  const terminated = textAt(status, 'state', 'terminated', 'reason');
  if (terminated !== '') return terminated;
  const signal = numberAt(status, 0, 'state', 'terminated', 'signal');
  return signal !== 0 ? `Signal:${signal}` : `ExitCode:${numberAt(status, 0, 'state', 'terminated', 'exitCode')}`;
}

/** `Init:…` while an init container has not done its work; undefined once all have. */
function initReason(pod: StoredObject): string | undefined {
  const sidecars = sidecarNames(pod);
  const statuses = listAt(pod, 'status', 'initContainerStatuses');
  for (const [position, status] of statuses.entries()) {
    const isDone = valueAt(status, ['state', 'terminated']) !== undefined && numberAt(status, 0, 'state', 'terminated', 'exitCode') === 0;
    const isStartedSidecar = sidecars.has(textAt(status, 'name')) && valueAt(status, ['started']) === true;
    if (isDone || isStartedSidecar) continue;
    const reason = stopReason(status);
    if (reason !== undefined && reason !== 'PodInitializing') return `Init:${reason}`;
    return `Init:${position}/${listAt(pod, 'spec', 'initContainers').length}`;
  }
  return undefined;
}

function containerReason(pod: StoredObject, phase: string): string {
  const statuses = listAt(pod, 'status', 'containerStatuses');
  // The first container that does not run gives the reason, as the real loop from last to first leaves it.
  const reason = statuses.map(stopReason).find((stopped) => stopped !== undefined) ?? phase;
  if (reason !== 'Completed' || !statuses.some((status) => isRunning(status) && isReady(status))) return reason;
  const conditions = listAt(pod, 'status', 'conditions');
  const podReady = conditions.some((condition) => textAt(condition, 'type') === 'Ready' && textAt(condition, 'status') === 'True');
  return podReady ? 'Running' : 'NotReady';
}

function stateOf(pod: StoredObject): string {
  if (pod.metadata.deletionTimestamp !== undefined) {
    return textAt(pod, 'status', 'reason') === 'NodeLost' ? 'Unknown' : 'Terminating';
  }
  const phase = textAt(pod, 'status', 'reason') || textAt(pod, 'status', 'phase') || 'Pending';
  return initReason(pod) ?? containerReason(pod, phase);
}

function restartsOf(statuses: readonly unknown[], now: Date): string {
  const count = statuses.reduce<number>((sum, status) => sum + numberAt(status, 0, 'restartCount'), 0);
  const ends = statuses.map((status) => textAt(status, 'lastState', 'terminated', 'finishedAt')).filter((end) => end !== '');
  const last = ends.sort().at(-1);
  return count === 0 || last === undefined ? String(count) : `${count} (${formatAge(last, now)} ago)`;
}

function readinessGates(pod: StoredObject): string {
  const gates = listAt(pod, 'spec', 'readinessGates');
  if (gates.length === 0) return NONE;
  const conditions = listAt(pod, 'status', 'conditions');
  const passed = gates.filter((gate) => {
    const type = textAt(gate, 'conditionType');
    return conditions.some((condition) => textAt(condition, 'type') === type && textAt(condition, 'status') === 'True');
  });
  return `${passed.length}/${gates.length}`;
}

/** Name, ready, status, restarts, age, and for wide output address, node, nominated node and readiness gates. */
export function podCells(pod: StoredObject, now: Date): readonly string[] {
  const sidecars = sidecarNames(pod);
  const sidecarStatuses = listAt(pod, 'status', 'initContainerStatuses').filter((status) => sidecars.has(textAt(status, 'name')));
  const statuses = [...listAt(pod, 'status', 'containerStatuses'), ...sidecarStatuses];
  const total = listAt(pod, 'spec', 'containers').length + sidecars.size;
  const address = textAt(pod, 'status', 'podIP') || textAt(fieldsAt(pod, 'status', 'podIPs', 0), 'ip');
  return [
    pod.metadata.name,
    `${statuses.filter(isReady).length}/${total}`,
    stateOf(pod),
    restartsOf(statuses, now),
    formatAge(pod.metadata.creationTimestamp, now),
    address || NONE,
    textAt(pod, 'spec', 'nodeName') || NONE,
    textAt(pod, 'status', 'nominatedNodeName') || NONE,
    readinessGates(pod),
  ];
}
