// The command line of asmcli's install, apply and validate: which options there are, which take a value (asmcli/lib/parse.sh).
import type { AsmcliConsole } from './console.js';

/** Options with a value, and all names they go by. Case does not matter to asmcli, and it takes - for _. */
const VALUE_OPTIONS = {
  clusterLocation: ['-l', '--cluster_location'],
  clusterName: ['-n', '--cluster_name'],
  kubeconfig: ['--kc', '--kubeconfig'],
  context: ['--ctx', '--context'],
  projectId: ['-p', '--project_id'],
  fleetId: ['--fleet_id'],
  networkId: ['--network_id'],
  ca: ['-c', '--ca'],
  caPool: ['--ca_pool', '--ca_name'],
  serviceAccount: ['-s', '--service_account'],
  keyFile: ['-k', '--key_file'],
  outputDir: ['-d', '--output_dir'],
  caCert: ['--ca_cert'],
  caKey: ['--ca_key'],
  rootCert: ['--root_cert'],
  certChain: ['--cert_chain'],
  revisionName: ['-r', '--revision_name'],
  platform: ['--platform'],
  channel: ['--channel'],
} as const;

/** May be given several times. */
const LIST_OPTIONS = { options: ['-o', '--option'], customOverlays: ['--co', '--custom_overlay'] } as const;

const FLAGS = {
  enableAll: ['-e', '--enable_all'],
  enableClusterRoles: ['--enable_cluster_roles'],
  enableClusterLabels: ['--enable_cluster_labels'],
  enableGcpApis: ['--enable_gcp_apis'],
  enableGcpIamRoles: ['--enable_gcp_iam_roles'],
  enableGcpComponents: ['--enable_gcp_components'],
  enableMeshconfigInit: ['--enable_meshconfig_init'],
  enableRegistration: ['--enable_registration'],
  enableNamespaceCreation: ['--enable_namespace_creation'],
  managed: ['--managed'],
  disableUi: ['--disable_ui'],
  useVpcsc: ['--use_vpcsc'],
  useManagedCni: ['--use_managed_cni'],
  disableCanonicalService: ['--disable_canonical_service'],
  printConfig: ['--print_config'],
  dryRun: ['--dry_run'],
  onlyValidate: ['--only_validate'],
  onlyEnable: ['--only_enable'],
  offline: ['--offline'],
  managedCertificates: ['--managed_certificates'],
  verbose: ['-v', '--verbose'],
  help: ['-h', '--help'],
  version: ['--version'],
} as const;

export type ValueOption = keyof typeof VALUE_OPTIONS;
export type Flag = keyof typeof FLAGS;
type ListOption = keyof typeof LIST_OPTIONS;

export type AsmcliArguments = Readonly<Partial<Record<ValueOption, string>>> &
  Readonly<Record<ListOption, readonly string[]>> & { readonly flags: ReadonlySet<Flag> };

/** Environment variables that asmcli takes for options (asmcli/lib/context.sh). */
const VARIABLES = {
  PROJECT_ID: 'projectId',
  CLUSTER_NAME: 'clusterName',
  CLUSTER_LOCATION: 'clusterLocation',
  FLEET_ID: 'fleetId',
  CA: 'ca',
  PLATFORM: 'platform',
  CONTEXT: 'context',
  NETWORK_ID: 'networkId',
  SERVICE_ACCOUNT: 'serviceAccount',
  KEY_FILE: 'keyFile',
  OUTPUT_DIR: 'outputDir',
  CA_CERT: 'caCert',
  CA_KEY: 'caKey',
  CA_ROOT: 'rootCert',
  CA_CHAIN: 'certChain',
} as const satisfies Readonly<Record<string, ValueOption>>;

function nameIn<Name extends string>(table: Readonly<Record<Name, readonly string[]>>, argument: string): Name | undefined {
  const written = argument.toLowerCase().replaceAll('-', '_');
  const names = Object.keys(table) as Name[];
  return names.find((name) => table[name].some((spelling) => spelling.replaceAll('-', '_') === written));
}

/** What the environment says, each announced as asmcli announces it. */
export function environmentOptions(
  env: Readonly<Record<string, string | undefined>>,
  say: AsmcliConsole,
): Partial<Record<ValueOption, string>> {
  const found: Partial<Record<ValueOption, string>> = {};
  for (const [variable, option] of Object.entries(VARIABLES)) {
    const value = env[variable];
    if (value === undefined || value === '') continue;
    say.info(`Using ${variable} = ${value} from environment.`);
    found[option] = value;
  }
  return found;
}

/** Ends asmcli on what it does not know, and on an option without its value. */
export function parseArguments(
  args: readonly string[],
  fromEnvironment: Partial<Record<ValueOption, string>>,
  say: AsmcliConsole,
): AsmcliArguments {
  const values = { ...fromEnvironment };
  const lists: Record<ListOption, string[]> = { options: [], customOverlays: [] };
  const flags = new Set<Flag>();
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? '';
    const flag = nameIn(FLAGS, argument);
    if (flag !== undefined) {
      flags.add(flag);
      continue;
    }
    const option = nameIn(VALUE_OPTIONS, argument);
    const list = nameIn(LIST_OPTIONS, argument);
    if (option === undefined && list === undefined) say.fatalWithUsage(`Unknown option ${argument}`);
    at += 1;
    const value = args[at] ?? '';
    if (value === '' || value.startsWith('-')) say.fatal(`Option ${argument} requires an argument.`);
    if (option !== undefined) values[option] = option === 'ca' || option === 'platform' ? value.toLowerCase() : value;
    if (list !== undefined) lists[list].push(value);
  }
  if (flags.has('onlyValidate')) {
    say.warn('In version 1.11 the --only_validate flag will be deprecated and ignored.');
    // Misspelt by asmcli itself.
    say.warn('Please use "asmcli valdiate" instead.');
  }
  return { ...values, ...lists, flags };
}
