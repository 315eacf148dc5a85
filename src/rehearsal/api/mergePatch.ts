// JSON merge patch (RFC 7386): null removes, objects merge, everything else replaces.
import { isObject } from './json.js';

/** The patched value; neither argument is changed. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [field, value] of Object.entries(patch)) {
    if (value === null) Reflect.deleteProperty(result, field);
    else result[field] = applyMergePatch(result[field], value);
  }
  return result;
}
