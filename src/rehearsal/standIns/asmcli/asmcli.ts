// The stand-in for asmcli 1.23.2-asm.2: takes its arguments, refuses and asks as it does, and installs on the rehearsal's clusters.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as passed } from 'node:timers/promises';
import { stringify } from 'yaml';
import { ISTIO_NAMESPACE, REVISION_LABEL } from '../../../shared/istioNames.js';
import { istiodService } from '../../mesh/installation/istiodWorkload.js';
import { meshIdOf } from '../cloudRecord.js';
import { createClusterClient } from '../clusterClient.js';
import { writeCredentials } from '../gcloud/credentials.js';
import { NO_REHEARSAL, readMeshFile } from '../meshFile.js';
import type { MeshFile } from '../meshFile.js';
import { StandInExit, untilExit } from '../standInIo.js';
import type { StandIn, StandInIo } from '../standInIo.js';
import { environmentOptions, parseArguments } from './arguments.js';
import type { AsmcliArguments } from './arguments.js';
import { installCertificates } from './caSecret.js';
import { createConsole, EXIT_FAILED, EXIT_FATAL } from './console.js';
import type { AsmcliConsole } from './console.js';
import { installCanonicalController, installIstio } from './istioInstallation.js';
import { UNSET_REVISION } from './optionFiles.js';
import { controlPlaneOf, hasIngressGateway, mergeOperators } from './operatorSpec.js';
import { sayWhatIsWhere } from './outro.js';
import { checkArguments } from './request.js';
import type { AsmcliRequest } from './request.js';
import { meetRequirements } from './requirements.js';
import type { AsmcliRun } from './run.js';
import { trustDomainAliases } from './trustDomainAliases.js';
import { EXPERIMENTAL_USAGE, SHORT_USAGE } from './usage.js';
import { ASMCLI_VERSION } from './version.js';
import { configurePackage, downloadRelease, openOutputDirectory, operatorFiles } from './workspace.js';

const RETRY_MS = 2000;
const ISTIOCTL_TRIES = 5;

/** A run whose arguments have passed; `directory` is where it works. */
interface PreparedRun extends AsmcliRun {
  readonly directory: string;
}

function createRun(request: AsmcliRequest, mesh: MeshFile, isValidating: boolean, io: StandInIo, say: AsmcliConsole): AsmcliRun {
  const isDry = request.args.flags.has('dryRun');
  return {
    request,
    mesh,
    cluster: createClusterClient(request.cluster),
    io,
    say,
    isValidating,
    pause: async (ms) => { await passed(ms / mesh.speed); },
    async does(command, act) {
      if (isDry) say.warn(`Would have executed: ${command}`);
      else await act();
    },
  };
}

async function prepareEnvironment(run: AsmcliRun): Promise<PreparedRun> {
  const { request, io, say, mesh } = run;
  const directory = openOutputDirectory(request.args.outputDir, io, say);
  const kubeconfig = request.kubeconfig ?? join(directory, 'asm_kubeconfig');
  say.info(`Using ${kubeconfig} as the kubeconfig...`);
  say.info('Checking installation tool dependencies...');
  if (request.kubeconfig === undefined) {
    say.info('Fetching/writing GCP credentials to kubeconfig file...');
    await writeCredentials(kubeconfig, request.cluster);
  }
  say.info('Getting account information...');
  downloadRelease(directory, request.ca, mesh, say);
  const unset = { meshCaRootPem: mesh.meshCaRootPem, meshId: '', trustDomainAliases: [] };
  configurePackage(directory, { ...request, revision: UNSET_REVISION }, unset);
  // An option that the package has not is found out here, long before anything is installed.
  operatorFiles(directory, request, say);
  return { ...run, directory };
}

async function configure({ directory, ...run }: PreparedRun): Promise<void> {
  const { request, mesh, say } = run;
  say.info('Configuring kpt package...');
  const aliases = request.ca === 'mesh_ca' ? await trustDomainAliases(run) : [];
  configurePackage(directory, request, { meshCaRootPem: mesh.meshCaRootPem, meshId: meshIdOf(request.fleet), trustDomainAliases: aliases });
}

