// The stand-in for gcloud: credentials into the user's kubeconfig, descriptions of clusters, and refusals in gcloud's form.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import { runGcloud } from '../../../../src/rehearsal/standIns/gcloud/gcloud.js';
import { runStandIn } from '../../../support/standInProcess.js';
import type { StandInRun } from '../../../support/standInProcess.js';

const CONTEXTS = ['gke_rehearsal-project_us-central1_cluster-1', 'gke_rehearsal-project_us-east1-b_cluster-2'];

function rehearsalKubeconfig(): string {
  const extensions = [{ name: 'mesh-ca-migration/rehearsal', extension: { meshCaRootSha256: 'AB' } }];
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: CONTEXTS.map((name, at) => ({
      name,
      cluster: { server: `https://127.0.0.1:${7001 + at}`, 'certificate-authority-data': 'Q0E=', extensions },
    })),
    users: CONTEXTS.map((name, at) => ({ name, user: { token: `token-${at}` } })),
    contexts: CONTEXTS.map((name) => ({ name, context: { cluster: name, user: name } })),
    'current-context': '',
  });
}

describe('gcloud', () => {
  let folder: string;
  let kubeconfig: string;
  const gcloud = (...args: readonly string[]): Promise<StandInRun> =>
    runStandIn(runGcloud, args, { cwd: folder, env: { MESH_CA_REHEARSAL: folder, KUBECONFIG: `${kubeconfig}${path.delimiter}/none`, HOME: folder } });
  const getCredentials = (...args: readonly string[]): Promise<StandInRun> =>
    gcloud('container', 'clusters', 'get-credentials', ...args, '--project=rehearsal-project');
  const fails = async (code: number, stderr: string, run: Promise<StandInRun>): Promise<void> => {
    assert.deepEqual(await run, { code, stdout: '', stderr });
  };

  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-gcloud-'));
    kubeconfig = path.join(folder, 'mine');
    const own = path.join(folder, 'kubeconfig');
    writeFileSync(own, rehearsalKubeconfig());
    const record = { kubeconfigPath: own, contexts: CONTEXTS, meshCaRootPem: '', members: [CONTEXTS[0]], speed: 1, script: '', node: '' };
    writeFileSync(path.join(folder, 'mesh.json'), JSON.stringify(record));
  });
  afterEach(() => { rmSync(folder, { recursive: true, force: true }); });

  it('writes a kubeconfig for its owner alone into the first file of KUBECONFIG, and makes the cluster current', async () => {
    const { code, stdout, stderr } = await getCredentials('cluster-1', '--region=us-central1');
    assert.deepEqual(
      { code, stdout, stderr },
      { code: 0, stdout: '', stderr: 'Fetching cluster endpoint and auth data.\nkubeconfig entry generated for cluster-1.\n' },
    );
    assert.equal(statSync(kubeconfig).mode & 0o777, 0o600);
    const written: unknown = parse(readFileSync(kubeconfig, 'utf8'));
    assert.equal(textAt(written, 'current-context'), CONTEXTS[0]);
    assert.equal(textAt(written, 'clusters', 0, 'cluster', 'extensions', 0, 'name'), 'mesh-ca-migration/rehearsal');
    assert.equal(textAt(written, 'users', 0, 'user', 'token'), 'token-0');
  });

  it('keeps what else is in the file, and switches its current context', async () => {
    const mine = { apiVersion: 'v1', kind: 'Config', clusters: [{ name: 'prod', cluster: { server: 'https://prod' } }], contexts: [{ name: 'prod', context: { cluster: 'prod', user: 'me' } }], users: [{ name: 'me', user: { token: 'x' } }], 'current-context': 'prod' };
    writeFileSync(kubeconfig, stringify(mine));
    assert.equal((await getCredentials('cluster-2', '--zone', 'us-east1-b')).code, 0);
    assert.equal((await getCredentials('cluster-2', '--location', 'us-east1-b')).code, 0);
    const written: unknown = parse(readFileSync(kubeconfig, 'utf8'));
    const names = (parse(readFileSync(kubeconfig, 'utf8')) as { contexts: { name: string }[] }).contexts.map(({ name }) => name);
    assert.deepEqual(names, ['prod', CONTEXTS[1]]);
    assert.equal(textAt(written, 'current-context'), CONTEXTS[1]);
  });

  it('says where a cluster is that was looked for in the region of its zone, or not at all', async () => {
    const prefix = 'ERROR: (gcloud.container.clusters.get-credentials) ResponseError: code=404, message=Not found: projects/rehearsal-project/locations';
    await fails(
      1,
      `${prefix}/us-east1/clusters/cluster-2.\nCould not find [cluster-2] in [us-east1].\nDid you mean [cluster-2] in [us-east1-b]?\n`,
      getCredentials('cluster-2', '--region', 'us-east1'),
    );
    await fails(1, `${prefix}/us-east1/clusters/nobody.\nNo cluster named 'nobody' in rehearsal-project.\n`, getCredentials('nobody', '--region', 'us-east1'));
  });

  it('wants exactly one location', async () => {
    const prefix = 'ERROR: (gcloud.container.clusters.get-credentials)';
    await fails(1, `${prefix} One of [--location, --zone, --region] must be supplied: Please specify location.\n`, getCredentials('cluster-1'));
    await fails(
      2,
      `${prefix} argument --region: At most one of --location | --region | --zone can be specified.\n`,
      getCredentials('cluster-1', '--region', 'us-central1', '--zone', 'us-central1-a'),
    );
  });

  it('lists and describes clusters', async () => {
    const list = await gcloud('container', 'clusters', 'list', '--format=value(name,location)');
    assert.equal(list.stdout, 'cluster-1\tus-central1\ncluster-2\tus-east1-b\n');
    assert.match((await gcloud('container', 'clusters', 'list')).stdout, /^NAME +LOCATION +MASTER_VERSION .*\ncluster-1 +us-central1 /u);
    const described = await gcloud('container', 'clusters', 'describe', 'cluster-1', '--region=us-central1', '--format=json');
    assert.deepEqual((JSON.parse(described.stdout) as { resourceLabels: unknown }).resourceLabels, { mesh_id: 'proj-rehearsal-project' });
  });

  it('lists who is in the fleet', async () => {
    const { stdout } = await gcloud('container', 'fleet', 'memberships', 'list', '--format=value(name)');
    assert.equal(stdout, 'projects/rehearsal-project/locations/global/memberships/cluster-1\n');
    assert.match((await gcloud('container', 'fleet', 'memberships', 'list')).stdout, /^NAME +UNIQUE_ID +LOCATION\ncluster-1 +[0-9a-f-]{36} +global\n$/u);
    const [member] = JSON.parse((await gcloud('container', 'fleet', 'memberships', 'list', '--project=rehearsal-project', '--format=json', '--quiet')).stdout) as Record<string, unknown>[];
    const link = 'projects/rehearsal-project/locations/us-central1/clusters/cluster-1';
    assert.deepEqual([textAt(member, 'endpoint', 'gkeCluster', 'resourceLink'), textAt(member, 'authority', 'issuer')], [`//container.googleapis.com/${link}`, `https://container.googleapis.com/v1/${link}`]);
    await fails(
      1,
      'ERROR: (gcloud.container.fleet.memberships.list) ResponseError: code=403, message=Permission denied on resource project elsewhere (there are only rehearsal projects here).\n',
      gcloud('container', 'fleet', 'memberships', 'list', '--project=elsewhere', '--format=json'),
    );
  });

  it('lists members of the fleet that are no clusters of the mesh', async () => {
    const stranger = { labels: {}, membership: { fleet: 'rehearsal-project', name: 'billing' } };
    writeFileSync(path.join(folder, 'google-cloud.json'), JSON.stringify({ 'gke_rehearsal-project_europe-west1_billing': stranger }));
    const { stdout } = await gcloud('container', 'fleet', 'memberships', 'list', '--format=value(endpoint.gkeCluster.resourceLink)');
    assert.equal(stdout, '//container.googleapis.com/projects/rehearsal-project/locations/europe-west1/clusters/billing\n');
  });

  it('says who and where it is', async () => {
    assert.equal((await gcloud('config', 'get-value', 'project')).stdout, 'rehearsal-project\n');
    assert.equal((await gcloud('config', 'get-value', 'core/account')).stdout, 'rehearsal@example.com\n');
    assert.match((await gcloud('--version')).stdout, /^Google Cloud SDK /u);
  });

  it('refuses everything else by name', async () => {
    await fails(
      2,
      'ERROR: (gcloud.compute.instances.list) Invalid choice: the rehearsal mesh has no "gcloud compute instances list".\n',
      gcloud('compute', 'instances', 'list'),
    );
    const outside = await runStandIn(runGcloud, ['container', 'clusters', 'list']);
    assert.equal(outside.code, 1);
    assert.match(outside.stderr, /^ERROR: \(gcloud\) this is the stand-in of a rehearsal mesh/u);
  });
});
