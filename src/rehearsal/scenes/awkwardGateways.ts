// Gateways that commands for `app=istio-ingressgateway` in istio-system never meet.
import { ISTIO_NAMESPACE, REVISION_LABEL } from '../../shared/istioNames.js';
import type { ControlPlaneSpec } from '../mesh/installation/controlPlaneSpec.js';
import { gatewayObjects, injectedGatewayTemplate } from '../mesh/installation/ingressGateway.js';
import type { PlacedObject } from '../mesh/installation/placedObject.js';
import { createPluggedInAuthority, issueServerCertificate } from '../pki/certificateAuthority.js';
import { generateEcKey } from '../pki/keySource.js';
import { namespaceObject } from './workloads.js';

export const EDGE_NAMESPACE = 'edge';
const SECRET = 'shop-tls';
const HOST = 'shop.example.com';

/** A public server certificate: it says nothing about the mesh's trust. */
function serverSecret(now: Date): PlacedObject {
  const authority = createPluggedInAuthority('Public Web Trust', now, generateEcKey);
  const { key, cert } = issueServerCertificate(authority, HOST, [{ kind: 'dns', value: HOST }], now);
  const encode = (text: string): string => Buffer.from(text).toString('base64');
  const data = { 'tls.crt': encode(cert), 'tls.key': encode(key) };
  return {
    resource: 'secrets',
    object: { apiVersion: 'v1', kind: 'Secret', metadata: { name: SECRET, namespace: EDGE_NAMESPACE }, type: 'kubernetes.io/tls', data },
  };
}

function istioGateway(selector: Readonly<Record<string, string>>): PlacedObject {
  const server = { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: [HOST], tls: { mode: 'SIMPLE', credentialName: SECRET } };
  return {
    resource: 'gateways.networking.istio.io',
    object: {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'shop', namespace: EDGE_NAMESPACE },
      spec: { selector: { ...selector }, servers: [server] },
    },
  };
}

/** Its Deployment is istiod's work: the label here moves it, and nothing else. */
function apiGateway(revision: string): PlacedObject {
  return {
    resource: 'gateways.gateway.networking.k8s.io',
    object: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'partners', namespace: EDGE_NAMESPACE, labels: { [REVISION_LABEL]: revision } },
      spec: { gatewayClassName: 'istio', listeners: [{ name: 'http', port: 80, protocol: 'HTTP' }] },
    },
  };
}

export function awkwardGateways({ revision }: ControlPlaneSpec, now: Date): readonly PlacedObject[] {
  const edge = { namespace: EDGE_NAMESPACE, name: 'edge-gateway', labels: { app: 'edge-gateway', istio: 'edge' } };
  const eastWest = { namespace: ISTIO_NAMESPACE, name: 'istio-eastwestgateway', labels: { app: 'istio-eastwestgateway', istio: 'eastwestgateway' } };
  const passesThrough = { env: [{ name: 'ISTIO_META_ROUTER_MODE', value: 'sni-dnat' }] };
  return [
    namespaceObject(EDGE_NAMESPACE),
    serverSecret(now),
    istioGateway(edge.labels),
    ...gatewayObjects(edge, revision, injectedGatewayTemplate(revision, edge), '203.0.113.30'),
    ...gatewayObjects(eastWest, revision, injectedGatewayTemplate(revision, eastWest, passesThrough), '203.0.113.31'),
    apiGateway(revision),
  ];
}
