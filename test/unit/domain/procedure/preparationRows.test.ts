// Phase 0, the probes and the rows that only read: their exact command lines, and what they find.
import assert from 'node:assert/strict';
import type { FleetFacts } from '../../../../src/domain/gates/gateFacts.js';
import { MESH_CA_ANCHOR } from '../../../../src/domain/gates/gateFacts.js';
import type { InspectionAnswer } from '../../../../src/domain/procedure/inspection.js';
import { PROCEDURE } from '../../../../src/domain/procedure/procedure.js';
import type { MeshSituation } from '../../../../src/domain/procedure/procedureStep.js';
import type { StepOrder } from '../../../../src/domain/procedure/stepOrder.js';
import type { Failure } from '../../../../src/shared/failure.js';
import { message } from '../../../../src/shared/text/message.js';
import { CLUSTER, injector, podOf, workload } from '../../../support/stepMesh.js';
import type { ProcedureMesh } from '../../../support/procedureMesh.js';
import { blockers, draft, kubectlLines, order, R1, R2, reasons, situation, verdictOf } from '../../../support/procedureMesh.js';

const MESH = { scope: 'mesh' } as const;

function argvs(wanted: StepOrder, mesh: ProcedureMesh = {}): readonly (readonly string[])[] {
  return draft(wanted, situation(mesh)).commands.map(({ argv }) => argv);
}

describe('get-credentials', () => {
  it('writes a kubeconfig of our own, never the user’s, and says --zone for a zone', () => {
    const regional = draft(order('get-credentials', 0), situation());
    assert.deepEqual(regional.commands, [
      {
        argv: ['gcloud', 'container', 'clusters', 'get-credentials', 'cluster-1', '--project=rehearsal-project', '--region=us-central1'],
        env: { KUBECONFIG: '/srv/own/kubeconfigs/gke_rehearsal-project_us-central1_cluster-1.yaml' },
      },
    ]);
    const parameters = { project: 'p', location: 'us-east1-b', name: 'c' };
    const zonal = draft(order('get-credentials', 0, MESH, parameters), situation());
    assert.ok(zonal.commands[0]?.argv.includes('--zone=us-east1-b'));
    assert.deepEqual(reasons(zonal), ['doctor.credentials.kubeconfig', 'doctor.credentials.zone']);
    assert.equal(zonal.guideForm?.commands, undefined);
  });
});

describe('the tools', () => {
  it('asmcli below 1.11 is refused, and what is no version as well', () => {
    const withVersion = (version: string): readonly string[] => blockers(draft(order('check-asmcli', 0, MESH), situation({ inspection: { 'tool asmcli': { kind: 'tool', path: 'asmcli', version } } })));
    assert.match(withVersion('1.10.6-asm.2+config1').join(), /too old/u);
    assert.deepEqual(withVersion('1.11.2-asm.17+config5'), []);
    assert.deepEqual(withVersion('1.23.2-asm.2+config1'), []);
    assert.match(withVersion('404: Not Found').join(), /no version/u);
    assert.deepEqual(argvs(order('check-asmcli', 0, MESH)), [['asmcli', '--version']]);
  });

  it('each is named with what it is for; a missing istioctl is no obstacle, a missing kubectl is', () => {
    const plan = draft(order('check-tools', 0, MESH), situation());
    assert.equal(plan.findings.filter(({ severity }) => severity === 'warns').length, 7);
    const found = Object.fromEntries(['kubectl', 'asmcli', 'gcloud', 'curl', 'jq', 'awk', 'grep', 'openssl'].map((name) => [`tool ${name}`, { kind: 'tool', path: name, version: '1' } as const]));
    assert.equal(verdictOf(plan)(situation({ inspection: found })), 'verified');
    assert.equal(verdictOf(plan)(situation({ inspection: { ...found, 'tool kubectl': { kind: 'absent' } } })), 'open');
  });

  it('migrate_ca is fetched with --fail, because a 404 page would become the script', () => {
    const plan = draft(order('download-migrate-ca', 0, MESH), situation());
    assert.ok(plan.commands[0]?.argv.includes('--fail'));
    assert.deepEqual(plan.commands[1]?.argv, ['chmod', '+x', '/srv/own/migrate_ca']);
    assert.equal(plan.guideForm?.commands, undefined);
  });

  it('istioctl’s directory is put on PATH of our terminals, when istioctl is in it', () => {
    const plan = draft(order('set-istioctl-path', 1), situation({ inspection: { 'path /srv/asm/cluster-1/istioctl': { kind: 'present', where: '' } } }));
    assert.deepEqual(plan.action, { kind: 'setTerminalPath', directory: '/srv/asm/cluster-1' });
    assert.deepEqual(plan.commands, []);
    assert.deepEqual(blockers(plan), []);
    assert.equal(blockers(draft(order('set-istioctl-path', 1), situation())).length, 1);
  });
});

