// asmcli and gcloud of a rehearsal from a terminal, with the real kubectl beside them: the procedure's installs and their traps.
import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { GcloudFleet } from '../../src/adapters/gcloudFleet.js';
import { makeCaFiles } from '../support/opensslFiles.js';
import { startRehearsalProcess } from '../support/rehearsalProcess.js';
import type { CommandOutcome, RehearsalProcess } from '../support/rehearsalProcess.js';

const KUBECTL = process.env.MESH_CA_KUBECTL ?? 'kubectl';
const CLUSTER_1 = 'gke_rehearsal-project_us-central1_cluster-1';
const CLUSTER_2 = 'gke_rehearsal-project_us-east1-b_cluster-2';
const REVISION_1 = 'asm-1232-2-distribute-root';
const REVISION_2 = 'asm-1232-2-meshca-ca-migration';
const MESH_CA_SUBJECT = /istio_v1_cloud_workload_root-signer/u;

/** The certificates that one proxy has, read through a port-forward from Envoy itself. */
interface ProxySecrets {
  readonly roots: readonly X509Certificate[];
  /** Leaf first, root last. */
  readonly chain: readonly X509Certificate[];
}

function certificatesIn(base64: string): X509Certificate[] {
  const pem = Buffer.from(base64, 'base64').toString();
  return (pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/gu) ?? []).map((block) => new X509Certificate(block));
}

function inlineBytes(dump: string, after: string): string {
  return new RegExp(`"${after}":\\s*\\{\\s*"inline_bytes":\\s*"([^"]+)"`, 'u').exec(dump)?.[1] ?? '';
}

function fingerprints(certificates: readonly X509Certificate[]): string[] {
  return certificates.map(({ fingerprint256 }) => fingerprint256);
}

