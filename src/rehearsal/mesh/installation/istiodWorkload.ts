// istiod itself: Deployment, Service, autoscaler, disruption budget, and the record that the operator leaves.
import { ISTIO_NAMESPACE, REVISION_LABEL } from '../../../shared/istioNames.js';
import { revisionSuffix } from '../injector.js';
import type { EnvVar } from '../podTypes.js';
import type { ControlPlaneSpec } from './controlPlaneSpec.js';
import { istiodConfigMaps } from './istiodConfigMaps.js';
import type { PlacedObject } from './placedObject.js';
import { revisionWebhooks } from './webhookConfigurations.js';

const REPLICAS = 2;

function ownLabels(spec: ControlPlaneSpec): Record<string, string> {
  return {
    app: 'istiod',
    // Only the default revision is `pilot`: Service `istiod` would otherwise lead to all revisions (Istio's chart).
    istio: revisionSuffix(spec.revision) === '' ? 'pilot' : 'istiod',
    [REVISION_LABEL]: spec.revision,
    'install.operator.istio.io/owning-resource': 'unknown',
    'operator.istio.io/component': 'Pilot',
    release: 'istio',
  };
}

/** The default revision is found by `istio: pilot`, the others by their revision (Istio's chart). */
function selectorOf({ revision }: ControlPlaneSpec): Record<string, string> {
  return revisionSuffix(revision) === '' ? { app: 'istiod', istio: 'pilot' } : { app: 'istiod', [REVISION_LABEL]: revision };
}

function environment(spec: ControlPlaneSpec): readonly EnvVar[] {
  return [
    { name: 'REVISION', value: spec.revision },
    { name: 'PILOT_CERT_PROVIDER', value: 'istiod' },
    { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
    { name: 'POD_NAMESPACE', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } } },
    { name: 'KUBECONFIG', value: '/var/run/secrets/remote/config' },
    ...(spec.isMultiRoot ? [{ name: 'ISTIO_MULTIROOT_MESH', value: 'true' }] : []),
    ...(spec.signsWith === 'meshCa' ? [{ name: 'ENABLE_CA_SERVER', value: 'false' }] : []),
    ...(spec.nativeSidecars === true ? [{ name: 'ENABLE_NATIVE_SIDECARS', value: 'true' }] : []),
    { name: 'INJECTION_WEBHOOK_CONFIG_NAME', value: `istio-sidecar-injector${revisionSuffix(spec.revision)}` },
    { name: 'ISTIOD_ADDR', value: `istiod${revisionSuffix(spec.revision)}.istio-system.svc:15012` },
    { name: 'PILOT_ENABLE_ANALYSIS', value: 'false' },
    { name: 'CLUSTER_ID', value: spec.clusterId },
  ];
}

function deployment(spec: ControlPlaneSpec, name: string): PlacedObject {
  const discovery = {
    name: 'discovery',
    image: `${spec.hub}/pilot:${spec.version}`,
    args: ['discovery', '--monitoringAddr=:15014', '--log_output_level=default:info', '--domain', 'cluster.local'],
    env: environment(spec),
    ports: [
      { containerPort: 8080, protocol: 'TCP' },
      { containerPort: 15010, protocol: 'TCP' },
      { containerPort: 15017, protocol: 'TCP' },
    ],
    readinessProbe: { httpGet: { path: '/ready', port: 8080 }, initialDelaySeconds: 1, periodSeconds: 3, timeoutSeconds: 5 },
    resources: { requests: { cpu: '500m', memory: '2Gi' } },
  };
  const template = {
    metadata: {
      annotations: { 'prometheus.io/port': '15014', 'prometheus.io/scrape': 'true', 'sidecar.istio.io/inject': 'false' },
      labels: { ...ownLabels(spec), 'sidecar.istio.io/inject': 'false' },
    },
    spec: { serviceAccountName: name, containers: [discovery] },
  };
  const strategy = { type: 'RollingUpdate', rollingUpdate: { maxSurge: '100%', maxUnavailable: '25%' } };
  return {
    resource: 'deployments.apps',
    object: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name, namespace: ISTIO_NAMESPACE, labels: ownLabels(spec) },
      spec: { replicas: REPLICAS, selector: { matchLabels: selectorOf(spec) }, strategy, template },
    },
  };
}

/** Service `name` that leads to the given istiods: proxies, injection and validation all come through it. */
export function istiodService(spec: ControlPlaneSpec, name: string): PlacedObject {
  return {
    resource: 'services',
    object: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: ISTIO_NAMESPACE, labels: ownLabels(spec) },
      spec: {
        type: 'ClusterIP',
        ports: [
          { name: 'grpc-xds', port: 15010, protocol: 'TCP', targetPort: 15010 },
          { name: 'https-dns', port: 15012, protocol: 'TCP', targetPort: 15012 },
          { name: 'https-webhook', port: 443, protocol: 'TCP', targetPort: 15017 },
          { name: 'http-monitoring', port: 15014, protocol: 'TCP', targetPort: 15014 },
        ],
        selector: selectorOf(spec),
      },
    },
  };
}

function autoscaling(spec: ControlPlaneSpec, name: string): readonly PlacedObject[] {
  const metadata = { name, namespace: ISTIO_NAMESPACE, labels: ownLabels(spec) };
  const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  return [
    {
      resource: 'horizontalpodautoscalers.autoscaling',
      object: {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        metadata,
        spec: { minReplicas: REPLICAS, maxReplicas: 5, metrics: [cpu], scaleTargetRef },
        status: { currentReplicas: REPLICAS, desiredReplicas: REPLICAS },
      },
    },
    {
      resource: 'poddisruptionbudgets.policy',
      object: {
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata,
        spec: { minAvailable: 1, selector: { matchLabels: selectorOf(spec) } },
        status: { currentHealthy: REPLICAS, desiredHealthy: 1, disruptionsAllowed: 1, expectedPods: REPLICAS },
      },
    },
  ];
}

/** Installations before Istio 1.21 leave this record; later ones never do (release note drop-iop). */
function operatorRecord(spec: ControlPlaneSpec): PlacedObject {
  return {
    resource: 'istiooperators.install.istio.io',
    object: {
      apiVersion: 'install.istio.io/v1alpha1',
      kind: 'IstioOperator',
      metadata: { name: `installed-state${revisionSuffix(spec.revision)}`, namespace: ISTIO_NAMESPACE },
      spec: { hub: spec.hub, tag: spec.version, profile: 'default', revision: revisionSuffix(spec.revision).slice(1) },
    },
  };
}

/** Everything that an installation of this control plane creates, in an order in which it can be created. */
export function controlPlaneObjects(spec: ControlPlaneSpec): readonly PlacedObject[] {
  const name = `istiod${revisionSuffix(spec.revision)}`;
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: ISTIO_NAMESPACE } };
  const isOld = !spec.version.startsWith('1.23');
  return [
    { resource: 'serviceaccounts', object: account },
    ...istiodConfigMaps(spec),
    istiodService(spec, name),
    deployment(spec, name),
    ...autoscaling(spec, name),
    ...revisionWebhooks(spec),
    ...(isOld ? [operatorRecord(spec)] : []),
  ];
}
