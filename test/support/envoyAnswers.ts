// Answers of Envoy's admin interface, in the spellings that Envoy's admin/v3 protos and istioctl have.

const SECRET_TYPE = 'type.googleapis.com/envoy.extensions.transport_sockets.tls.v3.Secret';
const DUMP_TYPE = 'type.googleapis.com/envoy.admin.v3.SecretsConfigDump';

export function base64(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

export interface Entry {
  readonly name: string;
  readonly last_updated?: string;
  readonly secret?: object;
}

/** A workload certificate as Envoy shows it: the private key redacted, in base64. */
export function chainEntry(pem: string, { name = 'default', updated = '2026-01-02T03:04:05.678Z' } = {}): Entry {
  const tls_certificate = { certificate_chain: { inline_bytes: base64(pem) }, private_key: { inline_bytes: base64('[redacted]') } };
  return { name, last_updated: updated, secret: { '@type': SECRET_TYPE, name, tls_certificate } };
}

export function rootsEntry(pem: string, { name = 'ROOTCA', updated = '2026-01-02T03:04:05.678Z' } = {}): Entry {
  return { name, last_updated: updated, secret: { '@type': SECRET_TYPE, name, validation_context: { trusted_ca: { inline_bytes: base64(pem) } } } };
}

/** Roots of Envoy's SPIFFE validator: each bundle for the identities of one trust domain. */
export function spiffeRootsEntry(...bundles: readonly (readonly [trustDomain: string, pem: string])[]): Entry {
  const trust_domains = bundles.map(([name, pem]) => ({ name, trust_bundle: { inline_bytes: base64(pem) } }));
  return { name: 'ROOTCA', secret: { '@type': SECRET_TYPE, name: 'ROOTCA', validation_context: { custom_validator_config: { name: 'spiffe', typed_config: { trust_domains } } } } };
}

/** Asked for at the CA, not delivered: a name and nothing else. */
export function emptyEntry(name: string): Entry {
  return { name, secret: { '@type': SECRET_TYPE, name } };
}

/** The answer to `resource=…`: elements straight in `configs`; no elements leave an empty object. */
export function flatAnswer(entries: readonly Entry[]): object {
  return entries.length === 0 ? {} : { configs: entries.map((entry) => ({ '@type': `${DUMP_TYPE}.DynamicSecret`, ...entry })) };
}

/** The secrets section among others, as a full dump has it. */
export function fullAnswer(active: readonly Entry[], warming: readonly Entry[] = [], type = DUMP_TYPE): object {
  return {
    configs: [
      { '@type': 'type.googleapis.com/envoy.admin.v3.BootstrapConfigDump', bootstrap: {} },
      { '@type': type, dynamic_active_secrets: active, ...(warming.length > 0 ? { dynamic_warming_secrets: warming } : {}) },
    ],
  };
}

/** istioctl's spelling of the same. */
export function camelCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCased);
  if (typeof value !== 'object' || value === null) return value;
  const camel = (name: string): string => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [camel(name), camelCased(inner)]));
}

/** A listener dump with one inbound mTLS filter chain per list of matchers. */
export function listenersAnswer(...chains: readonly (readonly object[])[]): object {
  const filter_chains = chains.map((match_subject_alt_names) => ({
    transport_socket: {
      name: 'envoy.transport_sockets.tls',
      typed_config: {
        require_client_certificate: true,
        common_tls_context: { combined_validation_context: { default_validation_context: { match_subject_alt_names } } },
      },
    },
  }));
  return {
    configs: [
      { '@type': 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump.DynamicListener', name: 'virtualOutbound' },
      {
        '@type': 'type.googleapis.com/envoy.admin.v3.ListenersConfigDump.DynamicListener',
        name: 'virtualInbound',
        active_state: { listener: { name: 'virtualInbound', filter_chains: [...filter_chains, { filters: [] }] } },
      },
    ],
  };
}

export function domainMatchers(...domains: readonly string[]): readonly object[] {
  return domains.map((domain) => ({ prefix: `spiffe://${domain}/` }));
}