describe('the stand-ins in a rehearsal terminal', function () {
  this.timeout(120_000);
  let folder: string;
  let rehearsal: RehearsalProcess;

  const kubectl = async (context: string, ...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await rehearsal.run(KUBECTL, ['--context', context, ...args]);
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout;
  };
  const installArguments = (context: string, ...args: readonly string[]): string[] => [
    'install', '--fleet_id', 'rehearsal-project', '--kubeconfig', rehearsal.env.KUBECONFIG ?? '', '--context', context,
    '--enable_all', '--output_dir', path.join(folder, context), ...args,
  ];
  const asmcli = (context: string, ...args: readonly string[]): Promise<CommandOutcome> =>
    rehearsal.run('asmcli', installArguments(context, ...args), 'y\n');
  const installs = async (context: string, ...args: readonly string[]): Promise<void> => {
    const { code, stderr } = await asmcli(context, ...args);
    assert.equal(code, 0, stderr);
  };
  const runningPod = async (context: string, namespace: string): Promise<string> => {
    const selection = ['--field-selector=status.phase=Running', '--sort-by=.metadata.creationTimestamp'];
    return (await kubectl(context, 'get', 'pods', '-n', namespace, '-l', 'app=sleep', ...selection, '-o', 'name')).trim().split('\n').at(-1) ?? '';
  };
  const restart = async (context: string, namespace: string, deployment: string): Promise<void> => {
    await kubectl(context, 'rollout', 'restart', `deployment/${deployment}`, '-n', namespace);
    await kubectl(context, 'rollout', 'status', `deployment/${deployment}`, '-n', namespace, '--timeout=60s');
  };

  const readSecrets = async (context: string, namespace: string, pod: string): Promise<ProxySecrets> => {
    const forward = rehearsal.start(KUBECTL, ['--context', context, 'port-forward', '-n', namespace, pod, ':15000']);
    try {
      assert.ok(forward.stdout);
      const [line] = (await once(createInterface({ input: forward.stdout }), 'line')) as [string];
      const port = /127\.0\.0\.1:(\d+)/u.exec(line)?.[1];
      const response = await fetch(`http://127.0.0.1:${port}/config_dump?resource=dynamic_active_secrets`);
      const dump = await response.text();
      return { roots: certificatesIn(inlineBytes(dump, 'trusted_ca')), chain: certificatesIn(inlineBytes(dump, 'certificate_chain')) };
    } finally {
      forward.kill();
    }
  };
  /** Reads until the proxy has what it is expected to get; the test's own timeout ends it otherwise. */
  const secretsOnce = async (
    context: string, namespace: string, isExpected: (secrets: ProxySecrets) => boolean,
  ): Promise<ProxySecrets> => {
    for (;;) {
      const secrets = await readSecrets(context, namespace, await runningPod(context, namespace));
      if (isExpected(secrets)) return secrets;
    }
  };

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-terminal-'));
    rehearsal = await startRehearsalProcess('--scene', 'asm-citadel', '--speed', '5');
  });
  after(async () => {
    await rehearsal.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const CITADEL = ['--ca', 'citadel', '--option', 'ca-migration-citadel', '--revision_name', REVISION_1];

  it('are first on PATH', async () => {
    assert.equal((await rehearsal.run('asmcli', ['--version'])).stdout, '1.23.2-asm.2+config1\n');
    assert.match((await rehearsal.run('gcloud', ['--version'])).stdout, /^Google Cloud SDK/u);
  });

  it('leave half an installation when interrupted, and complete it when run again', async () => {
    const child = rehearsal.start('asmcli', installArguments(CLUSTER_1, ...CITADEL));
    child.stdin?.end('y\n');
    assert.ok(child.stderr);
    for await (const line of createInterface({ input: child.stderr })) {
      if (line.includes('Installing ASM control plane...')) child.kill('SIGINT');
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    assert.equal(child.signalCode, 'SIGINT');
    assert.match(await kubectl(CLUSTER_1, 'get', 'ns', 'istio-system', '--show-labels'), /topology\.istio\.io\/network=/u);
    const service = ['get', 'service', `istiod-${REVISION_1}`, '-n', 'istio-system', '-o', 'name'];
    assert.equal(await kubectl(CLUSTER_1, ...service, '--ignore-not-found'), '');
    await installs(CLUSTER_1, ...CITADEL);
    assert.equal(await kubectl(CLUSTER_1, ...service), `service/istiod-${REVISION_1}\n`);
  });

  it('who is registered is seen by Google Cloud and by the clusters alike', async () => {
    const fleet = new GcloudFleet({ environment: () => rehearsal.env });
    const members = await fleet.readMembers('gcloud', 'rehearsal-project', new AbortController().signal);
    const expected = [CLUSTER_1, CLUSTER_2].map((context) => {
      const [, project, location, name] = context.split('_');
      return { name: `projects/rehearsal-project/locations/global/memberships/${name}`, cluster: `projects/${project}/locations/${location}/clusters/${name}` };
    });
    assert.deepEqual(members, { ok: true, value: expected });
    const owner = await kubectl(CLUSTER_1, 'get', 'memberships.hub.gke.io', 'membership', '-o', 'jsonpath={.spec.owner.id}');
    assert.equal(owner, '//gkehub.googleapis.com/projects/rehearsal-project/locations/global/memberships/cluster-1');
    const refused = await fleet.readMembers('gcloud', 'somebody-elses', new AbortController().signal);
    assert.ok(!refused.ok && refused.failure.kind === 'unexpected' && refused.failure.reason.includes('Permission denied'));
  });

  it('phase 1: a namespace that is moved trusts both roots, and Citadel goes on signing', async () => {
    await installs(CLUSTER_1, ...CITADEL);
    const old = await secretsOnce(CLUSTER_1, 'foo', ({ roots }) => roots.length === 1);
    assert.match(await kubectl(CLUSTER_1, 'get', 'pod', '-n', 'istio-system', '-L', 'istio.io/rev'), new RegExp(`istiod-${REVISION_1}-.* ${REVISION_1}\\n`, 'u'));
    await kubectl(CLUSTER_1, 'label', 'namespace', 'foo', `istio.io/rev=${REVISION_1}`, 'istio-injection-', '--overwrite');
    await restart(CLUSTER_1, 'foo', 'sleep');
    const moved = await secretsOnce(CLUSTER_1, 'foo', ({ roots }) => roots.length === 2);
    assert.ok(fingerprints(moved.roots).includes(fingerprints(old.roots)[0] ?? ''));
    assert.ok(moved.roots.some(({ subject }) => subject.includes('istio_v1_cloud_workload_root-signer')));
    assert.equal(moved.chain.at(-1)?.fingerprint256, old.roots[0]?.fingerprint256);
  });

  it('phase 2: a namespace that is moved on has a certificate from Mesh CA', async () => {
    await installs(CLUSTER_1, '--ca', 'mesh_ca', '--option', 'ca-migration-meshca', '--revision_name', REVISION_2);
    await kubectl(CLUSTER_1, 'label', 'namespace', 'foo', `istio.io/rev=${REVISION_2}`, '--overwrite');
    await restart(CLUSTER_1, 'foo', 'sleep');
    const { chain } = await secretsOnce(CLUSTER_1, 'foo', (secrets) => secrets.chain.length > 0);
    assert.match(chain.at(-1)?.subject ?? '', MESH_CA_SUBJECT);
    assert.match(chain[0]?.subjectAltName ?? '', /URI:spiffe:\/\/rehearsal-project\.svc\.id\.goog\/ns\/foo\//u);
  });

  it('applies the Service that asmcli wrote, and links an istioctl of its version', async () => {
    const out = path.join(folder, CLUSTER_1);
    const { code, stdout } = await rehearsal.run(path.join(out, 'istioctl'), ['version', '--remote=false']);
    assert.deepEqual({ code, stdout }, { code: 0, stdout: '1.23.2-asm.2\n' });
    await kubectl(CLUSTER_1, 'apply', '-f', path.join(out, 'asm/istio/istiod-service.yaml'));
    const revision = await kubectl(CLUSTER_1, 'get', 'service', 'istiod', '-n', 'istio-system', '-o', 'jsonpath={.spec.selector.istio\\.io/rev}');
    assert.equal(revision, REVISION_2);
  });

  it('the four certificate files switch the root of every Citadel at its next start, and old pods then refuse new ones', async () => {
    const files = makeCaFiles(folder);
    const flags = ['--ca_cert', files.caCert, '--ca_key', files.caKey, '--root_cert', files.rootCert, '--cert_chain', files.certChain];
    await installs(CLUSTER_2, ...CITADEL, ...flags);
    const stayed = await secretsOnce(CLUSTER_2, 'foo', ({ chain }) => chain.length > 0);
    // Nobody touched the old control plane: it only restarts, as on any node upgrade.
    await restart(CLUSTER_2, 'istio-system', 'istiod-asm-1162-2');
    await restart(CLUSTER_2, 'bar', 'sleep');
    const newcomer = await secretsOnce(CLUSTER_2, 'bar', ({ chain }) => (chain.at(-1)?.subject ?? '').includes('O=New'));
    const newRoot = newcomer.chain.at(-1);
    assert.ok(newRoot);
    assert.ok(!fingerprints(stayed.roots).includes(newRoot.fingerprint256), 'the old pod does not trust the new root');
    assert.ok(!stayed.roots.some((root) => newcomer.chain.some((certificate) => certificate.checkIssued(root) && certificate.verify(root.publicKey))));
    assert.ok(!fingerprints(newcomer.roots).includes(stayed.chain.at(-1)?.fingerprint256 ?? ''), 'nor the new pod the old one');
  });

  it('files of other names switch nothing: istiod does not find its CA in them', async () => {
    const files = makeCaFiles(folder, 'rsa', 'corp-');
    const flags = ['--ca_cert', files.caCert, '--ca_key', files.caKey, '--root_cert', files.rootCert, '--cert_chain', files.certChain];
    await kubectl(CLUSTER_1, 'delete', 'secret', 'cacerts', '-n', 'istio-system', '--ignore-not-found');
    await installs(CLUSTER_1, '--ca', 'citadel', '--revision_name', 'asm-named', ...flags);
    const keys = await kubectl(CLUSTER_1, 'get', 'secret', 'cacerts', '-n', 'istio-system', '-o', 'jsonpath={.data}');
    assert.deepEqual(Object.keys(JSON.parse(keys) as object).sort(), ['corp-ca-cert.pem', 'corp-ca-key.pem', 'corp-cert-chain.pem', 'corp-root-cert.pem']);
    await kubectl(CLUSTER_1, 'label', 'namespace', 'bar', 'istio.io/rev=asm-named', '--overwrite');
    await restart(CLUSTER_1, 'bar', 'sleep');
    const { chain } = await secretsOnce(CLUSTER_1, 'bar', (secrets) => secrets.chain.length > 0);
    assert.match(chain.at(-1)?.subject ?? '', /^O=cluster\.local$/u);
  });

  it('get-credentials makes a kubeconfig that kubectl works with', async () => {
    const own = path.join(folder, 'own-kubeconfig');
    const withOwn = (...command: readonly string[]): Promise<CommandOutcome> => rehearsal.run('env', [`KUBECONFIG=${own}`, ...command]);
    const cluster = ['cluster-2', '--project=rehearsal-project', '--zone=us-east1-b'];
    assert.equal((await withOwn('gcloud', 'container', 'clusters', 'get-credentials', ...cluster)).code, 0);
    assert.equal((await withOwn(KUBECTL, 'config', 'current-context')).stdout, `${CLUSTER_2}\n`);
    assert.equal((await withOwn(KUBECTL, 'get', 'ns', 'foo', '-o', 'name')).stdout, 'namespace/foo\n');
  });
});
