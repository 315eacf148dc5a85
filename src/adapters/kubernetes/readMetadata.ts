// Reads what every Kubernetes object has: name, uid, labels, annotations.
import type { Labels } from '../../domain/mesh/facts.js';
import { GITOPS_PREFIXES } from '../../domain/steps/guards.js';
import { OWN_ANNOTATION_PREFIX } from '../../domain/steps/labelMemory.js';
import {
  INJECTION_TEMPLATES_ANNOTATION,
  POD_INJECT_LABEL,
  PROXY_CONFIG_ANNOTATION,
  PROXY_IMAGE_ANNOTATION,
  RESTARTED_AT_ANNOTATION,
  REVISION_LABEL,
} from '../../shared/istioNames.js';
import { textIn, textsIn, valueAt } from './json.js';

export interface Metadata {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly terminating: boolean;
}

/** Undefined for what has no name and so is no object. Cluster-scoped objects have an empty namespace. */
export function readMetadata(object: unknown): Metadata | undefined {
  const metadata = valueAt(object, 'metadata');
  const name = textIn(valueAt(metadata, 'name'));
  if (name === undefined) return undefined;
  return {
    namespace: textIn(valueAt(metadata, 'namespace')) ?? '',
    name,
    uid: textIn(valueAt(metadata, 'uid')) ?? '',
    labels: textsIn(valueAt(metadata, 'labels')),
    annotations: textsIn(valueAt(metadata, 'annotations')),
    terminating: textIn(valueAt(metadata, 'deletionTimestamp')) !== undefined,
  };
}

const ISTIO_ANNOTATIONS: ReadonlySet<string> = new Set([
  REVISION_LABEL,
  POD_INJECT_LABEL,
  INJECTION_TEMPLATES_ANNOTATION,
  PROXY_CONFIG_ANNOTATION,
  PROXY_IMAGE_ANNOTATION,
  RESTARTED_AT_ANNOTATION,
]);

/** Our own, and those by which Argo CD and Flux mark what they own. */
const KEPT_PREFIXES = [OWN_ANNOTATION_PREFIX, ...GITOPS_PREFIXES];

/** The annotations that rules read. Others can be very long (`last-applied-configuration`). */
export function keptAnnotations(annotations: Labels): Labels {
  const isKept = (key: string): boolean => ISTIO_ANNOTATIONS.has(key) || KEPT_PREFIXES.some((prefix) => key.startsWith(prefix));
  return Object.fromEntries(Object.entries(annotations).filter(([key]) => isKept(key)));
}
