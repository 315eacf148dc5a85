// Everything in a namespace from which a pod can come at any moment: workloads with or without pods, Jobs, CronJobs, and
// owners that nobody watches, of which a living pod stands for the template.
import { REVISION_LABEL } from '../../shared/istioNames.js';
import { isRouterTemplate } from '../mesh/gateways.js';
import type { Labels } from '../mesh/facts.js';
import { itemsOf } from '../mesh/gateObjects.js';
import type { BatchFacts, GateObjects } from '../mesh/gateObjects.js';
import { isFinished, podGroups } from '../mesh/podGroups.js';
import type { ClusterSnapshot, NamespaceSnapshot } from '../mesh/snapshot.js';

export interface PodTemplate {
  /** `Kind/name`. */
  readonly workload: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly hostNetwork: boolean;
  /** The template holds its proxy itself. */
  readonly handInjected: boolean;
  /** The revision that such a proxy says it is of. */
  readonly proxyRevision: string | undefined;
  readonly role: 'sidecar' | 'router';
  /** A living pod of it has a proxy. */
  readonly hasProxy: boolean;
  /** It is istiod itself, whose labels name a revision without asking for it. */
  readonly controlPlane: boolean;
}

interface Remembered {
  readonly batch: readonly BatchFacts[];
  readonly templates: readonly PodTemplate[];
}

const templatesByNamespace = new WeakMap<NamespaceSnapshot, Remembered>();

/** By workload, once per state of the namespace. `batch` are the Jobs and CronJobs of it. */
export function podTemplates(namespace: NamespaceSnapshot, batch: readonly BatchFacts[]): readonly PodTemplate[] {
  const remembered = templatesByNamespace.get(namespace);
  if (remembered?.batch === batch) return remembered.templates;
  const templates = computeTemplates(namespace, batch);
  templatesByNamespace.set(namespace, { batch, templates });
  return templates;
}

function computeTemplates(namespace: NamespaceSnapshot, batch: readonly BatchFacts[]): readonly PodTemplate[] {
  const { owned } = podGroups(namespace);
  const watched = [...namespace.workloads.values()].map((facts): PodTemplate => {
    const workload = `${facts.kind}/${facts.name}`;
    const pods = owned.get(workload) ?? [];
    const isRouter = pods.some(({ proxy }) => proxy?.role === 'router') || isRouterTemplate(facts);
    return {
      workload,
      labels: facts.templateLabels,
      annotations: facts.templateAnnotations,
      hostNetwork: facts.hostNetwork ?? pods.some(({ hostNetwork }) => hostNetwork),
      handInjected: facts.proxyInTemplate,
      // An installer's own manifest carries no status of an injector, but the label of the revision that it is of.
      proxyRevision: facts.templateRevision ?? facts.templateLabels[REVISION_LABEL],
      role: isRouter ? 'router' : 'sidecar',
      hasProxy: pods.some(({ proxy }) => proxy !== undefined),
      controlPlane: (facts.templateLabels.app ?? facts.labels.app) === 'istiod',
    };
  });
  const known = new Set([...watched.map(({ workload }) => workload), ...batch.map(batchKey)]);
  return [...watched, ...batchTemplates(namespace, batch), ...strangers(namespace, known)].sort(byWorkload);
}

const batchByObjects = new WeakMap<GateObjects, ReadonlyMap<string, readonly BatchFacts[]>>();
const NO_BATCH: readonly BatchFacts[] = [];

/** The Jobs and CronJobs of a namespace; Jobs of a CronJob and Jobs that are over make no pods of their own. */
export function batchOf({ objects }: ClusterSnapshot, namespace: string): readonly BatchFacts[] {
  const batch = batchByObjects.get(objects) ?? batchByNamespace(objects);
  batchByObjects.set(objects, batch);
  return batch.get(namespace) ?? NO_BATCH;
}

function batchByNamespace(objects: GateObjects): ReadonlyMap<string, readonly BatchFacts[]> {
  const found = new Map<string, BatchFacts[]>();
  for (const one of [...itemsOf(objects.cronJobs), ...itemsOf(objects.jobs)]) {
    if (isOver(one)) continue;
    const list = found.get(one.namespace);
    if (list === undefined) found.set(one.namespace, [one]);
    else list.push(one);
  }
  return found;
}

/** A suspended CronJob can be resumed, or run by hand, at any moment. */
function isOver({ idle, kind, owner }: BatchFacts): boolean {
  return kind === 'Job' && (idle || owner?.kind === 'CronJob');
}

function batchKey({ kind, name }: BatchFacts): string {
  return `${kind}/${name}`;
}

function batchTemplates(namespace: NamespaceSnapshot, batch: readonly BatchFacts[]): readonly PodTemplate[] {
  const { owned } = podGroups(namespace);
  return batch.map((facts) => ({
    workload: batchKey(facts),
    labels: facts.templateLabels,
    annotations: facts.templateAnnotations,
    hostNetwork: facts.hostNetwork,
    handInjected: facts.proxyInTemplate,
    proxyRevision: undefined,
    role: 'sidecar',
    hasProxy: (owned.get(batchKey(facts)) ?? []).some((pod) => pod.proxy !== undefined && !isFinished(pod)),
    controlPlane: false,
  }));
}

/** Argo Rollouts, ReplicaSets of one's own and the like: they make pods as those that live. A Job's pods are the Job's. */
function strangers(namespace: NamespaceSnapshot, known: ReadonlySet<string>): readonly PodTemplate[] {
  return [...podGroups(namespace).owned].flatMap(([workload, pods]) => {
    const pod = pods.find((candidate) => !isFinished(candidate) && !candidate.terminating);
    if (pod === undefined || known.has(workload) || workload.startsWith('Job/') || workload.startsWith('Node/')) return [];
    const { labels, annotations, hostNetwork, proxy } = pod;
    const role = proxy?.role === 'router' ? 'router' : 'sidecar';
    return [{ workload, labels, annotations, hostNetwork, handInjected: false, proxyRevision: undefined, role, hasProxy: proxy !== undefined, controlPlane: false }];
  });
}

function byWorkload(one: PodTemplate, other: PodTemplate): number {
  return one.workload < other.workload ? -1 : 1;
}
