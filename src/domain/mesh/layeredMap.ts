// Maps that are copied for every change, as snapshots are: a large one shares what did not change with the one before it, so
// that a change costs the square root of its size and not all of it.

/** Below this a plain copy costs less than looking twice. */
const LARGE = 256;

/** A map with what differs from it. Written to by who made it, and not once it is given away. */
class LayeredMap<Value> implements ReadonlyMap<string, Value> {
  readonly #base: ReadonlyMap<string, Value>;
  /** Undefined for what is gone. */
  readonly #changes: Map<string, Value | undefined>;
  #size: number;
  #flat: ReadonlyMap<string, Value> | undefined;

  constructor(base: ReadonlyMap<string, Value>, changes: ReadonlyMap<string, Value | undefined> = new Map(), size = base.size) {
    this.#base = base;
    this.#changes = new Map(changes);
    this.#size = size;
  }

  get size(): number {
    return this.#size;
  }

  get(key: string): Value | undefined {
    return this.#changes.has(key) ? this.#changes.get(key) : this.#base.get(key);
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: Value): void {
    if (!this.has(key)) this.#size += 1;
    this.#changes.set(key, value);
    this.#flat = undefined;
  }

  delete(key: string): boolean {
    if (!this.has(key)) return false;
    this.#size -= 1;
    this.#changes.set(key, undefined);
    this.#flat = undefined;
    return true;
  }

  entries(): MapIterator<[string, Value]> {
    return this.#all().entries();
  }

  keys(): MapIterator<string> {
    return this.#all().keys();
  }

  values(): MapIterator<Value> {
    return this.#all().values();
  }

  [Symbol.iterator](): MapIterator<[string, Value]> {
    return this.#all().entries();
  }

  forEach(visit: (value: Value, key: string, map: ReadonlyMap<string, Value>) => void): void {
    this.#all().forEach((value, key) => {
      visit(value, key, this);
    });
  }

  /** Starts a new layer when there is a plain map already, or when the changes have become many. */
  changeableCopy(): LayeredMap<Value> {
    const many = this.#changes.size ** 2 > this.#base.size;
    return this.#flat !== undefined || many ? new LayeredMap(this.#all()) : new LayeredMap(this.#base, this.#changes, this.#size);
  }

  /** Keys in which this one and the other may differ; undefined where they have too little in common to tell quickly. */
  keysApart(other: ReadonlyMap<string, Value>): Iterable<string> | undefined {
    if (other === this.#base) return this.#changes.keys();
    if (!(#base in other)) return undefined;
    if (other.#base === this.#base) return new Set([...this.#changes.keys(), ...other.#changes.keys()]);
    if (other.#flat === this.#base) return this.#changes.keys();
    return this.#flat === other.#base ? other.#changes.keys() : undefined;
  }

  /** Whoever goes through all of it gets a plain map, made once. */
  #all(): ReadonlyMap<string, Value> {
    if (this.#flat !== undefined) return this.#flat;
    const flat = new Map(this.#base);
    for (const [key, value] of this.#changes) {
      if (value === undefined) flat.delete(key);
      else flat.set(key, value);
    }
    this.#flat = flat;
    return flat;
  }
}

/** A map that may be written to. Values are never undefined. */
export interface ChangeableMap<Value> extends ReadonlyMap<string, Value> {
  set(key: string, value: Value): unknown;
  delete(key: string): boolean;
}

/** A copy to write to; what is written does not show in `map`. */
export function changeableCopy<Value>(map: ReadonlyMap<string, Value>): ChangeableMap<Value> {
  // Asked by its method, because this code is in several bundles.
  if ('changeableCopy' in map) return (map as LayeredMap<Value>).changeableCopy();
  return map.size < LARGE ? new Map(map) : new LayeredMap(map);
}

/** Keys of `one` whose value is not the same in `other`. Quick where one of them came from the other by a few changes. */
export function keysUnlike<Value>(one: ReadonlyMap<string, Value>, other: ReadonlyMap<string, Value> | undefined): readonly string[] {
  if (other === undefined) return [...one.keys()];
  const apart = keysApart(one, other) ?? keysApart(other, one) ?? one.keys();
  return [...apart].filter((key) => one.has(key) && one.get(key) !== other.get(key));
}

function keysApart<Value>(one: ReadonlyMap<string, Value>, other: ReadonlyMap<string, Value>): Iterable<string> | undefined {
  return 'keysApart' in one ? (one as LayeredMap<Value>).keysApart(other) : undefined;
}
