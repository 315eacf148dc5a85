// Reads the config maps of Istio: a control plane's mesh config, and the root that istiod publishes.
import { X509Certificate } from 'node:crypto';
import { parse } from 'yaml';
import type { CaRootFacts, Labels, MeshConfigFacts } from '../../domain/mesh/facts.js';
import { CA_ROOT_CONFIG_MAP, DEFAULT_REVISION, ISTIO_NAMESPACE, REVISION_LABEL } from '../../shared/istioNames.js';
import { keyPartsOf, sha256 } from '../certificateKeyParts.js';
import { readMetadata } from './readMetadata.js';
import { listIn, recordIn, textIn, textsIn, valueAt } from './json.js';

/** Istio's default. */
const DEFAULT_TRUST_DOMAIN = 'cluster.local';

/** ConfigMap `istio` or `istio-REVISION` of istio-system with the key `mesh`; undefined for all others. */
export function readMeshConfig(object: unknown): MeshConfigFacts | undefined {
  const metadata = readMetadata(object);
  const text = textIn(valueAt(object, 'data', 'mesh'));
  if (metadata?.namespace !== ISTIO_NAMESPACE || text === undefined) return undefined;
  const revision = revisionOf(metadata.name, metadata.labels);
  if (revision === undefined) return undefined;
  const parsed = parseMesh(text);
  const { mesh } = parsed;
  return {
    name: metadata.name,
    uid: metadata.uid,
    revision,
    trustDomain: textIn(valueAt(mesh, 'trustDomain')) ?? DEFAULT_TRUST_DOMAIN,
    trustDomainAliases: listIn(valueAt(mesh, 'trustDomainAliases')).filter((alias) => typeof alias === 'string'),
    extraAnchors: listIn(valueAt(mesh, 'caCertificates')).flatMap((entry) => fingerprintsIn(textIn(valueAt(entry, 'pem')) ?? '')),
    ...anchorTrustDomains(mesh),
    proxyMetadata: scalarTexts(valueAt(mesh, 'defaultConfig', 'proxyMetadata')),
    settings: otherSettings(mesh),
    unreadable: parsed.unreadable,
  };
}

/** ConfigMap `istio-ca-root-cert` of any namespace; undefined for all others. */
export function readCaRoot(object: unknown): CaRootFacts | undefined {
  const metadata = readMetadata(object);
  if (metadata?.name !== CA_ROOT_CONFIG_MAP) return undefined;
  const pem = textIn(textsIn(valueAt(object, 'data'))['root-cert.pem']) ?? '';
  const certificates = certificatesIn(pem);
  return {
    namespace: metadata.namespace,
    uid: metadata.uid,
    fingerprints: certificates.map(({ fingerprint256 }) => fingerprint256),
    keys: certificates.map(({ raw }) => keyPartsOf(raw)).flatMap((parts) => (parts === undefined ? [] : [sha256(parts.publicKey)])),
  };
}

function revisionOf(name: string, labels: Labels): string | undefined {
  if (name === 'istio') return DEFAULT_REVISION;
  const named = /^istio-(.+)$/.exec(name)?.[1];
  if (named === undefined) return undefined;
  const label = labels[REVISION_LABEL];
  return label === undefined || label === '' ? named : label;
}

function parseMesh(text: string): { readonly mesh: unknown; readonly unreadable: string | undefined } {
  try {
    const mesh = parse(text, { maxAliasCount: 100 }) as unknown;
    const isMapping = mesh === null || (typeof mesh === 'object' && !Array.isArray(mesh));
    return { mesh, unreadable: isMapping ? undefined : 'it is not a mapping' };
  } catch (error) {
    return { mesh: {}, unreadable: error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'it is not YAML' };
  }
}

/** YAML may hold `true` where an environment variable will hold "true". */
function scalarTexts(value: unknown): Labels {
  return Object.fromEntries(
    Object.entries(recordIn(value)).flatMap(([key, entry]) =>
      typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean' ? [[key, String(entry)] as const] : [],
    ),
  );
}

/** What has a field of its own above, or is another for each revision by nature. */
const OWN_FIELDS = ['trustDomain', 'trustDomainAliases', 'caCertificates', 'defaultConfig', 'defaultConfig.proxyMetadata', 'defaultConfig.discoveryAddress'];

function otherSettings(mesh: unknown): Labels {
  const ofProxies = Object.entries(recordIn(valueAt(mesh, 'defaultConfig'))).map(([key, value]) => [`defaultConfig.${key}`, value] as const);
  const all = [...Object.entries(recordIn(mesh)), ...ofProxies].filter(([key, value]) => !OWN_FIELDS.includes(key) && value !== undefined);
  return Object.fromEntries(all.map(([key, value]) => [key, JSON.stringify(value)]));
}

/** `caCertificates[].trustDomains`, each once; no field where none is named. */
function anchorTrustDomains(mesh: unknown): Pick<MeshConfigFacts, 'anchorTrustDomains'> {
  const named = listIn(valueAt(mesh, 'caCertificates')).flatMap((entry) => listIn(valueAt(entry, 'trustDomains')));
  const domains = [...new Set(named.filter((domain) => typeof domain === 'string'))];
  return domains.length === 0 ? {} : { anchorTrustDomains: domains };
}

/** SHA-256 of every certificate of a PEM text; what is no certificate is left out. */
function fingerprintsIn(pem: string): readonly string[] {
  return certificatesIn(pem).map(({ fingerprint256 }) => fingerprint256);
}

function certificatesIn(pem: string): readonly X509Certificate[] {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  return blocks.flatMap((block) => {
    try {
      return [new X509Certificate(block)];
    } catch {
      return [];
    }
  });
}
