// Reads JSON of unknown shape field by field: what is not there, or is something else, is undefined. Never throws.

export type JsonRecord = Readonly<Record<string, unknown>>;

export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The parsed text, or undefined where it is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The first of these names that the value has as a field; takes several because writers spell them differently. */
export function field(value: unknown, ...names: readonly string[]): unknown {
  if (!isRecord(value)) return undefined;
  const name = names.find((candidate) => Object.hasOwn(value, candidate));
  return name === undefined ? undefined : value[name];
}

export function recordField(value: unknown, ...names: readonly string[]): JsonRecord | undefined {
  const found = field(value, ...names);
  return isRecord(found) ? found : undefined;
}

export function textField(value: unknown, ...names: readonly string[]): string | undefined {
  const found = field(value, ...names);
  return typeof found === 'string' ? found : undefined;
}

/** The field's items; empty where there is no such list. */
export function listField(value: unknown, ...names: readonly string[]): readonly unknown[] {
  const found = field(value, ...names);
  return Array.isArray(found) ? (found as readonly unknown[]) : [];
}
