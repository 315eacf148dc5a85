// The two config maps of a control plane: `istio[-REV]` with the mesh config, `istio-sidecar-injector[-REV]` with values.
import { stringify } from 'yaml';
import { ISTIO_NAMESPACE, MESH_CA_ADDRESS, REVISION_LABEL } from '../../../shared/istioNames.js';
import { readInjector, revisionSuffix } from '../injector.js';
import type { Injector } from '../injector.js';
import type { ControlPlaneSpec } from './controlPlaneSpec.js';
import type { PlacedObject } from './placedObject.js';

export function istiodAddress(revision: string): string {
  return `istiod${revisionSuffix(revision)}.istio-system.svc:15012`;
}

function proxyMetadata(spec: ControlPlaneSpec): Record<string, string> {
  return {
    ...(spec.isMultiRoot ? { PROXY_CONFIG_XDS_AGENT: 'true' } : {}),
    ...(spec.workloadKeys === 'ec' ? { ECC_SIGNATURE_ALGORITHM: 'ECDSA' } : {}),
    ...(spec.signsWith === 'meshCa'
      ? { CA_PROVIDER: 'GoogleCA', PLUGINS: 'GoogleTokenExchange', USE_TOKEN_FOR_CSR: 'true' }
      : {}),
  };
}

function meshConfig(spec: ControlPlaneSpec): string {
  const metadata = proxyMetadata(spec);
  return stringify({
    ...(spec.caCertificates.length > 0 ? { caCertificates: spec.caCertificates.map((pem) => ({ pem })) } : {}),
    defaultConfig: {
      discoveryAddress: istiodAddress(spec.revision),
      ...(spec.installedBy === 'asm' ? { meshId: spec.meshId } : {}),
      ...(Object.keys(metadata).length > 0 ? { proxyMetadata: metadata } : {}),
      tracing: spec.installedBy === 'asm' ? { stackdriver: {} } : { zipkin: { address: 'zipkin.istio-system:9411' } },
    },
    enablePrometheusMerge: true,
    rootNamespace: ISTIO_NAMESPACE,
    trustDomain: spec.trustDomain,
    ...(spec.trustDomainAliases.length > 0 ? { trustDomainAliases: spec.trustDomainAliases } : {}),
  });
}

function injectorValues(spec: ControlPlaneSpec): string {
  const global = {
    caAddress: spec.signsWith === 'meshCa' ? MESH_CA_ADDRESS : '',
    hub: spec.hub,
    imagePullPolicy: 'IfNotPresent',
    istioNamespace: ISTIO_NAMESPACE,
    meshID: spec.meshId,
    multiCluster: { clusterName: spec.clusterId, enabled: spec.installedBy === 'asm' },
    pilotCertProvider: 'istiod',
    proxy: { image: 'proxyv2', clusterDomain: 'cluster.local', logLevel: 'warning' },
    sds: { token: { aud: spec.signsWith === 'meshCa' ? spec.trustDomain : 'istio-ca' } },
    tag: spec.version,
  };
  const sidecarInjectorWebhook = { defaultTemplates: [], enableNamespacesByDefault: false, rewriteAppHTTPProbe: true };
  return JSON.stringify({ global, revision: revisionSuffix(spec.revision).slice(1), sidecarInjectorWebhook }, null, 2);
}

function configMap(spec: ControlPlaneSpec, name: string, data: Record<string, string>): PlacedObject {
  return {
    resource: 'configmaps',
    object: {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: `${name}${revisionSuffix(spec.revision)}`,
        namespace: ISTIO_NAMESPACE,
        labels: {
          [REVISION_LABEL]: spec.revision,
          'install.operator.istio.io/owning-resource': 'unknown',
          'operator.istio.io/component': 'Pilot',
          release: 'istio',
        },
      },
      data,
    },
  };
}

export function istiodConfigMaps(spec: ControlPlaneSpec): readonly PlacedObject[] {
  const config = 'policy: enabled\nalwaysInjectSelector: []\nneverInjectSelector: []\ndefaultTemplates: [sidecar]\n';
  return [
    configMap(spec, 'istio', { mesh: meshConfig(spec), meshNetworks: 'networks: {}' }),
    configMap(spec, 'istio-sidecar-injector', { config, values: injectorValues(spec) }),
  ];
}

/** What this control plane's injector would write: for what is rendered without asking a webhook. */
export function injectorOf(spec: ControlPlaneSpec): Injector {
  return { ...readInjector(spec.revision, meshConfig(spec), injectorValues(spec)), nativeSidecars: spec.nativeSidecars === true };
}
