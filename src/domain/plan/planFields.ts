// The fields of mesh-ca.plan.jsonc and what they may hold: declared once for the reader; a test holds the JSON schema to it.

/** Objects of the file with their fields. */
export const PLAN_FIELDS = {
  plan: {
    $schema: 'optional',
    version: 'required',
    startingPoint: 'required',
    fleetProject: 'required',
    clusters: 'required',
    revision1: 'required',
    revision2: 'required',
    asmcli: 'optional',
    asmcliFlags: 'optional',
    waveSize: 'optional',
    tests: 'optional',
    waivers: 'optional',
    backupDirectory: 'optional',
  },
  cluster: {
    kubeconfig: 'required',
    context: 'required',
    project: 'optional',
    location: 'optional',
    name: 'optional',
    outputDirectory: 'required',
    overlays: 'optional',
    caFiles: 'optional',
  },
  caFiles: { caCert: 'required', caKey: 'required', rootCert: 'required', certChain: 'required' },
  waiver: { subject: 'required', what: 'required', reason: 'required', until: 'required' },
} as const;

export type PlanObjectName = keyof typeof PLAN_FIELDS;
export type FieldOf<Name extends PlanObjectName> = keyof (typeof PLAN_FIELDS)[Name];

export const STARTING_POINTS = ['istio', 'asm'] as const;

/**
 * asmcli's permission flags (`--enable_…` of `asmcli install`, anthos-service-mesh-packages lib/parse.sh), without dashes.
 * `enable_all` stands for all of them.
 */
export const ASMCLI_FLAGS = [
  'enable_all',
  'enable_cluster_roles',
  'enable_cluster_labels',
  'enable_gcp_apis',
  'enable_gcp_iam_roles',
  'enable_gcp_components',
  'enable_meshconfig_init',
  'enable_namespace_creation',
  'enable_registration',
] as const;

/** What can be waived; `identity:` is followed by the finding's id. */
export const WAIVER_PATTERN = '^(proxy|creatable|membership|vm|grpc|expiry|identity:.+)$';

/** A calendar date; the waiver holds until its end, in UTC. */
export const DATE_PATTERN = '^\\d{4}-\\d{2}-\\d{2}$';

/** Google's rule for project ids, with the older ones that have a domain before a colon. */
export const PROJECT_PATTERN = '^([a-z0-9.-]+:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$';

/** The names that istiod reads a plugged-in CA by (createIstioCA in pilot/pkg/bootstrap/istio_ca.go); asmcli keeps a file's own name. */
export const CA_FILE_NAMES = {
  caCert: 'ca-cert.pem',
  caKey: 'ca-key.pem',
  rootCert: 'root-cert.pem',
  certChain: 'cert-chain.pem',
} as const;

export const DEFAULT_WAVE_SIZE = 1;
