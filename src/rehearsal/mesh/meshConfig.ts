// Istio's mesh configuration as far as trust and injection depend on it: the YAML text in ConfigMap `istio[-REV]`, key `mesh`.
import { parse } from 'yaml';
import { fieldsAt, listAt, textAt } from '../api/json.js';

export interface MeshConfig {
  readonly trustDomain: string;
  readonly trustDomainAliases: readonly string[];
  /** Extra anchors with the domains they bring (`caCertificates`). */
  readonly caCertificates: readonly { readonly pem: string; readonly trustDomains: readonly string[] }[];
  readonly discoveryAddress: string;
  /** Becomes environment variables of every proxy injected from now on. */
  readonly proxyMetadata: Readonly<Record<string, string>>;
}

const DEFAULT_TRUST_DOMAIN = 'cluster.local';

function texts(values: readonly unknown[]): string[] {
  return values.filter((value) => typeof value === 'string');
}

/** Reads the mesh config; what it leaves out has Istio's defaults. Throws on text that is not YAML, as istiod rejects it. */
export function readMeshConfig(meshYaml: string): MeshConfig {
  const mesh: unknown = parse(meshYaml);
  const trustDomain = textAt(mesh, 'trustDomain');
  return {
    trustDomain: trustDomain === '' ? DEFAULT_TRUST_DOMAIN : trustDomain,
    trustDomainAliases: texts(listAt(mesh, 'trustDomainAliases')),
    caCertificates: listAt(mesh, 'caCertificates').map((entry) => ({
      pem: textAt(entry, 'pem'),
      trustDomains: texts(listAt(entry, 'trustDomains')),
    })),
    discoveryAddress: textAt(mesh, 'defaultConfig', 'discoveryAddress'),
    // YAML may hold true where an environment variable will hold "true".
    proxyMetadata: Object.fromEntries(
      Object.keys(fieldsAt(mesh, 'defaultConfig', 'proxyMetadata')).map((name) => [
        name,
        textAt(mesh, 'defaultConfig', 'proxyMetadata', name),
      ]),
    ),
  };
}
