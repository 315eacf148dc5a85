// Many applications of no interest in themselves: a mesh of the size that real ones have, the same again in every run.
import type { PlacedObject } from '../mesh/installation/placedObject.js';
import { namespaceObject } from './workloads.js';
import type { MeshLabels } from './workloads.js';

/** In each cluster. */
export interface Crowd {
  readonly pods: number;
  readonly namespaces: number;
}

export const CROWD_LIMITS = { pods: 5_000, namespaces: 500 } as const;
/** Replicas of the crowd's Deployments, in turn; every fifth namespace has a StatefulSet as well. */
const REPLICAS = [1, 2, 3, 2] as const;

/** `team-001` and so on. */
export function crowdNamespace(index: number): string {
  return `team-${String(index + 1).padStart(3, '0')}`;
}

function workload(namespace: string, index: number, replicas: number, isStateful: boolean): readonly PlacedObject[] {
  const name = `${isStateful ? 'store' : 'service'}-${index + 1}`;
  const labels = { app: name, version: 'v1' };
  const container = { name: 'app', image: `gcr.io/rehearsal-project/${name}:1.${index}.0`, ports: [{ containerPort: 8080, name: 'http', protocol: 'TCP' }] };
  const template = { metadata: { labels }, spec: { serviceAccountName: name, containers: [container] } };
  const spec = { replicas, selector: { matchLabels: { app: name } }, template, ...(isStateful ? { serviceName: name, podManagementPolicy: 'Parallel' } : {}) };
  const metadata = { name, namespace, labels };
  const ports = [{ name: 'http', port: 8000, protocol: 'TCP', targetPort: 8080 }];
  return [
    { resource: 'serviceaccounts', object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } } },
    { resource: 'services', object: { apiVersion: 'v1', kind: 'Service', metadata, spec: { type: 'ClusterIP', ports, selector: { app: name } } } },
    {
      resource: isStateful ? 'statefulsets.apps' : 'deployments.apps',
      object: { apiVersion: 'apps/v1', kind: isStateful ? 'StatefulSet' : 'Deployment', metadata, spec },
    },
  ];
}

/** Pods are dealt out evenly; the namespaces first, so that what follows is admitted by their labels. */
export function crowdObjects({ pods, namespaces }: Crowd, mesh: MeshLabels): readonly PlacedObject[] {
  const names = Array.from({ length: namespaces }, (_, index) => crowdNamespace(index));
  const workloads = names.flatMap((namespace, place) => {
    let left = Math.floor(pods / namespaces) + (place < pods % namespaces ? 1 : 0);
    const objects: PlacedObject[] = [];
    for (let index = 0; left > 0; index += 1) {
      const replicas = Math.min(left, REPLICAS[index % REPLICAS.length] ?? 1);
      objects.push(...workload(namespace, index, replicas, index === 0 && place % 5 === 0));
      left -= replicas;
    }
    return objects;
  });
  return [...names.map((name) => namespaceObject(name, mesh)), ...workloads];
}
