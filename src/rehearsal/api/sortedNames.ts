// Names kept in the order in which etcd lists keys, so that a list needs no sorting.

/** etcd orders whole keys, `…/namespace/name`: the slash that ends a namespace counts, so `foo-bar` comes before `foo`. */
function comesBefore(left: string, right: string, ending: string): boolean {
  return left + ending < right + ending;
}

export interface SortedNames {
  add(name: string): void;
  delete(name: string): void;
  readonly all: readonly string[];
}

/** `ending` is what follows the name in the key: `/` for namespaces, nothing for object names. */
export function createSortedNames(ending: '' | '/'): SortedNames {
  const names: string[] = [];
  const positionOf = (name: string): number => {
    let low = 0;
    let high = names.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comesBefore(names[middle] ?? '', name, ending)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    all: names,
    add(name) {
      const position = positionOf(name);
      if (names[position] !== name) names.splice(position, 0, name);
    },
    delete(name) {
      const position = positionOf(name);
      if (names[position] === name) names.splice(position, 1);
    },
  };
}
