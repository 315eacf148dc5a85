// The table of the procedure as a whole: every row, its gates, and what holds for all of them.
import assert from 'node:assert/strict';
import { isBlocked, planStep } from '../../../../src/domain/procedure/planStep.js';
import { chosenReturn } from '../../../../src/domain/procedure/namespaceRows.js';
import { PROCEDURE } from '../../../../src/domain/procedure/procedure.js';
import { rollBackOrders } from '../../../../src/domain/procedure/rollBackCluster.js';
import type { StepOrder, StepTarget } from '../../../../src/domain/procedure/stepOrder.js';
import { STEP_IDS } from '../../../../src/domain/procedure/stepOrder.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import { CLUSTER, podOf, workload } from '../../../support/stepMesh.js';
import { blockers, draft, gatewayTarget, kubectlLines, order, R1, R2, reasons, situation } from '../../../support/procedureMesh.js';

const FOO = { scope: 'namespace', cluster: CLUSTER, namespace: 'foo' } as const;

function targetOf(scope: StepTarget['scope']): StepTarget {
  if (scope === 'mesh') return { scope };
  if (scope === 'cluster') return { scope, cluster: CLUSTER };
  return scope === 'namespace' ? FOO : gatewayTarget('foo', 'gateway');
}

describe('the table of the procedure', () => {
  it('has a row for every id, which says of itself what it is', () => {
    for (const id of STEP_IDS) assert.equal(PROCEDURE[id].id, id);
  });

  it('every row can be planned in every phase, names its cluster on each command line, and says something in both languages', () => {
    const mesh = situation();
    for (const id of STEP_IDS) {
      for (const phase of PROCEDURE[id].phases) {
        const plan = planStep(order(id, phase, targetOf(PROCEDURE[id].scope)), mesh);
        for (const { argv } of [...plan.commands, ...plan.dryRun, ...(plan.undo?.commands ?? [])]) {
          if (argv[0] === 'kubectl') assert.deepEqual(argv.slice(1, 5), ['--kubeconfig', CLUSTER.kubeconfig, '--context', CLUSTER.context], id);
          if (argv[0] === 'asmcli' && argv[1] !== '--version') assert.ok(argv.includes('--kubeconfig') && argv.includes('--context'), id);
        }
        for (const { argv } of plan.dryRun) assert.ok(argv.includes('--dry-run=server') || argv.includes('can-i') || (argv[0] === 'asmcli' && argv[1] === 'validate'), `${id}: ${argv.join(' ')}`);
        for (const text of [textRenderer('en'), textRenderer('ko')]) assert.notEqual(text(plan.title), '');
      }
    }
  });

  it('what deletes asks for a name to be typed', () => {
    for (const [id, phase] of [['delete-old-istiod', 2], ['roll-back-cluster', 1], ['delete-secrets', 3]] as const) {
      assert.notEqual(draft(order(id, phase), situation()).confirmation, undefined, id);
    }
  });

  it('what could break mTLS stands behind a gate, and a gate that is not open blocks it', () => {
    const gates = (id: (typeof STEP_IDS)[number], phase: 1 | 2 | 3): readonly string[] =>
      PROCEDURE[id].gates(order(id, phase, targetOf(PROCEDURE[id].scope)), situation()).map(({ gate }) => gate);
    assert.deepEqual(gates('migrate-namespace', 1), ['phase-1-labels']);
    assert.deepEqual(gates('migrate-namespace', 2), ['phase-2-labels']);
    assert.deepEqual(gates('install-revision-2', 2), ['phase-2']);
    assert.deepEqual(gates('upgrade-gateway', 2), ['phase-2-labels']);
    assert.deepEqual(gates('finalize-webhook', 1), ['finish']);
    assert.deepEqual(gates('delete-old-istiod', 1), ['finish']);
    assert.deepEqual(gates('delete-secrets', 3), ['phase-3']);
    assert.deepEqual(gates('restart-control-plane', 3), ['phase-3']);
    assert.deepEqual(gates('restore-secrets', 3), ['restore']);
    const plan = planStep(order('migrate-namespace', 2, FOO), situation());
    assert.notEqual(plan.gates[0]?.state, 'open');
    assert.ok(isBlocked(plan));
  });

  it('asks on the way back by where a namespace is and is led to, not by the phase in which it was asked for', () => {
    const gates = (phase: 1 | 2, revision: string, before: object, parameters: StepOrder['parameters'] = {}): readonly unknown[] => {
      const mesh = situation({ mesh: { labels: { 'istio.io/rev': revision }, annotations: { [`mesh-ca-migration/before.${revision}`]: JSON.stringify(before) } } });
      return PROCEDURE['roll-back-namespace'].gates(order('roll-back-namespace', phase, FOO, parameters), mesh).map(({ gate, about }) => [gate, about.revision]);
    };
    const toDefault = { 'istio-injection': 'enabled' };
    for (const phase of [1, 2] as const) {
      assert.deepEqual(gates(phase, R1, toDefault), [['rollback-1', 'default']], 'postponed in phase 1, and rolled back when phase 2 has begun');
      assert.deepEqual(gates(phase, R2, { 'istio.io/rev': R1 }), [['rollback-2', undefined]]);
      assert.deepEqual(gates(phase, R2, toDefault), [['rollback-1', 'default'], ['rollback-2', undefined]], 'two revisions at once');
    }
    assert.deepEqual(gates(2, R2, { 'istio.io/rev': R1 }, chosenReturn({ injection: 'enabled', revision: undefined })), [['rollback-1', 'default'], ['rollback-2', undefined]], 'as chosen, whatever is remembered');
  });

  it('goes back to what was chosen where nothing is remembered, also to no label at all', () => {
    const mesh = situation({ mesh: { labels: { 'istio.io/rev': R1 }, workloads: [workload('Deployment', 'httpbin')] } });
    const lines = (to: Parameters<typeof chosenReturn>[0]): string | undefined => kubectlLines(draft(order('roll-back-namespace', 1, FOO, chosenReturn(to)), mesh))[0];
    assert.equal(lines({ injection: 'enabled', revision: undefined }), 'label namespace foo istio.io/rev- istio-injection=enabled --overwrite');
    assert.equal(lines({ injection: undefined, revision: undefined }), 'label namespace foo istio.io/rev- --overwrite');
    assert.match(blockers(draft(order('roll-back-namespace', 1, FOO), mesh)).join(), /choose what to go back to/u);
  });

  it('blocks what changes a cluster while a kind of it is not live, and not what only reads', () => {
    const mesh = situation({ mesh: { kinds: { pods: { state: 'loading' } } } });
    assert.ok(isBlocked(planStep(order('restart-gateways', 3), mesh)));
    assert.ok(!isBlocked(planStep(order('show-revisions', 1), mesh)));
    assert.ok(isBlocked(planStep(order('restart-gateways', 3), { ...mesh, snapshots: [] })));
  });
});