describe('record-baseline', () => {
  const wanted = order('record-baseline', 0, MESH);
  const under = (revision: string): ProcedureMesh => {
    const standing = { kind: 'read', anchors: ['old'], issuer: 'old', domain: 'cluster.local', inbound: 'any', outbound: 'any', expired: false } as const;
    return { facts: { proxies: [{ namespace: 'foo', workload: 'Deployment/web', pods: ['web-1'], role: 'sidecar', revision, standing, waived: false }] } };
  };

  it('is recorded before the first proxy moves, and not after, when what could talk may be forgotten', () => {
    assert.deepEqual(blockers(draft(wanted, situation(under('default')))), []);
    for (const revision of [R1, R2]) assert.match(blockers(draft(wanted, situation(under(revision)))).join(), /^Proxies have moved already\./u);
  });

  it('is not recorded while something of a cluster was not read, or without any', () => {
    assert.deepEqual(blockers(draft(wanted, situation({ facts: { unread: [message('reason.unread', { what: 'pods', reason: message('failure.forbidden', { reason: 'no' }) })] } }))), ['cluster-1: Could not be read: pods (not permitted: no).']);
    const empty = situation();
    assert.match(blockers(draft(wanted, { ...empty, snapshots: [], facts: { ...empty.facts, clusters: [] } })).join(), /^No cluster takes part yet/u);
  });
});

describe('check-clusters', () => {
  const wanted = order('check-clusters', 0, MESH);

  it('runs nothing: what it says comes from what is read of the clusters', () => {
    assert.deepEqual(argvs(wanted), []);
    assert.deepEqual(blockers(draft(wanted, situation())), []);
  });

  it('blocks ambient mode, managed control planes, Google CAS and another project', () => {
    const refused = (mesh: ProcedureMesh): string => blockers(draft(wanted, situation(mesh))).join();
    assert.match(refused({ mesh: { labels: { 'istio.io/dataplane-mode': 'ambient' } } }), /ambient/u);
    assert.match(refused({ mesh: { workloads: [workload('DaemonSet', 'ztunnel')] } }), /ztunnel/u);
    assert.match(refused({ mesh: { pods: [podOf('Deployment', 'web', 'web-1', { labels: { 'istio.io/dataplane-mode': 'ambient' } })] } }), /ambient mode .*foo\/Deployment\/web/u);
    assert.match(refused({ mesh: { injectors: [injector('asm-managed-rapid')] } }), /managed control plane asm-managed-rapid/u);
    assert.match(refused({ planned: { project: 'other' } }), /says project other/u);
    const cas = { name: 'istio', uid: 'c', revision: 'default', trustDomain: 'd', trustDomainAliases: [], extraAnchors: [], proxyMetadata: { CA_PROVIDER: 'GoogleCAS' }, unreadable: undefined };
    assert.match(refused({ change: (snapshot) => ({ ...snapshot, meshConfigs: new Map([['istio', cas]]) }) }), /Google CAS/u);
  });

  it('names members of the fleet that are to be confirmed, and that nobody asked who is in it; a cluster of another fleet is refused', () => {
    const base = situation();
    const warned = (fleet: FleetFacts): string => JSON.stringify(draft(wanted, { ...base, facts: { ...base.facts, fleet } }).findings);
    assert.match(warned({ state: 'read', members: 2, notInPlan: ['gke_p_l_west'] }), /"warns".*fleet.toConfirm.*gke_p_l_west/u);
    assert.match(warned({ state: 'unread', why: 'never', project: 'p' }), /"warns".*fleet.notKnown.*fleet.never/u);
    assert.match(warned({ state: 'unread', why: 'old', days: 9, project: 'p' }), /"warns".*fleet.notKnown.*fleet.old.*9/u);
    assert.equal(warned({ state: 'waived' }), '[]');
    const member = (fleet: string): string =>
      blockers(draft(wanted, situation({ objects: { memberships: { state: 'listed', served: true, items: [{ namespace: '', name: 'membership', uid: 'm', labels: {}, owner: `projects/${fleet}/locations/global/memberships/one` }] } } }))).join();
    assert.match(member('elsewhere'), /registered in fleet elsewhere, and the plan says rehearsal-project/u);
    assert.equal(member('rehearsal-project'), '');
    assert.equal(member('123456789'), '', 'a number may be the same project');
  });

  it('names machines outside Kubernetes, and clusters that are not in the plan', () => {
    const machine = { namespace: 'vm', name: 'm', uid: 'm', labels: {}, kind: 'WorkloadEntry' } as const;
    const plan = draft(wanted, situation({ objects: { workloadEntries: { state: 'listed', served: true, items: [machine] } } }));
    assert.ok(plan.findings.some(({ severity, message }) => severity === 'warns' && message.key === 'procedureChecks.clusters.machines'));
    const base = situation();
    assert.match(blockers(draft(wanted, { ...base, facts: { ...base.facts, clustersNotInPlan: ['cluster-9'] } })).join(), /cluster-9/u);
  });
});

