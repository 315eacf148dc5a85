// What an asmcli run is about, once its arguments have passed asmcli's own checks (validate_args in asmcli/lib/validate.sh).
import { statSync } from 'node:fs';
import { contextIn, readKubeconfig } from '../kubeconfigFile.js';
import type { MeshFile, MeshFileCluster } from '../meshFile.js';
import { absolutePath, StandInExit } from '../standInIo.js';
import type { StandInIo } from '../standInIo.js';
import { textAt } from '../../api/json.js';
import type { AsmcliArguments, Flag } from './arguments.js';
import { EXIT_FAILED } from './console.js';
import type { AsmcliConsole } from './console.js';
import { checkCustomCertificates, wantsCustomCa } from './customCertificates.js';
import type { CustomCertificates } from './customCertificates.js';
import { DEFAULT_ASM_REVISION } from './version.js';

export interface AsmcliRequest {
  readonly args: AsmcliArguments;
  readonly ca: 'citadel' | 'mesh_ca';
  readonly revision: string;
  readonly fleet: string;
  readonly cluster: MeshFileCluster;
  /** Undefined: asmcli writes one into the output directory. */
  readonly kubeconfig: string | undefined;
  readonly certificates: CustomCertificates | undefined;
  /** Absolute, in the order given. */
  readonly customOverlays: readonly string[];
}

const MAX_REVISION_LENGTH = 63;
/** asmcli takes capitals, and a digit in front. */
const REVISION = /^[a-zA-Z0-9]([-a-zA-Z0-9]*[a-zA-Z0-9])?$/u;
const CLUSTER_OPTIONS = ['projectId', 'clusterLocation', 'clusterName'] as const;
const ENABLING: readonly Flag[] = [
  'enableAll', 'enableClusterRoles', 'enableClusterLabels', 'enableGcpApis', 'enableGcpIamRoles', 'enableGcpComponents',
  'enableRegistration', 'enableNamespaceCreation',
];

function checkRevision(revision: string, say: AsmcliConsole): void {
  if (revision.length > MAX_REVISION_LENGTH) say.fatal(`Revision label cannot be longer than ${MAX_REVISION_LENGTH}.`);
  if (!REVISION.test(revision)) say.fatal('Revision label does not follow RFC 1123 formatting convention.');
}

function checkManaged({ flags, ca, revisionName, customOverlays, ...args }: AsmcliArguments, say: AsmcliConsole): void {
  if (!flags.has('managed')) return;
  if (ca === 'citadel') say.fatal('Citadel is not supported with managed control plane.');
  if (wantsCustomCa({ flags, customOverlays, ...args })) {
    say.fatal('Specifying a custom CA with managed control plane is not supported.');
  }
  if (revisionName !== undefined) say.fatal('Specifying a revision label with managed control plane is not supported.');
  if (customOverlays.length > 0) say.fatal('Specifying a custom overlay file with managed control plane is not supported.');
}

interface ChosenCluster {
  /** Undefined when it could not be told which cluster is meant. */
  readonly contextName: string | undefined;
  readonly kubeconfig: string | undefined;
}

/** Either a kubeconfig or the three options, never both; what is missing is warned of, and refused together later. */
async function chooseCluster(args: AsmcliArguments, io: StandInIo, say: AsmcliConsole): Promise<ChosenCluster> {
  const given = CLUSTER_OPTIONS.filter((option) => args[option] !== undefined);
  if (given.length > 0 && args.kubeconfig !== undefined) {
    say.fatalWithUsage(
      'Incompatible arguments. Kubeconfig cannot be used in conjunction with [--cluster_location|--cluster_name|--project_id].',
    );
  }
  if (args.kubeconfig !== undefined) return chooseContext(args, io, say);
  if (given.length === 0) {
    say.warn(
      'At least one of the following is required: 1) --kubeconfig or 2) --cluster_location, --cluster_name, --project_id',
    );
  } else if (given.length < CLUSTER_OPTIONS.length) {
    say.warn('Missing one or more required options for [CLUSTER_LOCATION|CLUSTER_NAME|PROJECT_ID]');
  } else {
    return { contextName: `gke_${CLUSTER_OPTIONS.map((option) => args[option]).join('_')}`, kubeconfig: undefined };
  }
  return { contextName: undefined, kubeconfig: undefined };
}

async function chooseContext(
  { kubeconfig = '', context: asked, flags }: AsmcliArguments,
  io: StandInIo,
  say: AsmcliConsole,
): Promise<ChosenCluster> {
  const verbose = flags.has('verbose');
  // Nobody has expanded `$PWD` or `~` in quotes: such a file is not there.
  const path = absolutePath(io, kubeconfig);
  const document = await readKubeconfig(path);
  const context = asked ?? textAt(document, 'current-context');
  if (context === '') {
    say.warn(
      'Missing current-context in the KUBECONFIG. Please provide context with --context flag or set a current-context in the KUBECONFIG',
    );
    return { contextName: undefined, kubeconfig: path };
  }
  say.info(`Reading cluster information for ${context}`);
  const found = contextIn(document, context);
  if (found === undefined) {
    // asmcli throws away what kubectl says, and `set -e` ends it without a word.
    if (verbose) io.stderr.write(`error: context "${context}" does not exist\n`);
    throw new StandInExit(EXIT_FAILED);
  }
  return { contextName: found.cluster, kubeconfig: path };
}

