// Whether a namespace step is done, by what the cluster shows and by nothing else. An exit code plays no part.
import type { NamespaceFacts, PodFacts, WorkloadFacts } from '../mesh/facts.js';
import type { ClusterSnapshot, NamespaceSnapshot } from '../mesh/snapshot.js';
import { isFinished } from '../mesh/podGroups.js';
import { workloadKey } from '../mesh/workloadView.js';
import type { Finding } from './finding.js';
import { unknownKinds } from './guards.js';
import { refusesInjection } from '../mesh/podSelection.js';
import { injectingRevision } from './namespaceInjector.js';
import type { InjectionLabels } from './namespaceLabels.js';
import { injectionLabelsOf, sameInjectionLabels } from './namespaceLabels.js';
import type { ExpectedNamespace } from './namespaceStep.js';
import type { NamespaceTarget } from './namespaceTarget.js';
import { workloadOf } from './restartPlan.js';

/** Why a pod is not yet as it should be. */
export type PodReason =
  /** It goes, or its workload is still rolling. */
  | 'terminating'
  | 'rolling'
  /** Nobody makes it anew: delete it and create it again. */
  | 'bare'
  | 'job'
  | 'foreign'
  | 'onDelete'
  | 'paused'
  | 'handInjected'
  | 'notRestarted'
  /** Created after the restart began, and yet by another revision: the webhooks or the label were different then. */
  | 'createdSince';

export type OpenItem =
  | { readonly kind: 'labels'; readonly wanted: InjectionLabels; readonly present: InjectionLabels }
  | { readonly kind: 'annotationLeft'; readonly annotation: string }
  | { readonly kind: 'restartNotSeen'; readonly workload: string }
  | { readonly kind: 'rollout'; readonly workload: string; readonly updated: number; readonly available: number; readonly desired: number }
  /** The API server takes none of its new pods, until whatever refuses them gives way. */
  | { readonly kind: 'podsRefused'; readonly workload: string; readonly reason: string }
  /** The rollout cannot go on by itself. */
  | { readonly kind: 'stuck'; readonly workload: string; readonly pod: string; readonly trouble: string }
  | { readonly kind: 'otherRevision'; readonly pod: string; readonly revision: string | undefined; readonly reason: PodReason }
  | { readonly kind: 'noSidecar'; readonly pod: string; readonly reason: PodReason }
  | { readonly kind: 'sidecarLeft'; readonly pod: string; readonly reason: PodReason }
  /** By the right revision, but from before the restart. */
  | { readonly kind: 'fromBefore'; readonly pod: string; readonly reason: PodReason }
  | { readonly kind: 'notReady'; readonly pod: string; readonly trouble: string | undefined };

export type Verification =
  /** `revision` is what injects the namespace now; undefined when nothing does. */
  | { readonly kind: 'verified'; readonly proxies: number; readonly revision: string | undefined }
  | { readonly kind: 'open'; readonly items: readonly OpenItem[] }
  | { readonly kind: 'unknown'; readonly findings: readonly Finding[] };

/** Compares what the cluster shows with what the step must have led to. */
export function verifyNamespaceStep(
  snapshot: ClusterSnapshot | undefined,
  target: NamespaceTarget,
  expected: ExpectedNamespace,
): Verification {
  if (snapshot === undefined) return { kind: 'unknown', findings: [{ kind: 'clusterNotFollowed' }] };
  const unknown = unknownKinds(snapshot);
  if (unknown.length > 0) return { kind: 'unknown', findings: unknown };
  const namespace = snapshot.namespaces.get(target.namespace);
  const facts = namespace?.facts;
  if (namespace === undefined || facts === undefined) return { kind: 'unknown', findings: [{ kind: 'namespaceMissing' }] };
  const pods = [...namespace.pods.values()].filter((pod) => !isFinished(pod));
  const present = injectionLabelsOf(facts.labels);
  const { labels: wanted, forgotten } = expected;
  const items: readonly OpenItem[] = [
    ...(wanted === undefined || sameInjectionLabels(wanted, present) ? [] : [{ kind: 'labels', wanted, present } as const]),
    ...[...expected.restart.generations].flatMap(([key, before]) => openRollout(namespace, key, before)),
    ...pods.flatMap((pod) => openPod(pod, namespace, { snapshot, facts, expected })),
    ...(forgotten !== undefined && forgotten in facts.annotations ? [{ kind: 'annotationLeft', annotation: forgotten } as const] : []),
  ];
  if (items.length > 0) return { kind: 'open', items };
  const proxies = pods.filter(({ proxy }) => proxy !== undefined).length;
  return { kind: 'verified', proxies, revision: injectingRevision(snapshot, facts) };
}

