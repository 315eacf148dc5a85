// What the stand-in for asmcli takes and refuses before it does anything, in asmcli's words and with its exit codes.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runAsmcli } from '../../../../src/rehearsal/standIns/asmcli/asmcli.js';
import { SHORT_USAGE } from '../../../../src/rehearsal/standIns/asmcli/usage.js';
import { makeCaFiles } from '../../../support/opensslFiles.js';
import type { CaFiles } from '../../../support/opensslFiles.js';
import { runStandIn } from '../../../support/standInProcess.js';
import type { StandInRun } from '../../../support/standInProcess.js';

const CONTEXT = 'gke_rehearsal-project_us-central1_cluster-1';
const KUBECONFIG = `apiVersion: v1
kind: Config
clusters: [{name: ${CONTEXT}, cluster: {server: https://127.0.0.1:1}}, {name: elsewhere, cluster: {server: https://10.0.0.1}}]
contexts:
- {name: ${CONTEXT}, context: {cluster: ${CONTEXT}, user: u}}
- {name: another, context: {cluster: gke_other_us-central1_prod, user: u}}
- {name: disguised, context: {cluster: elsewhere, user: u}}
users: [{name: u, user: {token: t}}]
`;

function certificateFlags({ caCert, caKey, rootCert, certChain }: CaFiles): string[] {
  return ['--ca_cert', caCert, '--ca_key', caKey, '--root_cert', rootCert, '--cert_chain', certChain];
}

