// Phase 3: the CA secrets are saved, compared, deleted and restored, and what is restarted in which order.
import assert from 'node:assert/strict';
import { clusterKey } from '../../../../src/domain/cluster.js';
import { backupKey, backupText } from '../../../../src/domain/evidence/records/backupRecord.js';
import type { ClusterGateFacts, ProxyFacts } from '../../../../src/domain/gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../../../../src/domain/gates/gateFacts.js';
import { message } from '../../../../src/shared/text/message.js';
import { CLUSTER } from '../../../support/stepMesh.js';
import type { ProcedureMesh } from '../../../support/procedureMesh.js';
import { blockers, draft, kubectlLines, order, R2, reasons, situation, verdictOf } from '../../../support/procedureMesh.js';

const FOLDER = `/srv/backups/${CLUSTER.context}`;

function secrets(cacerts: boolean | 'unknown', own: boolean | 'unknown', backedUp = false): Partial<ClusterGateFacts> {
  return { caSecrets: [{ name: 'cacerts', present: cacerts, backedUp }, { name: 'istio-ca-secret', present: own, backedUp }] };
}

/** Nothing is in the folder but these files, each a whole backup under root OLD; it is outside any git work tree. */
function folder(...present: readonly string[]): NonNullable<ProcedureMesh['inspection']> {
  const names = ['cacerts', 'istio-ca-secret'].flatMap((secret) => Array.from({ length: 9 }, (_, index) => `${secret}${index === 0 ? '' : `-${index + 1}`}.yaml`));
  const paths = names.map((name) => [`path ${FOLDER}/${name}`, present.includes(name) ? { kind: 'present', where: name } : { kind: 'absent' }] as const);
  const contents = present.map((name) => holds(name, 'OLD')).reduce((all, one) => ({ ...all, ...one }), {});
  return { 'gitTree /srv/backups': { kind: 'absent' }, ...Object.fromEntries(paths), ...contents };
}

/** What reading the file as a backup found: its root, or that it is none. */
function holds(name: string, root: string | undefined): NonNullable<ProcedureMesh['inspection']> {
  const key = `backup ${name.replace(/(-\d)?\.yaml$/u, '')} ${FOLDER}/${name}`;
  return { [key]: root === undefined ? { kind: 'failed', failure: { kind: 'unexpected', reason: 'cut off' } } : { kind: 'backup', root } };
}

function proxy(...anchors: readonly string[]): ProxyFacts {
  const standing = { kind: 'read', anchors, issuer: MESH_CA_ANCHOR, domain: 'd', inbound: 'any', outbound: 'any', expired: false } as const;
  return { namespace: 'foo', workload: 'Deployment/httpbin', pods: ['p'], role: 'sidecar', revision: R2, standing, waived: false };
}

