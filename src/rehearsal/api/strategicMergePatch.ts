// Strategic merge patch: merge patch that knows by which key the items of a list are the same item, with its `$` directives.
import { isObject, sameJson } from './json.js';
import { mergeKeyOf, mergesAsSet } from './mergeKeys.js';

type Path = readonly string[];
type Fields = Record<string, unknown>;

const ORDER = '$setElementOrder/';
const DELETE_VALUES = '$deleteFromPrimitiveList/';

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function keyOf(item: unknown, key: string): unknown {
  return isObject(item) ? item[key] : undefined;
}

function withoutDirectives(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !field.startsWith('$')));
}

function mergeKeyedList(target: readonly unknown[], patch: readonly unknown[], key: string, path: Path): unknown[] {
  if (patch.some((item) => keyOf(item, '$patch') === 'replace')) {
    return patch.filter((item) => keyOf(item, '$patch') !== 'replace');
  }
  const result = [...target];
  for (const item of patch) {
    const position = result.findIndex((existing) => sameJson(keyOf(existing, key), keyOf(item, key)));
    if (keyOf(item, '$patch') === 'delete') {
      if (position >= 0) result.splice(position, 1);
    } else if (position >= 0) {
      result[position] = merge(result[position], item, path);
    } else {
      result.push(merge({}, item, path));
    }
  }
  return result;
}

function mergeList(target: unknown, patch: readonly unknown[], path: Path): unknown {
  const key = mergeKeyOf(path);
  if (key !== undefined && patch.every(isObject)) return mergeKeyedList(asList(target), patch, key, path);
  if (mergesAsSet(path)) return [...new Set([...asList(target), ...patch])];
  return patch;
}

/** Items that the order does not name keep their place behind those it names. */
function reorder(list: readonly unknown[], order: readonly unknown[], path: Path): unknown[] {
  const key = mergeKeyOf(path);
  const rank = (item: unknown): number => {
    const position = order.findIndex((wanted) =>
      key === undefined ? sameJson(wanted, item) : sameJson(keyOf(wanted, key), keyOf(item, key)),
    );
    return position < 0 ? order.length : position;
  };
  return [...list].sort((left, right) => rank(left) - rank(right));
}

function applyListDirectives(result: Fields, patch: Fields, path: Path): void {
  for (const [directive, value] of Object.entries(patch)) {
    if (directive.startsWith(DELETE_VALUES)) {
      const field = directive.slice(DELETE_VALUES.length);
      result[field] = asList(result[field]).filter((item) => !asList(value).includes(item));
    } else if (directive.startsWith(ORDER)) {
      const field = directive.slice(ORDER.length);
      if (Array.isArray(result[field])) result[field] = reorder(asList(result[field]), asList(value), [...path, field]);
    }
  }
}

function merge(target: unknown, patch: unknown, path: Path): unknown {
  if (!isObject(patch)) return patch;
  if (patch.$patch === 'replace') return withoutDirectives(patch);
  if (patch.$patch === 'delete') return {};
  let result: Fields = isObject(target) ? { ...target } : {};
  if (Array.isArray(patch.$retainKeys)) {
    const retained = patch.$retainKeys as readonly unknown[];
    result = Object.fromEntries(Object.entries(result).filter(([field]) => retained.includes(field)));
  }
  for (const [field, value] of Object.entries(withoutDirectives(patch))) {
    const inner = [...path, field];
    if (value === null) Reflect.deleteProperty(result, field);
    else if (Array.isArray(value)) result[field] = mergeList(result[field], value as readonly unknown[], inner);
    else result[field] = merge(result[field], value, inner);
  }
  applyListDirectives(result, patch, path);
  return result;
}

/** The patched object; neither argument is changed. */
export function applyStrategicMergePatch(target: unknown, patch: unknown): unknown {
  return merge(target, patch, []);
}