describe('check-fleet', () => {
  const wanted = order('check-fleet', 0, MESH);
  const asked = (answer: InspectionAnswer): ProcedureMesh => ({ inspection: { 'fleet rehearsal-project': answer } });

  it('asks gcloud about the plan’s fleet, keeps what it says in the clusters, and shows the same for a terminal', () => {
    const members = [{ name: 'projects/rehearsal-project/locations/global/memberships/one', cluster: undefined }];
    const plan = draft(wanted, situation(asked({ kind: 'fleet', members })));
    assert.deepEqual(PROCEDURE['check-fleet'].needs?.(wanted, situation()), [{ kind: 'fleet', gcloud: 'gcloud', project: 'rehearsal-project' }]);
    assert.deepEqual(plan.commands, []);
    assert.deepEqual(plan.action, { kind: 'recordFleet', project: 'rehearsal-project', members });
    assert.deepEqual(plan.equivalent, [{ argv: ['gcloud', 'container', 'fleet', 'memberships', 'list', '--project=rehearsal-project', '--format=json', '--quiet'] }]);
    assert.deepEqual(blockers(plan), []);
  });

  it('says why the fleet is not known, and keeps nothing: that gcloud is silent does not mean that nobody is there', () => {
    const failures: readonly (readonly [Failure, RegExp])[] = [
      [{ kind: 'toolMissing', tool: 'gcloud' }, /fleet rehearsal-project is not known: gcloud was not found/u],
      [{ kind: 'timedOut', seconds: 30 }, /not known: no answer within 30 s/u],
      [{ kind: 'unexpected', reason: 'PERMISSION_DENIED' }, /not known: .*PERMISSION_DENIED/u],
    ];
    for (const [failure, said] of failures) {
      const plan = draft(wanted, situation(asked({ kind: 'failed', failure })));
      assert.match(blockers(plan).join(), said);
      assert.equal(plan.action, undefined);
    }
  });

  it('is verified once the clusters have the record, and says then who is to be confirmed', () => {
    const plan = draft(wanted, situation(asked({ kind: 'fleet', members: [] })));
    const base = situation();
    const withFleet = (fleet: FleetFacts): MeshSituation => ({ ...base, facts: { ...base.facts, fleet } });
    assert.equal(verdictOf(plan)(withFleet({ state: 'unread', why: 'never', project: 'rehearsal-project' })), 'open');
    const stranger = plan.verify?.(withFleet({ state: 'read', members: 2, notInPlan: ['gke_p_l_west'] }));
    assert.ok(stranger?.kind === 'verified' && stranger.evidence.some(({ key, args }) => key === 'procedureChecks.fleet.toConfirm' && args.name === 'gke_p_l_west'));
  });
});