function absoluteOverlays(args: AsmcliArguments, io: StandInIo, say: AsmcliConsole): readonly string[] {
  return args.customOverlays.map((overlay) => {
    const path = absolutePath(io, overlay);
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) say.fatal(`Couldn't find yaml file ${overlay}.`);
    return path;
  });
}

function checkFlags(args: AsmcliArguments, isValidating: boolean, io: StandInIo, say: AsmcliConsole): void {
  const enables = ENABLING.some((flag) => args.flags.has(flag));
  if (enables && isValidating) say.fatal('validation cannot be run with any --enable* flag');
  if (!enables && args.flags.has('onlyEnable')) say.fatal('You must specify at least one --enable* flag with --only_enable');
  if ((args.serviceAccount === undefined) !== (args.keyFile === undefined)) {
    say.fatal('Service account and key file must be used together.');
  }
  if (args.keyFile !== undefined && statSync(absolutePath(io, args.keyFile), { throwIfNoEntry: false })?.isFile() !== true) {
    say.fatal(`Couldn't find key file ${args.keyFile}.`);
  }
}

function checkChoices(args: AsmcliArguments, ca: string, say: AsmcliConsole): void {
  if (args.flags.has('managedCertificates') && args.ca !== undefined) {
    say.fatal('When --managed_certificates is enabled, the --ca option should not be specified.');
  }
  if (args.revisionName !== undefined) checkRevision(args.revisionName, say);
  checkManaged(args, say);
  if (!['gcp', 'multicloud'].includes(args.platform ?? 'gcp')) say.fatal("PLATFORM must be one of 'gcp', 'multicloud'");
  if (args.channel !== undefined && !['regular', 'stable', 'rapid'].includes(args.channel)) {
    say.fatal("CHANNEL must be one of 'regular', 'stable', 'rapid'");
  }
  if (!['citadel', 'mesh_ca', 'gcp_cas', 'managed_cas'].includes(ca)) say.fatal("CA must be one of 'citadel', 'mesh_ca', 'gcp_cas'");
}

/** What a rehearsal has not: said in its own name, before anything is done. */
function checkPlayable(args: AsmcliArguments, ca: string, say: AsmcliConsole): void {
  const unplayed =
    args.flags.has('managed') ? 'a managed control plane'
    : ca === 'gcp_cas' || ca === 'managed_cas' || args.flags.has('managedCertificates') ? `--ca ${ca}`
    : args.platform === 'multicloud' ? '--platform multicloud'
    : undefined;
  if (unplayed !== undefined) say.fatal(`The rehearsal mesh does not play ${unplayed}.`);
}

/** Ends asmcli with its own message on the first thing that is wrong, in its order. */
export async function checkArguments(
  args: AsmcliArguments,
  mesh: MeshFile,
  isValidating: boolean,
  io: StandInIo,
  say: AsmcliConsole,
): Promise<AsmcliRequest> {
  const ca = args.ca ?? (args.flags.has('managedCertificates') ? 'managed_cas' : 'mesh_ca');
  checkChoices(args, ca, say);
  const { contextName, kubeconfig } = await chooseCluster(args, io, say);
  const certificates = wantsCustomCa(args) ? checkCustomCertificates(args, ca, io, say) : undefined;
  if (args.flags.has('offline') && args.outputDir === undefined) say.warn('Output directory must be specified in offline mode.');
  if (contextName === undefined || (args.flags.has('offline') && args.outputDir === undefined)) {
    return say.fatalWithUsage('Missing one or more required options.');
  }
  checkFlags(args, isValidating, io, say);
  const customOverlays = absoluteOverlays(args, io, say);
  checkPlayable(args, ca, say);
  const cluster = await findCluster(mesh, contextName, { args, kubeconfig }, say);
  return {
    args,
    ca: ca === 'citadel' ? 'citadel' : 'mesh_ca',
    revision: args.revisionName ?? DEFAULT_ASM_REVISION,
    fleet: args.fleetId ?? cluster.project,
    cluster,
    kubeconfig,
    certificates,
    customOverlays,
  };
}

/** The stand-in acts on its own rehearsal alone: neither another cluster of that name nor another server will do. */
async function findCluster(
  mesh: MeshFile,
  contextName: string,
  { args, kubeconfig }: { readonly args: AsmcliArguments; readonly kubeconfig: string | undefined },
  say: AsmcliConsole,
): Promise<MeshFileCluster> {
  const cluster = mesh.clusters.find((candidate) => candidate.contextName === contextName);
  if (cluster === undefined) {
    const [, project = '', location = '', name = ''] = contextName.split('_');
    return say.fatal(
      `Unable to find cluster ${location}/${name}.\n` +
        'Please verify the spelling and try again. To see a list of your clusters, in\nthis project, run:\n' +
        `  gcloud container clusters list --format='value(name,zone)' --project="${project}"`,
    );
  }
  if (kubeconfig === undefined) return cluster;
  const document = await readKubeconfig(kubeconfig);
  const found = contextIn(document, args.context ?? textAt(document, 'current-context'));
  if (found?.server !== cluster.server) {
    return say.fatal(`${found?.server ?? contextName} is not of this rehearsal, and its asmcli touches nothing else.`);
  }
  // Permissions are those of whoever runs it.
  return { ...cluster, token: found.token };
}
