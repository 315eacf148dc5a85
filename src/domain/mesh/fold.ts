// Folds what a reader tells into the snapshot of a cluster. Copies only what is touched: a namespace in which nothing
// changed stays the same object, so that whatever was computed from it stays valid.
import type { Failure } from '../../shared/failure.js';
import type { ClusterRef } from '../cluster.js';
import type { WatchedKind } from './facts.js';
import { NOTHING_LISTED } from './gateObjects.js';
import type { ChangeableMap } from './layeredMap.js';
import { changeableCopy } from './layeredMap.js';
import { sameFacts } from './sameFacts.js';
import type { ClusterSnapshot, Delta, KindState, NamespaceSnapshot, ObjectFacts } from './snapshot.js';

const LOADING: KindState = { state: 'loading' };

const NOTHING_READ: Readonly<Record<WatchedKind, KindState>> = {
  namespaces: LOADING,
  pods: LOADING,
  deployments: LOADING,
  statefulsets: LOADING,
  daemonsets: LOADING,
  services: LOADING,
  mutatingwebhookconfigurations: LOADING,
  configmaps: LOADING,
  caRoots: LOADING,
};

/** What is known of a cluster before anything was read. */
export function emptySnapshot(ref: ClusterRef): ClusterSnapshot {
  return {
    ref,
    kinds: NOTHING_READ,
    namespaces: new Map(),
    injectors: new Map(),
    meshConfigs: new Map(),
    caRoots: new Map(),
    declaredMeshCaRoots: [],
    objects: NOTHING_LISTED,
  };
}

/** What is known of a cluster that could not be read at all. */
export function unreadSnapshot(ref: ClusterRef, failure: Failure): ClusterSnapshot {
  return foldDeltas(emptySnapshot(ref), everyKindFailed(failure));
}

/** What a reader tells that could not even begin. */
export function everyKindFailed(failure: Failure): readonly Delta[] {
  const failed: KindState = { state: 'failed', failure };
  return (Object.keys(NOTHING_READ) as WatchedKind[]).map((kind): Delta => ({ type: 'state', kind, state: failed }));
}

/** The snapshot after the deltas; the same object where they change nothing. */
export function foldDeltas(snapshot: ClusterSnapshot, deltas: readonly Delta[]): ClusterSnapshot {
  const fold = new Fold(snapshot);
  for (const delta of deltas) fold.apply(delta);
  return fold.result();
}

type TableName = 'pods' | 'workloads' | 'services';
interface Place {
  readonly namespace: string;
  readonly table: TableName;
  readonly key: string;
}
type FlatName = 'injectors' | 'meshConfigs' | 'caRoots';

class Fold {
  readonly #before: ClusterSnapshot;
  #kinds: ClusterSnapshot['kinds'];
  #declared: readonly string[];
  #namespaces: ChangeableMap<NamespaceSnapshot> | undefined;
  /** Maps copied in this fold, which may therefore be written to. */
  readonly #own = new Set<unknown>();
  readonly #flat: Record<FlatName, ReadonlyMap<string, unknown>>;

  constructor(before: ClusterSnapshot) {
    this.#before = before;
    this.#kinds = before.kinds;
    this.#declared = before.declaredMeshCaRoots;
    this.#flat = { injectors: before.injectors, meshConfigs: before.meshConfigs, caRoots: before.caRoots };
  }

