// The checks before a namespace step: functions of one snapshot that give what they found.
import { ISTIO_NAMESPACE, PROXY_IMAGE_ANNOTATION } from '../../shared/istioNames.js';
import type { NamespaceFacts, PodFacts, WatchedKind, WorkloadFacts } from '../mesh/facts.js';
import { controlPlane } from '../mesh/controlPlanes.js';
import { isFinished } from '../mesh/podGroups.js';
import type { ClusterSnapshot, NamespaceSnapshot } from '../mesh/snapshot.js';
import { workloadKey } from '../mesh/workloadView.js';
import type { Finding } from './finding.js';
import { refusesInjection } from '../mesh/podSelection.js';
import { memoryOf } from './labelMemory.js';
import { danglingLabel, injectingRevision } from './namespaceInjector.js';
import type { InjectionLabels } from './namespaceLabels.js';
import { injectionLabelsOf, withInjectionLabels } from './namespaceLabels.js';
import { restartedWorkloads, workloadOf } from './restartPlan.js';

/** What the namespace steps and their verification rest on; while one of these is not live, nothing is certain. */
export const KINDS_NEEDED: readonly WatchedKind[] = [
  'namespaces',
  'pods',
  'deployments',
  'statefulsets',
  'daemonsets',
  'services',
  'mutatingwebhookconfigurations',
];

const SYSTEM_NAMESPACES: readonly string[] = [ISTIO_NAMESPACE, 'kube-system', 'kube-public', 'kube-node-lease'];

/** istiod's own namespace, and those of Kubernetes that are never injected: namespace steps are not for them. */
export function isSystemNamespace(name: string): boolean {
  return SYSTEM_NAMESPACES.includes(name);
}

/** Every kind that is needed and not live. */
export function unknownKinds(snapshot: ClusterSnapshot): readonly Extract<Finding, { kind: 'notLive' }>[] {
  return KINDS_NEEDED.flatMap((resource) => {
    const state = snapshot.kinds[resource];
    if (state.state === 'live') return [];
    return [{ kind: 'notLive' as const, resource, failure: state.state === 'loading' ? undefined : state.failure }];
  });
}

/** What holds for every step that changes a namespace. */
export function guardNamespace(facts: NamespaceFacts): readonly Finding[] {
  return [
    ...(facts.terminating ? [{ kind: 'namespaceTerminating' } as const] : []),
    ...(isSystemNamespace(facts.name) ? [{ kind: 'systemNamespace' } as const] : []),
  ];
}

/** Whether pods of this namespace would be injected by the revision, and by an istiod that runs. */
export function guardRevision(snapshot: ClusterSnapshot, facts: NamespaceFacts, revision: string): readonly Finding[] {
  const found = controlPlane(snapshot, revision);
  if (found === undefined || found.istiods.length === 0) return [{ kind: 'revisionMissing', revision }];
  if (found.ready === 0) return [{ kind: 'revisionNotReady', revision }];
  const labels = withInjectionLabels(facts.labels, { injection: undefined, revision });
  const injector = injectingRevision(snapshot, { name: facts.name, labels });
  return injector === revision ? [] : [{ kind: 'revisionNotInjecting', revision, injector }];
}

/** Whether labels that a rollback returns to would be answered by a control plane that runs. */
export function guardReturn(snapshot: ClusterSnapshot, facts: NamespaceFacts, wanted: InjectionLabels): readonly Finding[] {
  const namespace = { name: facts.name, labels: withInjectionLabels(facts.labels, wanted) };
  const label = danglingLabel(snapshot, namespace);
  if (label !== undefined) return [{ kind: 'returnsToDangling', label }];
  const revision = injectingRevision(snapshot, namespace);
  if (revision === undefined) return [];
  return (controlPlane(snapshot, revision)?.ready ?? 0) > 0 ? [] : [{ kind: 'revisionNotReady', revision }];
}

/** Whether anything says what the namespace was before. */
export function guardMemory(facts: NamespaceFacts): readonly Finding[] {
  return memoryOf(facts) === undefined ? [{ kind: 'nothingRemembered' }] : [];
}

/** What is odd about the labels that are there now; the step may be the cure. */
export function guardPresentLabels(snapshot: ClusterSnapshot, facts: NamespaceFacts): readonly Finding[] {
  const { injection, revision } = injectionLabelsOf(facts.labels);
  if (injection !== undefined && revision !== undefined) return [{ kind: 'bothLabels' }];
  const label = danglingLabel(snapshot, facts);
  return label === undefined ? [] : [{ kind: 'danglingLabel', label }];
}

interface GitOpsMark {
  readonly tool: 'Argo CD' | 'Flux';
  readonly prefix: string;
}

