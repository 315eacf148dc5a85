// JSON as it travels between clients and the store, and how to compare and walk it.

/** True for `{…}`: neither an array nor null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Equality of what would be written: a field that is undefined is a field that is not there, and order does not count. */
export function sameJson(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, index) => sameJson(item, right[index]));
  }
  if (!isObject(left) || !isObject(right)) return false;
  for (const [field, value] of Object.entries(left)) {
    if (value !== undefined && !sameJson(value, right[field])) return false;
  }
  return Object.entries(right).every(([field, value]) => value === undefined || left[field] !== undefined);
}

/** The same object with some fields left out. */
export function without(object: Readonly<Record<string, unknown>>, ...fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

/** The value at a path of fields and list positions, or undefined where it breaks off. */
export function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  let value = root;
  for (const step of path) {
    if (Array.isArray(value) && typeof step === 'number') value = value[step] as unknown;
    else if (isObject(value)) value = value[step];
    else return undefined;
  }
  return value;
}

/** The text at a path; empty when there is none. */
export function textAt(root: unknown, ...path: (string | number)[]): string {
  const value = valueAt(root, path);
  return typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** The number at a path, or the fallback. */
export function numberAt(root: unknown, fallback: number, ...path: (string | number)[]): number {
  const value = valueAt(root, path);
  return typeof value === 'number' ? value : fallback;
}

/** The list at a path; empty when there is none. */
export function listAt(root: unknown, ...path: (string | number)[]): readonly unknown[] {
  const value = valueAt(root, path);
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

/** The fields of the object at a path; none when there is no object. */
export function fieldsAt(root: unknown, ...path: (string | number)[]): Record<string, unknown> {
  const value = valueAt(root, path);
  return isObject(value) ? value : {};
}
