// Reads one object as the API server has it, for steps that make a manifest from it. Never a Secret.
import type { Clock, ObjectReader } from '../../app/ports.js';
import type { ClusterRef } from '../../domain/cluster.js';
import type { ResourceKind } from '../../domain/procedure/inspection.js';
import type { Result } from '../../shared/failure.js';
import { fail } from '../../shared/failure.js';
import { apiClient } from './apiRequest.js';
import type { ClusterConnections } from './clusterConnection.js';

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
}
