// Which workloads of a namespace a restart covers, and the command lines that restart them and follow their rollout.
import type { PodFacts, WorkloadFacts, WorkloadKind } from '../mesh/facts.js';
import type { NamespaceSnapshot } from '../mesh/snapshot.js';
import { workloadKey } from '../mesh/workloadView.js';
import type { CommandSpec } from './commandSpec.js';
import { refusesInjection } from '../mesh/podSelection.js';
import type { KubectlTarget } from './kubectl.js';
import { kubectlCommand } from './kubectl.js';

/** How far each workload was before a restart: what must have moved on afterwards. */
export interface RestartBaseline {
  /** Generation by `Kind/name`; only of the workloads that the restart covers. */
  readonly generations: ReadonlyMap<string, number>;
  /** Uids of all pods of the namespace. */
  readonly podUids: ReadonlySet<string>;
}

const KINDS: readonly WorkloadKind[] = ['Deployment', 'StatefulSet', 'DaemonSet'];

/** The workload that made the pod, where it is one of the kinds that roll. */
export function workloadOf(pod: PodFacts, namespace: NamespaceSnapshot): WorkloadFacts | undefined {
  return pod.owner === undefined ? undefined : namespace.workloads.get(workloadKey(pod.owner));
}

/** The workloads that the restart covers, in the order in which it restarts them. */
export function restartedWorkloads(namespace: NamespaceSnapshot): readonly WorkloadFacts[] {
  return KINDS.flatMap((kind) => restartedOfKind(namespace, kind));
}

function workloadsOfKind(namespace: NamespaceSnapshot, kind: WorkloadKind): readonly WorkloadFacts[] {
  return [...namespace.workloads.values()]
    .filter((workload) => workload.kind === kind)
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function restartedOfKind(namespace: NamespaceSnapshot, kind: WorkloadKind): readonly WorkloadFacts[] {
  // kubectl refuses paused ones; OnDelete ones do not roll, and `rollout status` refuses them.
  const rolling = workloadsOfKind(namespace, kind).filter(({ paused, onDelete }) => !paused && !onDelete);
  // The guide restarts every Deployment; of the kinds it forgets, only those are touched that would gain by it.
  return kind === 'Deployment' ? rolling : rolling.filter((workload) => followsLabels(workload, namespace));
}

/** Whether a restart can change this workload's proxies: it takes an injected one, or has one to lose. */
function followsLabels(workload: WorkloadFacts, namespace: NamespaceSnapshot): boolean {
  if (workload.proxyInTemplate) return false;
  if (!refusesInjection(workload.templateLabels, workload.templateAnnotations)) return true;
  return [...namespace.pods.values()].some((pod) => pod.proxy !== undefined && workloadOf(pod, namespace) === workload);
}

/** One `rollout restart` a kind, in the guide's form where that covers exactly the right ones and by name where it does not. */
export function restartCommands(target: KubectlTarget, namespace: NamespaceSnapshot): readonly CommandSpec[] {
  return KINDS.flatMap((kind) => {
    const restarted = restartedOfKind(namespace, kind);
    if (restarted.length === 0) return [];
    const isWholeKind = restarted.length === workloadsOfKind(namespace, kind).length;
    const words = isWholeKind ? [kind.toLowerCase()] : restarted.map(kubectlName);
    return [kubectlCommand(target, 'rollout', 'restart', ...words, '-n', namespace.name)];
  });
}

/** One `rollout status` a workload, so that the terminal shows each pod that comes. */
export function statusCommands(target: KubectlTarget, namespace: NamespaceSnapshot, timeoutMinutes: number): readonly CommandSpec[] {
  return restartedWorkloads(namespace).map((workload) =>
    kubectlCommand(target, 'rollout', 'status', kubectlName(workload), '-n', namespace.name, `--timeout=${timeoutMinutes}m`),
  );
}

function kubectlName({ kind, name }: WorkloadFacts): string {
  return `${kind.toLowerCase()}/${name}`;
}

/** To be taken right before the restart. */
export function restartBaseline(namespace: NamespaceSnapshot): RestartBaseline {
  return {
    generations: new Map(restartedWorkloads(namespace).map((workload) => [workloadKey(workload), workload.generation])),
    podUids: new Set([...namespace.pods.values()].map(({ uid }) => uid)),
  };
}