describe('backup-secrets', () => {
  const wanted = order('backup-secrets', 3);

  it('saves each secret that exists to a file of its own, which the runner makes 0600, and skips the missing one', () => {
    const plan = draft(wanted, situation({ facts: secrets(false, true), inspection: folder() }));
    assert.deepEqual(kubectlLines(plan), ['get secret/istio-ca-secret -n istio-system -o yaml']);
    assert.equal(plan.commands[0]?.stdoutFile, `${FOLDER}/istio-ca-secret.yaml`);
    assert.deepEqual(plan.action, { kind: 'verifyBackups', files: [{ secret: 'istio-ca-secret', file: `${FOLDER}/istio-ca-secret.yaml` }] });
    assert.ok(plan.findings.some(({ message }) => message.key === 'procedureChecks.secret.absent'));
    assert.deepEqual(blockers(plan), []);
    assert.deepEqual(reasons(plan), ['doctor.context', 'doctor.backup.emptyFile', 'doctor.backup.mode', 'doctor.backup.readBack']);
  });

  it('never overwrites an earlier file, and does not save again what is verified', () => {
    const again = draft(wanted, situation({ facts: secrets(true, true), inspection: folder('cacerts.yaml', 'istio-ca-secret.yaml', 'istio-ca-secret-2.yaml') }));
    assert.deepEqual(again.commands.map(({ stdoutFile }) => stdoutFile), [`${FOLDER}/cacerts-2.yaml`, `${FOLDER}/istio-ca-secret-3.yaml`]);
    assert.deepEqual(draft(wanted, situation({ facts: secrets(true, true, true), inspection: folder('cacerts.yaml', 'istio-ca-secret.yaml') })).commands, []);
  });

  it('saves again what was saved on another machine', () => {
    const again = draft(wanted, situation({ facts: secrets(true, true, true), inspection: { ...folder('cacerts.yaml', 'istio-ca-secret.yaml'), ...holds('cacerts.yaml', undefined) } }));
    assert.deepEqual(again.commands.map(({ stdoutFile }) => stdoutFile), [`${FOLDER}/cacerts-2.yaml`]);
  });

  it('refuses a git work tree, a relative folder, an unknown secret, and having no folder', () => {
    const refused = (mesh: ProcedureMesh): string => blockers(draft(wanted, situation(mesh))).join();
    assert.match(refused({ inspection: { ...folder(), 'gitTree /srv/backups': { kind: 'present', where: '/srv' } } }), /git work tree \/srv/u);
    assert.match(refused({ inspection: {} }), /not known whether/u);
    assert.match(refused({ facts: secrets('unknown', true), inspection: folder() }), /not known whether secret cacerts/u);
    assert.match(blockers(draft(wanted, { ...situation(), plan: { ...situation().plan, backupDirectory: undefined } as never })).join(), /no folder/u);
  });

  it('is verified by what was compared, not by a file that is there', () => {
    const verdict = verdictOf(draft(wanted, situation({ facts: secrets(false, true), inspection: folder() })));
    assert.equal(verdict(situation({ facts: secrets(false, true) })), 'open');
    assert.equal(verdict(situation({ facts: secrets('unknown', true) })), 'unknown');
    assert.equal(verdict(situation({ facts: secrets(false, true, true) })), 'verified');
  });
});

describe('delete-secrets', () => {
  const wanted = order('delete-secrets', 3);

  it('deletes both by the guide’s line, when their names were typed', () => {
    const plan = draft(wanted, situation({ facts: secrets(true, true, true), inspection: folder('cacerts.yaml', 'istio-ca-secret.yaml') }));
    assert.deepEqual(kubectlLines(plan), ['delete secret cacerts istio-ca-secret -n istio-system --ignore-not-found']);
    assert.equal(plan.confirmation?.typed, 'cacerts istio-ca-secret');
    assert.deepEqual(blockers(plan), []);
  });

  it('is blocked without a verified backup of each secret that exists', () => {
    assert.match(blockers(draft(wanted, situation({ facts: secrets(false, true) }))).join(), /istio-ca-secret has no verified backup/u);
    assert.match(blockers(draft(wanted, situation({ facts: secrets(false, 'unknown') }))).join(), /not known/u);
  });

  it('is blocked where the backup is on another machine, cut off or gone, and says where it was written and what to do', () => {
    const blocked = (inspection: NonNullable<ProcedureMesh['inspection']>, records: Readonly<Record<string, string>> = {}): string => {
      const evidence = new Map([[clusterKey(CLUSTER), { proxies: new Map(), records: { ok: true, value: records } as const, identity: undefined }]]);
      return blockers(draft(wanted, { ...situation({ facts: secrets(false, true, true), inspection }), evidence })).join();
    };
    assert.equal(blocked(folder('istio-ca-secret-2.yaml')), '');
    assert.match(blocked(folder()), /No whole backup of istio-ca-secret is in .* on this machine/u);
    assert.match(blocked({ ...folder('istio-ca-secret.yaml'), ...holds('istio-ca-secret.yaml', undefined) }), /No whole backup/u);
    assert.match(blocked({}), /No whole backup/u);
    const record = backupText({ at: 1, secret: 'istio-ca-secret', uid: 'u', resourceVersion: '7', sha256: 'f', file: '/home/colleague/ca.yaml' });
    assert.match(blocked(folder(), { [backupKey('istio-ca-secret')]: record }), /written to \/home\/colleague\/ca\.yaml: copy that file .*, or back the CA secrets up again/u);
  });

  it('leaves alone what istiod has made for itself since, which needs no backup and is explained', () => {
    const anew: ProcedureMesh = { facts: { caSecrets: [{ name: 'cacerts', present: false, backedUp: true }, { name: 'istio-ca-secret', present: true, backedUp: false, madeAnew: true }] } };
    const plan = draft(wanted, situation(anew));
    assert.deepEqual(kubectlLines(plan), ['delete secret cacerts -n istio-system --ignore-not-found']);
    assert.equal(plan.confirmation?.typed, 'cacerts');
    assert.deepEqual(blockers(plan), []);
    assert.deepEqual(reasons(plan), ['doctor.context', 'doctor.deleteSecrets.madeAnew']);
    assert.equal(verdictOf(plan)(situation(anew)), 'verified');
    const backup = draft(order('backup-secrets', 3), situation({ ...anew, inspection: folder() }));
    assert.deepEqual(backup.commands, []);
    assert.ok(backup.findings.some(({ message }) => message.key === 'procedureChecks.secret.madeAnew'));
    assert.equal(verdictOf(backup)(situation(anew)), 'verified');
  });
});