describe('the probes', () => {
  it('try the pod at the server, make it, wait for it, have it read, and take the namespace away', () => {
    for (const [step, phase, revision] of [['probe-revision-1', 1, R1], ['probe-revision-2', 2, R2]] as const) {
      const plan = draft(order(step, phase), situation());
      assert.deepEqual(kubectlLines(plan), [
        'apply -f -',
        'apply --dry-run=server -f -',
        'apply -f -',
        'wait --for=condition=Ready pod/probe -n mesh-ca-migration-probe --timeout=10m',
      ]);
      const pod = JSON.parse(plan.commands[2]?.stdin ?? '{}') as { metadata: { labels: Record<string, string> } };
      assert.equal(pod.metadata.labels['istio.io/rev'], revision);
      assert.deepEqual(plan.action, { kind: 'recordProbe', revision, namespace: 'mesh-ca-migration-probe', pod: 'probe' });
      assert.deepEqual(kubectlLines({ commands: plan.cleanup ?? [] }), ['delete namespace mesh-ca-migration-probe --ignore-not-found=true']);
      assert.deepEqual(blockers(plan), []);
    }
  });

  it('refuse a revision that would not inject the pod, and read a pod of the user’s where one is named', () => {
    assert.match(blockers(draft(order('probe-revision-2', 2), situation({ mesh: { injectors: [injector('default')] } }))).join(), /does not lead/u);
    const named = draft(order('probe-revision-2', 2, undefined, { pod: 'foo/mine' }), situation());
    assert.deepEqual(named.commands, []);
    assert.deepEqual(named.action, { kind: 'recordProbe', revision: R2, namespace: 'foo', pod: 'mine' });
  });

  it('are verified by the record of what the pod held', () => {
    const verdict = verdictOf(draft(order('probe-revision-1', 1), situation()));
    const record = (passed: boolean): ProcedureMesh => ({ facts: { probes: [{ revision: R1, passed, issuer: 'OLD', anchors: ['OLD', MESH_CA_ANCHOR], domain: 'd', controlPlane: 'x' }] } });
    assert.equal(verdict(situation()), 'open');
    assert.equal(verdict(situation(record(false))), 'open');
    assert.equal(verdict(situation(record(true))), 'verified');
  });
});

describe('rows that only read', () => {
  it('show the revisions in the guide’s form, with the cluster named', () => {
    assert.deepEqual(kubectlLines(draft(order('show-revisions', 1), situation())), ['get pod -n istio-system -L istio.io/rev']);
  });

  it('run the plan’s own test with the cluster in variables, or ask', () => {
    const target = { scope: 'namespace', cluster: CLUSTER, namespace: 'foo' } as const;
    const tested = draft(order('test-application', 1, target), situation({ plan: { tests: { '*': ['./any.sh'], foo: ['./foo.sh', '--fast'], 'cluster-1/bar': ['no'] } } }));
    assert.deepEqual(tested.commands, [{ argv: ['./foo.sh', '--fast'], env: { MESH_CA_CLUSTER: CLUSTER.context, MESH_CA_NAMESPACE: 'foo' } }]);
    assert.deepEqual(tested.action, { kind: 'recordTest', namespace: 'foo', asks: false });
    const asked = draft(order('test-application', 1, target), situation());
    assert.deepEqual(asked.action, { kind: 'recordTest', namespace: 'foo', asks: true });
  });

  it('check roots and issuers over all clusters; unknown is not good, and what is wrong is named', () => {
    const read = (anchors: readonly string[], issuer: string): ProcedureMesh => ({
      facts: { proxies: [{ namespace: 'foo', workload: 'Deployment/a', pods: ['a'], role: 'sidecar', revision: R1, standing: { kind: 'read', anchors, issuer, domain: 'd', inbound: 'any', outbound: 'any', expired: false }, waived: false }] },
    });
    const roots = draft(order('check-root-cert', 1, MESH), situation());
    assert.equal(verdictOf(roots)(situation(read(['OLD', MESH_CA_ANCHOR], 'OLD'))), 'verified');
    assert.equal(verdictOf(roots)(situation(read(['OLD'], 'OLD'))), 'open');
    assert.equal(verdictOf(roots)(situation({ facts: { unread: [message('reason.unread', { what: 'pods', reason: message('reason.notReadYet') })] } })), 'unknown');
    assert.deepEqual(roots.equivalent?.map(({ argv }) => argv), [['mesh-ca', 'check-root-cert', '--kubeconfig', CLUSTER.kubeconfig, '--context', CLUSTER.context]]);
    const issuers = draft(order('check-workload-cert', 2, MESH), situation());
    assert.equal(verdictOf(issuers)(situation(read(['OLD', MESH_CA_ANCHOR], 'OLD'))), 'open');
    assert.equal(verdictOf(issuers)(situation(read(['OLD', MESH_CA_ANCHOR], MESH_CA_ANCHOR))), 'verified');
  });

  it('ask for both verbs of port-forward, one permission a line', () => {
    const lines = kubectlLines({ commands: draft(order('check-permissions', 0), situation()).equivalent ?? [] });
    assert.ok(lines.includes('auth can-i create pods --subresource=portforward --all-namespaces'));
    assert.ok(lines.includes('auth can-i get pods --subresource=portforward --all-namespaces'));
    assert.ok(lines.includes('auth can-i delete secrets -n istio-system'));
  });
});
