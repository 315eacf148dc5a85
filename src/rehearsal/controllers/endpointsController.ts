// Which ready pods stand behind each Service: Endpoints and EndpointSlices, as their two controllers keep them.
import type { ObjectStore } from '../clusterBackend.js';
import type { KubeObject } from '../kubeObject.js';
import { isReady } from '../mesh/podTypes.js';
import type { StoredPod } from '../mesh/podTypes.js';
import { suffixOf } from './generatedNames.js';
import { createReconcileQueue, splitKey } from './reconcileQueue.js';
import type { RehearsalClock } from './rehearsalClock.js';
import type { Service, ServicePods } from './servicePods.js';

const SLICES = 'endpointslices.discovery.k8s.io';

function targetRef(pod: StoredPod): Record<string, unknown> {
  const { name, namespace, uid } = pod.metadata;
  return { kind: 'Pod', name, namespace, uid };
}

/** A port by name stands for the container port of that name; without pods the number of the Service. */
function portsOf(service: Service, pods: readonly StoredPod[]): readonly Record<string, unknown>[] {
  return (service.spec.ports ?? []).map(({ name, port, targetPort, protocol = 'TCP' }) => {
    const named = pods.flatMap(({ spec }) => spec.containers.flatMap((container) => container.ports ?? []));
    const number = typeof targetPort === 'string' ? named.find((candidate) => candidate.name === targetPort)?.containerPort : targetPort;
    return { ...(name === undefined ? {} : { name }), port: number ?? port, protocol };
  });
}

function endpoints(service: Service, pods: readonly StoredPod[]): KubeObject {
  const { name, namespace = '' } = service.metadata;
  const address = (pod: StoredPod): Record<string, unknown> => ({
    ip: pod.status?.podIP,
    ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
    targetRef: targetRef(pod),
  });
  const ready = pods.filter(isReady);
  const others = pods.filter((pod) => !isReady(pod) && pod.metadata.deletionTimestamp === undefined);
  const subset = {
    ...(ready.length > 0 ? { addresses: ready.map(address) } : {}),
    ...(others.length > 0 ? { notReadyAddresses: others.map(address) } : {}),
    ports: portsOf(service, pods),
  };
  const subsets = ready.length + others.length > 0 ? [subset] : [];
  return { apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace, labels: { ...service.metadata.labels } }, subsets };
}

function endpointSlice(service: Service, pods: readonly StoredPod[]): KubeObject {
  const { name, namespace = '', uid } = service.metadata;
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      name: `${name}-${suffixOf(uid, 5)}`,
      generateName: `${name}-`,
      namespace,
      labels: { 'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io', 'kubernetes.io/service-name': name },
      ownerReferences: [{ apiVersion: 'v1', kind: 'Service', name, uid, controller: true, blockOwnerDeletion: true }],
    },
    addressType: 'IPv4',
    endpoints: pods.map((pod) => {
      const isStopping = pod.metadata.deletionTimestamp !== undefined;
      return {
        addresses: [pod.status?.podIP],
        conditions: { ready: isReady(pod), serving: isReady(pod), terminating: isStopping },
        ...(pod.spec.nodeName === undefined ? {} : { nodeName: pod.spec.nodeName }),
        targetRef: targetRef(pod),
      };
    }),
    ports: portsOf(service, pods),
  };
}

export function startEndpointsController({
  store,
  clock,
  servicePods,
}: {
  readonly store: ObjectStore;
  readonly clock: RehearsalClock;
  readonly servicePods: ServicePods;
}): void {
  const write = (resource: string, object: KubeObject): void => {
    const old = store.get(resource, object.metadata.namespace, object.metadata.name);
    if (old === undefined) store.create(resource, object);
    else store.replace(resource, { ...old, ...object, metadata: { ...old.metadata, ...object.metadata } });
  };

  const queue = createReconcileQueue(clock, (key) => {
    const [namespace, name] = splitKey(key);
    const service = store.get('services', namespace, name) as Service | undefined;
    if (service === undefined) {
      store.remove('endpoints', namespace, name);
      return;
    }
    if (service.spec.selector === undefined) return;
    const pods = servicePods.selectedBy(service).filter(({ status }) => status?.podIP !== undefined && status.phase !== 'Succeeded');
    write('endpoints', endpoints(service, pods));
    write(SLICES, endpointSlice(service, pods));
  });

  servicePods.onChange((key) => { queue.add(key); });
}
