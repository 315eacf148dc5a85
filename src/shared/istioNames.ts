// The names that Istio, Kubernetes and Google's tools fixed: labels, annotations, containers, files. No rules live here;
// it is the only file that the rehearsal mesh shares with the code under test.

/** Label (and, since Istio 1.18, annotation) that names a revision or a revision tag. */
export const REVISION_LABEL = 'istio.io/rev';
/** Label of a revision tag's webhook: its value is the tag. */
export const TAG_LABEL = 'istio.io/tag';
/** The older namespace label; where it stands beside `istio.io/rev`, it wins. */
export const INJECTION_LABEL = 'istio-injection';
/** Label (older: annotation) with which a pod asks for a sidecar or refuses it. */
export const POD_INJECT_LABEL = 'sidecar.istio.io/inject';
/** Annotation in which the injector writes what it did, JSON with `revision`; read it before anything else. */
export const INJECTION_STATUS_ANNOTATION = 'sidecar.istio.io/status';
/** Annotation that picks injection templates; `gateway` makes the pod a gateway. */
export const INJECTION_TEMPLATES_ANNOTATION = 'inject.istio.io/templates';
/** Annotation with a proxy image of the user's own instead of the injector's. */
export const PROXY_CONFIG_ANNOTATION = 'proxy.istio.io/config';
export const PROXY_IMAGE_ANNOTATION = 'sidecar.istio.io/proxyImage';

/** The container that is a proxy, in `containers` or, as a native sidecar, in `initContainers`. */
export const PROXY_CONTAINER = 'istio-proxy';
/** Port of Envoy's admin interface inside the pod. */
export const ENVOY_ADMIN_PORT = 15000;

export const ISTIO_NAMESPACE = 'istio-system';
/** The revision of an installation that was given none. */
export const DEFAULT_REVISION = 'default';
/** ConfigMap in every namespace with the root that istiod serves under; its key is `root-cert.pem`. */
export const CA_ROOT_CONFIG_MAP = 'istio-ca-root-cert';
/** Secret with a plugged-in CA; wins over the self-signed one. */
export const PLUGGED_IN_CA_SECRET = 'cacerts';
/** Secret with istiod's self-signed CA. */
export const SELF_SIGNED_CA_SECRET = 'istio-ca-secret';

/** Envoy's secret with the workload's own certificate chain. */
export const WORKLOAD_SECRET = 'default';
/** Envoy's secret with the anchors the proxy trusts. */
export const ROOT_SECRET = 'ROOTCA';

/** Annotation of `kubectl rollout restart` on a pod template. */
export const RESTARTED_AT_ANNOTATION = 'kubectl.kubernetes.io/restartedAt';

/** Where a Mesh CA proxy sends its certificate requests. */
export const MESH_CA_ADDRESS = 'meshca.googleapis.com:443';

/**
 * Name of the kubeconfig cluster extension in which a rehearsal says which root stands for Mesh CA's there
 * (`{meshCaRootSha256: string}`). Real Mesh CA keys are Google's, so a rehearsal cannot sign under them.
 */
export const REHEARSAL_EXTENSION = 'mesh-ca-migration/rehearsal';
