// The containers and volumes that the injector adds, as the injection templates of Istio 1.16 to 1.23 render them.
import { MESH_CA_ADDRESS, PROXY_CONTAINER } from '../../shared/istioNames.js';
import type { Injector } from './injector.js';
import type { Container, EnvVar } from './podTypes.js';

/** What the templates take from the pod itself. */
export interface WorkloadOfPod {
  readonly name: string;
  /** As in `ISTIO_META_OWNER`: `kubernetes://apis/apps/v1/namespaces/foo/deployments/httpbin`. */
  readonly owner: string;
  readonly containers: readonly Container[];
}

const VOLUME_MOUNTS = [
  { mountPath: '/var/run/secrets/workload-spiffe-uds', name: 'workload-socket' },
  { mountPath: '/var/run/secrets/credential-uds', name: 'credential-socket' },
  { mountPath: '/var/run/secrets/workload-spiffe-credentials', name: 'workload-certs' },
  { mountPath: '/var/run/secrets/istio', name: 'istiod-ca-cert' },
  { mountPath: '/var/lib/istio/data', name: 'istio-data' },
  { mountPath: '/etc/istio/proxy', name: 'istio-envoy' },
  { mountPath: '/var/run/secrets/tokens', name: 'istio-token' },
  { mountPath: '/etc/istio/pod', name: 'istio-podinfo' },
] as const;

const TOKEN = { serviceAccountToken: { audience: 'istio-ca', expirationSeconds: 43200, path: 'istio-token' } };
const PODINFO = [
  { fieldRef: { fieldPath: 'metadata.labels' }, path: 'labels' },
  { fieldRef: { fieldPath: 'metadata.annotations' }, path: 'annotations' },
];

/** The volumes, with the names that the status annotation lists. */
export const PROXY_VOLUMES = [
  { name: 'workload-socket', emptyDir: {} },
  { name: 'credential-socket', emptyDir: {} },
  { name: 'workload-certs', emptyDir: {} },
  { name: 'istio-envoy', emptyDir: { medium: 'Memory' } },
  { name: 'istio-data', emptyDir: {} },
  { name: 'istio-podinfo', downwardAPI: { items: PODINFO } },
  { name: 'istio-token', projected: { sources: [TOKEN] } },
  { name: 'istiod-ca-cert', configMap: { name: 'istio-ca-root-cert' } },
] as const;

const RESOURCES = { limits: { cpu: '2', memory: '1Gi' }, requests: { cpu: '100m', memory: '128Mi' } };
const READINESS = { failureThreshold: 30, httpGet: { path: '/healthz/ready', port: 15021 }, periodSeconds: 2, timeoutSeconds: 3 };

function field(name: string, fieldPath: string): EnvVar {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

function podPorts(containers: readonly Container[]): string {
  const ports = containers.flatMap((container) => container.ports ?? []).map((port) => JSON.stringify(port));
  return `[\n${ports.map((port) => `    ${port}`).join('\n,')}\n]`;
}

function proxyConfig(injector: Injector): string {
  const metadata = Object.keys(injector.proxyMetadata).length === 0 ? {} : { proxyMetadata: injector.proxyMetadata };
  return `${JSON.stringify({ discoveryAddress: injector.discoveryAddress, ...metadata })}\n`;
}

function environment(injector: Injector, workload: WorkloadOfPod): EnvVar[] {
  const provider = injector.caAddress === MESH_CA_ADDRESS ? [{ name: 'CA_PROVIDER', value: 'GoogleCA' }] : [];
  return [
    { name: 'PILOT_CERT_PROVIDER', value: injector.certProvider },
    { name: 'CA_ADDR', value: injector.caAddress },
    ...provider,
    field('POD_NAME', 'metadata.name'),
    field('POD_NAMESPACE', 'metadata.namespace'),
    field('INSTANCE_IP', 'status.podIP'),
    field('SERVICE_ACCOUNT', 'spec.serviceAccountName'),
    field('HOST_IP', 'status.hostIP'),
    { name: 'PROXY_CONFIG', value: proxyConfig(injector) },
    { name: 'ISTIO_META_POD_PORTS', value: podPorts(workload.containers) },
    { name: 'ISTIO_META_APP_CONTAINERS', value: workload.containers.map(({ name }) => name).join(',') },
    { name: 'ISTIO_META_CLUSTER_ID', value: injector.clusterId },
    field('ISTIO_META_NODE_NAME', 'spec.nodeName'),
    { name: 'ISTIO_META_INTERCEPTION_MODE', value: 'REDIRECT' },
    { name: 'ISTIO_META_WORKLOAD_NAME', value: workload.name },
    { name: 'ISTIO_META_OWNER', value: workload.owner },
    { name: 'ISTIO_META_MESH_ID', value: injector.meshId },
    { name: 'TRUST_DOMAIN', value: injector.trustDomain },
    ...Object.entries(injector.proxyMetadata).map(([name, value]) => ({ name, value })),
  ];
}

/** Container `istio-proxy`; `router` is a gateway. */
export function proxyContainer(kind: 'sidecar' | 'router', injector: Injector, workload: WorkloadOfPod): Container {
  return {
    name: PROXY_CONTAINER,
    image: injector.proxyImage,
    imagePullPolicy: 'IfNotPresent',
    args: [
      'proxy',
      kind,
      '--domain',
      '$(POD_NAMESPACE).svc.cluster.local',
      '--proxyLogLevel=warning',
      '--proxyComponentLogLevel=misc:error',
      '--log_output_level=default:info',
    ],
    env: environment(injector, workload),
    ports: [{ containerPort: 15090, name: 'http-envoy-prom', protocol: 'TCP' }],
    readinessProbe: READINESS,
    resources: RESOURCES,
    securityContext: { runAsGroup: 1337, runAsUser: 1337, runAsNonRoot: true, allowPrivilegeEscalation: false },
    volumeMounts: VOLUME_MOUNTS,
  };
}

/** Init container `istio-init`, which redirects the pod's traffic to the proxy. */
export function initContainer(injector: Injector): Container {
  const redirect = ['-p', '15001', '-z', '15006', '-u', '1337', '-m', 'REDIRECT', '-i', '*', '-x', '', '-b', '*'];
  return {
    name: 'istio-init',
    image: injector.proxyImage,
    imagePullPolicy: 'IfNotPresent',
    args: ['istio-iptables', ...redirect, '-d', '15090,15021,15020', '--log_output_level=default:info'],
    resources: RESOURCES,
    securityContext: { capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] }, runAsUser: 0 },
  };
}
