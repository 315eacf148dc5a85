// Reads the objects in which identities are written down, whole but for their bookkeeping, and hands them to the scan.
import { parse } from 'yaml';
import type { IdentityObjectReader } from '../../app/migration/ports.js';
import type { Clock } from '../../app/ports.js';
import type { ClusterRef } from '../../domain/cluster.js';
import type { IdentityObject } from '../../domain/evidence/writtenIdentities.js';
import type { Result } from '../../shared/failure.js';
import { succeed } from '../../shared/failure.js';
import { ISTIO_NAMESPACE } from '../../shared/istioNames.js';
import { apiClient } from './apiRequest.js';
import type { ClusterConnections } from './clusterConnection.js';
import { listKind } from './listKind.js';
import { textIn, valueAt } from './json.js';
import { readMetadata } from './readMetadata.js';

const KINDS: readonly { readonly kind: string; readonly path: string }[] = [
  { kind: 'AuthorizationPolicy', path: '/apis/security.istio.io/v1beta1/authorizationpolicies' },
  { kind: 'DestinationRule', path: '/apis/networking.istio.io/v1beta1/destinationrules' },
  { kind: 'ServiceEntry', path: '/apis/networking.istio.io/v1beta1/serviceentries' },
  { kind: 'Gateway', path: '/apis/networking.istio.io/v1beta1/gateways' },
  { kind: 'EnvoyFilter', path: '/apis/networking.istio.io/v1alpha3/envoyfilters' },
  { kind: 'WasmPlugin', path: '/apis/extensions.istio.io/v1alpha1/wasmplugins' },
];

export class KubernetesIdentityObjectReader implements IdentityObjectReader {
  readonly #connections: ClusterConnections;
  readonly #clock: Clock;

  constructor(connections: ClusterConnections, clock: Clock) {
    this.#connections = connections;
    this.#clock = clock;
  }

  async readIdentityObjects(cluster: ClusterRef, signal: AbortSignal): Promise<Result<readonly IdentityObject[]>> {
    const api = apiClient(cluster, this.#connections, this.#clock);
    const meshConfigs = { path: `/api/v1/namespaces/${ISTIO_NAMESPACE}/configmaps`, read: readMesh };
    const requests = [...KINDS.map(({ kind, path }) => ({ path, read: (object: unknown) => readObject(kind, object) })), meshConfigs];
    const lists = await Promise.all(
      requests.map(({ path, read }) => listKind({ path, query: {}, name: path, read }, api, signal, () => undefined)),
    );
    const objects: IdentityObject[] = [];
    for (const list of lists) {
      if (list.ok) objects.push(...list.value.objects);
      // A kind that is not served has no objects.
      else if (list.failure.kind !== 'apiError' || list.failure.status !== 404) return list;
    }
    return succeed(objects);
  }
}

function readObject(kind: string, object: unknown): IdentityObject | undefined {
  const metadata = readMetadata(object);
  if (metadata === undefined) return undefined;
  return { kind, namespace: metadata.namespace, name: metadata.name, body: { spec: valueAt(object, 'spec') } };
}

/** The text in key `mesh` of a control plane's config map. One that is no YAML says nothing here; the snapshot says so. */
function readMesh(object: unknown): IdentityObject | undefined {
  const metadata = readMetadata(object);
  const text = textIn(valueAt(object, 'data', 'mesh'));
  if (metadata === undefined || text === undefined || !/^istio(-|$)/.test(metadata.name)) return undefined;
  try {
    return { kind: 'MeshConfig', namespace: metadata.namespace, name: metadata.name, body: parse(text, { maxAliasCount: 100 }) as unknown };
  } catch {
    return undefined;
  }
}