  apply(delta: Delta): void {
    switch (delta.type) {
      case 'set':
        this.#put(delta.object);
        break;
      case 'gone':
        this.#remove(delta.object);
        break;
      case 'listed':
        this.#replaceKind(delta.kind, delta.objects);
        break;
      case 'state':
        if (!sameFacts(this.#kinds[delta.kind], delta.state)) this.#kinds = { ...this.#kinds, [delta.kind]: delta.state };
        break;
      case 'declaredMeshCaRoots':
        if (!sameFacts(this.#declared, delta.fingerprints)) this.#declared = delta.fingerprints;
        break;
    }
  }

  result(): ClusterSnapshot {
    const after = {
      ...this.#before,
      ...(this.#flat as Pick<ClusterSnapshot, FlatName>),
      kinds: this.#kinds,
      declaredMeshCaRoots: this.#declared,
      namespaces: this.#namespaces ?? this.#before.namespaces,
    };
    const unchanged = (Object.keys(after) as (keyof ClusterSnapshot)[]).every((key) => after[key] === this.#before[key]);
    return unchanged ? this.#before : after;
  }

  #put(object: ObjectFacts): void {
    const flat = flatPlace(object);
    if (flat !== undefined) {
      if (!sameFacts(this.#flat[flat.table].get(flat.key), object.facts)) this.#ownFlat(flat.table).set(flat.key, object.facts);
    } else if (object.kind === 'namespaces') {
      const known = this.#namespace(object.facts.name);
      if (!sameFacts(known.facts, object.facts)) this.#setNamespace({ ...known, facts: object.facts });
    } else {
      const place = placeOf(object);
      if (place === undefined) return;
      const known = this.#namespace(place.namespace)[place.table].get(place.key);
      if (!sameFacts(known, object.facts)) this.#ownTable(place).set(place.key, object.facts);
    }
  }

  #remove(object: ObjectFacts): void {
    const flat = flatPlace(object);
    if (flat !== undefined) {
      if (this.#flat[flat.table].has(flat.key)) this.#ownFlat(flat.table).delete(flat.key);
    } else if (object.kind === 'namespaces') {
      const known = this.#known().get(object.facts.name);
      if (known !== undefined) this.#setNamespace({ ...known, facts: undefined });
    } else {
      const place = placeOf(object);
      if (place === undefined || this.#known().get(place.namespace)?.[place.table].has(place.key) !== true) return;
      this.#ownTable(place).delete(place.key);
      this.#setNamespace(this.#namespace(place.namespace));
    }
  }

  /** Puts what is listed, then removes what was known of the kind and is not: what stays equal is not touched. */
  #replaceKind(kind: WatchedKind, objects: readonly ObjectFacts[]): void {
    const listed = new Set(objects.map(identityOf));
    const gone = [...this.#knownOf(kind)].filter((object) => !listed.has(identityOf(object)));
    for (const object of objects) this.#put(object);
    for (const object of gone) this.#remove(object);
  }

  *#knownOf(kind: WatchedKind): Iterable<ObjectFacts> {
    switch (kind) {
      case 'mutatingwebhookconfigurations':
        yield* tagged(kind, this.#flat.injectors.values());
        break;
      case 'configmaps':
        yield* tagged(kind, this.#flat.meshConfigs.values());
        break;
      case 'caRoots':
        yield* tagged(kind, this.#flat.caRoots.values());
        break;
      case 'namespaces':
        yield* tagged(kind, [...this.#known().values()].flatMap(({ facts }) => (facts === undefined ? [] : [facts])));
        break;
      case 'pods':
      case 'services':
        for (const namespace of this.#known().values()) yield* tagged(kind, namespace[kind].values());
        break;
      case 'deployments':
      case 'statefulsets':
      case 'daemonsets':
        for (const namespace of this.#known().values()) {
          yield* tagged(kind, [...namespace.workloads.values()].filter((workload) => PLURALS[workload.kind] === kind));
        }
        break;
    }
  }

  #known(): ReadonlyMap<string, NamespaceSnapshot> {
    return this.#namespaces ?? this.#before.namespaces;
  }

  #namespace(name: string): NamespaceSnapshot {
    return this.#known().get(name) ?? { name, facts: undefined, pods: new Map(), workloads: new Map(), services: new Map() };
  }

  /** A namespace of which nothing is left is forgotten. */
  #setNamespace(namespace: NamespaceSnapshot): void {
    this.#namespaces ??= changeableCopy(this.#before.namespaces);
    const { facts, pods, workloads, services } = namespace;
    if (facts === undefined && pods.size + workloads.size + services.size === 0) this.#namespaces.delete(namespace.name);
    else this.#namespaces.set(namespace.name, namespace);
  }

  #ownTable(place: Place): Map<string, unknown> {
    const namespace = this.#namespace(place.namespace);
    const table: ReadonlyMap<string, unknown> = namespace[place.table];
    if (this.#own.has(table) && this.#known().has(place.namespace)) return table as Map<string, unknown>;
    const copy = new Map(table);
    this.#own.add(copy);
    this.#namespaces ??= changeableCopy(this.#before.namespaces);
    this.#namespaces.set(place.namespace, { ...namespace, [place.table]: copy });
    return copy;
  }

  #ownFlat(name: FlatName): Map<string, unknown> {
    const table = this.#flat[name];
    if (this.#own.has(table)) return table as Map<string, unknown>;
    const copy = new Map(table);
    this.#own.add(copy);
    this.#flat[name] = copy;
    return copy;
  }
}

const PLURALS = { Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets' } as const;

function flatPlace(object: ObjectFacts): { readonly table: FlatName; readonly key: string } | undefined {
  switch (object.kind) {
    case 'mutatingwebhookconfigurations':
      return { table: 'injectors', key: object.facts.name };
    case 'configmaps':
      return { table: 'meshConfigs', key: object.facts.name };
    case 'caRoots':
      return { table: 'caRoots', key: object.facts.namespace };
    default:
      return undefined;
  }
}

function placeOf(object: ObjectFacts): Place | undefined {
  switch (object.kind) {
    case 'pods':
      return { namespace: object.facts.namespace, table: 'pods', key: object.facts.name };
    case 'services':
      return { namespace: object.facts.namespace, table: 'services', key: object.facts.name };
    case 'deployments':
    case 'statefulsets':
    case 'daemonsets':
      return { namespace: object.facts.namespace, table: 'workloads', key: `${object.facts.kind}/${object.facts.name}` };
    default:
      return undefined;
  }
}

function identityOf(object: ObjectFacts): string {
  const place = flatPlace(object) ?? placeOf(object);
  if (place === undefined) return object.kind === 'namespaces' ? object.facts.name : '';
  return 'namespace' in place ? `${place.namespace}/${place.key}` : place.key;
}

function* tagged(kind: WatchedKind, facts: Iterable<unknown>): Iterable<ObjectFacts> {
  for (const one of facts) yield { kind, facts: one } as ObjectFacts;
}