async function labelNetwork({ cluster, request, say, ...run }: PreparedRun): Promise<void> {
  const label = 'topology.istio.io/network';
  const network = request.args.networkId ?? `${request.cluster.project}-default`;
  const present = (await cluster.get('Namespace', undefined, ISTIO_NAMESPACE))?.metadata.labels?.[label];
  if (present !== undefined) {
    say.info(`${label} is already set to ${present} and will NOT be overridden.`);
    return;
  }
  await run.does(`kubectl label ns ${ISTIO_NAMESPACE} ${label}=${network}`, async () => {
    await cluster.patch('Namespace', undefined, ISTIO_NAMESPACE, { metadata: { labels: { [label]: network } } });
    run.io.stdout.write(`namespace/${ISTIO_NAMESPACE} labeled\n`);
  });
}

/** `retry 5 istioctl install`: what istioctl says is seen with --verbose only. */
async function retryIstioctl(run: PreparedRun, command: string, install: () => Promise<void>): Promise<void> {
  for (let tries = 1; tries <= ISTIOCTL_TRIES; tries += 1) {
    try {
      await install();
      return;
    } catch (error) {
      if (run.request.args.flags.has('verbose')) {
        run.io.stderr.write(`Error: failed to install manifests: ${error instanceof Error ? error.message : String(error)}\n`);
      }
      run.say.warn(`Failed, retrying...(${tries} of ${ISTIOCTL_TRIES})`);
      await run.pause(RETRY_MS);
    }
  }
  run.say.warn(`Command '${command}' failed.`);
  throw new StandInExit(EXIT_FAILED);
}

async function installControlPlane(run: PreparedRun): Promise<void> {
  const { request, say, directory, cluster } = run;
  const { revision } = request;
  const files = operatorFiles(directory, request, say);
  const merged = mergeOperators(files.map((file) => readFileSync(file, 'utf8')));
  const spec = controlPlaneOf(merged, revision);
  await labelNetwork(run);
  if ((await cluster.get('Service', ISTIO_NAMESPACE, 'istiod')) === undefined) {
    say.info('Installing validation webhook fix...');
    await run.does('kubectl apply --overwrite=true -f asm/istio/istiod-service.yaml', async () => {
      const { object } = istiodService(spec, 'istiod');
      const selector = { app: 'istiod', [REVISION_LABEL]: revision };
      await cluster.apply({ ...object, spec: { ...(object.spec as object), selector } }, 'kubectl');
      run.io.stdout.write('service/istiod created\n');
    });
  }
  say.info('Installing ASM control plane...');
  const command = `istioctl install ${files.map((file) => `-f ${file}`).join(' ')} --set revision=${revision} --skip-confirmation`;
  await run.does(command, () => retryIstioctl(run, command, () => installIstio(run, spec, hasIngressGateway(merged))));
  say.info('...done!');
  const raw = stringify({ apiVersion: 'install.istio.io/v1alpha1', kind: 'IstioOperator', spec: { ...merged, revision } });
  writeFileSync(join(directory, `${revision}-manifest-raw.yaml`), raw);
  writeFileSync(join(directory, `${revision}-manifest-expanded.yaml`), raw);
}

async function install(run: PreparedRun): Promise<number> {
  await configure(run);
  const { certificates, args } = run.request;
  if (certificates !== undefined) await installCertificates(run, certificates);
  await installControlPlane(run);
  if (!args.flags.has('disableCanonicalService')) await installCanonicalController(run);
  sayWhatIsWhere(run, run.directory);
  return 0;
}

function printedInstead({ flags }: AsmcliArguments): string | undefined {
  if (flags.has('version')) return `${ASMCLI_VERSION}\n`;
  return flags.has('help') ? SHORT_USAGE : undefined;
}