const GITOPS_MARKS: readonly GitOpsMark[] = [
  { tool: 'Argo CD', prefix: 'argocd.argoproj.io/' },
  { tool: 'Flux', prefix: 'kustomize.toolkit.fluxcd.io/' },
  { tool: 'Flux', prefix: 'helm.toolkit.fluxcd.io/' },
];

/** By how their field managers begin. Argo CD before 3.0 marks what it owns by `app.kubernetes.io/instance`, which says nothing. */
const GITOPS_MANAGERS: readonly GitOpsMark[] = [
  { tool: 'Argo CD', prefix: 'argocd' },
  { tool: 'Flux', prefix: 'kustomize-controller' },
  { tool: 'Flux', prefix: 'helm-controller' },
];

/** Prefixes of the labels and annotations by which such tools mark what they own. */
export const GITOPS_PREFIXES = GITOPS_MARKS.map(({ prefix }) => prefix);

/** Whether a tool that applies from a repository owns the namespace. */
export function guardOwnership({ labels, annotations, labelManagers = [] }: NamespaceFacts): readonly Finding[] {
  const keys = [...Object.keys(labels), ...Object.keys(annotations)];
  return [...ownersBy(GITOPS_MARKS, keys), ...ownersBy(GITOPS_MANAGERS, labelManagers)].slice(0, 1);
}

function ownersBy(marks: readonly GitOpsMark[], found: readonly string[]): readonly Finding[] {
  return marks.flatMap(({ tool, prefix }) => {
    const mark = found.find((word) => word.startsWith(prefix));
    return mark === undefined ? [] : [{ kind: 'gitOps' as const, tool, mark }];
  });
}

/** What a restart does not reach, and what it reaches beyond the guide. */
export function guardRestart(namespace: NamespaceSnapshot): readonly Finding[] {
  const workloads = [...namespace.workloads.values()];
  const named = (test: (workload: WorkloadFacts) => boolean): readonly string[] => workloads.filter(test).map(workloadKey).sort();
  const restarted = restartedWorkloads(namespace);
  const candidates: readonly Finding[] = [
    { kind: 'paused', workloads: named(({ paused }) => paused) },
    { kind: 'onDelete', workloads: named(({ onDelete }) => onDelete) },
    { kind: 'recreated', workloads: restarted.filter(({ recreates }) => recreates === true).map(workloadKey) },
    { kind: 'partitioned', workloads: named(({ partition }) => partition !== undefined) },
    { kind: 'handInjected', workloads: named(({ proxyInTemplate }) => proxyInTemplate) },
    { kind: 'pinnedProxyImage', workloads: named(({ templateAnnotations }) => PROXY_IMAGE_ANNOTATION in templateAnnotations) },
    { kind: 'barePods', pods: podsWith(namespace, isBare) },
    { kind: 'foreignPods', pods: podsWith(namespace, (pod) => isForeign(pod, namespace)) },
    { kind: 'jobPods', pods: podsWith(namespace, (pod) => pod.owner?.kind === 'Job') },
    { kind: 'injectionRefused', workloads: named(isRefusing) },
    { kind: 'beyondGuide', workloads: restarted.filter(({ kind }) => kind !== 'Deployment').map(workloadKey) },
  ];
  return candidates.filter((finding) => !isEmpty(finding));
}

/** Labels alone move no pod: said where nothing is there to be restarted. */
export function guardAnythingToFollow(namespace: NamespaceSnapshot): readonly Finding[] {
  return restartedWorkloads(namespace).length === 0 ? [{ kind: 'nothingToRestart' }] : [];
}

/** A step that only restarts has to have something to restart. */
export function guardAnythingToRun(namespace: NamespaceSnapshot): readonly Finding[] {
  return restartedWorkloads(namespace).length === 0 ? [{ kind: 'nothingToRun' }] : [];
}

function isEmpty(finding: Finding): boolean {
  if ('workloads' in finding) return finding.workloads.length === 0;
  return 'pods' in finding && finding.pods.length === 0;
}

function podsWith(namespace: NamespaceSnapshot, test: (pod: PodFacts) => boolean): readonly string[] {
  return [...namespace.pods.values()].filter((pod) => !isFinished(pod) && test(pod)).map(({ name }) => name).sort();
}

/** Nothing makes it anew when it is deleted, so that its proxy stays until somebody does. */
function isBare(pod: PodFacts): boolean {
  const takesProxy = !pod.hostNetwork && !refusesInjection(pod.labels, pod.annotations);
  return pod.owner === undefined && (pod.proxy !== undefined || takesProxy);
}

function isForeign(pod: PodFacts, namespace: NamespaceSnapshot): boolean {
  return pod.proxy !== undefined && pod.owner !== undefined && pod.owner.kind !== 'Job' && workloadOf(pod, namespace) === undefined;
}

function isRefusing(workload: WorkloadFacts): boolean {
  return !workload.proxyInTemplate && refusesInjection(workload.templateLabels, workload.templateAnnotations);
}
