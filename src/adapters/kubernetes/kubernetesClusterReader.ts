// Reads clusters over the Kubernetes API: follows them, or reads them once.
import type { ClusterReader, Clock, Log } from '../../app/ports.js';
import type { ClusterRef } from '../../domain/cluster.js';
import { clusterKey } from '../../domain/cluster.js';
import { emptySnapshot, foldDeltas } from '../../domain/mesh/fold.js';
import type { ClusterSnapshot, Delta, ObjectFacts } from '../../domain/mesh/snapshot.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import type { ApiClient } from './apiRequest.js';
import { apiClient } from './apiRequest.js';
import type { ClusterConnections } from './clusterConnection.js';
import { listKind } from './listKind.js';
import { ListWatch } from './listWatch.js';
import type { KindRequest } from './watchedKinds.js';
import { KIND_REQUESTS } from './watchedKinds.js';

export class KubernetesClusterReader implements ClusterReader {
  readonly #connections: ClusterConnections;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #random: () => number;
  readonly #loops = new Map<string, ReadonlySet<ListWatch<ObjectFacts>>>();

  /** `random` spreads the pauses between attempts, so that not everybody comes back at once. */
  constructor(connections: ClusterConnections, clock: Clock, log: Log, random: () => number = Math.random) {
    this.#connections = connections;
    this.#clock = clock;
    this.#log = log;
    this.#random = random;
  }

  follow(ref: ClusterRef, onDeltas: (deltas: readonly Delta[]) => void, signal: AbortSignal): void {
    const api = apiClient(ref, this.#connections, this.#clock);
    // A signal of its own for each kind: more than ten listeners on one look like a leak to Node, which says so on stderr.
    const loops = new Set(KIND_REQUESTS.map((request) => this.#loop(ref, request, api, onDeltas, AbortSignal.any([signal]))));
    this.#loops.set(clusterKey(ref), loops);
    signal.addEventListener(
      'abort',
      () => {
        if (this.#loops.get(clusterKey(ref)) === loops) this.#loops.delete(clusterKey(ref));
      },
      { once: true },
    );
    for (const loop of loops) {
      loop.run().catch((error: unknown) => {
        this.#log.error(`${ref.context}: a kind is not followed any more: ${String(error)}`);
      });
    }
  }

  retryNow(ref: ClusterRef): void {
    this.#connections.forget(ref);
    for (const loop of this.#loops.get(clusterKey(ref)) ?? []) loop.retryNow();
  }

  async readOnce(ref: ClusterRef, signal: AbortSignal): Promise<Result<ClusterSnapshot>> {
    const connection = await this.#connections.connectionOf(ref);
    if (!connection.ok) return connection;
    const api = apiClient(ref, this.#connections, this.#clock);
    const [roots, ...kinds] = await Promise.all([
      this.#declaredRoots(ref),
      ...KIND_REQUESTS.map((request) => readKind(request, api, signal, this.#log)),
    ]);
    if (signal.aborted) return fail({ kind: 'cancelled' });
    return succeed(foldDeltas(emptySnapshot(ref), [...roots, ...kinds.flat()]));
  }

  #loop(
    ref: ClusterRef,
    request: KindRequest,
    api: ApiClient,
    onDeltas: (deltas: readonly Delta[]) => void,
    signal: AbortSignal,
  ): ListWatch<ObjectFacts> {
    const target = { ...request, name: `${ref.context} ${request.kind}` };
    const surroundings = { api, clock: this.#clock, log: this.#log, random: this.#random };
    const { kind } = request;
    return new ListWatch<ObjectFacts>(
      target,
      surroundings,
      {
        listed: (objects) => {
          onDeltas([{ type: 'listed', kind, objects }]);
        },
        changed: (changes) => {
          onDeltas(changes.map(({ type, facts }): Delta => ({ type, object: facts })));
        },
        state: (state) => {
          if (state.state !== 'live') this.#log.info(`${target.name}: ${state.state}`);
          onDeltas([{ type: 'state', kind, state }]);
          // With every new beginning, because a rehearsal that is started again has other roots under the same context.
          if (kind === 'namespaces' && state.state === 'live') void this.#tellDeclaredRoots(ref, onDeltas, signal);
        },
      },
      signal,
    );
  }

  async #tellDeclaredRoots(ref: ClusterRef, onDeltas: (deltas: readonly Delta[]) => void, signal: AbortSignal): Promise<void> {
    const deltas = await this.#declaredRoots(ref);
    if (!signal.aborted && deltas.length > 0) onDeltas(deltas);
  }

  async #declaredRoots(ref: ClusterRef): Promise<readonly Delta[]> {
    const connection = await this.#connections.connectionOf(ref);
    if (!connection.ok) return [];
    return [{ type: 'declaredMeshCaRoots', fingerprints: connection.value.declaredMeshCaRoots }];
  }
}

async function readKind(request: KindRequest, api: ApiClient, signal: AbortSignal, log: Log): Promise<readonly Delta[]> {
  const { kind } = request;
  const list = await listKind({ ...request, name: kind }, api, signal, () => undefined);
  if (!list.ok) {
    if (list.failure.kind === 'unexpected') log.error(`${kind}: ${list.failure.reason}`);
    return [{ type: 'state', kind, state: { state: 'failed', failure: list.failure } }];
  }
  return [
    { type: 'listed', kind, objects: list.value.objects },
    { type: 'state', kind, state: { state: 'live' } },
  ];
}
