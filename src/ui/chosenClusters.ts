// Which clusters take part, remembered for the workspace, and in which kubeconfig files there are contexts to choose from.
import type { Disposable } from '../app/events.js';
import { Emitter } from '../app/events.js';
import type { ClusterRef } from '../domain/cluster.js';
import { clusterKey } from '../domain/cluster.js';

/** The part of VS Code's `Memento` that is needed. */
export interface ChoiceStorage {
  get(key: string): unknown;
  update(key: string, value: unknown): Thenable<void>;
}

export interface KubeconfigPlaces {
  /** Setting `meshCa.kubeconfigs`; `~` at the start is the home directory. */
  readonly setting: () => readonly string[];
  /** Environment variable `KUBECONFIG`, a list of paths. */
  readonly environment: string | undefined;
  /** `:`, or `;` on Windows. */
  readonly pathSeparator: string;
  readonly home: string;
}

/** In the workspace state; a later shape gets another number. */
const STORAGE_KEY = 'meshCa.chosenClusters.1';

export class ChosenClusters implements Disposable {
  readonly #storage: ChoiceStorage;
  readonly #places: KubeconfigPlaces;
  readonly #changes: Emitter<readonly ClusterRef[]>;
  readonly #additionalFiles = new Set<string>();
  #refs: readonly ClusterRef[];

  constructor(storage: ChoiceStorage, places: KubeconfigPlaces, onError: (error: unknown) => void) {
    this.#storage = storage;
    this.#places = places;
    this.#changes = new Emitter(onError);
    this.#refs = readRefs(storage.get(STORAGE_KEY));
  }

  get refs(): readonly ClusterRef[] {
    return this.#refs;
  }

  onDidChange(listener: (refs: readonly ClusterRef[]) => void): Disposable {
    return this.#changes.event(listener);
  }

  /** Chooses exactly these. A context that later vanishes from its file stays chosen, and the tree says that it is gone. */
  async choose(refs: readonly ClusterRef[]): Promise<void> {
    const unique = new Map(refs.map((ref) => [clusterKey(ref), { kubeconfig: ref.kubeconfig, context: ref.context }]));
    this.#refs = [...unique.values()];
    this.#changes.fire(this.#refs);
    await this.#storage.update(STORAGE_KEY, this.#refs);
  }

  async add(refs: readonly ClusterRef[]): Promise<void> {
    await this.choose([...this.#refs, ...refs]);
  }

  async leaveOut(refs: readonly ClusterRef[]): Promise<void> {
    const left = new Set(refs.map(clusterKey));
    await this.choose(this.#refs.filter((ref) => !left.has(clusterKey(ref))));
  }

  /** Kubeconfig files to choose from: those of the setting, else of `KUBECONFIG`, else kubectl's own; then the additional ones. */
  kubeconfigFiles(): readonly string[] {
    return [...new Set([...this.#configuredFiles(), ...this.#additionalFiles])];
  }

  /** A file that is offered while it is of use, such as a rehearsal's. Disposing of the result takes it back. */
  addKubeconfigFile(path: string): Disposable {
    this.#additionalFiles.add(path);
    return {
      dispose: () => {
        this.#additionalFiles.delete(path);
      },
    };
  }

  dispose(): void {
    this.#changes.dispose();
  }

  #configuredFiles(): readonly string[] {
    const { setting, environment, pathSeparator, home } = this.#places;
    const set = setting().filter((path) => path.trim() !== '');
    if (set.length > 0) return set.map((path) => (/^~(?=[/\\]|$)/.test(path) ? `${home}${path.slice(1)}` : path));
    const listed = (environment ?? '').split(pathSeparator).filter((path) => path !== '');
    return listed.length > 0 ? listed : [`${home}/.kube/config`];
  }
}

function readRefs(stored: unknown): readonly ClusterRef[] {
  if (!Array.isArray(stored)) return [];
  return (stored as readonly unknown[]).flatMap((entry) => {
    if (typeof entry !== 'object' || entry === null || !('kubeconfig' in entry) || !('context' in entry)) return [];
    const { kubeconfig, context } = entry;
    return typeof kubeconfig === 'string' && typeof context === 'string' ? [{ kubeconfig, context }] : [];
  });
}
