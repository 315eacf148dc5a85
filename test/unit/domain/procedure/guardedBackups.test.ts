// What becomes of the old CA's keys when they are saved as the guide says, and that the rows save them so that they are there, whole
// and nobody else's, when they are wanted back.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { DiskPlanFiles } from '../../../../src/adapters/files/planFiles.js';
import { ClusterConnections } from '../../../../src/adapters/kubernetes/clusterConnection.js';
import { FileSecretBackups } from '../../../../src/adapters/kubernetes/secretBackups.js';
import { runCommand } from '../../../../src/adapters/step/runCommand.js';
import { PortStepInspector } from '../../../../src/app/steps/portStepInspector.js';
import { requestKey } from '../../../../src/domain/procedure/inspection.js';
import { PROCEDURE } from '../../../../src/domain/procedure/procedure.js';
import type { MeshSituation, StepDraft } from '../../../../src/domain/procedure/procedureStep.js';
import type { StoredObject } from '../../../../src/rehearsal/kubeObject.js';
import { textAt } from '../../../../src/rehearsal/api/json.js';
import { wallClock } from '../../../support/clusterFollower.js';
import type { ProcedureMesh } from '../../../support/procedureMesh.js';
import { blockers, draft, order, situation } from '../../../support/procedureMesh.js';
import { CLUSTER } from '../../../support/stepMesh.js';
import { temporaryFolder } from '../../../support/temporaryFolder.js';
import { canTalk, fingerprint, meshOf, restart } from '../../rehearsal/mesh/drawnMesh.js';
import type { TestMesh } from '../../rehearsal/mesh/drawnMesh.js';

const SECRET = 'istio-ca-secret';
const ISTIO = 'istio-system';
const DEPLOYMENTS = 'deployments.apps';
const A_ROLLOUT = 60_000;
const inside = temporaryFolder();
const notAsked = (): Promise<never> => Promise.reject(new Error('not asked for here'));
const backups = new FileSecretBackups(new ClusterConnections(), wallClock);

/** With what the step asks of the disk, as the product reads it. */
async function onDisk(step: 'backup-secrets' | 'restore-secrets', folder: string, words: ProcedureMesh = {}): Promise<MeshSituation> {
  const mesh = situation({ ...words, plan: { backupDirectory: folder } });
  const inspector = new PortStepInspector({
    objects: { read: notAsked, findSecret: notAsked },
    files: new DiskPlanFiles(),
    caFiles: { read: notAsked },
    certificates: { isSignedBy: () => false },
    tools: { versionOf: notAsked },
    fleet: { readMembers: notAsked },
    forecaster: { forecast: notAsked },
    backups,
    proxies: { readIstiodStream: notAsked },
    situation: () => mesh,
  });
  const requests = PROCEDURE[step].needs?.(order(step, 3), mesh) ?? [];
  const answers = await Promise.all(requests.map(async (request) => [requestKey(request), await inspector.inspect(request, new AbortController().signal)] as const));
  return { ...mesh, inspection: { ...mesh.inspection, ...Object.fromEntries(answers) } };
}

function present(...names: readonly string[]): ProcedureMesh {
  return { facts: { caSecrets: (['cacerts', SECRET] as const).map((name) => ({ name, present: names.includes(name), backedUp: false })) } };
}

/** As `kubectl get -o yaml` prints it: with everything, the API server's own included, in alphabetical order. */
function printed(secret: StoredObject): string {
  return stringify({ ...secret, kind: 'Secret', apiVersion: 'v1' }, { sortMapEntries: true });
}

/** The guide's `kubectl … > FILE`: the shell makes the file before kubectl has said anything, and kubectl's failure leaves it. */
function redirected(file: string, text: string | undefined): number | null {
  return spawnSync('sh', ['-c', text === undefined ? 'umask 022; false > "$0"' : 'umask 022; cat > "$0"', file], { input: text ?? '' }).status;
}