describe('restart-control-plane', () => {
  const wanted = order('restart-control-plane', 3);

  it('restarts istiod of REVISION_2 alone; the guide’s line restarts gateways and add-ons too, and may be taken', () => {
    const plan = draft(wanted, situation());
    assert.deepEqual(kubectlLines(plan), [`rollout restart deployment/istiod-${R2} -n istio-system`, `rollout status deployment/istiod-${R2} -n istio-system --timeout=10m`]);
    assert.deepEqual(kubectlLines({ commands: plan.guideForm?.commands ?? [] }), ['rollout restart deployment -n istio-system']);
    assert.deepEqual(reasons(plan), ['doctor.context', 'doctor.restartIstiod.everything', 'doctor.restartIstiod.herd']);
  });

  it('is verified when no proxy holds an old fingerprint; a root that istiod made anew is not the old one', () => {
    const restart = draft(wanted, situation({ facts: { proxies: [proxy('OLD', MESH_CA_ANCHOR)] } }));
    const verdict = verdictOf(restart);
    const after = (...proxies: readonly ProxyFacts[]): ReturnType<typeof situation> => {
      const read = situation({ facts: { proxies } });
      return { ...read, snapshots: read.snapshots.map(restarted) };
    };
    assert.equal(verdict(situation({ facts: { proxies: [proxy(MESH_CA_ANCHOR)] } })), 'open', 'no restart was seen');
    assert.equal(verdict(after(proxy('OLD', MESH_CA_ANCHOR))), 'open');
    const good = restart.verify?.(after(proxy('NEW', MESH_CA_ANCHOR)));
    assert.ok(good?.kind === 'verified' && good.evidence.some(({ key }) => key === 'procedureChecks.oldRoot.madeAnew'));
    assert.equal(verdict(after({ ...proxy(), standing: { kind: 'unknown', reason: message('reason.notReadYet') } })), 'unknown');
  });
});

