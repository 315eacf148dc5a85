// Traps of the guide with the real kubectl on a rehearsal: what its own line breaks, and that our command lines do not.
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ClusterConnections } from '../../src/adapters/kubernetes/clusterConnection.js';
import { DryRunInjectionForecaster } from '../../src/adapters/kubernetes/injectionForecaster.js';
import { KubernetesObjectReader } from '../../src/adapters/kubernetes/clusterObjectReader.js';
import { KubernetesClusterReader } from '../../src/adapters/kubernetes/kubernetesClusterReader.js';
import { KubernetesGateObjectReader } from '../../src/adapters/kubernetes/readGateObjects.js';
import { FileSecretBackups } from '../../src/adapters/kubernetes/secretBackups.js';
import { DiskPlanFiles } from '../../src/adapters/files/planFiles.js';
import { runCommand } from '../../src/adapters/step/runCommand.js';
import { PortStepInspector } from '../../src/app/steps/portStepInspector.js';
import type { ClusterRef } from '../../src/domain/cluster.js';
import { clusterKey } from '../../src/domain/cluster.js';
import { finalizationBack } from '../../src/domain/procedure/finalizeWebhook.js';
import { requestKey } from '../../src/domain/procedure/inspection.js';
import { PROCEDURE } from '../../src/domain/procedure/procedure.js';
import type { MeshSituation, StepDraft } from '../../src/domain/procedure/procedureStep.js';
import type { StepOrder } from '../../src/domain/procedure/stepOrder.js';
import type { CommandSpec } from '../../src/domain/steps/commandSpec.js';
import { fail } from '../../src/shared/failure.js';
import { silentLog, wallClock } from '../support/clusterFollower.js';
import { blockers, gatewayTarget, order, PLAN, PLANNED, R1, R2, situation } from '../support/procedureMesh.js';
import { startRehearsalProcess } from '../support/rehearsalProcess.js';
import type { RehearsalProcess } from '../support/rehearsalProcess.js';

const KUBECTL = process.env.MESH_CA_KUBECTL ?? 'kubectl';
const CONTEXT = 'gke_rehearsal-project_us-central1_cluster-1';
const GATEWAY = 'istio-ingressgateway';
const never = new AbortController().signal;

