// What asmcli checks, and with its --enable flags brings about, before it installs (validate in asmcli/commands/validate.sh).
import { ISTIO_NAMESPACE } from '../../../shared/istioNames.js';
import { membershipObject } from '../../mesh/installation/fleetMembership.js';
import { meshIdOf, readCloudCluster, writeCloudCluster } from '../cloudRecord.js';
import type { CloudCluster } from '../cloudRecord.js';
import { ask } from '../standInIo.js';
import type { Flag } from './arguments.js';
import type { AsmcliRun } from './run.js';
import { ACCOUNT } from './run.js';

const GATEWAY = 'istio-ingressgateway';
const ENABLE_ALL_HINT = 'Alternatively, use --enable_all|-e to allow this tool to handle all dependencies.';

function mayEnable({ request, isValidating }: AsmcliRun, flag: Flag): boolean {
  const { flags } = request.args;
  return !isValidating && (flags.has('enableAll') || flags.has(flag));
}

/** Whether the cluster is a member; a member of another fleet ends asmcli. */
function checkMembership({ say, request }: AsmcliRun, { membership }: CloudCluster): boolean {
  say.info('Verifying cluster registration.');
  if (membership === undefined) return false;
  const { fleet } = request;
  if (membership.fleet !== fleet) {
    say.fatal(
      `Cluster is registered in the project ${membership.fleet}, but the required Fleet project is ${fleet}.\n` +
        `Please ensure that the cluster is registered to the ${fleet} project.`,
    );
  }
  say.info(`Verified cluster is registered to ${fleet}`);
  return true;
}

function checkProject({ say, request, mesh }: AsmcliRun): void {
  const { fleet } = request;
  say.info(`Checking for project ${fleet}...`);
  if (fleet === mesh.fleet || mesh.clusters.some(({ project }) => project === fleet)) return;
  say.fatal(
    `Unable to find project ${fleet}. Please verify the spelling and try\nagain. To see a list of your projects, run:\n` +
      "  gcloud projects list --format='value(project_id)'",
  );
}

async function checkRegistration(run: AsmcliRun, cloud: CloudCluster): Promise<CloudCluster> {
  const { say, request } = run;
  if (!mayEnable(run, 'enableRegistration') || checkMembership(run, cloud)) return cloud;
  if (mayEnable(run, 'enableGcpIamRoles')) say.info(`Binding user:${ACCOUNT} to required IAM roles...`);
  const { project, location, name, contextName } = request.cluster;
  say.info(`Registering the cluster as ${name}...`);
  const registered = { ...cloud, membership: { fleet: request.fleet, name } };
  const command = `gcloud container hub memberships register ${name} --project=${request.fleet} --enable-workload-identity`;
  await run.does(command, async () => {
    await writeCloudCluster(run.mesh, contextName, registered);
    await run.cluster.replace(membershipObject({ fleetProject: request.fleet, project, location, cluster: name }));
  });
  return registered;
}

async function checkLabels(run: AsmcliRun, cloud: CloudCluster): Promise<void> {
  const { say, request } = run;
  const { location, name, project, contextName } = request.cluster;
  const wanted = meshIdOf(request.fleet);
  say.info(`Reading labels for ${location}/${name}...`);
  if (cloud.labels.mesh_id === wanted) return;
  if (mayEnable(run, 'enableClusterLabels')) {
    say.info(`Adding labels to ${location}/${name}...`);
    const labels = { ...cloud.labels, mesh_id: wanted };
    const command = `gcloud container clusters update ${name} --project=${project} --zone=${location} --update-labels=mesh_id=${wanted}`;
    await run.does(command, () => writeCloudCluster(run.mesh, contextName, { ...cloud, labels }));
    return;
  }
  say.warn(`Cluster label not found - mesh_id=${wanted}`);
  say.validationError(
    'One or more required cluster labels were not found. Please label them and retry,\n' +
      "or run the script with the '--enable_cluster_labels' flag to allow the script\n" +
      `to enable them on your behalf.\n${ENABLE_ALL_HINT}`,
  );
}