describe('restore-secrets', () => {
  const wanted = order('restore-secrets', 3);
  const strip = '{"metadata":{"uid":null,"resourceVersion":null,"creationTimestamp":null,"managedFields":null}}';

  it('strips what belonged to the deleted object, creates what is gone, and restarts istiod in a later second', () => {
    const plan = draft(wanted, situation({ facts: secrets(false, false), inspection: folder('istio-ca-secret.yaml', 'istio-ca-secret-2.yaml') }));
    const file = `${FOLDER}/istio-ca-secret-2.yaml`;
    assert.deepEqual(plan.commands[0]?.argv, ['rm', '-f', `${file}.restore.json`]);
    assert.deepEqual(plan.commands[3]?.argv, ['sleep', '1']);
    assert.deepEqual(kubectlLines({ commands: plan.commands.filter(({ argv: [tool] }) => tool === 'kubectl') }), [
      `patch --local -f ${file} --type=merge -p ${strip} -o json`,
      `create -f ${file}.restore.json`,
      `rollout restart deployment/istiod-${R2} -n istio-system`,
      `rollout status deployment/istiod-${R2} -n istio-system --timeout=10m`,
    ]);
    assert.equal(plan.commands[1]?.stdoutFile, `${file}.restore.json`);
    assert.deepEqual(plan.cleanup?.map(({ argv }) => argv), [['rm', '-f', `${file}.restore.json`]]);
  });

  it('is verified when every proxy holds the very root that was put back, not one that istiod had made for itself', () => {
    const there = { ...secrets(false, true), proxies: [proxy(MESH_CA_ANCHOR)] };
    const verdict = verdictOf(draft(wanted, situation({ facts: secrets(false, false), inspection: folder('istio-ca-secret.yaml') })));
    const after = (...proxies: readonly ProxyFacts[]): string => {
      const read = situation({ facts: { ...there, proxies } });
      return verdict({ ...read, snapshots: read.snapshots.map(restarted) });
    };
    assert.equal(after(proxy('OLD', MESH_CA_ANCHOR)), 'verified');
    assert.equal(after(proxy('NEW', MESH_CA_ANCHOR)), 'open');
    assert.equal(after(proxy('OLD', MESH_CA_ANCHOR), proxy('NEW', MESH_CA_ANCHOR)), 'open');
    const silent: ProxyFacts = { ...proxy(), standing: { kind: 'unknown', reason: message('reason.notReadYet') } };
    assert.equal(after(proxy('OLD', MESH_CA_ANCHOR), silent), 'unknown');
    assert.equal(after(proxy('OLD', MESH_CA_ANCHOR), { ...silent, waived: true }), 'verified');
  });

  it('takes the newest that is whole, and passes over one that was cut off and one with a root that istiod made for itself', () => {
    const inspection = { ...folder('istio-ca-secret.yaml', 'istio-ca-secret-2.yaml', 'istio-ca-secret-3.yaml'), ...holds('istio-ca-secret-3.yaml', undefined) };
    const baseline = { pairs: new Set(['one|OLD,one|OLD']) };
    const known = (more: NonNullable<ProcedureMesh['inspection']>): ReturnType<typeof situation> => {
      const mesh = situation({ facts: secrets(false, false), inspection: { ...inspection, ...more } });
      return { ...mesh, facts: { ...mesh.facts, baseline } };
    };
    const chosen = (mesh: ReturnType<typeof situation>): string | undefined => draft(wanted, mesh).commands[0]?.argv.at(-1);
    const passedOver = (mesh: ReturnType<typeof situation>): readonly string[] => draft(wanted, mesh).findings.filter(({ severity }) => severity === 'warns').map(({ message }) => message.key);
    assert.equal(chosen(known({})), `${FOLDER}/istio-ca-secret-2.yaml.restore.json`);
    assert.deepEqual(passedOver(known({})), ['procedureChecks.restore.notWhole']);
    const anew = known(holds('istio-ca-secret-2.yaml', 'NEW'));
    assert.equal(chosen(anew), `${FOLDER}/istio-ca-secret.yaml.restore.json`);
    assert.deepEqual(passedOver(anew), ['procedureChecks.restore.notWhole', 'procedureChecks.restore.otherRoot']);
    assert.match(blockers(draft(wanted, known({ ...holds('istio-ca-secret.yaml', undefined), ...holds('istio-ca-secret-2.yaml', 'NEW') }))).join(), /No backup/u);
  });

  it('replaces a secret that istiod has made anew meanwhile, and refuses when nobody knows or nothing was saved', () => {
    const plan = draft(wanted, situation({ facts: secrets(false, true), inspection: folder('istio-ca-secret.yaml') }));
    assert.ok(kubectlLines({ commands: plan.commands.slice(1, 3) }).includes(`replace -f ${FOLDER}/istio-ca-secret.yaml.restore.json`));
    assert.match(blockers(draft(wanted, situation({ facts: secrets(false, 'unknown'), inspection: folder('istio-ca-secret.yaml') }))).join(), /not known/u);
    assert.match(blockers(draft(wanted, situation({ inspection: folder() }))).join(), /No backup/u);
  });
});

function restarted(snapshot: ReturnType<typeof situation>['snapshots'][number]): typeof snapshot {
  const system = snapshot.namespaces.get('istio-system');
  assert.ok(system);
  const workloads = new Map([...system.workloads].map(([key, facts]) => [key, { ...facts, generation: 2, observedGeneration: 2 }]));
  return { ...snapshot, namespaces: new Map([...snapshot.namespaces, ['istio-system', { ...system, workloads }]]) };
}
