// What Node has loaded once the extension is activated, by its require.cache: in a process without an editor, with nothing behind
// the editor's API. The integration tests measure the same inside the extension host.
import fs from 'node:fs';
import Module, { createRequire } from 'node:module';

/** The editor's entry to Node's loader, which is no documented API: it is what VS Code itself replaces to give `vscode` to extensions. */
interface Loader {
  _load: (request: string, ...rest: readonly unknown[]) => unknown;
}

/** Sizes of the files, by their path. */
export function loadedAtActivation(bundle: string): ReadonlyMap<string, number> {
  const load = createRequire(bundle);
  const before = new Set(Object.keys(load.cache));
  const loader = Module as unknown as Loader;
  const original = loader._load;
  // Bundles copy what is on the module itself and find the rest by its prototype.
  const vscode: unknown = Object.create(anything() as object);
  loader._load = (request, ...rest) => (request === 'vscode' ? vscode : original(request, ...rest));
  try {
    const extension = load(bundle) as { activate(context: unknown): void };
    extension.activate(anything());
    const loaded = Object.keys(load.cache).filter((file) => !before.has(file));
    return new Map(loaded.map((file) => [file, fs.statSync(file).size]));
  } finally {
    loader._load = original;
  }
}

/** Has every property, can be called and made; nothing in it is ever a promise or has an item. */
function anything(): unknown {
  const known = new Map<PropertyKey, unknown>([
    ['then', undefined],
    [Symbol.iterator, function* () { /* No item. */ }],
    [Symbol.toPrimitive, () => ''],
  ]);
  const body = function () { /* Only to be called. */ };
  known.set('prototype', body.prototype);
  return new Proxy(body, {
    get: (_, name) => {
      if (!known.has(name)) known.set(name, anything());
      return known.get(name);
    },
    apply: () => anything(),
    construct: () => anything() as object,
  });
}
