// GitOps in a rehearsal: puts the labels of a namespace back to what somebody's repository says, some time after each change.
import type { ObjectStore } from '../clusterBackend.js';
import type { RehearsalClock } from '../controllers/rehearsalClock.js';
import { INJECTION_LABEL, REVISION_LABEL } from '../../shared/istioNames.js';
import type { StoredObject } from '../kubeObject.js';
import type { WantedLabels } from './fault.js';

/** The labels that decide on injection, as they are. */
function presentLabels({ metadata }: StoredObject): WantedLabels {
  return Object.fromEntries([INJECTION_LABEL, REVISION_LABEL].map((key) => [key, metadata.labels?.[key] ?? null]));
}

function differs({ metadata }: StoredObject, wanted: WantedLabels): boolean {
  return Object.entries(wanted).some(([key, value]) => (metadata.labels?.[key] ?? null) !== value);
}

function withLabels(namespace: StoredObject, wanted: WantedLabels): StoredObject {
  const labels = Object.entries({ ...namespace.metadata.labels, ...wanted });
  const present = labels.filter((entry): entry is [string, string] => entry[1] !== null);
  return { ...namespace, metadata: { ...namespace.metadata, labels: Object.fromEntries(present) } };
}

/** Without labels: back to what they are now. Returns how to stop; undefined when there is no such namespace. */
export function revertLabels(
  { store, clock }: { readonly store: ObjectStore; readonly clock: RehearsalClock },
  { namespace, labels, seconds }: { readonly namespace: string; readonly labels?: WantedLabels; readonly seconds: number },
): (() => void) | undefined {
  const current = (): StoredObject | undefined => store.get('namespaces', undefined, namespace);
  const first = current();
  if (first === undefined) return undefined;
  const wanted = labels ?? presentLabels(first);
  let waiting: (() => void) | undefined;
  const putBack = (): void => {
    waiting = undefined;
    const object = current();
    if (object !== undefined && differs(object, wanted)) store.replace('namespaces', withLabels(object, wanted));
  };
  const look = (object: StoredObject): void => {
    if (waiting === undefined && differs(object, wanted)) waiting = clock.schedule(seconds * 1000, putBack);
  };
  const unsubscribe = store.onChange(({ type, resource, object }) => {
    if (type !== 'DELETED' && resource === 'namespaces' && object.metadata.name === namespace) look(object);
  });
  look(first);
  return () => {
    unsubscribe();
    waiting?.();
  };
}
