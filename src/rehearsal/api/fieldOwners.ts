// Who owns which field: the record in `metadata.managedFields`, kept as the API server keeps it at every write of a client.
import type { ObjectMeta } from '../kubeObject.js';
import { fromFieldsV1, leavesOf, toFieldsV1 } from './fieldPaths.js';
import type { FieldLeaves } from './fieldPaths.js';
import { isObject, sameJson } from './json.js';

/** One manager with what it owns; `Apply` and `Update` of the same name are two. */
export interface FieldManager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly time: string;
  readonly subresource?: string;
  readonly fields: ReadonlySet<string>;
}

/** Who writes, and when. */
export type FieldWriter = Omit<FieldManager, 'fields'>;

type Fields = Readonly<Record<string, unknown>>;

export function readManagers(metadata: Readonly<Record<string, unknown>> | undefined): readonly FieldManager[] {
  const entries = Array.isArray(metadata?.managedFields) ? (metadata.managedFields as readonly unknown[]) : [];
  return entries.filter(isObject).flatMap((entry) => {
    const { manager, operation, apiVersion, time, subresource, fieldsV1 } = entry;
    if (typeof manager !== 'string' || (operation !== 'Apply' && operation !== 'Update')) return [];
    return {
      manager,
      operation,
      apiVersion: typeof apiVersion === 'string' ? apiVersion : '',
      time: typeof time === 'string' ? time : '',
      ...(typeof subresource === 'string' && subresource !== '' ? { subresource } : {}),
      fields: fromFieldsV1(fieldsV1),
    };
  });
}

/** The metadata with the record of its managers; those who own nothing are left out. */
export function withManagers(metadata: ObjectMeta, managers: readonly FieldManager[]): ObjectMeta {
  const managedFields = managers
    .filter(({ fields }) => fields.size > 0)
    .map(({ fields, ...entry }) => ({ ...entry, fieldsType: 'FieldsV1', fieldsV1: toFieldsV1(fields) }));
  return { ...metadata, managedFields };
}

export function isSameManager(one: FieldWriter, other: FieldWriter): boolean {
  return (
    one.manager === other.manager &&
    one.operation === other.operation &&
    one.subresource === other.subresource &&
    (one.operation === 'Apply' || one.apiVersion === other.apiVersion)
  );
}

/** Leaves that are new or have another value, and leaves that are gone. */
export function compareLeaves(before: FieldLeaves, after: FieldLeaves): { readonly written: ReadonlySet<string>; readonly removed: ReadonlySet<string> } {
  const written = [...after].filter(([key, value]) => !before.has(key) || !sameJson(before.get(key), value)).map(([key]) => key);
  return { written: new Set(written), removed: new Set([...before.keys()].filter((key) => !after.has(key))) };
}

function sameSet(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return one.size === other.size && [...one].every((key) => other.has(key));
}

/** The manager's record with other fields; its time changes only when they do. */
export function rewrite(known: FieldManager | undefined, writer: FieldWriter, fields: ReadonlySet<string>): FieldManager {
  return { ...writer, time: known && sameSet(known.fields, fields) ? known.time : writer.time, fields };
}

/** The managers after an update: what it wrote is the writer's and nobody else's, what is gone is nobody's. */
export function recordUpdate(
  managers: readonly FieldManager[],
  change: { readonly before: Fields; readonly after: Fields; readonly custom: boolean },
  writer: FieldWriter,
): readonly FieldManager[] {
  const { written, removed } = compareLeaves(leavesOf(change.before, change.custom), leavesOf(change.after, change.custom));
  if (written.size === 0 && removed.size === 0) return managers;
  const mine = managers.find((manager) => isSameManager(manager, writer));
  const others = managers
    .filter((manager) => manager !== mine)
    .map((manager) => ({ ...manager, fields: new Set([...manager.fields].filter((key) => !written.has(key) && !removed.has(key))) }));
  const fields = new Set([...(mine?.fields ?? []), ...written].filter((key) => !removed.has(key)));
  return [...others, rewrite(mine, writer, fields)];
}
