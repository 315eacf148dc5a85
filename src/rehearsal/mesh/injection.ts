// What an injector makes of a pod: whether it acts, and the pod as an injector of its version stamps it.
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

/** Annotation with which a pod asks for a native sidecar or refuses it, and the version that reads it first. */
const NATIVE_SIDECAR_ANNOTATION = 'sidecar.istio.io/nativeSidecar';
const NATIVE_ANNOTATION_SINCE = versionNumber('1.24');
/** From this version on every sidecar is a native one unless something says otherwise. */
const NATIVE_BY_DEFAULT_SINCE = versionNumber('1.28');
/** The first that could make one. */
const NATIVE_POSSIBLE_SINCE = versionNumber('1.19');

/** Whether this injector puts the proxy of this pod among the init containers. */
export function isNativeSidecar(pod: Pod, { version, nativeSidecars }: Injector): boolean {
  const number = versionNumber(version);
  const asked = pod.metadata.annotations?.[NATIVE_SIDECAR_ANNOTATION];
  if (number >= NATIVE_ANNOTATION_SINCE && asked !== undefined) return asked === 'true';
  return number >= NATIVE_BY_DEFAULT_SINCE || (nativeSidecars && number >= NATIVE_POSSIBLE_SINCE);
}

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

/** What is stamped, and how: a sidecar beside the application, a native one before it, or a gateway. */
type Kind = 'sidecar' | 'native' | 'router';

function statusAnnotation(injector: Injector, kind: Kind): string {
  return JSON.stringify({
    initContainers: { sidecar: ['istio-init'], native: ['istio-init', PROXY_CONTAINER], router: null }[kind],
    containers: kind === 'native' ? null : [PROXY_CONTAINER],
    volumes: PROXY_VOLUMES.map(({ name }) => name),
    imagePullSecrets: null,
    revision: injector.revision,
  });
}

function stampedAnnotations(pod: Pod, injector: Injector, kind: Kind): Record<string, string> {
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

function stampedLabels(pod: Pod, injector: Injector, kind: Kind, workload: string): Record<string, string> {
  const labels = pod.metadata.labels ?? {};
  const name = labels['app.kubernetes.io/name'] ?? labels.app ?? workload;
  const saysRevision = kind === 'router' && versionNumber(injector.version) < REVISION_ANNOTATION_SINCE;
  return {
    ...(kind === 'router' ? {} : { 'security.istio.io/tlsMode': 'istio' }),
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
  const isGateway = pod.metadata.annotations?.[INJECTION_TEMPLATES_ANNOTATION] === 'gateway';
  const kind: Kind = isGateway ? 'router' : isNativeSidecar(pod, injector) ? 'native' : 'sidecar';
  const workload = workloadOf(pod);
  const ownImage = pod.metadata.annotations?.[PROXY_IMAGE_ANNOTATION];
  const stamping = ownImage === undefined ? injector : { ...injector, proxyImage: ownImage };
  const own = pod.spec.containers.find(({ name }) => name === PROXY_CONTAINER);
  const proxy = mergedProxy(own, proxyContainer(isGateway ? 'router' : 'sidecar', stamping, workload));
  const native = kind === 'native' ? [{ ...proxy, restartPolicy: 'Always' }] : [];
  // A native sidecar runs before the application's own init containers, so that they can reach the mesh.
  const redirected = kind === 'native' ? [initContainer(stamping), ...native, ...(pod.spec.initContainers ?? [])] : undefined;
  const init = kind === 'sidecar' ? [...(pod.spec.initContainers ?? []), initContainer(stamping)] : (redirected ?? pod.spec.initContainers);
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
      containers: kind === 'native' ? workload.containers : [...workload.containers, proxy],
      volumes: [...PROXY_VOLUMES, ...(pod.spec.volumes ?? [])],
    },
  };
}
