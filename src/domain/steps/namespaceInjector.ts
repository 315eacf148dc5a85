// What would inject the pods of a namespace, now or under other labels, and the revisions it can be moved to.
import type { Labels } from '../mesh/facts.js';
import { controlPlanes } from '../mesh/controlPlanes.js';
import type { ControlPlaneView } from '../mesh/controlPlanes.js';
import { forecastInjection, injectionRules, meaningOf } from '../mesh/revisions.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import { injectionLabelsOf } from './namespaceLabels.js';

/** A namespace as webhooks see it. */
export interface LabelledNamespace {
  readonly name: string;
  readonly labels: Labels;
}

/** The revision that injects such a pod in such a namespace; undefined when none does. */
export function injectingRevision(
  snapshot: ClusterSnapshot,
  namespace: LabelledNamespace,
  pod: { readonly labels: Labels; readonly hostNetwork: boolean } = { labels: {}, hostNetwork: false },
): string | undefined {
  const forecast = forecastInjection(injectionRules(snapshot), namespace, pod);
  return forecast.kind === 'injected' ? forecast.revision : undefined;
}

/**
 * The label value that asks for injection and gets none: pods created in such a namespace silently have no sidecar. Undefined
 * when the labels ask for nothing or are answered.
 */
export function danglingLabel(snapshot: ClusterSnapshot, namespace: LabelledNamespace): string | undefined {
  const { injection, revision } = injectionLabelsOf(namespace.labels);
  const askedByInjection = injection === 'enabled' ? injection : undefined;
  const asked = injection === undefined ? revision : askedByInjection;
  return asked !== undefined && injectingRevision(snapshot, namespace) === undefined ? asked : undefined;
}

/** Revisions that a namespace can be moved to: an istiod is ready, and the label leads to it and not to a tag's target. */
export function offeredRevisions(snapshot: ClusterSnapshot): readonly ControlPlaneView[] {
  const rules = injectionRules(snapshot);
  return controlPlanes(snapshot).filter(({ revision, ready }) => {
    const meaning = meaningOf(rules, revision);
    return ready > 0 && meaning.kind === 'revision' && meaning.revision === revision;
  });
}
