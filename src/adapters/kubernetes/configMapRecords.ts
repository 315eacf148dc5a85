// Keeps our records in the cluster: one config map in istio-system, written key by key under a field manager of our own.
import type { ClusterRecords } from '../../app/migration/ports.js';
import type { Clock } from '../../app/ports.js';
import type { ClusterRef } from '../../domain/cluster.js';
import type { Failure, Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import { apiClient } from './apiRequest.js';
import type { ApiClient } from './apiRequest.js';
import type { ClusterConnections } from './clusterConnection.js';
import { textsIn, valueAt } from './json.js';

const NAME = 'mesh-ca-migration';
const FIELD_MANAGER = 'mesh-ca-migration';
const MAPS = `/api/v1/namespaces/${ISTIO_NAMESPACE}/configmaps`;

/**
 * Writes by merge patch: what a server-side apply leaves out it would take away, and two people may each write one key at the
 * same time.
 */
export class ConfigMapRecords implements ClusterRecords {
  readonly #connections: ClusterConnections;
  readonly #clock: Clock;

  constructor(connections: ClusterConnections, clock: Clock) {
    this.#connections = connections;
    this.#clock = clock;
  }

  async read(cluster: ClusterRef, signal: AbortSignal): Promise<Result<Readonly<Record<string, string>>>> {
    const answer = await this.#api(cluster).getJson({ path: `${MAPS}/${NAME}`, query: {} }, signal);
    if (answer.ok) return succeed(textsIn(valueAt(answer.value, 'data')));
    return isStatus(answer.failure, 404) ? succeed({}) : answer;
  }

  async write(
    cluster: ClusterRef,
    entries: Readonly<Record<string, string | undefined>>,
    signal: AbortSignal,
  ): Promise<Result<undefined>> {
    const api = this.#api(cluster);
    const first = await patch(api, entries, signal);
    if (first.ok || !isStatus(first.failure, 404)) return first;
    const created = await create(api, entries, signal);
    // Somebody else was quicker: then it is there to be patched.
    return created.ok || !isStatus(created.failure, 409) ? created : patch(api, entries, signal);
  }

  #api(cluster: ClusterRef): ApiClient {
    return apiClient(cluster, this.#connections, this.#clock);
  }
}

async function patch(api: ApiClient, entries: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<Result<undefined>> {
  const data = Object.fromEntries(Object.entries(entries).map(([key, text]) => [key, text ?? null]));
  const send = { method: 'PATCH', contentType: 'application/merge-patch+json', body: JSON.stringify({ data }) } as const;
  const answer = await api.getJson({ path: `${MAPS}/${NAME}`, query: { fieldManager: FIELD_MANAGER }, send }, signal);
  return answer.ok ? succeed(undefined) : answer;
}

async function create(api: ApiClient, entries: Readonly<Record<string, string | undefined>>, signal: AbortSignal): Promise<Result<undefined>> {
  const data = Object.fromEntries(Object.entries(entries).filter(([, text]) => text !== undefined));
  const metadata = { name: NAME, namespace: ISTIO_NAMESPACE, labels: { 'app.kubernetes.io/managed-by': FIELD_MANAGER } };
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata, data });
  const send = { method: 'POST', contentType: 'application/json', body } as const;
  const answer = await api.getJson({ path: MAPS, query: { fieldManager: FIELD_MANAGER }, send }, signal);
  return answer.ok ? succeed(undefined) : fail(answer.failure);
}

function isStatus(failure: Failure, status: number): boolean {
  return failure.kind === 'apiError' && failure.status === status;
}
