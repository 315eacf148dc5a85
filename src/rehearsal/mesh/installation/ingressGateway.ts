// The ingress gateway: as `istioctl install` renders it for Istio on GKE, as a chart that is injected for ASM, and rewritten in
// place as asmcli's option `legacy-default-ingressgateway` does.
import { INJECTION_TEMPLATES_ANNOTATION, ISTIO_NAMESPACE, POD_INJECT_LABEL, REVISION_LABEL } from '../../../shared/istioNames.js';
import { fieldsAt } from '../../api/json.js';
import type { KubeObject } from '../../kubeObject.js';
import type { Container, PodTemplate } from '../podTypes.js';
import { renderedGatewayTemplate } from '../renderedProxy.js';
import type { ControlPlaneSpec } from './controlPlaneSpec.js';
import { injectorOf } from './istiodConfigMaps.js';
import type { PlacedObject } from './placedObject.js';

const NAME = 'istio-ingressgateway';
const LABELS = { app: NAME, istio: 'ingressgateway' };
const PORTS = [
  { name: 'status-port', port: 15021, targetPort: 15021 },
  { name: 'http2', port: 80, targetPort: 8080 },
  { name: 'https', port: 443, targetPort: 8443 },
];

/** What is left to the injector, which fills in image, arguments and environment. */
const AUTO_PROXY: Container = { name: 'istio-proxy', image: 'auto', ports: [{ containerPort: 8080 }, { containerPort: 8443 }] };

/** Where a gateway runs and how it is found. */
export interface GatewayPlace {
  readonly namespace: string;
  readonly name: string;
  /** The constant labels that its Service and its Deployment select. */
  readonly labels: Readonly<Record<string, string>>;
}

const DEFAULT_GATEWAY: GatewayPlace = { namespace: ISTIO_NAMESPACE, name: NAME, labels: LABELS };

/** A gateway by injection: image `auto`, and the template annotation. `proxy` adds to the container. */
export function injectedGatewayTemplate(revision: string, place: GatewayPlace, proxy: Partial<Container> = {}): PodTemplate {
  return {
    metadata: {
      annotations: { [INJECTION_TEMPLATES_ANNOTATION]: 'gateway' },
      labels: { ...place.labels, [REVISION_LABEL]: revision, [POD_INJECT_LABEL]: 'true' },
    },
    spec: { serviceAccountName: place.name, containers: [{ ...AUTO_PROXY, ...proxy }] },
  };
}

/** istioctl renders the whole proxy: no webhook is asked. */
function renderedTemplate(spec: ControlPlaneSpec): PodTemplate {
  return renderedGatewayTemplate(injectorOf(spec), { ...DEFAULT_GATEWAY, serviceAccount: `${NAME}-service-account` });
}

/** The autoscaler and disruption budget that the charts put beside a gateway. */
function gatewayScaling({ namespace, name, labels }: GatewayPlace): readonly PlacedObject[] {
  const metadata = { name, namespace, labels: { ...labels } };
  const cpu = { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } };
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name };
  return [
    {
      resource: 'horizontalpodautoscalers.autoscaling',
      object: { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata, spec: { minReplicas: 2, maxReplicas: 5, metrics: [cpu], scaleTargetRef } },
    },
    {
      resource: 'poddisruptionbudgets.policy',
      object: { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata, spec: { minAvailable: 1, selector: { matchLabels: { ...labels } } } },
    },
  ];
}

/** A gateway with its Service; `externalIP` is the load balancer's. */
export function gatewayObjects(place: GatewayPlace, revision: string, template: PodTemplate, externalIP: string): readonly PlacedObject[] {
  const { namespace, name, labels } = place;
  const metadata = { name, namespace, labels: { ...labels, [REVISION_LABEL]: revision, release: 'istio' } };
  const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: template.spec.serviceAccountName ?? name, namespace } };
  const ports = PORTS.map((port) => ({ ...port, protocol: 'TCP' }));
  const service = { spec: { type: 'LoadBalancer', ports, selector: { ...labels } }, status: { loadBalancer: { ingress: [{ ip: externalIP }] } } };
  const spec = { replicas: 2, selector: { matchLabels: { ...labels } }, template };
  return [
    { resource: 'serviceaccounts', object: account },
    { resource: 'services', object: { apiVersion: 'v1', kind: 'Service', metadata, ...service } },
    { resource: 'deployments.apps', object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec } },
    ...gatewayScaling(place),
  ];
}

/** The gateway that an installation of this control plane brings along. */
export function ingressGateway(spec: ControlPlaneSpec, externalIP: string): readonly PlacedObject[] {
  const template = spec.installedBy === 'istio' ? renderedTemplate(spec) : injectedGatewayTemplate(spec.revision, DEFAULT_GATEWAY);
  return gatewayObjects(DEFAULT_GATEWAY, spec.revision, template, externalIP);
}

/**
 * What option `legacy-default-ingressgateway` makes of the live Deployment: the same one, now of this revision and rendered
 * whole. It rolls at once, and whoever deletes "the old one" afterwards deletes the only one.
 */
export function rewrittenGateway(live: KubeObject, spec: ControlPlaneSpec): KubeObject {
  const labels = { ...live.metadata.labels, [REVISION_LABEL]: spec.revision };
  return { ...live, metadata: { ...live.metadata, labels }, spec: { ...fieldsAt(live, 'spec'), template: renderedTemplate(spec) } };
}