describe('the procedure’s command lines with the real kubectl', function () {
  this.timeout(180_000);
  let folder: string;
  let rehearsal: RehearsalProcess;
  let cluster: ClusterRef;
  const connections = new ClusterConnections();

  const kubectl = async (...args: readonly string[]): Promise<string> => {
    const { code, stdout, stderr } = await rehearsal.run(KUBECTL, ['--context', CONTEXT, ...args]);
    assert.equal(code, 0, `kubectl ${args.join(' ')}: ${stderr}`);
    return stdout.trim();
  };

  /** The mesh as the product's own readers see it now; what only proxies can tell is not needed for these rows. */
  async function read(wanted: StepOrder): Promise<MeshSituation> {
    const reader = new KubernetesClusterReader(connections, wallClock, silentLog);
    const snapshot = await reader.readOnce(cluster, never);
    assert.ok(snapshot.ok);
    const objects = await new KubernetesGateObjectReader(connections, wallClock).readGateObjects(cluster, never);
    const base = situation();
    const planned = { ...PLANNED, ref: cluster, outputDirectory: path.join(folder, 'out') };
    const present = async (name: string): Promise<boolean> => (await kubectl('get', 'secret', name, '-n', 'istio-system', '--ignore-not-found', '-o', 'name')) !== '';
    const caSecrets = await Promise.all((['cacerts', 'istio-ca-secret'] as const).map(async (name) => ({ name, present: await present(name), backedUp: false })));
    const [facts] = base.facts.clusters;
    assert.ok(facts);
    const mesh: MeshSituation = {
      ...base,
      plan: { ...PLAN, clusters: [planned], backupDirectory: path.join(folder, 'backups') },
      snapshots: [{ ...snapshot.value, objects }],
      facts: { ...base.facts, clusters: [{ ...facts, cluster: clusterKey(cluster), ref: cluster, caSecrets }] },
      tools: { ...base.tools, kubectl: KUBECTL, storage: path.join(folder, 'own') },
    };
    const inspector = new PortStepInspector({
      objects: new KubernetesObjectReader(connections, wallClock),
      files: new DiskPlanFiles(),
      caFiles: { read: () => Promise.reject(new Error('no files are in the plan')) },
      certificates: { isSignedBy: () => false },
      tools: { versionOf: (tool) => Promise.resolve(fail({ kind: 'toolMissing', tool })) },
      fleet: { readMembers: () => Promise.resolve(fail({ kind: 'toolMissing', tool: 'gcloud' })) },
      forecaster: new DryRunInjectionForecaster(connections, wallClock),
      backups: new FileSecretBackups(connections, wallClock),
      proxies: { readIstiodStream: () => Promise.reject(new Error('rows are verified by what the API server shows here')) },
      situation: () => mesh,
    });
    const requests = PROCEDURE[wanted.step].needs?.(wanted, mesh) ?? [];
    const answers = await Promise.all(requests.map(async (request) => [requestKey(request), await inspector.inspect(request, never)] as const));
    return { ...mesh, inspection: Object.fromEntries(answers) };
  }

  async function plan(wanted: StepOrder): Promise<StepDraft> {
    return PROCEDURE[wanted.step].plan(wanted, await read(wanted));
  }

  /** As the step runner does, on nobody's terminal. */
  async function run(commands: readonly CommandSpec[]): Promise<void> {
    for (const command of commands) {
      const end = await runCommand({ ...command, env: { ...(rehearsal.env as Record<string, string>), ...command.env } }, () => undefined);
      assert.deepEqual(end, { kind: 'exited', exitCode: 0 }, command.argv.join(' '));
    }
  }

  async function install(revision: string, ca: string, option: string): Promise<void> {
    const words = ['install', '--fleet_id', 'rehearsal-project', '--kubeconfig', cluster.kubeconfig, '--context', CONTEXT, '--enable_all'];
    const { code, stderr } = await rehearsal.run('asmcli', [...words, '--output_dir', path.join(folder, 'out'), '--ca', ca, '--option', option, '--revision_name', revision], 'y\n');
    assert.equal(code, 0, stderr);
  }

  /** Ready pods behind a Service, by the revision that is written on them. */
  async function behind(service: string): Promise<readonly string[]> {
    const selector = await kubectl('get', 'service', service, '-n', 'istio-system', '-o', 'go-template={{range $k,$v := .spec.selector}}{{$k}}={{$v}},{{end}}');
    const pods = await kubectl('get', 'pods', '-n', 'istio-system', '-l', selector.replace(/,$/u, ''), '-o', 'jsonpath={range .items[*]}{.metadata.labels.istio\\.io/rev} {end}');
    return [...new Set(pods.split(' ').filter((word) => word !== ''))];
  }

  before(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'mesh-ca-procedure-'));
    rehearsal = await startRehearsalProcess('--scene', 'istio-default', '--speed', '5');
    cluster = { kubeconfig: rehearsal.env.KUBECONFIG ?? '', context: CONTEXT };
    await install(R1, 'citadel', 'ca-migration-citadel');
  });
  after(async () => {
    await rehearsal.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('a probe is tried, made, waited for and taken away, and the revision injects it', async () => {
    const probe = await plan(order('probe-revision-1', 1, { scope: 'cluster', cluster }));
    assert.deepEqual(blockers(probe), []);
    await run(probe.commands);
    assert.match(await kubectl('get', 'pod', 'probe', '-n', 'mesh-ca-migration-probe', '-o', 'jsonpath={.metadata.annotations}'), new RegExp(R1, 'u'));
    await run(probe.cleanup ?? []);
    assert.equal(await kubectl('get', 'namespace', 'mesh-ca-migration-probe', '--ignore-not-found'), '');
  });

  it('a canary gateway comes up beside the old one, behind the same Service', async () => {
    const canary = await plan(order('migrate-gateway', 1, gatewayTarget('istio-system', GATEWAY, cluster)));
    assert.deepEqual(blockers(canary), []);
    await run([...canary.dryRun, ...canary.commands]);
    assert.deepEqual([...(await behind(GATEWAY))].sort(), [R1, 'default'].sort());
    assert.equal(await kubectl('get', 'deployment', `${GATEWAY}-${R1}`, '-n', 'istio-system', '-o', 'jsonpath={.spec.selector.matchLabels}'), `{"mesh-ca-migration/gateway":"${GATEWAY}-${R1}"}`);
  });

  it('the canary is taken back although the old gateway was deleted already: that one comes back first, from what was kept', async () => {
    const deletion = await plan(order('delete-old-gateway', 1, gatewayTarget('istio-system', GATEWAY, cluster)));
    assert.deepEqual(blockers(deletion), []);
    await run(deletion.commands);
    assert.equal(await kubectl('get', 'deployment', GATEWAY, '-n', 'istio-system', '--ignore-not-found'), '');
    const back = await plan(order('roll-back-gateway', 1, gatewayTarget('istio-system', `${GATEWAY}-${R1}`, cluster)));
    assert.deepEqual(blockers(back), []);
    await run([...back.dryRun, ...back.commands]);
    await kubectl('wait', '--for=delete', 'pod', '-l', `mesh-ca-migration/gateway=${GATEWAY}-${R1}`, '-n', 'istio-system', '--timeout=60s');
    assert.deepEqual(await behind(GATEWAY), ['default']);
    assert.notEqual(await kubectl('get', 'hpa', GATEWAY, '-n', 'istio-system', '-o', 'name'), '');
    await run((await plan(order('migrate-gateway', 1, gatewayTarget('istio-system', GATEWAY, cluster)))).commands);
  });

  it('upgraded in place it survives the guide’s deletion by label, which takes it when only the template was labelled', async () => {
    await install(R2, 'mesh_ca', 'ca-migration-meshca');
    const name = `${GATEWAY}-${R1}`;
    const selector = ['delete', 'deploy', '-l', `app=istio-ingressgateway,istio.io/rev=${R1}`, '-n', 'istio-system', '--ignore-not-found=true', '--dry-run=server'];
    const template = JSON.stringify({ spec: { template: { metadata: { labels: { 'istio.io/rev': R2 } } } } });
    await kubectl('patch', 'deployment', name, '-n', 'istio-system', '-p', template);
    assert.match(await kubectl(...selector), new RegExp(`"${name}" deleted`, 'u'), 'the live gateway would go');
    await kubectl('patch', 'deployment', name, '-n', 'istio-system', '-p', template.replace(R2, R1));
    const upgrade = await plan(order('upgrade-gateway', 2, gatewayTarget('istio-system', name, cluster)));
    assert.deepEqual(blockers(upgrade), []);
    await run(upgrade.commands);
    assert.equal(await kubectl(...selector), 'No resources found');
    assert.ok((await behind(GATEWAY)).includes(R2));
  });

  it('the old gateway is kept as manifests, from which it comes back, and deleted by name, with its autoscaler and budget, while the canary serves', async () => {
    const wanted = order('delete-old-gateway', 1, gatewayTarget('istio-system', GATEWAY, cluster));
    const first = await plan(wanted);
    assert.deepEqual(blockers(first), []);
    await run(first.commands);
    const kept = first.commands.flatMap(({ stdoutFile }) => stdoutFile ?? []);
    assert.ok(kept.length === 1 && kept.every((file) => (statSync(file).mode & 0o777) === 0o600));
    assert.equal(await kubectl('get', 'deployment', GATEWAY, '-n', 'istio-system', '--ignore-not-found'), '');
    await run(first.undo?.commands ?? []);
    await kubectl('rollout', 'status', `deployment/${GATEWAY}`, '-n', 'istio-system', '--timeout=60s');
    assert.deepEqual([...(await behind(GATEWAY))].sort(), [R2, 'default'].sort());
    const deletion = await plan(wanted);
    assert.deepEqual(blockers(deletion), []);
    const pods = await kubectl('get', 'pods', '-n', 'istio-system', '-l', 'app=istio-ingressgateway', '-o', 'name');
    const old = pods.split(/\s+/u).filter((name) => name !== '' && !name.includes(R1));
    assert.ok(old.length > 0);
    await run(deletion.commands);
    // The Deployment is gone before its pods are.
    await kubectl('wait', '--for=delete', ...old, '-n', 'istio-system', '--timeout=60s');
    assert.deepEqual(await behind(GATEWAY), [R2]);
    assert.equal(await kubectl('get', 'hpa', GATEWAY, '-n', 'istio-system', '--ignore-not-found'), '');
    const last = await plan(order('roll-back-gateway', 1, gatewayTarget('istio-system', `${GATEWAY}-${R1}`, cluster)));
    assert.match(blockers(last).join(), /last ready endpoint/u);
  });

  it('Service istiod leads to the new control plane; the guide’s apply leaves it without an endpoint', async () => {
    await install(R1, 'citadel', 'ca-migration-citadel');
    const wanted = order('finalize-webhook', 1, { scope: 'cluster', cluster });
    const finalization = await plan(wanted);
    assert.deepEqual(blockers(finalization), []);
    await kubectl('apply', '-f', path.join(folder, 'out/asm/istio/istiod-service.yaml'));
    assert.deepEqual(await behind('istiod'), [], 'as the guide prints it: nobody is behind the Service');
    await run(finalization.undo?.commands ?? []);
    assert.deepEqual(await behind('istiod'), ['default']);
    await run((await plan(wanted)).commands);
    assert.deepEqual(await behind('istiod'), [R1]);
  });

  it('Service istiod goes back in a rollback, as it was kept, and forward again', async () => {
    const back = await plan(finalizationBack(1, cluster));
    assert.deepEqual(blockers(back), []);
    await run([...back.dryRun, ...back.commands]);
    assert.deepEqual(await behind('istiod'), ['default']);
    assert.equal(await kubectl('get', 'service', 'istiod', '-n', 'istio-system', '-o', 'jsonpath={.spec.selector}'), '{"app":"istiod","istio":"pilot"}');
    await run((await plan(order('finalize-webhook', 1, { scope: 'cluster', cluster }))).commands);
    assert.deepEqual(await behind('istiod'), [R1]);
  });

  it('the old control plane goes, and Service istiod stays, which the guide’s line deletes', async () => {
    const deletion = await plan(order('delete-old-istiod', 1, { scope: 'cluster', cluster }));
    const [executable = '', ...words] = deletion.guideForm?.lines[0]?.split(' ') ?? [];
    assert.equal(executable, 'kubectl');
    assert.match(await kubectl(...words, '--dry-run=server'), /service "istiod" deleted/u);
    await run(deletion.commands);
    assert.deepEqual(await behind('istiod'), [R1]);
    assert.equal(await kubectl('get', 'deployment', 'istiod', '-n', 'istio-system', '--ignore-not-found'), '');
    assert.doesNotMatch(await kubectl('get', 'mutatingwebhookconfigurations', '-o', 'name'), /istio-sidecar-injector$/mu);
    await run((await plan(order('delete-old-operator', 1, { scope: 'cluster', cluster }))).commands);
  });

  it('secrets are saved 0600 without an empty file for a missing one, and come back after their deletion', async () => {
    const backup = await plan(order('backup-secrets', 3, { scope: 'cluster', cluster }));
    assert.deepEqual(blockers(backup), []);
    await run(backup.commands);
    const files = backup.action?.kind === 'verifyBackups' ? backup.action.files : [];
    assert.deepEqual(files.map(({ secret }) => secret), ['cacerts']);
    const file = files[0]?.file ?? '';
    assert.equal(statSync(file).mode & 0o777, 0o600);
    assert.equal(statSync(path.dirname(file)).mode & 0o777, 0o700);
    const missing = await rehearsal.run(KUBECTL, ['--context', CONTEXT, 'get', 'secret/istio-ca-secret', '-n', 'istio-system', '-o', 'yaml']);
    assert.deepEqual({ code: missing.code, stdout: missing.stdout }, { code: 1, stdout: '' }, 'the guide’s line would leave an empty file');
    const key = (): Promise<string> => kubectl('get', 'secret', 'cacerts', '-n', 'istio-system', '-o', 'jsonpath={.data}');
    const before = await key();
    await run((await plan(order('delete-secrets', 3, { scope: 'cluster', cluster }))).commands);
    assert.equal(await kubectl('get', 'secret', 'cacerts', '-n', 'istio-system', '--ignore-not-found'), '');
    const restoration = await plan(order('restore-secrets', 3, { scope: 'cluster', cluster }));
    await run([...restoration.commands, ...(restoration.cleanup ?? [])]);
    assert.equal(await key(), before);
    assert.ok(!existsSync(`${file}.restore.json`));
    assert.ok(readFileSync(file, 'utf8').includes('resourceVersion'), 'the backup itself is untouched');
  });
});
