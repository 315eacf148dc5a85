// What the environment of a mesh does to its pods by itself: evictions, drained nodes, autoscalers, pods out of nowhere.
import { INJECTION_STATUS_ANNOTATION, PROXY_CONTAINER, REVISION_LABEL } from '../../shared/istioNames.js';
import { applyDefaults } from '../api/defaults.js';
import { textAt } from '../api/json.js';
import type { ClusterBackend, ObjectStore } from '../clusterBackend.js';
import { suffixOf } from '../controllers/generatedNames.js';
import { controllerOf } from '../controllers/ownedObjects.js';
import type { KubeObject, StoredObject } from '../kubeObject.js';
import { asPod, containerNamed } from '../mesh/podTypes.js';
import type { Pod, StoredPod } from '../mesh/podTypes.js';

type MovedCluster = Pick<ClusterBackend, 'store' | 'stopPod' | 'admitPod'>;

/** Pods that are there and not on their way out. */
export function livePods(store: ObjectStore, matches: (pod: StoredPod) => boolean): StoredPod[] {
  return store.list('pods').map(asPod).filter((pod) => pod.metadata.deletionTimestamp === undefined && matches(pod));
}

/** How many pods were told to stop. */
export function deletePods({ store, stopPod }: MovedCluster, matches: (pod: StoredPod) => boolean): number {
  const pods = livePods(store, matches);
  pods.forEach(stopPod);
  return pods.length;
}

/** As `kubectl drain --ignore-daemonsets --force`. How many pods were evicted; undefined when there is no such node. */
export function drainNode(cluster: MovedCluster, name: string): number | undefined {
  const node = cluster.store.get('nodes', undefined, name);
  if (node === undefined) return undefined;
  cluster.store.replace('nodes', { ...node, spec: { ...(node.spec as object | undefined), unschedulable: true } });
  return deletePods(cluster, (pod) => pod.spec.nodeName === name && controllerOf(pod)?.kind !== 'DaemonSet');
}

const SCALABLE: Readonly<Record<string, string>> = {
  deployment: 'deployments.apps',
  deploy: 'deployments.apps',
  statefulset: 'statefulsets.apps',
  sts: 'statefulsets.apps',
  replicaset: 'replicasets.apps',
  rs: 'replicasets.apps',
};

/** The number of replicas before; undefined when there is no such workload. */
export function scaleWorkload(
  store: ObjectStore,
  { workload, namespace, name, replicas }: { workload: string; namespace: string; name: string; replicas: number },
): number | undefined {
  const resource = SCALABLE[workload.toLowerCase().replace(/s?(\.apps)?$/u, '')] ?? SCALABLE[workload.toLowerCase()];
  const object = resource === undefined ? undefined : store.get(resource, namespace, name);
  if (resource === undefined || object === undefined) return undefined;
  const spec = object.spec as { readonly replicas?: number };
  store.replace(resource, { ...object, spec: { ...spec, replicas } });
  return spec.replicas ?? 1;
}

function loosePod(store: ObjectStore, { namespace, name, labels }: StartedPod): KubeObject {
  const generateName = `${name}-`;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: generateName + suffixOf(generateName + store.resourceVersion, 5),
      generateName,
      namespace,
      labels: { app: name, ...labels },
    },
    spec: { containers: [{ name, image: 'gcr.io/rehearsal-project/job:1.0.0' }], restartPolicy: 'Always' },
  };
}

export interface StartedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

function describeProxy(pod: Pod): string {
  if (containerNamed(pod.spec, PROXY_CONTAINER) === undefined) return 'without a sidecar';
  const { annotations = {}, labels = {} } = pod.metadata;
  const status = annotations[INJECTION_STATUS_ANNOTATION] ?? '{}';
  const revision = textAt(JSON.parse(status) as unknown, 'revision') || (annotations[REVISION_LABEL] ?? labels[REVISION_LABEL] ?? '');
  return revision === '' ? 'with a sidecar' : `with a sidecar of revision ${revision}`;
}

/** Goes through admission as any pod does. A line on what became of it, and whether it could be tried at all. */
export function startPod(
  { store, admitPod }: MovedCluster,
  order: StartedPod,
): { readonly line: string; readonly wasTried: boolean } {
  if (store.get('namespaces', undefined, order.namespace) === undefined) {
    return { line: `there is no namespace ${order.namespace}`, wasTried: false };
  }
  const wanted = applyDefaults(loosePod(store, order));
  const decision = admitPod(wanted);
  if ('refused' in decision) return { line: `pod ${wanted.metadata.name} was refused: ${decision.refused}`, wasTried: true };
  const pod: StoredObject = store.create('pods', decision.admitted);
  return { line: `pod ${pod.metadata.name} in ${order.namespace}, ${describeProxy(asPod(pod))}`, wasTried: true };
}
