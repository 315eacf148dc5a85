// What is to be known of a workload at a glance: how many of its pods are there, what injected them, and whether it is rolling.
import type { PodFacts, WorkloadFacts } from './facts.js';
import { isFinished, podGroups } from './podGroups.js';
import type { NamespaceSnapshot } from './snapshot.js';

export interface WorkloadView {
  readonly kind: string;
  readonly name: string;
  /** Undefined for owners that are not watched (Jobs, ReplicaSets of one's own): then only its pods are known. */
  readonly facts: WorkloadFacts | undefined;
  readonly pods: readonly PodFacts[];
  readonly ready: number;
  readonly desired: number;
  /** Of its living pods with a proxy, in order of name; undefined among them: a pod that does not say. */
  readonly revisions: readonly (string | undefined)[];
  /** Some living pods have a proxy and some do not, or none has. */
  readonly proxies: 'all' | 'some' | 'none';
  readonly rolling: boolean;
}

/** The workloads of a namespace by kind and name, those without pods included. Pods that nothing owns are in `podGroups`. */
export function workloadViews(namespace: NamespaceSnapshot): readonly WorkloadView[] {
  const { owned } = podGroups(namespace);
  const keys = [...new Set([...namespace.workloads.keys(), ...owned.keys()])];
  return keys.map((key) => viewOf(key, namespace.workloads.get(key), owned.get(key) ?? [])).sort(byNameThenKind);
}

/** Undefined when there is no such workload and no pod of it. */
export function workloadView(namespace: NamespaceSnapshot, key: string): WorkloadView | undefined {
  const facts = namespace.workloads.get(key);
  const pods = podGroups(namespace).owned.get(key);
  return facts === undefined && pods === undefined ? undefined : viewOf(key, facts, pods ?? []);
}

/** Names a workload within its namespace, as in the snapshot. */
export function workloadKey({ kind, name }: { readonly kind: string; readonly name: string }): string {
  return `${kind}/${name}`;
}

function viewOf(key: string, facts: WorkloadFacts | undefined, pods: readonly PodFacts[]): WorkloadView {
  const living = pods.filter((pod) => !pod.terminating && !isFinished(pod));
  const proxied = living.flatMap(({ proxy }) => (proxy === undefined ? [] : [proxy]));
  const slash = key.indexOf('/');
  return {
    kind: key.slice(0, slash),
    name: key.slice(slash + 1),
    facts,
    pods,
    ready: facts?.ready ?? living.filter(({ ready }) => ready).length,
    desired: facts?.desired ?? living.length,
    revisions: [...new Set(proxied.map(({ revision }) => revision))].sort(),
    proxies: proxied.length === 0 ? 'none' : proxied.length === living.length ? 'all' : 'some',
    rolling: facts !== undefined && isRolling(facts, pods),
  };
}

/** Not yet at its spec: the controller has not seen it, or pods of before are still there (as `kubectl rollout status` judges). */
function isRolling(facts: WorkloadFacts, pods: readonly PodFacts[]): boolean {
  if (facts.observedGeneration < facts.generation) return true;
  const behind = facts.updated < facts.desired || facts.total > facts.desired || facts.available < facts.updated;
  return (behind && !facts.paused && !facts.onDelete) || pods.some(({ terminating }) => terminating);
}

function byNameThenKind(one: WorkloadView, other: WorkloadView): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1;
  return one.kind < other.kind ? -1 : 1;
}
