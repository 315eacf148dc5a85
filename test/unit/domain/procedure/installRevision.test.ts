// asmcli's two installs: the exact command lines, and each trap of the guide's own form shown and avoided.
import assert from 'node:assert/strict';
import type { CaFilesFacts } from '../../../../src/domain/procedure/inspection.js';
import { requestKey } from '../../../../src/domain/procedure/inspection.js';
import { message } from '../../../../src/shared/text/message.js';
import { CLUSTER } from '../../../support/stepMesh.js';
import type { ProcedureMesh } from '../../../support/procedureMesh.js';
import { blockers, draft, order, R1, R2, reasons, situation as withAllRevisions, verdictOf } from '../../../support/procedureMesh.js';

const START = ['asmcli', 'install', '--fleet_id', 'rehearsal-project', '--kubeconfig', CLUSTER.kubeconfig, '--context', CLUSTER.context, '--output_dir', '/srv/asm/cluster-1'];
const FILES = { caCert: '/ca/ca-cert.pem', caKey: '/ca/ca-key.pem', rootCert: '/ca/root-cert.pem', certChain: '/ca/cert-chain.pem' };
const GOOD: CaFilesFacts = { root: 'AA', keyMatches: true, chainVerifies: true, keyType: 'rsa', expiresAt: 1 };
const FIRST = order('install-revision-1', 1);
const SECOND = order('install-revision-2', 2);

/** REVISION_2 is not installed yet. */
function situation(words: ProcedureMesh = {}): ReturnType<typeof withAllRevisions> {
  return withAllRevisions({ mesh: { istiods: { default: 1, [R1]: 1 } }, ...words });
}

/** Four files in the plan, and proxies that are signed under this root. */
function withFiles(facts: Partial<CaFilesFacts>, issuer: string, files = FILES, present = false): ProcedureMesh {
  const standing = { kind: 'read', anchors: [issuer], issuer, domain: 'cluster.local', inbound: 'any', outbound: 'any', expired: false } as const;
  return {
    planned: { caFiles: files },
    facts: {
      caSecrets: [{ name: 'cacerts', present, backedUp: false }],
      proxies: [{ namespace: 'foo', workload: 'Deployment/httpbin', pods: ['httpbin'], role: 'sidecar', revision: 'default', standing, waived: false }],
    },
    inspection: { [requestKey({ kind: 'caFiles', ...files })]: { kind: 'caFiles', facts: { ...GOOD, ...facts } } },
  };
}