async function checkNamespace(run: AsmcliRun): Promise<void> {
  const { say, cluster } = run;
  const exists = async (): Promise<boolean> => (await cluster.get('Namespace', undefined, ISTIO_NAMESPACE)) !== undefined;
  if (mayEnable(run, 'enableNamespaceCreation')) {
    say.info('Creating istio-system namespace...');
    if (await exists()) return;
    const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: ISTIO_NAMESPACE } };
    await run.does(`kubectl create ns ${ISTIO_NAMESPACE}`, () => cluster.create(namespace));
    return;
  }
  say.info('Checking for istio-system namespace...');
  if (await exists()) return;
  say.validationError(
    'The istio-system namespace doesn\'t exist.\nPlease create the "istio-system" and retry, or run the script with the\n' +
      `'--enable_namespace_creation' flag to allow the script to enable it on your behalf.\n${ENABLE_ALL_HINT}`,
  );
}

async function checkNoIngressGateway({ request, cluster, io, say }: AsmcliRun): Promise<void> {
  const overlays = [...request.args.options, ...request.customOverlays];
  if (overlays.some((name) => name.includes('legacy-default-ingressgateway') || name.includes('iap-operator'))) return;
  const service = await cluster.get('Service', ISTIO_NAMESPACE, GATEWAY);
  const deployment = await cluster.get('Deployment', ISTIO_NAMESPACE, GATEWAY);
  if (service === undefined && deployment === undefined) return;
  say.warn('We detected an ASM ingress gateway currently running in the cluster that');
  say.warn('will be disabled if installation continues. If this is not intended, please enter');
  say.warn("N and re-run the tool with the '--option legacy-default-ingressgateway'.");
  const answer = await ask(io, 'Continue? [y/N] ');
  if (!/^(y|yes)$/iu.test(answer?.trim() ?? '')) say.fatal('Stopping installation at user request.');
}

async function checkEnvironment(run: AsmcliRun): Promise<void> {
  const { say, request, cluster } = run;
  const { project, location, name } = request.cluster;
  say.info(`Confirming node pool requirements for ${project}/${location}/${name}...`);
  say.info('Checking Istio installations...');
  const deployments = await cluster.list('Deployment', undefined, '');
  if (deployments.some(({ metadata }) => metadata.name.includes('istiod') && metadata.namespace !== ISTIO_NAMESPACE)) {
    say.validationError(
      'found istiod deployment outside of istio-system namespace. This installer\ndoes not support that configuration.',
    );
  }
  await checkNoIngressGateway(run);
}

function initialiseMeshconfig(run: AsmcliRun, cloud: CloudCluster): void {
  const { say, request } = run;
  if (mayEnable(run, 'enableGcpComponents') || mayEnable(run, 'enableMeshconfigInit')) {
    say.info('Initializing meshconfig API...');
    if (cloud.membership !== undefined) {
      say.info(`Cluster has Membership ID ${cloud.membership.name} in the Hub of project ${request.fleet}`);
    }
  } else if (request.fleet === request.cluster.project) {
    say.warn('There is no way to validate that the meshconfig API has been initialized.');
    say.warn('This needs to happen once per GCP project. If the API has not been initialized');
    say.warn(`for ${request.cluster.project}, please re-run this tool with the --enable_gcp_components`);
    say.warn('flag. Otherwise, installation will succeed but Anthos Service Mesh');
    say.warn('will not function correctly.');
  }
}

/** Everything before the installation, in asmcli's order. Ends asmcli on what it cannot bring about. */
export async function meetRequirements(run: AsmcliRun): Promise<void> {
  const { say, mesh, request } = run;
  let cloud = await readCloudCluster(mesh, request.cluster.contextName);
  checkMembership(run, cloud);
  say.info(mayEnable(run, 'enableGcpApis') ? 'Enabling required APIs...' : 'Checking required APIs...');
  cloud = await checkRegistration(run, cloud);
  checkProject(run);
  await checkLabels(run, cloud);
  if (mayEnable(run, 'enableClusterRoles')) {
    say.info('Querying for core/account...');
    say.info(`Binding ${ACCOUNT} to cluster admin role...`);
  }
  await checkNamespace(run);
  await checkEnvironment(run);
  initialiseMeshconfig(run, cloud);
  if (mayEnable(run, 'enableGcpIamRoles')) say.info(`Binding user:${ACCOUNT} to required IAM roles...`);
}
