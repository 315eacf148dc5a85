// A simulated cluster as the product's own readers see it, without a server in between.
import { KIND_REQUESTS } from '../../src/adapters/kubernetes/watchedKinds.js';
import type { ClusterRef } from '../../src/domain/cluster.js';
import { emptySnapshot, foldDeltas } from '../../src/domain/mesh/fold.js';
import type { ClusterSnapshot, Delta } from '../../src/domain/mesh/snapshot.js';
import type { SimulatedCluster } from '../../src/rehearsal/mesh/simulatedCluster.js';

/** Everything live. `meshCaRoots` are the fingerprints that the rehearsal's kubeconfig would declare. */
export function simulatedSnapshot(ref: ClusterRef, { backend: { store } }: SimulatedCluster, meshCaRoots: readonly string[]): ClusterSnapshot {
  const deltas = KIND_REQUESTS.flatMap(({ kind, path, query, read }): readonly Delta[] => {
    const [, group, inNamespace, plural = ''] = /^\/apis?(?:\/([^/]+\.[^/]+|apps))?\/v[^/]+(?:\/namespaces\/([^/]+))?\/([^/]+)$/.exec(path) ?? [];
    const wanted = /^metadata\.name=(.*)$/.exec(query.fieldSelector ?? '')?.[1];
    const listed = store
      .list(group === undefined ? plural : `${plural}.${group}`, inNamespace)
      .filter(({ metadata }) => wanted === undefined || metadata.name === wanted);
    return [
      { type: 'listed', kind, objects: listed.flatMap((object) => read(object) ?? []) },
      { type: 'state', kind, state: { state: 'live' } },
    ];
  });
  return foldDeltas(emptySnapshot(ref), [{ type: 'declaredMeshCaRoots', fingerprints: meshCaRoots }, ...deltas]);
}
