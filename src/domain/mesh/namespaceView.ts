// What is to be known of a namespace at a glance: what its labels ask for, what injected its pods, and where the two disagree.
import { refusesInjection } from './podSelection.js';
import type { LabelMemory } from '../steps/labelMemory.js';
import { memoryOf } from '../steps/labelMemory.js';
import type { InjectionLabels } from '../steps/namespaceLabels.js';
import { injectionLabelsOf } from '../steps/namespaceLabels.js';
import { isKnown } from './known.js';
import { isFinished } from './podGroups.js';
import type { InjectionForecast, InjectionRules, RevisionMeaning } from './revisions.js';
import { forecastInjection, injectionRules, meaningOf } from './revisions.js';
import type { ClusterSnapshot, NamespaceSnapshot } from './snapshot.js';

/** What is wrong with a namespace, or not yet as its labels say. */
export type NamespaceConflict =
  /** `istio-injection` and `istio.io/rev`: the former wins, and a move by the latter does nothing. */
  | { readonly kind: 'bothLabels'; readonly labels: InjectionLabels }
  /** The labels ask for injection and no webhook answers. */
  | { readonly kind: 'danglingRevision'; readonly value: string }
  /** Pods without a sidecar that would get one if they were created now. */
  | { readonly kind: 'withoutSidecar'; readonly pods: number }
  /** Pods of another revision than one created now would have. */
  | { readonly kind: 'notYetRestarted'; readonly pods: number; readonly revision: string }
  | { readonly kind: 'mixedRevisions'; readonly revisions: readonly string[] };

export interface RevisionCount {
  /** Undefined: pods with a proxy that do not say what injected them. */
  readonly revision: string | undefined;
  readonly pods: number;
}

export interface NamespaceView {
  readonly name: string;
  readonly labels: InjectionLabels;
  /** What the label `istio.io/rev` means; undefined where there is none. */
  readonly meaning: RevisionMeaning | undefined;
  /** For a pod without labels of its own. */
  readonly forecast: InjectionForecast;
  /** What rolling back returns to; undefined when the namespace was not moved. */
  readonly memory: LabelMemory | undefined;
  /** Pods with a proxy by what injected them, most first; finished and ending ones are not counted. */
  readonly injected: readonly RevisionCount[];
  /** Of them, the gateways. */
  readonly gateways: number;
  readonly withoutProxy: number;
  readonly ending: number;
  readonly starting: number;
  readonly conflicts: readonly NamespaceConflict[];
  /** Its labels ask for injection, or it has sidecars whatever they say. */
  readonly meshed: boolean;
  readonly terminating: boolean;
  /** Namespaces and pods were read, so that the counts and labels are complete. */
  readonly known: boolean;
}

interface Remembered {
  readonly rules: InjectionRules;
  readonly known: boolean;
  readonly view: NamespaceView;
}

const views = new WeakMap<NamespaceSnapshot, Remembered>();

/** Computed once per state of the namespace and of the injectors. */
export function namespaceView(snapshot: ClusterSnapshot, namespace: NamespaceSnapshot): NamespaceView {
  const rules = injectionRules(snapshot);
  const known = isKnown(snapshot, 'namespaces') && isKnown(snapshot, 'pods');
  const remembered = views.get(namespace);
  if (remembered?.rules === rules && remembered.known === known) return remembered.view;
  const view = computeView(namespace, rules, known);
  views.set(namespace, { rules, known, view });
  return view;
}

function computeView(namespace: NamespaceSnapshot, rules: InjectionRules, known: boolean): NamespaceView {
  const labels = injectionLabelsOf(namespace.facts?.labels ?? {});
  const pods = countPods(namespace, rules);
  const asks = labels.injection === 'enabled' || (labels.injection === undefined && labels.revision !== undefined);
  const base = {
    name: namespace.name,
    labels,
    meaning: labels.revision === undefined ? undefined : meaningOf(rules, labels.revision),
    forecast: forecastFor(namespace, rules, {}, false),
    memory: namespace.facts === undefined ? undefined : memoryOf(namespace.facts),
    ...pods.counts,
    meshed: asks || labels.revision !== undefined || pods.sidecars > 0,
    terminating: namespace.facts?.terminating ?? false,
    known,
  };
  return { ...base, conflicts: conflictsOf(base, asks, pods) };
}

