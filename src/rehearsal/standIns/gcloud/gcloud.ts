// The stand-in for gcloud: credentials and descriptions of the rehearsal's clusters, in gcloud's words; everything else is refused.
import { parseArgs } from 'node:util';
import { readCloudCluster, readFleet } from '../cloudRecord.js';
import { NO_REHEARSAL, readMeshFile } from '../meshFile.js';
import type { MeshFile, MeshFileCluster } from '../meshFile.js';
import type { StandIn, StandInIo } from '../standInIo.js';
import { ACCOUNT } from '../asmcli/run.js';
import { kubeconfigPath, writeCredentials } from './credentials.js';
import { membershipRecord, shortMembership } from './memberships.js';
import { renderRecords } from './output.js';

/** gcloud's own codes: a refused request, and a command line that is wrong. */
const EXIT_ERROR = 1;
const EXIT_USAGE = 2;
const SDK_VERSION = '502.0.0';
const KUBERNETES_VERSION = '1.32.4-gke.1106006';

const OPTIONS = {
  project: { type: 'string' },
  region: { type: 'string' },
  zone: { type: 'string', short: 'z' },
  location: { type: 'string' },
  format: { type: 'string' },
  filter: { type: 'string' },
  account: { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  'internal-ip': { type: 'boolean' },
  'dns-endpoint': { type: 'boolean' },
  version: { type: 'boolean', short: 'v' },
} as const;

interface Invocation {
  readonly operands: readonly string[];
  readonly values: ReturnType<typeof readArguments>['values'];
  readonly mesh: MeshFile;
  readonly io: StandInIo;
}

/** A command that gcloud refuses: the text behind `ERROR: (gcloud.…) `. */
class Refusal extends Error {
  readonly code: number;

  constructor(message: string, code = EXIT_ERROR) {
    super(message);
    this.code = code;
  }
}

function readArguments(args: readonly string[]) {
  return parseArgs({ args: [...args], options: OPTIONS, strict: true, allowPositionals: true });
}

function projectOf({ values, mesh }: Invocation): string {
  const project = values.project ?? mesh.clusters[0]?.project ?? '';
  if (project !== mesh.fleet && mesh.clusters.every((cluster) => cluster.project !== project)) {
    throw new Refusal(
      `ResponseError: code=403, message=Permission denied on resource project ${project} (there are only rehearsal projects here).`,
    );
  }
  return project;
}

/** One of --region, --zone and --location; any of them takes a region or a zone, as in life. */
function locationOf({ values }: Invocation): string {
  const { region, zone, location } = values;
  if (region !== undefined && zone !== undefined) {
    throw new Refusal('argument --region: At most one of --location | --region | --zone can be specified.', EXIT_USAGE);
  }
  const chosen = location ?? region ?? zone;
  if (chosen === undefined) {
    throw new Refusal('One of [--location, --zone, --region] must be supplied: Please specify location.');
  }
  return chosen;
}

/** The cluster that is asked for, in the place that is asked for; elsewhere gcloud says where it may be meant. */
function clusterOf(invocation: Invocation): MeshFileCluster {
  const { operands, mesh } = invocation;
  const [name] = operands;
  if (name === undefined) throw new Refusal('argument NAME: Must be specified.', EXIT_USAGE);
  const project = projectOf(invocation);
  const location = locationOf(invocation);
  const named = mesh.clusters.filter((cluster) => cluster.project === project && cluster.name === name);
  const found = named.find((cluster) => cluster.location === location);
  if (found !== undefined) return found;
  const notFound = `ResponseError: code=404, message=Not found: projects/${project}/locations/${location}/clusters/${name}.`;
  const elsewhere = named[0];
  throw new Refusal(
    elsewhere === undefined
      ? `${notFound}\nNo cluster named '${name}' in ${project}.`
      : `${notFound}\nCould not find [${name}] in [${location}].\nDid you mean [${name}] in [${elsewhere.location}]?`,
  );
}

async function getCredentials(invocation: Invocation): Promise<void> {
  const { io } = invocation;
  const cluster = clusterOf(invocation);
  io.stderr.write('Fetching cluster endpoint and auth data.\n');
  const path = kubeconfigPath(io);
  try {
    await writeCredentials(path, cluster);
  } catch (error) {
    throw new Refusal(`unable to load kubeconfig for ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  io.stderr.write(`kubeconfig entry generated for ${cluster.name}.\n`);
}

async function clusterRecord(mesh: MeshFile, cluster: MeshFileCluster): Promise<Record<string, unknown>> {
  const { project, location, name, server, contextName } = cluster;
  const { labels } = await readCloudCluster(mesh, contextName);
  return {
    name,
    location,
    zone: location,
    currentMasterVersion: KUBERNETES_VERSION,
    endpoint: new URL(server).host,
    currentNodeVersion: KUBERNETES_VERSION,
    currentNodeCount: 3,
    status: 'RUNNING',
    network: 'default',
    resourceLabels: labels,
    selfLink: `https://container.googleapis.com/v1/projects/${project}/locations/${location}/clusters/${name}`,
    workloadIdentityConfig: { workloadPool: `${project}.svc.id.goog` },
    loggingService: 'logging.googleapis.com/kubernetes',
    monitoringService: 'monitoring.googleapis.com/kubernetes',
  };
}

async function listClusters(invocation: Invocation): Promise<void> {
  const { mesh, io, values } = invocation;
  const project = projectOf(invocation);
  const place = values.location ?? values.region ?? values.zone;
  const clusters = mesh.clusters.filter((cluster) => cluster.project === project && (place === undefined || place === cluster.location));
  const records = await Promise.all(clusters.map((cluster) => clusterRecord(mesh, cluster)));
  const columns = {
    NAME: 'name',
    LOCATION: 'location',
    MASTER_VERSION: 'currentMasterVersion',
    MASTER_IP: 'endpoint',
    NODE_VERSION: 'currentNodeVersion',
    NUM_NODES: 'currentNodeCount',
    STATUS: 'status',
  };
  io.stdout.write(renderRecords(records, values.format, columns));
}

async function describeCluster(invocation: Invocation): Promise<void> {
  const record = await clusterRecord(invocation.mesh, clusterOf(invocation));
  invocation.io.stdout.write(renderRecords([record], invocation.values.format ?? 'yaml', {}, true));
}

async function listMemberships(invocation: Invocation): Promise<void> {
  const { mesh, io, values } = invocation;
  const project = projectOf(invocation);
  const records = (await readFleet(mesh, project)).map((member) => membershipRecord(project, member));
  if (records.length === 0 && values.format === undefined) io.stderr.write('Listed 0 items.\n');
  else io.stdout.write(renderRecords(records, values.format, { NAME: 'name', UNIQUE_ID: 'uniqueId', LOCATION: 'location' }, false, shortMembership));
}

function getValue(invocation: Invocation): Promise<void> {
  const { operands, io, mesh } = invocation;
  const [property = ''] = operands;
  const value = { account: ACCOUNT, project: mesh.clusters[0]?.project }[property.replace(/^core\//u, '')];
  if (value === undefined) io.stderr.write('(unset)\n');
  else io.stdout.write(`${value}\n`);
  return Promise.resolve();
}

const COMMANDS: Readonly<Record<string, (invocation: Invocation) => Promise<void>>> = {
  'container clusters get-credentials': getCredentials,
  'container clusters list': listClusters,
  'container clusters describe': describeCluster,
  'container fleet memberships list': listMemberships,
  'container hub memberships list': listMemberships,
  'config get-value': getValue,
  'config get': getValue,
};

/** The longest command that the operands begin with. */
function findCommand(operands: readonly string[]): string | undefined {
  const names = Object.keys(COMMANDS).filter((name) => `${operands.join(' ')} `.startsWith(`${name} `));
  return names.sort((a, b) => b.length - a.length)[0];
}

async function runCommand(args: readonly string[], mesh: MeshFile, io: StandInIo): Promise<number> {
  const words = args.filter((argument) => !argument.startsWith('-'));
  const name = findCommand(words);
  const path = (name ?? words.slice(0, 3).join(' ')).replaceAll(' ', '.');
  try {
    if (name === undefined) throw new Refusal(`Invalid choice: the rehearsal mesh has no "gcloud ${words.join(' ')}".`, EXIT_USAGE);
    const { values, positionals } = readArguments(args);
    await COMMANDS[name]?.({ operands: positionals.slice(name.split(' ').length), values, mesh, io });
    return 0;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    io.stderr.write(`ERROR: (gcloud${path === '' ? '' : `.${path}`}) ${message}\n`);
    return error instanceof Refusal ? error.code : EXIT_USAGE;
  }
}

export const runGcloud: StandIn = async (args, io) => {
  if (args.length === 1 && (args[0] === '--version' || args[0] === '-v' || args[0] === 'version')) {
    io.stdout.write(`Google Cloud SDK ${SDK_VERSION}\nrehearsal ${SDK_VERSION}\n`);
    return 0;
  }
  const mesh = await readMeshFile(io.env);
  if (mesh === undefined) {
    io.stderr.write(`ERROR: (gcloud) ${NO_REHEARSAL}\n`);
    return EXIT_ERROR;
  }
  return runCommand(args, mesh, io);
};
