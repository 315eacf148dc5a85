// asmcli's stand-in at work on a rehearsal: what it asks, finds in its way, writes, and leaves in the cluster.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { textAt, valueAt } from '../../../../src/rehearsal/api/json.js';
import type { StoredObject } from '../../../../src/rehearsal/kubeObject.js';
import { runAsmcli } from '../../../../src/rehearsal/standIns/asmcli/asmcli.js';
import { makeCaFiles } from '../../../support/opensslFiles.js';
import { runStandIn } from '../../../support/standInProcess.js';
import type { StandInRun } from '../../../support/standInProcess.js';
import { startStandInRehearsal } from '../../../support/standInRehearsal.js';
import type { StandInRehearsal } from '../../../support/standInRehearsal.js';

const REVISION_1 = 'asm-1232-2-distribute-root';
const REVISION_2 = 'asm-1232-2-meshca-ca-migration';
const CITADEL = ['--ca', 'citadel', '--option', 'ca-migration-citadel', '--revision_name', REVISION_1];
const MESH_CA = ['--ca', 'mesh_ca', '--option', 'ca-migration-meshca', '--revision_name', REVISION_2];

describe('asmcli install', function () {
  this.timeout(60_000);
  let mesh: StandInRehearsal;
  const asmcli = (subcommand: string, args: readonly string[], input = '', at = 0): Promise<StandInRun> => {
    const context = mesh.rehearsal.clusters[at]?.contextName ?? '';
    const pinned = ['--kubeconfig', path.join(mesh.folder, 'kubeconfig'), '--context', context];
    return runStandIn(runAsmcli, [subcommand, ...pinned, ...args], { cwd: mesh.folder, env: mesh.env, input });
  };
  const install = (...args: readonly string[]): Promise<StandInRun> =>
    asmcli('install', ['--output_dir', 'out', '--enable_all', '--fleet_id', 'rehearsal-project', ...args], 'y\n');
  const installOnTheOther = (...args: readonly string[]): Promise<StandInRun> =>
    asmcli('install', ['--output_dir', 'other', '--enable_all', ...args], 'y\n', 1);
  const object = (resource: string, name: string): StoredObject | undefined =>
    mesh.rehearsal.clusters[0]?.store.get(resource, resource === 'namespaces' ? undefined : 'istio-system', name);
  const meshConfig = (revision: string): unknown => parse(textAt(object('configmaps', `istio-${revision}`), 'data', 'mesh'));

  // One rehearsal for all: its CAs take seconds to make, and each test installs beside what is there.
  before(async () => {
    mesh = await startStandInRehearsal('istio-default');
  });
  after(() => mesh.stop());

  it('asks because of the live gateway, and stops at once where nobody can be asked', async () => {
    const { code, stderr } = await asmcli('install', ['--output_dir', 'out', '--enable_all', ...CITADEL]);
    assert.equal(code, 2);
    assert.match(
      stderr,
      /\[WARNING\]: N and re-run the tool with the '--option legacy-default-ingressgateway'\.\nasmcli: \[ERROR\]: Stopping installation at user request\.\n$/u,
    );
    assert.equal(object('deployments.apps', `istiod-${REVISION_1}`), undefined);
    const refused = await asmcli('install', ['--output_dir', 'out', '--enable_all', ...CITADEL], 'n\n');
    assert.equal(refused.code, 2);
  });

  it('installs the control plane of phase 1: Citadel signs, and the Mesh CA root is handed out', async () => {
    const { code, stderr } = await install(...CITADEL);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /asmcli: Successfully installed ASM\.\n$/u);
    assert.equal(textAt(object('deployments.apps', `istiod-${REVISION_1}`), 'status', 'availableReplicas'), '2');
    const config = meshConfig(REVISION_1);
    assert.equal(textAt(config, 'caCertificates', 0, 'pem').trim(), mesh.rehearsal.meshCaRootPem.trim());
    assert.equal(textAt(config, 'trustDomain'), 'cluster.local');
    assert.deepEqual(valueAt(config, ['trustDomainAliases']), ['rehearsal-project.svc.id.goog']);
    assert.equal(textAt(config, 'defaultConfig', 'proxyMetadata', 'PROXY_CONFIG_XDS_AGENT'), 'true');
  });

  it('hands out no second root when the option was forgotten', async () => {
    const { code, stderr } = await install('--ca', 'citadel', '--revision_name', 'asm-plain');
    assert.equal(code, 0, stderr);
    assert.equal(valueAt(meshConfig('asm-plain'), ['caCertificates']), undefined);
    assert.doesNotMatch(JSON.stringify(object('deployments.apps', 'istiod-asm-plain')), /ISTIO_MULTIROOT_MESH/u);
  });

  it('installs the control plane of phase 2: identities of the fleet, and every alias that was in use', async () => {
    const { code, stderr } = await install(...MESH_CA);
    assert.equal(code, 0, stderr);
    const config = meshConfig(REVISION_2);
    assert.equal(textAt(config, 'trustDomain'), 'rehearsal-project.svc.id.goog');
    assert.deepEqual(valueAt(config, ['trustDomainAliases']), ['rehearsal-project.hub.id.goog', 'cluster.local']);
    const deployment = JSON.stringify(object('deployments.apps', `istiod-${REVISION_2}`));
    assert.match(deployment, /"ENABLE_CA_SERVER","value":"false"/u);
  });

  it('writes istioctl, the package with this revision and the version into the output directory, over what an earlier run left', async () => {
    assert.equal((await install(...CITADEL)).code, 0);
    const file = (name: string): string => path.join(mesh.folder, 'out', name);
    const service = (): unknown => parse(readFileSync(file('asm/istio/istiod-service.yaml'), 'utf8'));
    assert.equal(textAt(service(), 'metadata', 'labels', 'istio.io/rev'), REVISION_1);
    assert.equal(readlinkSync(file('istioctl')), 'istio-1.23.2-asm.2/bin/istioctl');
    assert.equal(readFileSync(file('.asm_version'), 'utf8'), '1.23.2-asm.2+config1\n');
    assert.ok(existsSync(file(`${REVISION_1}-manifest-raw.yaml`)));
    assert.equal((await install(...MESH_CA)).code, 0);
    assert.equal(textAt(service(), 'spec', 'selector', 'istio.io/rev'), REVISION_2);
  });

  it('finds an option that the package has not before anything is installed', async () => {
    const { code, stderr } = await install('--ca', 'mesh_ca', '--option', 'ca-migration-migration', '-r', REVISION_2);
    assert.equal(code, 2);
    const options = path.join(mesh.folder, 'out', 'asm/istio/options');
    assert.match(stderr, /\[ERROR\]: Couldn't find yaml file ca-migration-migration\.\nSee directory /u);
    assert.ok(stderr.endsWith(`See directory ${options} for available options.\n`));
    // What is left is no file for this or any other revision.
    assert.match(readFileSync(path.join(mesh.folder, 'out/asm/istio/istiod-service.yaml'), 'utf8'), /istio\.io\/rev: ASM_REV/u);
  });

  it('refuses certificates where the mesh has some, and names the way out', async () => {
    const files = makeCaFiles(mesh.folder);
    const flags = ['--ca_cert', files.caCert, '--ca_key', files.caKey, '--root_cert', files.rootCert, '--cert_chain', files.certChain];
    const { code, stderr } = await install(...CITADEL, ...flags);
    assert.equal(code, 2);
    assert.ok(
      stderr.endsWith(
        'asmcli: [ERROR]: Custom certificates already exist in the cluster. Please remove the\n' +
          "asmcli: [ERROR]: 'cacerts' secret from the 'istio-system' namespace and try again.\n" +
          'asmcli: [ERROR]: If you want to keep the same custom certificates, re-run the script\n' +
          'asmcli: [ERROR]: without any of the custom certificate flags.\n',
      ),
      stderr,
    );
  });

  it('lets Citadel have the last word on the trust domain, and an overlay the one on certificates', async () => {
    const overlay = path.join(mesh.folder, 'overlay.yaml');
    const spec = 'meshConfig: {trustDomain: corp.example, caCertificates: [{pem: mine}], accessLogFile: /dev/stdout}';
    writeFileSync(overlay, `apiVersion: install.istio.io/v1alpha1\nkind: IstioOperator\nspec: {${spec}}\n`);
    const { code, stderr } = await install(...CITADEL, '--custom_overlay', 'overlay.yaml');
    assert.equal(code, 0, stderr);
    assert.equal(textAt(meshConfig(REVISION_1), 'trustDomain'), 'cluster.local');
    assert.deepEqual(valueAt(meshConfig(REVISION_1), ['caCertificates']), [{ pem: 'mine' }]);
  });

  it('fails in the middle on a name that is too long for a Service, and says nothing of why', async () => {
    const revision = 'a'.repeat(60);
    const { code, stderr } = await install('--ca', 'citadel', '-r', revision);
    assert.equal(code, 1);
    assert.match(stderr, /Failed, retrying\.\.\.\(5 of 5\)\nasmcli: \[WARNING\]: Command 'istioctl install .*--skip-confirmation' failed\.\n$/u);
    assert.notEqual(object('deployments.apps', `istiod-${revision}`), undefined);
    assert.equal(object('services', `istiod-${revision}`), undefined);
  });

  it('rewrites the live gateway in place with the option that it recommends, without asking', async () => {
    const { code, stderr } = await install(...CITADEL, '--option', 'legacy-default-ingressgateway');
    assert.equal(code, 0, stderr);
    assert.doesNotMatch(stderr, /ingress gateway currently running/u);
    assert.equal(object('deployments.apps', 'istio-ingressgateway')?.metadata.labels?.['istio.io/rev'], REVISION_1);
  });

  it('remembers the fleet: another one is refused from then on', async () => {
    assert.equal((await install(...CITADEL)).code, 0);
    const { code, stderr } = await install(...CITADEL, '--fleet_id', 'other-project');
    assert.equal(code, 2);
    assert.match(
      stderr,
      /Cluster is registered in the project rehearsal-project, but the required Fleet project is other-project\.\nPlease ensure that the cluster is registered to the other-project project\.\n$/u,
    );
  });

  it('validates without touching anything, and goes on after what it finds', async () => {
    const { code, stderr } = await asmcli('validate', ['--output_dir', 'other'], 'y\n', 1);
    assert.equal(code, 2);
    assert.match(stderr, /Cluster label not found - mesh_id=proj-rehearsal-project/u);
    assert.match(stderr, /Checking Istio installations\.\.\./u);
    assert.match(stderr, /asmcli: \[WARNING\]: Please see the errors above\.\n$/u);
    assert.equal((await installOnTheOther(...CITADEL)).code, 0);
    const again = await asmcli('install', ['--only_validate', '--output_dir', 'other'], 'y\n', 1);
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stderr, /asmcli: Successfully validated all requirements to install ASM\.\n$/u);
  });

  it('shows its question on a terminal, and takes a word for an answer', async () => {
    const args = ['install', '-p', 'rehearsal-project', '-l', 'us-east1-b', '-n', 'cluster-2', '-D', 'asked', ...CITADEL];
    const { code, stderr } = await runStandIn(runAsmcli, args, { cwd: mesh.folder, env: mesh.env, input: 'no\n', isTty: true });
    assert.equal(code, 2);
    assert.ok(stderr.endsWith('Continue? [y/N] asmcli: [ERROR]: Stopping installation at user request.\n'), stderr);
    // Without a kubeconfig of the user's, asmcli has fetched one of its own.
    assert.equal(textAt(parse(readFileSync(path.join(mesh.folder, 'asked/asm_kubeconfig'), 'utf8')), 'current-context'), mesh.rehearsal.clusters[1]?.contextName);
  });

  it('changes nothing in a dry run', async () => {
    const { code, stderr } = await install('--ca', 'citadel', '-r', 'asm-dry', '--dry_run');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /\[WARNING\]: Would have executed: istioctl install -f /u);
    assert.equal(object('deployments.apps', 'istiod-asm-dry'), undefined);
    assert.equal(object('configmaps', 'istio-asm-dry'), undefined);
  });

  it('refuses an output directory with another version in it', async () => {
    const out = path.join(mesh.folder, 'old');
    mkdirSync(path.join(out, 'istio-1.23.2-asm.2/bin'), { recursive: true });
    mkdirSync(path.join(out, 'asm/istio'), { recursive: true });
    writeFileSync(path.join(out, 'istio-1.23.2-asm.2/bin/istioctl'), '');
    writeFileSync(path.join(out, 'asm/istio/istio-operator.yaml'), '');
    writeFileSync(path.join(out, '.asm_version'), '1.20.8-asm.0+config1\n');
    const { code, stderr } = await install(...CITADEL, '--output_dir', 'old');
    assert.equal(code, 2);
    assert.match(stderr, /is from a different version\.\nExisting: 1\.20\.8-asm\.0\+config1\nCurrent: 1\.23\.2-asm\.2\+config1\n/u);
  });
});
