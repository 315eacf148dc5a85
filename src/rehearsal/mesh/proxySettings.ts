// What a running proxy reads from its own container: whom it asks for certificates, who configures it, how it behaves.
import { DEFAULT_REVISION, INJECTION_STATUS_ANNOTATION, REVISION_LABEL } from '../../shared/istioNames.js';
import { textAt } from '../api/json.js';
import { versionNumber } from './injector.js';
import type { Container, StoredPod } from './podTypes.js';
import { envValue } from './podTypes.js';
import type { ProxyAgent } from './proxyTrust.js';

export interface ProxySettings {
  readonly kind: string;
  readonly revision: string;
  /** From the image's tag: what runs, whatever was meant to. */
  readonly version: string;
  readonly caAddress: string;
  readonly discoveryAddress: string;
  readonly clusterId: string;
  readonly meshId: string;
  readonly serviceAccount: string;
  readonly agent: ProxyAgent;
  /** Key of the workload certificate: proxyMetadata `ECC_SIGNATURE_ALGORITHM`. */
  readonly keyType: 'rsa' | 'ec';
  /** An east-west gateway passes TLS through by its SNI: nothing in its configuration names a secret. */
  readonly usesMutualTls: boolean;
}

/** Agents from this version on ask for a new certificate when their anchors change. */
const RESIGNS_SINCE = versionNumber('1.23');

/** Where Google's own proxies come from. */
const ASM_IMAGES = 'gke.gcr.io/asm/';
/** The release in which open-source Istio dropped its client for Mesh CA. */
const NO_GOOGLE_CA_SINCE = versionNumber('1.23');

function parsed(json: string | undefined): unknown {
  try {
    return JSON.parse(json ?? '{}');
  } catch {
    return {};
  }
}

function revisionOf(pod: StoredPod): string {
  const { annotations = {}, labels = {} } = pod.metadata;
  const stamped = textAt(parsed(annotations[INJECTION_STATUS_ANNOTATION]), 'revision');
  return stamped || (annotations[REVISION_LABEL] ?? labels[REVISION_LABEL] ?? DEFAULT_REVISION);
}

export function readProxySettings(pod: StoredPod, container: Container): ProxySettings {
  const version = container.image.slice(container.image.lastIndexOf(':') + 1);
  return {
    kind: container.args?.[1] ?? 'sidecar',
    revision: revisionOf(pod),
    version,
    // ztunnel has names of its own for the two (its src/config.rs), and no flag with which it would take extra anchors.
    caAddress: envValue(container, 'CA_ADDR') ?? envValue(container, 'CA_ADDRESS') ?? '',
    discoveryAddress: textAt(parsed(envValue(container, 'PROXY_CONFIG')), 'discoveryAddress') || (envValue(container, 'XDS_ADDRESS') ?? ''),
    clusterId: envValue(container, 'ISTIO_META_CLUSTER_ID') ?? '',
    meshId: envValue(container, 'ISTIO_META_MESH_ID') ?? '',
    serviceAccount: pod.spec.serviceAccountName ?? 'default',
    keyType: envValue(container, 'ECC_SIGNATURE_ALGORITHM') === 'ECDSA' ? 'ec' : 'rsa',
    usesMutualTls: envValue(container, 'ISTIO_META_ROUTER_MODE') !== 'sni-dnat',
    agent: {
      listensForAnchors: envValue(container, 'PROXY_CONFIG_XDS_AGENT') === 'true',
      resignsOnNewAnchors: versionNumber(version) >= RESIGNS_SINCE,
      speaksMeshCa: container.image.startsWith(ASM_IMAGES) || versionNumber(version) < NO_GOOGLE_CA_SINCE,
    },
  };
}
