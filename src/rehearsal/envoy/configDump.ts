// Envoy's config dump for one proxy, section by section, in the JSON that Envoy's admin interface writes.
import { ROOT_SECRET, WORKLOAD_SECRET } from '../../shared/istioNames.js';
import type { EnvoySecret, EnvoyView } from './envoyView.js';

export type Json = Record<string, unknown>;

const TYPE = 'type.googleapis.com/';
const ADMIN = `${TYPE}envoy.admin.v3.`;
const TLS = `${TYPE}envoy.extensions.transport_sockets.tls.v3.`;
/** `[redacted]` in base64: Envoy never hands out a key. */
const REDACTED = 'W3JlZGFjdGVkXQ==';

/** Repeated fields of the dump that `resource=` may name, with the message each is made of. */
export const RESOURCE_TYPES: Readonly<Record<string, string>> = {
  dynamic_active_secrets: 'SecretsConfigDump.DynamicSecret',
  dynamic_warming_secrets: 'SecretsConfigDump.DynamicSecret',
  static_secrets: 'SecretsConfigDump.StaticSecret',
  dynamic_listeners: 'ListenersConfigDump.DynamicListener',
  static_listeners: 'ListenersConfigDump.StaticListener',
  dynamic_active_clusters: 'ClustersConfigDump.DynamicCluster',
  static_clusters: 'ClustersConfigDump.StaticCluster',
};

function bytes(text: string): Json {
  return { inline_bytes: Buffer.from(text).toString('base64') };
}

function secretBody(secret: EnvoySecret): Json {
  switch (secret.kind) {
    case 'chain':
    case 'serverChain':
      return { tls_certificate: { certificate_chain: bytes(secret.pem), private_key: { inline_bytes: REDACTED } } };
    case 'anchors':
    case 'clientAnchors':
      return { validation_context: { trusted_ca: bytes(secret.pem) } };
    case 'warming':
      return {};
  }
}

function dynamicSecret(secret: EnvoySecret): Json {
  return {
    name: secret.name,
    ...(secret.kind === 'warming' ? { version_info: 'uninitialized' } : {}),
    last_updated: secret.lastUpdated.toISOString(),
    secret: { '@type': `${TLS}Secret`, name: secret.name, ...secretBody(secret) },
  };
}

/** Of the agent in the same pod, over its socket. */
function sdsSecret(name: string): Json {
  const source = {
    api_type: 'GRPC',
    grpc_services: [{ envoy_grpc: { cluster_name: 'sds-grpc' } }],
    set_node_on_first_message_only: true,
    transport_api_version: 'V3',
  };
  return { name, sds_config: { api_config_source: source, initial_fetch_timeout: '0s', resource_api_version: 'V3' } };
}

/** What every Istio proxy presents and how it checks its peer; only the accepted names differ. */
function commonTls(subjectAltNames: readonly Json[]): Json {
  return {
    tls_certificate_sds_secret_configs: [sdsSecret(WORKLOAD_SECRET)],
    combined_validation_context: {
      default_validation_context: { match_subject_alt_names: subjectAltNames },
      validation_context_sds_secret_config: sdsSecret(ROOT_SECRET),
    },
    alpn_protocols: ['istio-peer-exchange', 'h2', 'http/1.1'],
  };
}

function inboundListener(view: EnvoyView): Json {
  const prefixes = view.acceptedDomains.map((domain) => ({ prefix: `spiffe://${domain}/` }));
  const transportSocket = {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `${TLS}DownstreamTlsContext`,
      common_tls_context: commonTls(prefixes),
      require_client_certificate: true,
    },
  };
  const listener = {
    '@type': `${TYPE}envoy.config.listener.v3.Listener`,
    name: 'virtualInbound',
    address: { socket_address: { address: '0.0.0.0', port_value: 15006 } },
    filter_chains: [
      { name: 'virtualInbound', filter_chain_match: { transport_protocol: 'tls' }, transport_socket: transportSocket },
    ],
    traffic_direction: 'INBOUND',
  };
  return dynamicListener('virtualInbound', listener, view);
}

function dynamicListener(name: string, listener: Json, view: EnvoyView): Json {
  const state = { version_info: view.startedAt.toISOString(), listener, last_updated: view.startedAt.toISOString() };
  return { name, active_state: state };
}

