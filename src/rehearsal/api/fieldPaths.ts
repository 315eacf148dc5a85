// Objects as sets of fields: which leaves there are, by which path, and the `FieldsV1` form in which managers' fields are kept
// (sigs.k8s.io/structured-merge-diff).
import { isObject } from './json.js';
import { mergeKeyOf, mergesAsSet } from './mergeKeys.js';

/** One step: `f:name` is a field, `k:{"name":"app"}` an item of a list with keys, `v:"x"` an item of a set. */
export type FieldStep = string;
export type FieldPath = readonly FieldStep[];

/** Leaves by the key of their path, each with its value; an item of a list is a leaf of its own, so that it can be owned. */
export type FieldLeaves = ReadonlyMap<string, unknown>;

const SEPARATOR = '\n';
/** In FieldsV1: the item itself, beside its fields. */
const SELF = '.';

export function pathKey(path: FieldPath): string {
  return path.join(SEPARATOR);
}

export function pathOfKey(key: string): FieldPath {
  return key.split(SEPARATOR);
}

function namesOf(path: FieldPath): readonly string[] {
  return path.filter((step) => step.startsWith('f:')).map((step) => step.slice(2));
}

/** Lists of custom resources without a schema are one field; built-in ones have keys, are sets, or are one field too. */
function collectList(list: readonly unknown[], path: FieldPath, custom: boolean, leaves: Map<string, unknown>): void {
  const key = custom ? undefined : mergeKeyOf(namesOf(path));
  if (key !== undefined && list.length > 0 && list.every((item) => isObject(item) && item[key] !== undefined)) {
    for (const item of list) {
      const inner = [...path, `k:${JSON.stringify({ [key]: (item as Record<string, unknown>)[key] })}`];
      leaves.set(pathKey([...inner, SELF]), true);
      collect(item, inner, custom, leaves);
    }
  } else if (!custom && mergesAsSet(namesOf(path))) {
    for (const item of list) leaves.set(pathKey([...path, `v:${JSON.stringify(item)}`]), true);
  } else leaves.set(pathKey(path), list);
}

function collect(value: unknown, path: FieldPath, custom: boolean, leaves: Map<string, unknown>): void {
  if (Array.isArray(value)) collectList(value as readonly unknown[], path, custom, leaves);
  else if (isObject(value) && Object.keys(value).length > 0) {
    for (const [field, inner] of Object.entries(value)) if (inner !== undefined) collect(inner, [...path, `f:${field}`], custom, leaves);
  } else leaves.set(pathKey(path), value);
}

/** Metadata that the server keeps by itself: nobody manages it. */
const UNMANAGED: readonly string[] = [
  'name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields', 'selfLink',
];

/** All leaves of an object that a manager can own. */
export function leavesOf(object: Readonly<Record<string, unknown>>, custom: boolean): FieldLeaves {
  const leaves = new Map<string, unknown>();
  for (const [field, value] of Object.entries(object)) {
    if (field === 'apiVersion' || field === 'kind' || value === undefined) continue;
    const managed = field === 'metadata' && isObject(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => !UNMANAGED.includes(name))) : value;
    if (field !== 'metadata' || Object.keys(managed as object).length > 0) collect(managed, [`f:${field}`], custom, leaves);
  }
  return leaves;
}

type FieldsV1 = Record<string, unknown>;

export function toFieldsV1(keys: Iterable<string>): FieldsV1 {
  const root: FieldsV1 = {};
  for (const key of [...keys].sort()) {
    let node = root;
    for (const step of pathOfKey(key)) {
      const inner = isObject(node[step]) ? node[step] : {};
      node[step] = inner;
      node = inner;
    }
  }
  return root;
}

/** The leaves of FieldsV1; a `.` of a map, which real servers write, is no leaf here. */
export function fromFieldsV1(fields: unknown, path: FieldPath = []): ReadonlySet<string> {
  const keys = new Set<string>();
  if (!isObject(fields)) return keys;
  for (const [step, inner] of Object.entries(fields)) {
    const below = [...path, step];
    const isSelfOfMap = step === SELF && path.at(-1)?.startsWith('k:') !== true;
    if (isSelfOfMap) continue;
    if (isObject(inner) && Object.keys(inner).length > 0) for (const key of fromFieldsV1(inner, below)) keys.add(key);
    else keys.add(pathKey(below));
  }
  return keys;
}

/** As error messages name a path: `.spec.template.spec.containers[name="app"].image`. */
export function describePath(key: string): string {
  return pathOfKey(key)
    .map((step) => {
      if (step === SELF) return '';
      if (step.startsWith('f:')) return `.${step.slice(2)}`;
      if (step.startsWith('v:')) return `[=${step.slice(2)}]`;
      const keys = JSON.parse(step.slice(2)) as Record<string, unknown>;
      return `[${Object.entries(keys).map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}]`;
    })
    .join('');
}

function matchesItem(item: unknown, step: FieldStep): boolean {
  if (step.startsWith('v:')) return JSON.stringify(item) === step.slice(2);
  const keys = JSON.parse(step.slice(2)) as Record<string, unknown>;
  return isObject(item) && Object.entries(keys).every(([name, value]) => item[name] === value);
}

/** The value without the leaf at a path; what is left empty by it goes too. */
export function withoutLeaf(value: unknown, path: FieldPath): unknown {
  const [step, ...rest] = path;
  if (step === undefined || step === SELF) return undefined;
  if (Array.isArray(value)) {
    const list = value.flatMap((item: unknown) => {
      if (!matchesItem(item, step)) return [item];
      const kept = withoutLeaf(item, rest);
      return kept === undefined ? [] : [kept];
    });
    return list.length === 0 ? undefined : list;
  }
  if (!isObject(value)) return value;
  const field = step.slice(2);
  if (value[field] === undefined) return value;
  const kept = rest.length === 0 ? undefined : withoutLeaf(value[field], rest);
  const others = Object.entries(value).filter(([name]) => name !== field);
  if (kept === undefined && others.length === 0) return undefined;
  return kept === undefined ? Object.fromEntries(others) : { ...value, [field]: kept };
}
