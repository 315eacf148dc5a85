// Takes the paths of kubeconfigs out of what is written down for others: they say where somebody's home is.

/** A copy in which each of the paths, wherever it stands in a text, is only called a kubeconfig. */
export function withoutPaths<Value>(value: Value, paths: readonly string[]): Value {
  // A relative name without a separator says nothing, and might be part of any word.
  const known = [...new Set(paths)].filter((path) => /[\\/]/.test(path));
  return replaceIn(value, known) as Value;
}

function replaceIn(value: unknown, paths: readonly string[]): unknown {
  if (typeof value === 'string') return paths.reduce((text, path) => text.replaceAll(path, '(kubeconfig)'), value);
  if (Array.isArray(value)) return value.map((item: unknown) => replaceIn(item, paths));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, replaceIn(item, paths)]));
}
