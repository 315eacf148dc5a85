// Which pods a move or a fault is about: what is not said matches everything.
import { DEFAULT_REVISION, INJECTION_STATUS_ANNOTATION, REVISION_LABEL } from '../../shared/istioNames.js';
import { parseLabelSelector } from '../api/labelSelector.js';
import { textAt } from '../api/json.js';
import type { StoredPod } from '../mesh/podTypes.js';

export interface PodFilter {
  readonly namespace?: string;
  readonly pod?: string;
  /** As `kubectl -l` writes it. */
  readonly selector?: string;
  /** The control plane that injected the pod, or that the pod is an istiod of. */
  readonly revision?: string;
}

function revisionOf(pod: StoredPod): string {
  const { annotations = {}, labels = {} } = pod.metadata;
  const status = annotations[INJECTION_STATUS_ANNOTATION];
  return (status && revisionIn(status)) ?? labels[REVISION_LABEL] ?? DEFAULT_REVISION;
}

function revisionIn(status: string): string | undefined {
  try {
    return textAt(JSON.parse(status) as unknown, 'revision') || undefined;
  } catch {
    return undefined;
  }
}

/** Throws `ApiError` for a selector that cannot be read. */
export function podMatcher(filter: PodFilter): (pod: StoredPod) => boolean {
  const selected = parseLabelSelector(filter.selector ?? null);
  return (pod) =>
    (filter.namespace === undefined || pod.metadata.namespace === filter.namespace) &&
    (filter.pod === undefined || pod.metadata.name === filter.pod) &&
    selected(pod) &&
    (filter.revision === undefined || revisionOf(pod) === filter.revision);
}

/** The filter in words, to stand after "pods". */
export function describePods({ namespace, pod, selector, revision }: PodFilter): string {
  const parts = [
    pod ?? '',
    selector === undefined ? '' : `with ${selector}`,
    revision === undefined ? '' : `of revision ${revision}`,
    namespace === undefined ? 'in every namespace' : `in ${namespace}`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}