describe('installing a control plane', () => {
  it('phase 1: signs with Citadel, distributes the root, and names kubeconfig, context and absolute output directory', () => {
    const plan = draft(FIRST, situation());
    assert.deepEqual(plan.commands, [{ argv: [...START, '--enable_all', '--ca', 'citadel', '--option', 'ca-migration-citadel', '--revision_name', R1] }]);
    assert.deepEqual(blockers(plan), []);
  });

  it('is blocked in either phase where the mesh is one that this migration cannot do', () => {
    const ambient = { labels: { 'istio.io/dataplane-mode': 'ambient' }, istiods: { default: 1, [R1]: 1 } };
    for (const id of [FIRST, SECOND]) assert.match(blockers(draft(id, situation({ mesh: ambient }))).join(), /ambient/u);
  });

  it('phase 2: Mesh CA, the option by the name of its file, each flag once, and none of the certificate flags', () => {
    const plan = draft(SECOND, situation(withFiles({}, 'AA')));
    assert.deepEqual(plan.commands, [{ argv: [...START, '--enable_all', '--ca', 'mesh_ca', '--option', 'ca-migration-meshca', '--revision_name', R2] }]);
    assert.equal(plan.guideForm?.commands, undefined);
    assert.deepEqual(reasons(plan), ['doctor.install.certFlagsWithMeshCa', 'doctor.install.missingBackslash', 'doctor.install.outputDirTwice', 'doctor.install.optionName', 'doctor.install.context']);
    assert.ok(plan.guideForm?.lines.includes('  --cert_chain /ca/cert-chain.pem'), 'printed as the guide prints it, without the backslash');
  });

  it('is tried dry by asmcli’s own validation of the cluster, with no flag that would change anything', () => {
    const validated = (id: typeof FIRST): unknown => draft(id, situation()).dryRun.map(({ argv }) => argv);
    const target = START.slice(2);
    assert.deepEqual(validated(FIRST), [['asmcli', 'validate', ...target, '--ca', 'citadel']]);
    assert.deepEqual(validated(SECOND), [['asmcli', 'validate', ...target, '--ca', 'mesh_ca']]);
  });

  it('refuses REVISION_1 once REVISION_2 is installed in the cluster or named by a label there, not before', () => {
    const named = (revision: string): readonly string[] =>
      blockers(draft(FIRST, situation({ facts: { references: [{ kind: 'namespace', name: 'foo', revision }] } })));
    assert.deepEqual(named(R1), []);
    assert.match(named(R2).join(), /Roll phase 2 back first/u);
    assert.match(blockers(draft(FIRST, withAllRevisions())).join(), /Roll phase 2 back first/u);
    assert.doesNotMatch(blockers(draft(SECOND, withAllRevisions())).join(), /Roll phase 2 back first/u);
  });

  it('carries the overlays in both phases, and the chosen flags instead of --enable_all', () => {
    const overlays = ['/o/one.yaml', '/o/two.yaml'];
    const inspection = Object.fromEntries(overlays.map((path) => [`file ${path}`, { kind: 'file', text: '' } as const]));
    const mesh = situation({ planned: { overlays }, plan: {}, inspection });
    const withFlags = { ...mesh, plan: mesh.plan === undefined ? undefined : { ...mesh.plan, asmcliFlags: ['enable_gcp_apis', 'enable_registration'] } };
    for (const wanted of [FIRST, SECOND]) {
      const argv = draft(wanted, withFlags).commands[0]?.argv.join(' ') ?? '';
      assert.match(argv, / --enable_gcp_apis --enable_registration --ca /u);
      assert.match(argv, / --custom_overlay \/o\/one\.yaml --custom_overlay \/o\/two\.yaml$/u);
      assert.deepEqual(blockers(draft(wanted, withFlags)), []);
    }
    assert.equal(blockers(draft(FIRST, situation({ planned: { overlays: ['/gone.yaml'] } }))).length, 1);
  });

  it('leaves the four certificate files out, which the guide prints as if they were needed', () => {
    const plan = draft(FIRST, situation());
    assert.ok(!plan.commands[0]?.argv.includes('--ca_cert'));
    assert.ok(reasons(plan).includes('doctor.install.rootSwitch'));
    assert.equal(plan.guideForm?.commands, undefined);
  });

  it('takes the four files when they hold the very root under which everything lives', () => {
    const plan = draft(FIRST, situation({ ...withFiles({ expiresAt: 10 }, 'AA') }));
    assert.deepEqual(blockers(plan), []);
    assert.match(plan.commands[0]?.argv.join(' ') ?? '', /--ca citadel --ca_cert \/ca\/ca-cert\.pem --ca_key \/ca\/ca-key\.pem --root_cert \/ca\/root-cert\.pem --cert_chain \/ca\/cert-chain\.pem --option/u);
  });

  it('refuses the four files when they would switch the root, when cacerts exists, and when they are wrong in themselves', () => {
    const refused = (mesh: ProcedureMesh): string => blockers(draft(FIRST, situation(mesh))).join('\n');
    assert.match(refused(withFiles({ expiresAt: 10 }, 'BB')), /Root AA is not the one in use: 1 workload is signed under another/u);
    assert.match(refused(withFiles({ expiresAt: 10 }, 'AA', FILES, true)), /cacerts exists/u);
    assert.match(refused(withFiles({ expiresAt: 10, keyMatches: false }, 'AA')), /key does not belong/u);
    assert.match(refused(withFiles({ expiresAt: 10, chainVerifies: false }, 'AA')), /does not verify/u);
    assert.match(refused(withFiles({ expiresAt: 10, keyType: 'ec' }, 'AA')), /RSA only/u);
    assert.match(refused(withFiles({ expiresAt: 0 }, 'AA')), /expired/u);
    assert.match(refused(withFiles({ expiresAt: 10 }, 'AA', { ...FILES, caCert: '/ca/corp-ca-cert.pem' })), /has to be called ca-cert\.pem/u);
    assert.match(refused({ ...withFiles({ expiresAt: 10 }, 'AA'), inspection: {} }), /could not be read/u);
    const unread = withFiles({ expiresAt: 10 }, 'AA');
    assert.match(refused({ ...unread, facts: { ...unread.facts, unread: [message('reason.unread', { what: 'pods', reason: message('reason.notReadYet') })] } }), /nobody knows/u);
  });

  it('refuses names that would fail in the middle of the install', () => {
    const withName = (revision1: string): readonly string[] => blockers(draft(FIRST, situation({ plan: { revision1 } })));
    assert.match(withName('1232-distribute').join(), /lower-case letter/u);
    assert.match(withName(`a${'b'.repeat(56)}`).join(), /57 characters; at most 56/u);
    assert.deepEqual(withName(`a${'b'.repeat(55)}`), []);
    assert.match(withName('Asm-1').join(), /lower-case letter/u);
    assert.match(withName('asm-managed').join(), /managed/u);
    assert.match(withName(R2).join(), /same name/u);
  });

  it('refuses $PWD, ~ and relative paths, an old asmcli, and a context that asmcli cannot take apart', () => {
    const refused = (mesh: ProcedureMesh): string => blockers(draft(FIRST, situation(mesh))).join('\n');
    assert.match(refused({ planned: { outputDirectory: '$PWD/out' } }), /not an absolute path/u);
    assert.match(refused({ planned: { outputDirectory: 'out' } }), /not an absolute path/u);
    assert.match(refused({ inspection: { 'tool asmcli': { kind: 'tool', path: 'asmcli', version: '1.10.6-asm.2+config1' } } }), /too old/u);
    assert.match(refused({ inspection: { 'tool asmcli': { kind: 'absent' } } }), /not found/u);
  });

  it('says beforehand that asmcli will ask about a live gateway, and never adds the option it recommends', () => {
    const name = 'istio-ingressgateway';
    const plan = draft(FIRST, situation({ change: (snapshot) => withGateway(snapshot, name) }));
    assert.ok(plan.changes.some(({ key }) => key === 'procedure.install.change.answerYes'));
    assert.ok(!plan.commands.some(({ argv }) => argv.includes('legacy-default-ingressgateway')));
  });

  it('blocks a custom trust domain until the old config has the alias and an overlay carries the domain', () => {
    const config = { name: 'istio', uid: 'c', revision: 'default', trustDomain: 'corp.example', trustDomainAliases: [] as string[], extraAnchors: [], proxyMetadata: {}, unreadable: undefined };
    const mesh = (aliases: string[], overlay: string): ProcedureMesh => ({
      planned: { overlays: ['/o.yaml'] },
      inspection: { 'file /o.yaml': { kind: 'file', text: overlay } },
      change: (snapshot) => ({ ...snapshot, meshConfigs: new Map([['istio', { ...config, trustDomainAliases: aliases }]]) }),
    });
    assert.match(blockers(draft(FIRST, situation(mesh([], 'trustDomainAliases: [corp.example]')))).join(), /corp\.example/u);
    assert.match(blockers(draft(FIRST, situation(mesh(['cluster.local'], '')))).join(), /corp\.example/u);
    assert.deepEqual(blockers(draft(FIRST, situation(mesh(['cluster.local'], 'trustDomainAliases: [corp.example]')))), []);
  });

  it('is verified when istiod is ready and both effects of the option show, not by an exit code', () => {
    const verdict = verdictOf(draft(FIRST, situation()));
    assert.equal(verdict(situation()), 'open');
    assert.equal(verdict(situation({ mesh: { istiods: { default: 1 } } })), 'open');
  });
});

function withGateway(snapshot: ReturnType<typeof situation>['snapshots'][number], name: string): ReturnType<typeof situation>['snapshots'][number] {
  const system = snapshot.namespaces.get('istio-system');
  assert.ok(system);
  const istiod = [...system.workloads.values()][0];
  assert.ok(istiod);
  const gateway = { ...istiod, name, labels: {}, templateLabels: { app: name }, templateAnnotations: { 'inject.istio.io/templates': 'gateway' } };
  return { ...snapshot, namespaces: new Map([...snapshot.namespaces, ['istio-system', { ...system, workloads: new Map([...system.workloads, [`Deployment/${name}`, gateway]]) }]]) };
}
