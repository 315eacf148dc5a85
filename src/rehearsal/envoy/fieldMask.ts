// Protobuf field masks over JSON: keeps the named fields and drops the rest, as Envoy does with `mask=`.

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Paths by their first step; a path that ends there keeps the whole field. */
function byFirstStep(paths: readonly string[]): Map<string, string[]> {
  const steps = new Map<string, string[]>();
  for (const path of paths) {
    const [first = '', ...rest] = path.split('.');
    steps.set(first, [...(steps.get(first) ?? []), rest.join('.')]);
  }
  return steps;
}

/** The value with only what `paths` name. `@type` stays: it is no field but says what the message is. */
export function maskFields(value: unknown, paths: readonly string[]): unknown {
  if (Array.isArray(value)) return value.map((element) => maskFields(element, paths));
  if (!isFields(value)) return value;
  const kept: Fields = '@type' in value ? { '@type': value['@type'] } : {};
  for (const [field, rests] of byFirstStep(paths)) {
    if (!(field in value)) continue;
    kept[field] = rests.includes('') ? value[field] : maskFields(value[field], rests);
  }
  return kept;
}