describe('the rows on a namespace', () => {
  const deployment = { workloads: [workload('Deployment', 'httpbin')], pods: [podOf('Deployment', 'httpbin', 'one')] };

  it('move it to the revision of the phase, remembering first what was there', () => {
    const lines = kubectlLines(draft(order('migrate-namespace', 1, FOO), situation({ mesh: deployment })));
    assert.match(lines[0] ?? '', new RegExp(`^annotate namespace foo mesh-ca-migration/before.${R1}=`, 'u'));
    assert.equal(lines[1], `label namespace foo istio.io/rev=${R1} istio-injection- --overwrite`);
    const second = kubectlLines(draft(order('migrate-namespace', 2, FOO), situation({ mesh: { ...deployment, labels: { 'istio.io/rev': R1 } } })));
    assert.equal(second[1], `label namespace foo istio.io/rev=${R2} istio-injection- --overwrite`);
  });

  it('offer the guide’s two lines only where they do the same: Deployments alone, and no label that would win', () => {
    const form = (phase: 1 | 2, mesh: Parameters<typeof situation>[0]): readonly string[] | undefined => {
      const commands = draft(order('migrate-namespace', phase, FOO), situation(mesh)).guideForm?.commands;
      return commands === undefined ? undefined : kubectlLines({ commands });
    };
    assert.deepEqual(form(1, { mesh: deployment }), [`label namespace foo istio.io/rev=${R1} istio-injection- --overwrite`, 'rollout restart deployment -n foo']);
    assert.equal(form(1, { mesh: { workloads: [...deployment.workloads, workload('StatefulSet', 'db')] } }), undefined);
    assert.equal(form(2, { mesh: deployment }), undefined, 'istio-injection would stay and win');
    assert.ok(reasons(draft(order('migrate-namespace', 2, FOO), situation({ mesh: deployment }))).includes('doctor.migrate.injectionLabel'));
  });

  it('restart StatefulSets and DaemonSets too, which the guide’s line leaves with their old proxies', () => {
    const mesh = situation({ mesh: { workloads: [workload('StatefulSet', 'db'), workload('DaemonSet', 'agent')] } });
    const plan = draft(order('restart-workloads', 1, FOO), mesh);
    assert.ok(kubectlLines(plan).includes('rollout restart statefulset -n foo'));
    assert.ok(kubectlLines(plan).includes('rollout restart daemonset -n foo'));
    assert.deepEqual(plan.guideForm?.lines, ['kubectl rollout restart deployment -n foo']);
  });

  it('a rollback of a phase moves gateways and namespaces of all clusters back before any control plane goes', () => {
    const labels = { 'istio.io/rev': R1 };
    const mesh = situation({ mesh: { labels, workloads: [workload('Deployment', 'edge', { templateLabels: { 'istio.io/rev': R1 }, templateAnnotations: { 'inject.istio.io/templates': 'gateway' } })] } });
    assert.deepEqual(rollBackOrders(1, [CLUSTER], mesh).map(({ step }) => step), ['roll-back-gateway', 'roll-back-namespace', 'roll-back-cluster']);
    assert.match(blockers(draft(order('roll-back-namespace', 1, FOO), mesh)).join(), /choose what to go back to/u);
  });
});