/** `install`, `apply` and `validate`: the same road, which ends sooner or later. */
async function runInstaller(args: readonly string[], isValidate: boolean, io: StandInIo): Promise<number> {
  const mode = { isValidating: isValidate };
  const say = createConsole(io, () => mode.isValidating);
  const parsed = parseArguments(args, environmentOptions(io.env, say), say);
  const printed = printedInstead(parsed);
  if (printed !== undefined) {
    io.stdout.write(printed);
    return 0;
  }
  mode.isValidating ||= parsed.flags.has('onlyValidate');
  const mesh = await readMeshFile(io.env);
  if (mesh === undefined) return say.fatal(NO_REHEARSAL);
  const request = await checkArguments(parsed, mesh, mode.isValidating, io, say);
  const run = await prepareEnvironment(createRun(request, mesh, mode.isValidating, io, say));
  await meetRequirements(run);
  if (mode.isValidating) {
    if (say.validationErrors === 0) say.info('Successfully validated all requirements to install ASM.');
    else say.warn('Please see the errors above.');
    return say.validationErrors === 0 ? 0 : EXIT_FATAL;
  }
  if (parsed.flags.has('onlyEnable')) {
    say.info('Successfully performed specified --enable actions.');
    return 0;
  }
  return install(run);
}

/** What is in asmcli and not in a rehearsal: said so, and nothing done. */
function notPlayed(subcommand: string, io: StandInIo): number {
  return createConsole(io, () => false).fatal(`The rehearsal mesh does not play "asmcli ${subcommand}".`);
}

function runExperimental([subcommand, ...rest]: readonly string[], io: StandInIo): number {
  if (subcommand === undefined) {
    io.stderr.write(EXPERIMENTAL_USAGE);
    return EXIT_FATAL;
  }
  const say = createConsole(io, () => false);
  switch (subcommand.toLowerCase()) {
    case 'install':
      return say.fatal('"x install" is now included with the --managed flag in the install command.');
    case 'vm':
      if (rest[0] !== undefined && rest[0] !== 'prepare-cluster') {
        say.error(`Unknown subcommand ${rest[0]}`);
        return EXIT_FATAL;
      }
      return notPlayed('experimental vm', io);
    case 'mcp-migrate-check':
      return notPlayed('experimental mcp-migrate-check', io);
    default:
      io.stdout.write(EXPERIMENTAL_USAGE);
      return 0;
  }
}

/** Without a subcommand asmcli knows only these. */
function runHelp(args: readonly string[], io: StandInIo): number {
  const say = createConsole(io, () => false);
  const written = args.map((argument) => argument.toLowerCase());
  const unknown = args.find((_, at) => !['-v', '--verbose', '-h', '--help', '--version'].includes(written[at] ?? ''));
  if (unknown !== undefined) say.fatalWithUsage(`Unknown subcommand ${unknown}`);
  if (written.includes('--version')) io.stdout.write(`${ASMCLI_VERSION}\n`);
  else if (written.some((argument) => argument === '-h' || argument === '--help')) io.stdout.write(SHORT_USAGE);
  return 0;
}

async function runSubcommand(args: readonly string[], io: StandInIo): Promise<number> {
  const [subcommand, ...rest] = args;
  if (subcommand === undefined) {
    io.stderr.write(SHORT_USAGE);
    return EXIT_FATAL;
  }
  switch (subcommand.toLowerCase()) {
    case 'install':
    case 'apply':
      return runInstaller(rest, false, io);
    case 'validate':
      return runInstaller(rest, true, io);
    case 'experimental':
    case 'x':
      return runExperimental(rest, io);
    case 'create-mesh':
      if (rest.length < 2) return EXIT_FATAL;
      if (rest[0]?.startsWith('-') === true) return createConsole(io, () => false).fatal('First argument must be the fleet ID.');
      return notPlayed(subcommand, io);
    case 'build-offline-package':
      return notPlayed(subcommand, io);
    default:
      return runHelp(args, io);
  }
}

export const runAsmcli: StandIn = (args, io) =>
  untilExit(async () => {
    try {
      return await runSubcommand(args, io);
    } catch (error) {
      if (error instanceof StandInExit) throw error;
      // A kubectl inside it failed: what it said is thrown away in life, and `set -e` ends asmcli.
      if (args.some((argument) => argument === '-v' || argument === '--verbose')) io.stderr.write(`${String(error)}\n`);
      return EXIT_FAILED;
    }
  });