describe('asmcli', () => {
  let folder: string;
  const asmcli = (...args: readonly string[]): Promise<StandInRun> =>
    runStandIn(runAsmcli, args, { cwd: folder, env: { MESH_CA_REHEARSAL: folder } });
  const here = (...args: readonly string[]): string[] => ['install', '--kubeconfig', 'kubeconfig', '--context', CONTEXT, ...args];
  /** Lines of standard error up to and with the refusal. */
  const refuses = async (args: readonly string[], ...lines: readonly string[]): Promise<void> => {
    const { code, stderr, stdout } = await asmcli(...args);
    assert.equal(stderr, lines.map((line) => `${line}\n`).join(''));
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
  };
  const READING = `asmcli: Reading cluster information for ${CONTEXT}`;
  const refusesCluster = (args: readonly string[], ...lines: readonly string[]): Promise<void> =>
    refuses(here(...args), READING, ...lines);

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-asmcli-'));
    writeFileSync(path.join(folder, 'kubeconfig'), KUBECONFIG);
    writeFileSync(
      path.join(folder, 'mesh.json'),
      JSON.stringify({ kubeconfigPath: path.join(folder, 'kubeconfig'), contexts: [CONTEXT], meshCaRootPem: '', members: [], speed: 100, script: '', node: '' }),
    );
  });
  after(() => { rmSync(folder, { recursive: true, force: true }); });

  it('says its version, with and without a subcommand', async () => {
    for (const args of [['--version'], ['install', '--version'], ['validate', '--VERSION']]) {
      assert.deepEqual(await asmcli(...args), { code: 0, stdout: '1.23.2-asm.2+config1\n', stderr: '' });
    }
  });

  it('shows its usage when asked, and on standard error when given nothing', async () => {
    assert.deepEqual(await asmcli('--help'), { code: 0, stdout: SHORT_USAGE, stderr: '' });
    assert.deepEqual(await asmcli('install', '-h'), { code: 0, stdout: SHORT_USAGE, stderr: '' });
    assert.deepEqual(await asmcli(), { code: 2, stdout: '', stderr: SHORT_USAGE });
  });

  it('refuses what it does not know, with its usage', async () => {
    const usage = SHORT_USAGE.trimEnd();
    await refuses(['instal'], 'asmcli: [ERROR]: Unknown subcommand instal', usage);
    await refuses(here('--revision'), 'asmcli: [ERROR]: Unknown option --revision', usage);
    await refuses(['x', 'install'], 'asmcli: [ERROR]: "x install" is now included with the --managed flag in the install command.');
    await refuses(['create-mesh', '--help', 'x'], 'asmcli: [ERROR]: First argument must be the fleet ID.');
  });

  it('refuses an option without its value, and one whose value looks like an option', async () => {
    await refuses(['install', '--kubeconfig'], 'asmcli: [ERROR]: Option --kubeconfig requires an argument.');
    await refuses(['install', '--ca', '--option'], 'asmcli: [ERROR]: Option --ca requires an argument.');
  });

  it('wants a kubeconfig or all of project, location and name, and never both', async () => {
    const usage = SHORT_USAGE.trimEnd();
    const missing = 'asmcli: [ERROR]: Missing one or more required options.';
    await refuses(
      ['install'],
      'asmcli: [WARNING]: At least one of the following is required: 1) --kubeconfig or 2) --cluster_location, --cluster_name, --project_id',
      missing, usage,
    );
    await refuses(['install', '-p', 'x'], 'asmcli: [WARNING]: Missing one or more required options for [CLUSTER_LOCATION|CLUSTER_NAME|PROJECT_ID]', missing, usage);
    await refuses(
      here('--project-id', 'x'),
      'asmcli: [ERROR]: Incompatible arguments. Kubeconfig cannot be used in conjunction with [--cluster_location|--cluster_name|--project_id].',
      usage,
    );
  });

  it('wants a context where the kubeconfig has no current one, which a path that nobody expanded has not either', async () => {
    for (const kubeconfig of ['kubeconfig', '$PWD/kubeconfig', '~/kubeconfig']) {
      await refuses(
        ['install', '--kubeconfig', kubeconfig],
        'asmcli: [WARNING]: Missing current-context in the KUBECONFIG. Please provide context with --context flag or set a current-context in the KUBECONFIG',
        'asmcli: [ERROR]: Missing one or more required options.',
        SHORT_USAGE.trimEnd(),
      );
    }
  });

  it('dies without a word of why when the context is not in the file, as set -e has it', async () => {
    const { code, stderr } = await asmcli('install', '--kubeconfig', '$PWD/kubeconfig', '--context', CONTEXT);
    assert.deepEqual({ code, stderr }, { code: 1, stderr: `${READING}\n` });
  });

  it('touches nothing but the clusters of its own rehearsal', async () => {
    const { code, stderr } = await asmcli('install', '--kubeconfig', 'kubeconfig', '--context', 'another');
    assert.equal(code, 2);
    assert.match(stderr, /\[ERROR\]: Unable to find cluster us-central1\/prod\.\nPlease verify the spelling and try again\./u);
    writeFileSync(path.join(folder, 'foreign'), KUBECONFIG.replace('https://127.0.0.1:1', 'https://35.1.2.3'));
    const foreign = await asmcli('install', '--kubeconfig', 'foreign', '--context', CONTEXT);
    assert.equal(foreign.code, 2);
    assert.match(foreign.stderr, /\[ERROR\]: https:\/\/35\.1\.2\.3 is not of this rehearsal/u);
  });

  it('refuses to do anything outside a rehearsal', async () => {
    const { code, stderr } = await runStandIn(runAsmcli, here(), { cwd: folder });
    assert.equal(code, 2);
    assert.match(stderr, /^asmcli: \[ERROR\]: this is the stand-in of a rehearsal mesh/u);
  });

  it('tests revision names as RFC 1123 labels with capitals, and no further', async () => {
    await refuses(here('-r', 'a'.repeat(64)), 'asmcli: [ERROR]: Revision label cannot be longer than 63.');
    for (const name of ['asm_1', 'asm.1', 'asm-']) {
      await refuses(here('--revision_name', name), 'asmcli: [ERROR]: Revision label does not follow RFC 1123 formatting convention.');
    }
    // 63 characters, a digit first, capitals: nothing is said of the name, only of what comes after.
    for (const name of ['a'.repeat(63), '1asm', 'ASM-1']) {
      await refusesCluster(['--revision_name', name, '--custom_overlay', 'none.yaml'], "asmcli: [ERROR]: Couldn't find yaml file none.yaml.");
    }
  });

  it('knows the CAs, the platforms and the channels', async () => {
    await refuses(here('--ca', 'vault'), "asmcli: [ERROR]: CA must be one of 'citadel', 'mesh_ca', 'gcp_cas'");
    await refuses(here('--platform', 'aws'), "asmcli: [ERROR]: PLATFORM must be one of 'gcp', 'multicloud'");
    await refuses(here('--channel', 'fast'), "asmcli: [ERROR]: CHANNEL must be one of 'regular', 'stable', 'rapid'");
    await refuses(here('--managed', '--ca', 'Citadel'), 'asmcli: [ERROR]: Citadel is not supported with managed control plane.');
  });

  it('refuses every certificate option with Mesh CA', async () => {
    for (const option of ['--ca_cert', '--ca_key', '--root_cert', '--cert_chain']) {
      await refusesCluster(
        ['--ca', 'mesh_ca', option, 'kubeconfig'],
        'asmcli: [ERROR]: You must select Citadel as the CA in order to use custom certificates.',
      );
    }
  });

  it('takes the four certificate files together only, and all of them have to be there', async () => {
    await refusesCluster(
      ['--ca', 'citadel', '--ca_cert', 'kubeconfig', '--ca_key', 'kubeconfig', '--root_cert', 'kubeconfig'],
      'asmcli: [ERROR]: All four certificate options must be present to use a custom cert.',
    );
    const flags = ['--ca_cert', 'kubeconfig', '--ca_key', 'none.pem', '--root_cert', 'kubeconfig', '--cert_chain', 'kubeconfig'];
    await refusesCluster(['--ca', 'citadel', ...flags], "asmcli: [ERROR]: Couldn't find file none.pem.");
  });

  it('refuses an EC key, a foreign key and a foreign root', async function () {
    this.timeout(30_000);
    const ec = makeCaFiles(folder, 'ec', 'ec-');
    const rsa = makeCaFiles(folder, 'rsa', 'rsa-');
    const other = makeCaFiles(folder, 'rsa', 'other-');
    const CHECKING = 'asmcli: Checking certificate files for consistency...';
    const MATCHING = 'asmcli: Checking key matches certificate...';
    const withFiles = (files: CaFiles): string[] => ['--ca', 'citadel', ...certificateFlags(files)];
    await refusesCluster(withFiles(ec), CHECKING, `asmcli: [ERROR]: ${ec.caKey} failed an openssl consistency check.`);
    await refusesCluster(
      withFiles({ ...rsa, caKey: other.caKey }), CHECKING, MATCHING, 'asmcli: [ERROR]: Keyfile does not match the given certificate.',
    );
    await refusesCluster(
      withFiles({ ...rsa, rootCert: other.rootCert }), CHECKING, MATCHING,
      'asmcli: Verifying certificate chain of trust...', 'asmcli: [ERROR]: Unable to verify chain of trust.',
    );
    const garbled = path.join(folder, 'garbled.pem');
    writeFileSync(garbled, readFileSync(rsa.certChain, 'utf8').slice(0, 200));
    await refusesCluster(withFiles({ ...rsa, certChain: garbled }), CHECKING, `asmcli: [ERROR]: ${garbled} failed an openssl consistency check.`);
  });

  it('does not mix validating with enabling, nor enabling only with nothing to enable', async () => {
    await refuses(
      ['validate', ...here('--enable_all').slice(1)], READING, 'asmcli: [ERROR]: validation cannot be run with any --enable* flag',
    );
    await refusesCluster(['--only_enable'], 'asmcli: [ERROR]: You must specify at least one --enable* flag with --only_enable');
    await refusesCluster(['-s', 'someone@example.com'], 'asmcli: [ERROR]: Service account and key file must be used together.');
  });

  it('takes options from the environment, and says so', async () => {
    const env = { MESH_CA_REHEARSAL: folder, PROJECT_ID: 'rehearsal-project' };
    const { code, stderr } = await runStandIn(runAsmcli, here(), { cwd: folder, env });
    assert.equal(code, 2);
    assert.match(stderr, /^asmcli: Using PROJECT_ID = rehearsal-project from environment\.\nasmcli: \[ERROR\]: Incompatible arguments\./u);
  });
});