function outboundListener(view: EnvoyView): Json {
  const listener = {
    '@type': `${TYPE}envoy.config.listener.v3.Listener`,
    name: 'virtualOutbound',
    address: { socket_address: { address: '0.0.0.0', port_value: 15001 } },
    traffic_direction: 'OUTBOUND',
  };
  return dynamicListener('virtualOutbound', listener, view);
}

function outboundCluster(name: string, spiffeIds: readonly string[], view: EnvoyView): Json {
  const transportSocket = {
    name: 'envoy.transport_sockets.tls',
    typed_config: {
      '@type': `${TLS}UpstreamTlsContext`,
      common_tls_context: commonTls(spiffeIds.map((exact) => ({ exact }))),
      sni: name.replaceAll('|', '_.'),
    },
  };
  const matches = [
    { name: 'tlsMode-istio', match: { tlsMode: 'istio' }, transport_socket: transportSocket },
    {
      name: 'tlsMode-disabled',
      match: {},
      transport_socket: {
        name: 'envoy.transport_sockets.raw_buffer',
        typed_config: { '@type': `${TYPE}envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer` },
      },
    },
  ];
  const cluster = {
    '@type': `${TYPE}envoy.config.cluster.v3.Cluster`,
    name,
    type: 'EDS',
    connect_timeout: '10s',
    ...(spiffeIds.length > 0 ? { transport_socket_matches: matches } : {}),
  };
  return { version_info: view.startedAt.toISOString(), cluster, last_updated: view.startedAt.toISOString() };
}

function bootstrap(view: EnvoyView): Json {
  const node = {
    id: `${view.kind}~${view.podIP}~${view.pod}.${view.namespace}~${view.namespace}.svc.cluster.local`,
    cluster: `${view.pod}.${view.namespace}`,
    metadata: {
      CLUSTER_ID: view.clusterId,
      ISTIO_VERSION: view.istioVersion,
      MESH_ID: view.meshId,
      NAMESPACE: view.namespace,
      NAME: view.pod,
    },
  };
  const admin = { address: { socket_address: { address: '127.0.0.1', port_value: 15000 } } };
  return { '@type': `${ADMIN}BootstrapConfigDump`, bootstrap: { node, admin }, last_updated: view.startedAt.toISOString() };
}

function secretsSection(view: EnvoyView): Json {
  const active = view.secrets.filter(({ kind }) => kind !== 'warming').map(dynamicSecret);
  const warming = view.secrets.filter(({ kind }) => kind === 'warming').map(dynamicSecret);
  return {
    '@type': `${ADMIN}SecretsConfigDump`,
    ...(active.length > 0 ? { dynamic_active_secrets: active } : {}),
    ...(warming.length > 0 ? { dynamic_warming_secrets: warming } : {}),
  };
}

function clustersSection(view: EnvoyView): Json {
  const clusters = view.isConfigured === false ? [] : view.upstreams.map(({ cluster, spiffeIds }) => outboundCluster(cluster, spiffeIds, view));
  const version = { version_info: view.startedAt.toISOString() };
  return { '@type': `${ADMIN}ClustersConfigDump`, ...version, ...(clusters.length > 0 ? { dynamic_active_clusters: clusters } : {}) };
}

function listenersSection(view: EnvoyView): Json {
  const inbound = view.kind === 'router' ? [] : [inboundListener(view)];
  const version = { version_info: view.startedAt.toISOString() };
  const listeners = view.isConfigured === false ? {} : { dynamic_listeners: [outboundListener(view), ...inbound] };
  return { '@type': `${ADMIN}ListenersConfigDump`, ...version, ...listeners };
}

/** The fields by which a request may name a section, and how the section is made. */
const SECTIONS: readonly { readonly fields: RegExp; readonly build: (view: EnvoyView) => Json }[] = [
  { fields: /^bootstrap/, build: bootstrap },
  { fields: /_clusters/, build: clustersSection },
  { fields: /_listeners/, build: listenersSection },
  { fields: /_secrets/, build: secretsSection },
];

/**
 * Sections in Envoy's order, with empty lists left out as proto3 JSON does. Given names of fields, only the sections
 * that have one of them: a survey that reads secrets does not pay for clusters.
 */
export function configDumpSections(view: EnvoyView, fieldsWanted?: readonly string[]): readonly Json[] {
  const isWanted = (fields: RegExp): boolean => fieldsWanted?.some((field) => fields.test(field)) ?? true;
  return SECTIONS.filter(({ fields }) => isWanted(fields)).map(({ build }) => build(view));
}
