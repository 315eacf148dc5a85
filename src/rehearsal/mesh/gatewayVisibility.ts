// Whether an istiod takes notice of an object, and whether a host is meant by a pattern: the same for Istio's kinds and the Gateway API's.
import { REVISION_LABEL } from '../../shared/istioNames.js';
import type { StoredObject } from '../kubeObject.js';

/** An object without the label is everybody's; with it, the revision's of exactly that name (istio, pkg/config/model.go, LabelsInRevision). */
export function isSeenBy({ metadata: { labels = {} } }: StoredObject, revision: string): boolean {
  return labels[REVISION_LABEL] === undefined || labels[REVISION_LABEL] === revision;
}

/** Hosts of Gateways may stand behind a namespace, and begin with a wildcard. */
export function covers(pattern: string, host: string): boolean {
  const own = pattern.slice(pattern.indexOf('/') + 1);
  return own === '*' || own === host || (own.startsWith('*.') && host.endsWith(own.slice(1)));
}