interface PodCounts {
  readonly counts: Pick<NamespaceView, 'injected' | 'gateways' | 'withoutProxy' | 'ending' | 'starting'>;
  readonly sidecars: number;
  readonly unInjected: number;
  readonly outdated: number;
  readonly sidecarRevisions: ReadonlySet<string>;
}

function countPods(namespace: NamespaceSnapshot, rules: InjectionRules): PodCounts {
  const byRevision = new Map<string | undefined, number>();
  const sidecarRevisions = new Set<string>();
  const total = { gateways: 0, withoutProxy: 0, ending: 0, starting: 0, sidecars: 0, unInjected: 0, outdated: 0 };
  for (const pod of namespace.pods.values()) {
    if (isFinished(pod)) continue;
    if (pod.terminating) {
      total.ending += 1;
      continue;
    }
    if (!pod.ready && pod.trouble === undefined) total.starting += 1;
    const forecast = forecastFor(namespace, rules, pod.labels, pod.hostNetwork);
    if (pod.proxy === undefined) {
      total.withoutProxy += 1;
      if (forecast.kind === 'injected' && !refusesInjection(pod.labels, pod.annotations)) total.unInjected += 1;
      continue;
    }
    byRevision.set(pod.proxy.revision, (byRevision.get(pod.proxy.revision) ?? 0) + 1);
    if (pod.proxy.role === 'router') {
      // Gateways move by a label of their own, not by the namespace's.
      total.gateways += 1;
      continue;
    }
    total.sidecars += 1;
    if (pod.proxy.revision !== undefined) sidecarRevisions.add(pod.proxy.revision);
    if (forecast.kind === 'injected' && pod.proxy.revision !== forecast.revision) total.outdated += 1;
  }
  const injected = [...byRevision].map(([revision, pods]) => ({ revision, pods }));
  injected.sort((one, other) => other.pods - one.pods || ((one.revision ?? '') < (other.revision ?? '') ? -1 : 1));
  const { sidecars, unInjected, outdated, ...counts } = total;
  return { counts: { ...counts, injected }, sidecars, unInjected, outdated, sidecarRevisions };
}

function forecastFor(
  namespace: NamespaceSnapshot,
  rules: InjectionRules,
  labels: Readonly<Record<string, string>>,
  hostNetwork: boolean,
): InjectionForecast {
  // Without the namespace's own labels nothing can be said.
  if (namespace.facts === undefined) return { kind: 'unknown' };
  return forecastInjection(rules, namespace.facts, { labels, hostNetwork });
}

function conflictsOf(
  { labels, forecast, meaning }: Pick<NamespaceView, 'labels' | 'forecast' | 'meaning'>,
  asks: boolean,
  pods: PodCounts,
): readonly NamespaceConflict[] {
  const conflicts: NamespaceConflict[] = [];
  if (labels.injection !== undefined && labels.revision !== undefined) conflicts.push({ kind: 'bothLabels', labels });
  if (asks && forecast.kind === 'notInjected') {
    conflicts.push({ kind: 'danglingRevision', value: labels.injection ?? labels.revision ?? '' });
  } else if (meaning?.kind === 'dangling' && labels.injection === undefined) {
    conflicts.push({ kind: 'danglingRevision', value: meaning.value });
  }
  if (pods.unInjected > 0) conflicts.push({ kind: 'withoutSidecar', pods: pods.unInjected });
  if (pods.outdated > 0 && forecast.kind === 'injected') {
    conflicts.push({ kind: 'notYetRestarted', pods: pods.outdated, revision: forecast.revision });
  }
  if (pods.sidecarRevisions.size > 1) conflicts.push({ kind: 'mixedRevisions', revisions: [...pods.sidecarRevisions].sort() });
  return conflicts;
}
