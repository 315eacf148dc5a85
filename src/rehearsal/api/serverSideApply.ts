// Server-side apply, as far as one user on a rehearsal needs it: a manager's fields are merged in, and what it applied before and
// applies no longer goes away. Conflicts between managers are not reported: the last one wins.
import type { KubeObject, ObjectMeta } from '../kubeObject.js';
import { isObject, without } from './json.js';
import { applyMergePatch } from './mergePatch.js';
import { applyStrategicMergePatch } from './strategicMergePatch.js';

interface ManagedFields {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
  readonly fieldsType: 'FieldsV1';
  readonly fieldsV1: Record<string, unknown>;
}

export interface ApplyRequest {
  readonly manager: string;
  /** Custom resources have no merge keys: their lists are replaced. */
  readonly custom: boolean;
  /** For the record of the manager. */
  readonly time: string;
}

/** The set of fields in a configuration, in the `f:` form of FieldsV1; a list counts as one field. */
function fieldsOf(value: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value).map(([field, inner]) => [`f:${field}`, isObject(inner) ? fieldsOf(inner) : {}]),
  );
}

function appliedFields(configuration: KubeObject): Record<string, unknown> {
  const metadata = without(configuration.metadata, 'name', 'namespace', 'managedFields', 'resourceVersion', 'uid');
  return fieldsOf({ ...without(configuration, 'apiVersion', 'kind'), metadata });
}

/** A merge patch that removes every leaf which the manager owned and does not name any more. */
function removalOf(before: Record<string, unknown>, after: Record<string, unknown>): Record<string, unknown> {
  const removal: Record<string, unknown> = {};
  for (const [field, inner] of Object.entries(before)) {
    const still = after[field];
    if (!isObject(inner) || !field.startsWith('f:')) continue;
    if (!isObject(still)) removal[field.slice(2)] = Object.keys(inner).length === 0 ? null : removalOf(inner, {});
    else if (Object.keys(inner).length > 0) removal[field.slice(2)] = removalOf(inner, still);
  }
  return removal;
}

function managersOf(metadata: ObjectMeta | undefined): readonly ManagedFields[] {
  const managers = metadata?.managedFields;
  return Array.isArray(managers) ? (managers as readonly ManagedFields[]) : [];
}

/** The object as it stands after `configuration` was applied to what is there, or to nothing. */
export function applyConfiguration(existing: KubeObject | undefined, configuration: KubeObject, request: ApplyRequest): KubeObject {
  const managers = managersOf(existing?.metadata);
  const mine = managers.find(({ manager, operation }) => manager === request.manager && operation === 'Apply');
  const fieldsV1 = appliedFields(configuration);
  const kept = existing && mine ? applyMergePatch(existing, removalOf(mine.fieldsV1, fieldsV1)) : existing;
  const patch = { ...configuration, metadata: without(configuration.metadata, 'managedFields') };
  const merged = (
    request.custom ? applyMergePatch(kept ?? {}, patch) : applyStrategicMergePatch(kept ?? {}, patch)
  ) as KubeObject;
  const record: ManagedFields = {
    manager: request.manager,
    operation: 'Apply',
    apiVersion: configuration.apiVersion,
    // A second apply of the same configuration is no change, so it keeps its time.
    time: mine && JSON.stringify(mine.fieldsV1) === JSON.stringify(fieldsV1) ? mine.time : request.time,
    fieldsType: 'FieldsV1',
    fieldsV1,
  };
  return { ...merged, metadata: { ...merged.metadata, managedFields: [...managers.filter((other) => other !== mine), record] } };
}
