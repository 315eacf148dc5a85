// A cluster of any size as the inventory has it once it was listed.
import { readPod } from '../../src/adapters/kubernetes/readPod.js';
import { emptySnapshot, foldDeltas } from '../../src/domain/mesh/fold.js';
import type { ClusterSnapshot, Delta, ObjectFacts } from '../../src/domain/mesh/snapshot.js';
import { CLUSTER_1, namespace } from '../support/meshBuilder.js';

/** Read from JSON text as an API server writes it, so that strings take what they take in the product. */
export function largeMesh(namespaces: number, pods: number): ClusterSnapshot {
  const names = Array.from({ length: namespaces }, (_, index) => namespace(`team-${index}`));
  const listed = Array.from({ length: pods }, (_, index): ObjectFacts => {
    const facts = readPod(JSON.parse(podText(`team-${index % namespaces}`, index)) as unknown);
    if (facts === undefined) throw new Error('the pod is none');
    return { kind: 'pods', facts };
  });
  const deltas: readonly Delta[] = [
    { type: 'listed', kind: 'namespaces', objects: names },
    { type: 'listed', kind: 'pods', objects: listed },
  ];
  return foldDeltas(emptySnapshot(CLUSTER_1), deltas);
}

function podText(namespaceName: string, index: number): string {
  const hash = (index % 977).toString(36).padStart(9, 'f');
  const labels = { app: `app-${index % 40}`, 'pod-template-hash': hash, 'service.istio.io/canonical-name': `app-${index % 40}`, 'istio.io/rev': 'default' };
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: `app-${index % 40}-${hash}`, uid: `rs-${index}`, controller: true };
  const proxy = { name: 'istio-proxy', image: 'docker.io/istio/proxyv2:1.16.7', args: ['proxy', 'sidecar'], env: [{ name: 'CA_ADDR', value: 'istiod.istio-system.svc:15012' }] };
  return JSON.stringify({
    metadata: {
      namespace: namespaceName,
      name: `app-${index % 40}-${hash}-${index.toString(36).padStart(5, 'x')}`,
      uid: `5f0c4a1e-0000-4000-8000-${index.toString(16).padStart(12, '0')}`,
      labels,
      annotations: { 'sidecar.istio.io/status': '{"revision":"default"}' },
      creationTimestamp: '2026-01-02T03:04:05Z',
      ownerReferences: [owner],
    },
    spec: { serviceAccountName: `app-${index % 40}`, containers: [{ name: 'app', image: 'app:1' }, proxy] },
    status: {
      phase: 'Running',
      conditions: [{ type: 'Ready', status: 'True' }],
      containerStatuses: ['app', 'istio-proxy'].map((name) => ({ name, ready: true, state: { running: {} } })),
    },
  });
}
