// The IstioOperator files of Google's package as asmcli leaves them in `asm/istio`: written anew, with the fields that matter to a mesh.
import { stringify } from 'yaml';
import { ISTIO_NAMESPACE, MESH_CA_ADDRESS, REVISION_LABEL } from '../../../shared/istioNames.js';
import type { AsmcliRequest } from './request.js';
import { RELEASE } from './version.js';

/** What asmcli sets in the files before it installs (`kpt cfg set`). */
export interface PackageSettings {
  readonly meshCaRootPem: string;
  readonly meshId: string;
  /** Aliases of a mesh that Mesh CA signs for; empty with Citadel, where the package's own stays. */
  readonly trustDomainAliases: readonly string[];
}

/** Options that the package has and that change nothing a rehearsal could show. */
const INERT_OPTIONS = [
  'audit-authorizationpolicy', 'cloud-tracing', 'cni-gcp', 'egressgateways', 'envoy-access-log', 'iap-operator',
  'ingress-backendconfig-operator', 'internal-load-balancer', 'legacy-default-egressgateway', 'multicluster', 'multiproject',
  'prometheus', 'prometheus-and-stackdriver', 'stackdriver', 'vm',
] as const;

function operator(spec: Record<string, unknown>): string {
  return `---\n${stringify({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec })}`;
}

function istioOperator({ cluster, fleet }: AsmcliRequest, settings: PackageSettings): string {
  const trustDomain = `${fleet}.svc.id.goog`;
  const aliases = settings.trustDomainAliases.length > 0 ? settings.trustDomainAliases : [trustDomain];
  return operator({
    profile: 'empty',
    hub: 'gke.gcr.io/asm',
    tag: RELEASE,
    meshConfig: {
      trustDomain,
      trustDomainAliases: aliases,
      defaultConfig: {
        proxyMetadata: { CA_PROVIDER: 'GoogleCA', PLUGINS: 'GoogleTokenExchange', USE_TOKEN_FOR_CSR: 'true' },
      },
    },
    components: {
      base: { enabled: true },
      ingressGateways: [{ enabled: false, name: 'istio-ingressgateway' }],
      pilot: { enabled: true, k8s: { hpaSpec: { minReplicas: 2 }, replicaCount: 2, resources: { requests: { cpu: '500m' } } } },
    },
    values: {
      global: {
        caAddress: MESH_CA_ADDRESS,
        meshID: settings.meshId,
        multiCluster: { clusterName: `cn-${cluster.project}-${cluster.location}-${cluster.name}` },
        sds: { token: { aud: trustDomain } },
      },
    },
  });
}

/** The last word with `--ca citadel`: whatever an overlay says of the trust domain, it is `cluster.local`. */
const CITADEL_CA = operator({
  meshConfig: {
    trustDomain: 'cluster.local',
    defaultConfig: { proxyMetadata: { CA_PROVIDER: 'Citadel', PLUGINS: '', USE_TOKEN_FOR_CSR: 'false' } },
  },
  values: { global: { caAddress: '', sds: { token: { aud: 'istio-ca' } } } },
});

function caMigrationCitadel({ meshCaRootPem }: PackageSettings): string {
  return operator({
    values: { pilot: { env: { ISTIO_MULTIROOT_MESH: true } } },
    meshConfig: {
      caCertificates: [{ pem: meshCaRootPem }],
      defaultConfig: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } },
    },
  });
}

/** `ENABLE_CA_SERVER: false` is in the file of 1.10 to 1.23. */
function caMigrationMeshCa({ trustDomainAliases }: PackageSettings): string {
  return operator({
    values: { pilot: { env: { ENABLE_CA_SERVER: false, ISTIO_MULTIROOT_MESH: true } } },
    meshConfig: {
      defaultConfig: { proxyMetadata: { PROXY_CONFIG_XDS_AGENT: 'true' } },
      trustDomainAliases: [...trustDomainAliases, 'cluster.local'],
    },
  });
}

/** Service `istiod` of the new revision, for the step that finishes a phase. */
function istiodService({ revision }: AsmcliRequest): string {
  const labels = { [REVISION_LABEL]: revision, app: 'istiod', istio: 'pilot', release: 'istio' };
  return stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'istiod', namespace: ISTIO_NAMESPACE, labels },
    spec: {
      ports: [
        { port: 15010, name: 'grpc-xds', protocol: 'TCP' },
        { port: 15012, name: 'https-dns', protocol: 'TCP' },
        { port: 443, name: 'https-webhook', targetPort: 15017, protocol: 'TCP' },
        { port: 15014, name: 'http-monitoring', protocol: 'TCP' },
      ],
      selector: { app: 'istiod', [REVISION_LABEL]: revision },
    },
  });
}

/** What stands for the revision in a package that was downloaded and not yet configured. */
export const UNSET_REVISION = 'ASM_REV';

/** Path below `asm/istio` and text of every file. */
export function packageFiles(request: AsmcliRequest, settings: PackageSettings): Readonly<Record<string, string>> {
  const gateway = operator({ components: { ingressGateways: [{ name: 'istio-ingressgateway', enabled: true }] } });
  return {
    'istio-operator.yaml': istioOperator(request, settings),
    'istiod-service.yaml': istiodService(request),
    'options/citadel-ca.yaml': CITADEL_CA,
    'options/ca-migration-citadel.yaml': caMigrationCitadel(settings),
    'options/ca-migration-meshca.yaml': caMigrationMeshCa(settings),
    'options/legacy-default-ingressgateway.yaml': gateway,
    ...Object.fromEntries(INERT_OPTIONS.map((name) => [`options/${name}.yaml`, operator({})])),
  };
}
