// What every GKE cluster has before a mesh is installed: nodes, system namespaces, and a DaemonSet outside the mesh.
import type { PlacedObject } from '../mesh/installation/placedObject.js';
import { suffixOf } from '../controllers/generatedNames.js';
import { namespaceObject } from './workloads.js';

const SYSTEM_NAMESPACES = ['default', 'kube-system', 'kube-public', 'kube-node-lease'] as const;
const KUBERNETES_VERSION = 'v1.32.4-gke.1106006';

/** Where a cluster is: a region, or one zone of it. */
export interface ClusterPlace {
  readonly name: string;
  readonly location: string;
}

/** Zones end in a letter after a dash. */
export function isZonal({ location }: ClusterPlace): boolean {
  return /-[a-z]$/u.test(location);
}

function node(name: string, zone: string): PlacedObject {
  return {
    resource: 'nodes',
    object: {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name,
        labels: {
          'kubernetes.io/hostname': name,
          'kubernetes.io/os': 'linux',
          'topology.kubernetes.io/region': zone.replace(/-[a-z]$/u, ''),
          'topology.kubernetes.io/zone': zone,
        },
      },
      spec: {},
      status: {
        conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }],
        nodeInfo: { kubeletVersion: KUBERNETES_VERSION, osImage: 'Container-Optimized OS from Google' },
      },
    },
  };
}

/** GKE puts no more pods on a node. */
const PODS_PER_NODE = 110;
const LEAST_NODES = 3;

/** A regional cluster has its nodes in three zones, in turn. */
function nodes(place: ClusterPlace, pods: number): readonly PlacedObject[] {
  const count = Math.max(LEAST_NODES, Math.ceil(pods / PODS_PER_NODE) + (pods > PODS_PER_NODE ? 1 : 0));
  const letters = ['a', 'b', 'c'] as const;
  const zones = Array.from({ length: count }, (_, index) =>
    isZonal(place) ? place.location : `${place.location}-${letters[index % letters.length] ?? 'a'}`,
  );
  const pool = `gke-${place.name}-default-pool-${suffixOf(place.name, 8)}`;
  return zones.map((zone, index) => node(`${pool}-${suffixOf(`${place.name}${index}`, 4)}`, zone));
}

function proxyDaemonSet(): PlacedObject {
  const labels = { 'k8s-app': 'gke-metadata-server' };
  const container = { name: 'gke-metadata-server', image: 'gke.gcr.io/gke-metadata-server:gke_metadata_server_20240702.00_p0' };
  const spec = { hostNetwork: true, serviceAccountName: 'gke-metadata-server', containers: [container] };
  return {
    resource: 'daemonsets.apps',
    object: {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'gke-metadata-server', namespace: 'kube-system', labels },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec } },
    },
  };
}

/** `pods`: how many are to find room beside the few of every scene. */
export function gkeClusterObjects(place: ClusterPlace, pods = 0): readonly PlacedObject[] {
  return [...nodes(place, pods), ...SYSTEM_NAMESPACES.map((name) => namespaceObject(name)), proxyDaemonSet()];
}