describe('saving the old CA’s keys', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);
  const secretOf = (mesh: TestMesh): StoredObject => mesh.first.backend.store.get('secrets', ISTIO, SECRET)!;
  const reason = async (file: string, secret = SECRET): Promise<string> => {
    const found = await backups.inspect(secret, file);
    return found.ok || !('reason' in found.failure) ? 'whole' : found.failure.reason;
  };

  it('as the guide says leaves an empty file that looks like a backup, and keys that everybody may read; the row’s files are neither', async () => {
    const text = printed(secretOf(meshOf('asm-citadel')));
    const [one, other] = [inside('save_file_1'), inside('save_file_2')];
    assert.equal(redirected(one, undefined), 1);
    assert.equal(redirected(other, text), 0);
    assert.deepEqual([readFileSync(one, 'utf8'), statSync(other).mode & 0o777], ['', 0o644]);
    assert.match(readFileSync(other, 'utf8'), /ca-key\.pem: \S{100}/u);
    for (const [file, why] of [[one, /others may read/u], [other, /others may read/u]] as const) assert.match(await reason(file), why);

    const folder = inside('backups');
    const { commands, findings, action } = draft(order('backup-secrets', 3), await onDisk('backup-secrets', folder, present(SECRET)));
    assert.deepEqual(commands.map(({ stdoutFile }) => stdoutFile), [path.join(folder, CLUSTER.context, `${SECRET}.yaml`)], 'none for the secret that is not there');
    assert.ok(findings.some(({ message }) => message.key === 'procedureChecks.secret.absent'));
    assert.equal(action?.kind, 'verifyBackups');
    const [line] = commands;
    assert.ok(line?.stdoutFile !== undefined);
    // In kubectl's place whatever prints the same.
    assert.deepEqual(await runCommand({ ...line, argv: ['cat', other] }, () => undefined), { kind: 'exited', exitCode: 0 });
    assert.equal(statSync(line.stdoutFile).mode & 0o777, 0o600);
    assert.equal(await reason(line.stdoutFile), 'whole');
    const again = await runCommand({ ...line, argv: ['cat', one] }, () => undefined);
    assert.equal(again.kind, 'noOutputFile', 'and is never overwritten');
  });

  it('in the folder one works in puts them where git picks them up; the row refuses a work tree', async () => {
    const clone = inside('clone');
    mkdirSync(path.join(clone, 'backups'), { recursive: true });
    execFileSync('git', ['init', '--quiet', clone]);
    redirected(path.join(clone, 'backups', 'save_file_1'), 'ca-key.pem: secret');
    assert.equal(execFileSync('git', ['-C', clone, 'ls-files', '--others', '--exclude-standard'], { encoding: 'utf8' }).trim(), 'backups/save_file_1');
    const refused = async (folder: string): Promise<string> => blockers(draft(order('backup-secrets', 3), await onDisk('backup-secrets', folder, present(SECRET)))).join();
    assert.match(await refused(path.join(clone, 'backups')), /is in the git work tree .*clone/u);
    assert.equal(await refused(inside('elsewhere')), '');
  });

  it('of a file that was cut off, or of a CA that istiod made for itself, brings back what nobody trusts; the row passes both over', async () => {
    const mesh = meshOf('asm-citadel');
    const { store } = mesh.first.backend;
    const folder = path.join(inside('kept'), CLUSTER.context);
    mkdirSync(folder, { recursive: true });
    const save = (name: string, text: string): void => { writeFileSync(path.join(folder, name), text, { mode: 0o600 }); };
    const old = secretOf(mesh);
    const oldRoot = fingerprint(Buffer.from(textAt(old, 'data', 'ca-cert.pem'), 'base64').toString());
    save(`${SECRET}.yaml`, printed(old).slice(0, 600));
    save(`${SECRET}-2.yaml`, printed(old));
    const restarted = (): string => {
      for (const namespace of [ISTIO, 'foo']) {
        restart(mesh.first, DEPLOYMENTS, namespace);
        mesh.clock.advance(A_ROLLOUT);
      }
      return canTalk(mesh.first, 'bar/sleep', mesh.first, 'foo/httpbin');
    };
    store.remove('secrets', ISTIO, SECRET);
    assert.equal(restarted(), 'the client does not trust the server');
    save(`${SECRET}-3.yaml`, printed(secretOf(mesh)));
    /** Deleted, created from the file without what belonged to the old object, and taken up by an istiod that starts. */
    const restored = (file: string): string => {
      const saved = parse(readFileSync(file, 'utf8')) as { readonly data?: unknown; readonly type?: string; readonly metadata?: object } | null;
      store.remove('secrets', ISTIO, SECRET);
      const data = saved?.data ?? {};
      store.create('secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: SECRET, namespace: ISTIO }, type: saved?.type ?? 'Opaque', data });
      return restarted();
    };
    assert.equal(restored(path.join(folder, `${SECRET}-3.yaml`)), 'the client does not trust the server', 'the newest of all');
    assert.equal(await reason(path.join(folder, `${SECRET}.yaml`)), `the backup ${path.join(folder, `${SECRET}.yaml`)} is not of secret ${SECRET}`);

    const read = await onDisk('restore-secrets', inside('kept'), present());
    const plan: StepDraft = draft(order('restore-secrets', 3), { ...read, facts: { ...read.facts, baseline: { pairs: new Set([`one|${oldRoot},one|${oldRoot}`]) } } });
    const chosen = plan.commands.find(({ stdoutFile }) => stdoutFile !== undefined)?.argv.at(-6) ?? '';
    assert.equal(chosen, path.join(folder, `${SECRET}-2.yaml`));
    assert.deepEqual(plan.findings.filter(({ severity }) => severity === 'warns').map(({ message }) => message.key), ['procedureChecks.restore.otherRoot']);
    assert.equal(restored(chosen), 'yes');
  });
});
