// What an injector makes of a pod: whether it acts, and the pod as an injector of its version stamps it (PROTOCOLS 3.2).
import {
  INJECTION_STATUS_ANNOTATION,
  INJECTION_TEMPLATES_ANNOTATION,
  POD_INJECT_LABEL,
  PROXY_CONTAINER,
  PROXY_IMAGE_ANNOTATION,
  REVISION_LABEL,
} from '../../shared/istioNames.js';
import type { Injector } from './injector.js';
import { versionNumber } from './injector.js';
import type { Container, Pod } from './podTypes.js';
import { initContainer, PROXY_VOLUMES, proxyContainer } from './proxyContainer.js';
import type { WorkloadOfPod } from './proxyContainer.js';

/** Namespaces that no injector touches, whatever their labels (inject.IgnoredNamespaces). */
const IGNORED_NAMESPACES: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'];
/** From this version on a pod says its revision in annotation `istio.io/rev`; before, gateways say it in the label. */
const REVISION_ANNOTATION_SINCE = versionNumber('1.18');

/** The injector's own refusals, after a webhook matched. */
export function isLeftAlone(pod: Pod): boolean {
  const { labels = {}, annotations = {}, namespace = '' } = pod.metadata;
  return (
    pod.spec.hostNetwork === true ||
    IGNORED_NAMESPACES.includes(namespace) ||
    labels[POD_INJECT_LABEL] === 'false' ||
    annotations[POD_INJECT_LABEL] === 'false'
  );
}

/** The workload behind a pod, from its controller's name: a ReplicaSet stands for the Deployment that made it. */
export function workloadOf(pod: Pod): WorkloadOfPod {
  const namespace = pod.metadata.namespace ?? 'default';
  const containers = pod.spec.containers.filter(({ name }) => name !== PROXY_CONTAINER);
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner === undefined) {
    const name = pod.metadata.name;
    return { name, owner: `kubernetes://apis/v1/namespaces/${namespace}/pods/${name}`, containers };
  }
  const isReplicaSet = owner.kind === 'ReplicaSet';
  const name = isReplicaSet ? owner.name.replace(/-[^-]+$/, '') : owner.name;
  const plural = isReplicaSet ? 'deployments' : `${owner.kind.toLowerCase()}s`;
  return { name, owner: `kubernetes://apis/${owner.apiVersion}/namespaces/${namespace}/${plural}/${name}`, containers };
}

function statusAnnotation(injector: Injector, kind: 'sidecar' | 'router'): string {
  return JSON.stringify({
    initContainers: kind === 'sidecar' ? ['istio-init'] : null,
    containers: [PROXY_CONTAINER],
    volumes: PROXY_VOLUMES.map(({ name }) => name),
    imagePullSecrets: null,
    revision: injector.revision,
  });
}

function stampedAnnotations(pod: Pod, injector: Injector, kind: 'sidecar' | 'router'): Record<string, string> {
  const first = pod.spec.containers.find(({ name }) => name !== PROXY_CONTAINER)?.name;
  const ofSidecar: Record<string, string> =
    first === undefined || kind === 'router'
      ? {}
      : { 'kubectl.kubernetes.io/default-container': first, 'kubectl.kubernetes.io/default-logs-container': first };
  return {
    'prometheus.io/path': '/stats/prometheus',
    'prometheus.io/port': '15020',
    'prometheus.io/scrape': 'true',
    ...ofSidecar,
    ...pod.metadata.annotations,
    ...(versionNumber(injector.version) >= REVISION_ANNOTATION_SINCE ? { [REVISION_LABEL]: injector.revision } : {}),
    [INJECTION_STATUS_ANNOTATION]: statusAnnotation(injector, kind),
  };
}

function stampedLabels(pod: Pod, injector: Injector, kind: 'sidecar' | 'router', workload: string): Record<string, string> {
  const labels = pod.metadata.labels ?? {};
  const name = labels['app.kubernetes.io/name'] ?? labels.app ?? workload;
  const saysRevision = kind === 'router' && versionNumber(injector.version) < REVISION_ANNOTATION_SINCE;
  return {
    ...(kind === 'sidecar' ? { 'security.istio.io/tlsMode': 'istio' } : {}),
    'service.istio.io/canonical-name': name,
    'service.istio.io/canonical-revision': labels['app.kubernetes.io/version'] ?? labels.version ?? 'latest',
    // The user's own label is kept where it stands (1.16.7, 1.17.8), so it may name a tag.
    ...(saysRevision ? { [REVISION_LABEL]: injector.revision } : {}),
    ...labels,
  };
}

/** A gateway's own container has image `auto`; its other fields win over the template's. */
function mergedProxy(own: Container | undefined, proxy: Container): Container {
  if (own === undefined) return proxy;
  const { image, ...fields } = own;
  return { ...proxy, ...fields, image: image === 'auto' ? proxy.image : image, env: [...(proxy.env ?? []), ...(own.env ?? [])] };
}

/** The pod with a proxy of this injector in it. */
export function injectProxy(pod: Pod, injector: Injector): Pod {
  const kind = pod.metadata.annotations?.[INJECTION_TEMPLATES_ANNOTATION] === 'gateway' ? 'router' : 'sidecar';
  const workload = workloadOf(pod);
  const ownImage = pod.metadata.annotations?.[PROXY_IMAGE_ANNOTATION];
  const stamping = ownImage === undefined ? injector : { ...injector, proxyImage: ownImage };
  const own = pod.spec.containers.find(({ name }) => name === PROXY_CONTAINER);
  const proxy = mergedProxy(own, proxyContainer(kind, stamping, workload));
  const init = kind === 'sidecar' ? [...(pod.spec.initContainers ?? []), initContainer(stamping)] : pod.spec.initContainers;
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      labels: stampedLabels(pod, injector, kind, workload.name),
      annotations: stampedAnnotations(pod, injector, kind),
    },
    spec: {
      ...pod.spec,
      ...(init === undefined ? {} : { initContainers: init }),
      containers: [...workload.containers, proxy],
      volumes: [...PROXY_VOLUMES, ...(pod.spec.volumes ?? [])],
    },
  };
}
