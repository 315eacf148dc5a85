// Looks into JSON of unknown shape without believing any of it: what is not of the wanted type reads as absent.

import type { JsonRecord } from '../../shared/json.js';
import { isRecord } from '../../shared/json.js';

/** The object, or an empty one where there is none (null, array, text, absent). */
export function recordIn(value: unknown): JsonRecord {
  return isRecord(value) ? value : {};
}

/** The array, or an empty one: Kubernetes and Istio write `null` for empty lists. */
export function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

export function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

export function numberIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The entries of an object whose values are texts, as labels and annotations are. */
export function textsIn(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(recordIn(value)).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** The value behind a path of keys, e.g. `status.phase`. */
export function valueAt(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => recordIn(inner)[key], value);
}
