// The ingress gateway of a scene: as `istioctl install` renders it for Istio on GKE, and as a chart that is injected for ASM.
import { INJECTION_TEMPLATES_ANNOTATION, ISTIO_NAMESPACE, POD_INJECT_LABEL, REVISION_LABEL } from '../../shared/istioNames.js';
import type { ControlPlaneSpec } from '../mesh/installation/controlPlaneSpec.js';
import { istiodConfigMaps } from '../mesh/installation/istiodConfigMaps.js';
import type { PlacedObject } from '../mesh/installation/placedObject.js';
import { readInjector } from '../mesh/injector.js';
import type { Container, PodTemplate } from '../mesh/podTypes.js';
import { PROXY_VOLUMES, proxyContainer } from '../mesh/proxyContainer.js';
import { textAt } from '../api/json.js';

const NAME = 'istio-ingressgateway';
const LABELS = { app: NAME, istio: 'ingressgateway' };
const PORTS = [
  { name: 'status-port', port: 15021, targetPort: 15021 },
  { name: 'http2', port: 80, targetPort: 8080 },
  { name: 'https', port: 443, targetPort: 8443 },
];

/** What is left to the injector, which fills in image, arguments and environment. */
const AUTO_PROXY: Container = { name: 'istio-proxy', image: 'auto', ports: [{ containerPort: 8080 }, { containerPort: 8443 }] };

function injectedTemplate(spec: ControlPlaneSpec): PodTemplate {
  return {
    metadata: {
      annotations: { [INJECTION_TEMPLATES_ANNOTATION]: 'gateway' },
      labels: { ...LABELS, [REVISION_LABEL]: spec.revision, [POD_INJECT_LABEL]: 'true' },
    },
    spec: { serviceAccountName: NAME, containers: [AUTO_PROXY] },
  };
}

/** istioctl renders the whole proxy: no webhook is asked, and no status annotation is written. */
function renderedTemplate(spec: ControlPlaneSpec): PodTemplate {
  const [mesh, values] = istiodConfigMaps(spec);
  const injector = readInjector(spec.revision, textAt(mesh, 'object', 'data', 'mesh'), textAt(values, 'object', 'data', 'values'));
  const owner = `kubernetes://apis/apps/v1/namespaces/${ISTIO_NAMESPACE}/deployments/${NAME}`;
  return {
    metadata: {
      annotations: { 'prometheus.io/path': '/stats/prometheus', 'prometheus.io/port': '15020', 'prometheus.io/scrape': 'true' },
      labels: {
        ...LABELS,
        [REVISION_LABEL]: spec.revision,
        [POD_INJECT_LABEL]: 'false',
        'service.istio.io/canonical-name': NAME,
        'service.istio.io/canonical-revision': 'latest',
      },
    },
    spec: {
      serviceAccountName: `${NAME}-service-account`,
      containers: [proxyContainer('router', injector, { name: NAME, owner, containers: [] })],
      volumes: PROXY_VOLUMES,
    },
  };
}

export function ingressGateway(spec: ControlPlaneSpec, externalIP: string): readonly PlacedObject[] {
  const template = spec.installedBy === 'istio' ? renderedTemplate(spec) : injectedTemplate(spec);
  const metadata = { name: NAME, namespace: ISTIO_NAMESPACE, labels: { ...LABELS, [REVISION_LABEL]: spec.revision, release: 'istio' } };
  const account = template.spec.serviceAccountName ?? NAME;
  return [
    {
      resource: 'serviceaccounts',
      object: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace: ISTIO_NAMESPACE } },
    },
    {
      resource: 'services',
      object: {
        apiVersion: 'v1',
        kind: 'Service',
        metadata,
        spec: { type: 'LoadBalancer', ports: PORTS.map((port) => ({ ...port, protocol: 'TCP' })), selector: LABELS },
        status: { loadBalancer: { ingress: [{ ip: externalIP }] } },
      },
    },
    {
      resource: 'deployments.apps',
      object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata, spec: { replicas: 2, selector: { matchLabels: LABELS }, template } },
    },
  ];
}
