// Pods of gateways that are rendered whole, without a webhook: by istioctl, and by istiod for Gateway-API gateways.
import { POD_INJECT_LABEL, REVISION_LABEL } from '../../shared/istioNames.js';
import type { Injector } from './injector.js';
import type { PodTemplate } from './podTypes.js';
import { PROXY_VOLUMES, proxyContainer } from './proxyContainer.js';

/** The template of a gateway Deployment; it says no to injection, and no status annotation is written. */
export function renderedGatewayTemplate(
  injector: Injector,
  gateway: { readonly namespace: string; readonly name: string; readonly serviceAccount: string; readonly labels: Readonly<Record<string, string>> },
): PodTemplate {
  const owner = `kubernetes://apis/apps/v1/namespaces/${gateway.namespace}/deployments/${gateway.name}`;
  return {
    metadata: {
      annotations: { 'prometheus.io/path': '/stats/prometheus', 'prometheus.io/port': '15020', 'prometheus.io/scrape': 'true' },
      labels: {
        ...gateway.labels,
        [REVISION_LABEL]: injector.revision,
        [POD_INJECT_LABEL]: 'false',
        'service.istio.io/canonical-name': gateway.name,
        'service.istio.io/canonical-revision': 'latest',
      },
    },
    spec: {
      serviceAccountName: gateway.serviceAccount,
      containers: [proxyContainer('router', injector, { name: gateway.name, owner, containers: [] })],
      volumes: PROXY_VOLUMES,
    },
  };
}