function openRollout(namespace: NamespaceSnapshot, key: string, before: number): readonly OpenItem[] {
  const workload = namespace.workloads.get(key);
  // Deleted since: then it has no pods that could be wrong.
  if (workload === undefined) return [];
  if (workload.generation <= before) return [{ kind: 'restartNotSeen', workload: key }];
  if (isRolledOut(workload)) return [];
  const stuck = [...namespace.pods.values()].find(
    (pod) => isStuck(pod) && !pod.terminating && workloadOf(pod, namespace) === workload,
  );
  if (stuck !== undefined) return [{ kind: 'stuck', workload: key, pod: stuck.name, trouble: stuck.trouble ?? '' }];
  const { updated, available, desired, podsRefused } = workload;
  if (podsRefused !== undefined) return [{ kind: 'podsRefused', workload: key, reason: podsRefused }];
  return [{ kind: 'rollout', workload: key, updated, available, desired }];
}

function isRolledOut({ generation, observedGeneration, desired, updated, available, total }: WorkloadFacts): boolean {
  return observedGeneration >= generation && updated >= desired && available >= desired && total <= updated;
}

/** Reasons with which a container waits until somebody mends what is wrong. */
const STUCK: readonly string[] = [
  'CrashLoopBackOff',
  'ImagePullBackOff',
  'ErrImagePull',
  'InvalidImageName',
  'CreateContainerConfigError',
  'CreateContainerError',
  'RunContainerError',
];

function isStuck({ trouble }: PodFacts): boolean {
  return trouble !== undefined && STUCK.includes(trouble);
}

interface PodRules {
  readonly snapshot: ClusterSnapshot;
  readonly facts: NamespaceFacts;
  readonly expected: ExpectedNamespace;
}

function openPod(pod: PodFacts, namespace: NamespaceSnapshot, { snapshot, facts, expected }: PodRules): readonly OpenItem[] {
  const { name, proxy } = pod;
  const reason = podReason(pod, namespace, expected);
  const refuses = pod.hostNetwork || refusesInjection(pod.labels, pod.annotations);
  // A proxy that did not come from a webhook is judged by the namespace it serves.
  const wanted = refuses ? injectingRevision(snapshot, facts) : injectingRevision(snapshot, facts, pod);
  if (proxy === undefined) return wanted === undefined || refuses ? [] : [{ kind: 'noSidecar', pod: name, reason }];
  if (wanted === undefined) return refuses ? [] : [{ kind: 'sidecarLeft', pod: name, reason }];
  if (proxy.revision !== wanted) return [{ kind: 'otherRevision', pod: name, revision: proxy.revision, reason }];
  if (shouldBeGone(pod, namespace, expected)) return [{ kind: 'fromBefore', pod: name, reason }];
  const mayBeUnready = pod.ready || pod.terminating || pod.owner?.kind === 'Job';
  return mayBeUnready ? [] : [{ kind: 'notReady', pod: name, trouble: pod.trouble }];
}

/** It was there before the restart that was to replace it. */
function shouldBeGone(pod: PodFacts, namespace: NamespaceSnapshot, { restart }: ExpectedNamespace): boolean {
  const workload = workloadOf(pod, namespace);
  return workload !== undefined && restart.generations.has(workloadKey(workload)) && restart.podUids.has(pod.uid);
}

function podReason(pod: PodFacts, namespace: NamespaceSnapshot, { restart }: ExpectedNamespace): PodReason {
  if (pod.terminating) return 'terminating';
  if (pod.owner === undefined) return 'bare';
  if (pod.owner.kind === 'Job') return 'job';
  const workload = workloadOf(pod, namespace);
  if (workload === undefined) return 'foreign';
  if (workload.onDelete) return 'onDelete';
  if (workload.paused) return 'paused';
  if (workload.proxyInTemplate) return 'handInjected';
  const before = restart.generations.get(workloadKey(workload));
  if (before !== undefined && (workload.generation <= before || !isRolledOut(workload))) return 'rolling';
  return restart.podUids.has(pod.uid) ? 'notRestarted' : 'createdSince';
}

/** Whether time alone may settle this; the rest waits for a person. */
export function settlesByItself(item: OpenItem): boolean {
  switch (item.kind) {
    case 'labels':
    case 'annotationLeft':
    case 'restartNotSeen':
    case 'rollout':
    case 'podsRefused':
      return true;
    case 'stuck':
      return false;
    case 'notReady':
      return item.trouble === undefined || !STUCK.includes(item.trouble);
    case 'otherRevision':
    case 'noSidecar':
    case 'sidecarLeft':
    case 'fromBefore':
      // Of a restarted workload, the watch of pods may be behind the watch of workloads.
      return item.reason === 'terminating' || item.reason === 'rolling' || item.reason === 'notRestarted';
  }
}

/** Nothing is gained by waiting longer: it is verified, or nothing that is open will settle by itself. */
export function isSettled(verification: Verification): boolean {
  switch (verification.kind) {
    case 'verified':
      return true;
    case 'open':
      return verification.items.some(({ kind }) => kind === 'stuck') || !verification.items.some(settlesByItself);
    case 'unknown':
      return false;
  }
}
