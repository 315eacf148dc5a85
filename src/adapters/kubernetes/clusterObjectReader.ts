// Reads one object as the API server has it, for steps that make a manifest from it. Never what a Secret holds.
import type { Clock, FoundSecret, ObjectReader } from '../../app/ports.js';
import type { ClusterRef } from '../../domain/cluster.js';
import type { ResourceKind } from '../../domain/procedure/inspection.js';
import type { Result } from '../../shared/failure.js';
import { fail, succeed } from '../../shared/failure.js';
import { apiClient } from './apiRequest.js';
import type { ClusterConnections } from './clusterConnection.js';
import { listIn, valueAt } from './json.js';

/** The object's name and bookkeeping without its data, as the server cuts it down (Kubernetes API concepts, metadata-only fetches). */
const METADATA_ONLY = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1';

export class KubernetesObjectReader implements ObjectReader {
  readonly #connections: ClusterConnections;
  readonly #clock: Clock;

  constructor(connections: ClusterConnections, clock: Clock) {
    this.#connections = connections;
    this.#clock = clock;
  }

  read(cluster: ClusterRef, { group, version, plural }: ResourceKind, namespace: string, name: string, signal: AbortSignal): Promise<Result<unknown>> {
    if (plural === 'secrets') return Promise.resolve(fail({ kind: 'unexpected', reason: 'secrets are not read' }));
    const prefix = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
    const path = `${prefix}/namespaces/${encodeURIComponent(namespace)}/${plural}/${encodeURIComponent(name)}`;
    return apiClient(cluster, this.#connections, this.#clock).getJson({ path, query: {} }, signal);
  }

  async findSecret(cluster: ClusterRef, namespace: string, name: string, signal: AbortSignal): Promise<Result<FoundSecret | undefined>> {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets/${encodeURIComponent(name)}`;
    const read = await apiClient(cluster, this.#connections, this.#clock).getJson({ path, query: {}, accept: METADATA_ONLY }, signal);
    if (read.ok) return succeed({ keys: keysIn(read.value) });
    return read.failure.kind === 'apiError' && read.failure.status === 404 ? succeed(undefined) : read;
  }
}

/** Managed fields name every entry that somebody wrote, never what it holds (Kubernetes, server-side apply, FieldsV1). */
function keysIn(metadata: unknown): readonly string[] | undefined {
  const written = listIn(valueAt(metadata, 'metadata', 'managedFields')).flatMap((entry) =>
    ['f:data', 'f:stringData'].map((part) => valueAt(entry, 'fieldsV1', part)).filter((fields) => typeof fields === 'object' && fields !== null),
  );
  if (written.length === 0) return undefined;
  const keys = written.flatMap((fields) => Object.keys(fields)).filter((key) => key.startsWith('f:'));
  return [...new Set(keys.map((key) => key.slice('f:'.length)))].sort();
}
