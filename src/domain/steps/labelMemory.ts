// The labels a namespace had before it was moved, remembered in the cluster itself: one annotation for each revision it was
// moved to, so that another person on another machine can roll it back.
import { INJECTION_LABEL, REVISION_LABEL } from '../../shared/istioNames.js';
import { isRecord, parseJson, textField } from '../../shared/json.js';
import type { NamespaceFacts } from '../mesh/facts.js';
import type { InjectionLabels } from './namespaceLabels.js';
import { injectionLabelsOf, sameInjectionLabels } from './namespaceLabels.js';

/** Prefix of every annotation of ours, fixed for ever. */
export const OWN_ANNOTATION_PREFIX = 'mesh-ca-migration/';
/** The part of an annotation's key behind the slash has at most 63 characters; a revision has at most 56. */
const MEMORY_PREFIX = `${OWN_ANNOTATION_PREFIX}before.`;

/** What a namespace was before it was moved to `revision`. */
export interface LabelMemory {
  readonly revision: string;
  readonly before: InjectionLabels;
}

export function memoryKey(revision: string): string {
  return `${MEMORY_PREFIX}${revision}`;
}

/** The annotation that remembers these labels, as `kubectl annotate` takes it: compact JSON of the labels that were there. */
export function memoryWord({ revision, before }: LabelMemory): string {
  const labels = {
    ...(before.injection !== undefined && { [INJECTION_LABEL]: before.injection }),
    ...(before.revision !== undefined && { [REVISION_LABEL]: before.revision }),
  };
  return `${memoryKey(revision)}=${JSON.stringify(labels)}`;
}

/**
 * What rolling this namespace back returns to, and the revision it leaves. Undefined when nothing is remembered of the move to
 * where it is now. A rollback that was interrupted after the labels were back is found by labels that equal what is remembered.
 */
export function memoryOf(namespace: NamespaceFacts): LabelMemory | undefined {
  const present = injectionLabelsOf(namespace.labels);
  const memories = Object.keys(namespace.annotations)
    .filter((key) => key.startsWith(MEMORY_PREFIX))
    .sort()
    .map((key) => readMemory(key, namespace.annotations[key] ?? ''))
    .filter((memory) => memory !== undefined);
  const ofPresent = present.injection === undefined ? memories.find(({ revision }) => revision === present.revision) : undefined;
  return ofPresent ?? memories.find(({ before }) => sameInjectionLabels(before, present));
}

/** Where a rollback leads: to the labels the user chose, or those that are remembered; without either it leads nowhere. */
export function returnLabels(namespace: NamespaceFacts, chosen: InjectionLabels | undefined): InjectionLabels {
  return chosen ?? memoryOf(namespace)?.before ?? injectionLabelsOf(namespace.labels);
}

function readMemory(key: string, text: string): LabelMemory | undefined {
  const json = parseJson(text);
  if (!isRecord(json)) return undefined;
  const before = { injection: textField(json, INJECTION_LABEL), revision: textField(json, REVISION_LABEL) };
  return { revision: key.slice(MEMORY_PREFIX.length), before };
}
