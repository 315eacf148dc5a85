// Draws workloads and pods.
import { CONTEXT_VALUES } from '../../contributions.js';
import type { PodFacts } from '../../domain/mesh/facts.js';
import { isFinished } from '../../domain/mesh/podGroups.js';
import type { ClusterSnapshot } from '../../domain/mesh/snapshot.js';
import type { WorkloadView } from '../../domain/mesh/workloadView.js';
import { workloadView } from '../../domain/mesh/workloadView.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { RowParts } from './row.js';
import { joinParts, presentParts } from './row.js';

export function workloadRow(snapshot: ClusterSnapshot, namespace: string, key: string, text: RenderText): RowParts | undefined {
  const found = snapshot.namespaces.get(namespace);
  const view = found === undefined ? undefined : workloadView(found, key);
  if (view === undefined) return undefined;
  const ready = text(message('clusters.ready.short', { ready: view.ready, desired: view.desired }));
  const kind = view.kind === 'Deployment' ? undefined : view.kind;
  const rolling = view.rolling ? text(message('clusters.rolling')) : undefined;
  return {
    label: view.name,
    description: joinParts([ready, revisionsText(view, text), rolling, kind]),
    ...(view.rolling ? { icon: 'sync', color: 'charts.blue' as const } : { icon: 'layers' }),
    tooltip: [
      `${view.kind} ${view.name}`,
      text(message('clusters.ready', { ready: view.ready, desired: view.desired })),
      ...presentParts([revisionsText(view, text), rolling]),
      ...restartLines(view, text),
    ],
    contextValue: CONTEXT_VALUES.workload,
  };
}

/** What a restart of the namespace does not do for this workload. */
function restartLines({ facts }: WorkloadView, text: RenderText): readonly string[] {
  if (facts === undefined) return [text(message('clusters.workload.notRestartable'))];
  return [
    ...(facts.paused ? [text(message('clusters.workload.paused'))] : []),
    ...(facts.onDelete ? [text(message('clusters.workload.onDelete'))] : []),
    ...(facts.proxyInTemplate ? [text(message('clusters.workload.handInjected'))] : []),
  ];
}

/** The revisions that injected its pods; empty when it has none. */
export function revisionsText({ revisions, proxies, pods }: WorkloadView, text: RenderText): string {
  if (pods.length === 0) return '';
  const names = revisions.map((revision) => revision ?? text(message('clusters.revision.unknown')));
  if (proxies === 'none') return text(message('clusters.noSidecar'));
  return [...names, ...(proxies === 'some' ? [text(message('clusters.someWithoutSidecar'))] : [])].join(', ');
}

export function podRow(snapshot: ClusterSnapshot, namespace: string, name: string, text: RenderText): RowParts | undefined {
  const pod = snapshot.namespaces.get(namespace)?.pods.get(name);
  if (pod === undefined) return undefined;
  const state = podState(pod, text);
  const injected = injectedText(pod, text);
  const bare = pod.owner === undefined ? text(message('clusters.pod.bare')) : undefined;
  return {
    label: name,
    description: joinParts([state.said, injected, bare]),
    icon: state.icon,
    ...(state.color === undefined ? {} : { color: state.color }),
    tooltip: [
      `${namespace}/${name}`,
      ...presentParts([state.said, injected]),
      ...(bare === undefined ? [] : [text(message('clusters.pod.bare.explained'))]),
      ...(pod.proxy === undefined ? [] : [text(message('clusters.pod.image', { image: pod.proxy.image }))]),
      ...(pod.proxy?.caAddress === undefined ? [] : [text(message('clusters.pod.caAddress', { address: pod.proxy.caAddress }))]),
    ],
    contextValue: pod.proxy === undefined ? CONTEXT_VALUES.pod : CONTEXT_VALUES.proxyPod,
  };
}

function injectedText({ proxy, labels }: PodFacts, text: RenderText): string | undefined {
  if (proxy !== undefined) return proxy.revision ?? text(message('clusters.revision.unknown'));
  // An istiod never has one; to say so would look like a fault.
  return labels.app === 'istiod' ? undefined : text(message('clusters.noSidecar'));
}

interface PodState extends Pick<RowParts, 'icon' | 'color'> {
  /** Undefined when all is well. */
  readonly said: string | undefined;
}

function podState(pod: PodFacts, text: RenderText): PodState {
  if (pod.terminating) return { said: text(message('clusters.pod.terminating')), icon: 'circle-slash', color: 'disabledForeground' };
  if (pod.trouble !== undefined) return { said: `⚠ ${pod.trouble}`, icon: 'warning', color: 'list.warningForeground' };
  if (isFinished(pod)) return { said: text(message('clusters.pod.finished')), icon: 'check-all', color: 'disabledForeground' };
  if (!pod.ready) return { said: text(message('clusters.pod.starting')), icon: 'sync', color: 'charts.blue' };
  return { said: undefined, icon: 'pass', color: 'charts.green' };
}
