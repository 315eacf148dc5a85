// Whether a namespace has moved: by its label, by what injected its pods, and by what would be created next.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { PROBE_NAMESPACE } from '../procedure/probeRevision.js';
import type { CreatableFacts } from '../gates/gateFacts.js';
import type { PodFacts, WatchedKind } from '../mesh/facts.js';
import { namespaceView } from '../mesh/namespaceView.js';
import type { NamespaceView } from '../mesh/namespaceView.js';
import { isFinished } from '../mesh/podGroups.js';
import type { NamespaceSnapshot } from '../mesh/snapshot.js';
import type { ClusterContext } from './positionContext.js';
import { asFarAsRead, goalOf } from './positionContext.js';
import type { Standing } from './targetPositions.js';
import { DONE, inTheWay, open, unknown, wrong } from './targetPositions.js';

/** What it is concluded from that a namespace is of the mesh, and that it has moved. */
export const NAMESPACE_KINDS: readonly WatchedKind[] = ['namespaces', 'pods', 'mutatingwebhookconfigurations', 'deployments', 'statefulsets', 'daemonsets'];

/**
 * The namespaces of the mesh, by name: their labels ask for sidecars, or they have some. Those that are going do not count, nor does
 * what a probe left behind: its pod is of no application, and gates see it all the same.
 */
export function meshedNamespaces({ snapshot }: ClusterContext): readonly NamespaceSnapshot[] {
  const meshed = [...snapshot.namespaces.values()].filter((namespace) => {
    const view = namespaceView(snapshot, namespace);
    return view.meshed && !view.terminating && namespace.name !== PROBE_NAMESPACE;
  });
  return meshed.sort((one, other) => (one.name < other.name ? -1 : 1));
}

export function namespaceStanding(cluster: ClusterContext, namespace: NamespaceSnapshot, phase: 1 | 2): Standing {
  const goal = goalOf(cluster, phase);
  const view = namespaceView(cluster.snapshot, namespace);
  return asFarAsRead(cluster, NAMESPACE_KINDS, labelStanding(view, goal) ?? workloadStanding(cluster, namespace, view, goal));
}

/** Undefined when a pod created now would be injected by the goal. */
function labelStanding({ labels, forecast, meaning, memory }: NamespaceView, goal: ReadonlySet<string>): Standing | undefined {
  if (labels.injection !== undefined && labels.revision !== undefined) return wrong(message('migration.namespace.bothLabels'));
  if (forecast.kind === 'unknown') return unknown(message('migration.namespace.forecastUnknown'));
  if (meaning?.kind === 'dangling') return wrong(message('migration.namespace.dangling', { value: meaning.value }));
  if (forecast.kind === 'injected' && goal.has(forecast.revision)) return undefined;
  // Moved once and moved back, by hand or by a tool that applies labels from a repository.
  return memory !== undefined && goal.has(memory.revision) ? open(message('migration.namespace.movedBack')) : open();
}

function workloadStanding(
  { creatable, waivedPods }: ClusterContext,
  namespace: NamespaceSnapshot,
  { starting, ending, conflicts }: NamespaceView,
  goal: ReadonlySet<string>,
): Standing {
  const outdated = outdatedPods(namespace, goal).filter((pod) => !waivedPods.has(`${pod.namespace}/${pod.name}`));
  const restartable = outdated.filter(isRestartable).length;
  const bare = conflicts.find((conflict) => conflict.kind === 'withoutSidecar')?.pods ?? 0;
  if (starting + ending > 0 && restartable + bare > 0) return inTheWay(message('migration.namespace.rolling', { pods: starting + ending }));
  if (restartable > 0) return open(message('migration.namespace.notRestarted', { pods: restartable }), 'restart-workloads');
  if (bare > 0) return open(message('migration.namespace.withoutSidecar', { pods: bare }), 'restart-workloads');
  if (starting > 0) return inTheWay(message('migration.namespace.starting', { pods: starting }));
  if (outdated.length > 0) return inTheWay(message('migration.namespace.byHand', { pods: outdated.map(({ name }) => name).join(', ') }));
  return creatableStanding(creatable.get(namespace.name) ?? [], goal);
}

/** Nothing lives under another revision; what could be created next may still. */
function creatableStanding(creatable: readonly CreatableFacts[], goal: ReadonlySet<string>): Standing {
  const counted = creatable.filter(({ meshed, waived, role }) => meshed && !waived && role === 'sidecar');
  const [first, ...rest] = counted.flatMap((each) => creatableProblem(each, goal) ?? []);
  if (first !== undefined) return inTheWay(first, ...rest);
  const [unsure, ...more] = counted.flatMap(({ workload, outcome }) =>
    outcome.kind === 'unknown' ? [message('migration.creatable.unknown', { workload, reason: outcome.reason })] : [],
  );
  return unsure === undefined ? DONE : unknown(unsure, ...more);
}

function creatableProblem({ workload, outcome }: CreatableFacts, goal: ReadonlySet<string>): Message | undefined {
  switch (outcome.kind) {
    case 'injected':
      return goal.has(outcome.revision) ? undefined : message('migration.creatable.other', { workload, revision: outcome.revision });
    case 'handInjected':
      return outcome.revision !== undefined && goal.has(outcome.revision) ? undefined : message('migration.creatable.handInjected', { workload });
    case 'withoutSidecar':
      return message('migration.creatable.withoutSidecar', { workload });
    case 'refused':
      return message('migration.creatable.refused', { workload, reason: outcome.reason });
    case 'unknown':
      return undefined;
  }
}

/** Sidecars that live under another revision than those of the goal. */
function outdatedPods({ pods }: NamespaceSnapshot, goal: ReadonlySet<string>): readonly PodFacts[] {
  return [...pods.values()].filter(
    (pod) =>
      pod.proxy !== undefined &&
      pod.proxy.role !== 'router' &&
      !pod.terminating &&
      !isFinished(pod) &&
      !(pod.proxy.revision !== undefined && goal.has(pod.proxy.revision)),
  );
}

function isRestartable({ owner }: PodFacts): boolean {
  return owner !== undefined && ['Deployment', 'StatefulSet', 'DaemonSet'].includes(owner.kind);
}

/** The user's own test of a namespace that has moved. An answer that was not read is no answer. */
export function applicationTestStanding(cluster: ClusterContext, namespace: NamespaceSnapshot, phase: 1 | 2, moved: Standing): Standing {
  const tests = cluster.traces?.applicationTests;
  if (moved.state.kind === 'unknown') return moved;
  if (moved.state.kind !== 'done') return open();
  if (tests === undefined) return unknown(message('migration.test.notKept'));
  const answer = tests.findLast((test) => test.namespace === namespace.name && goalOf(cluster, phase).has(test.revision));
  if (answer === undefined) return open();
  return answer.passed ? DONE : wrong(message('migration.test.failed'));
}
