// Moving revision tags: the command lines, what is asked of the mesh before and after, and the way back.
import assert from 'node:assert/strict';
import { PROCEDURE } from '../../../../src/domain/procedure/procedure.js';
import { tagsBack } from '../../../../src/domain/procedure/moveTags.js';
import { rollBackOrders } from '../../../../src/domain/procedure/rollBackCluster.js';
import { CLUSTER, injector } from '../../../support/stepMesh.js';
import { blockers, draft, OLD_ASM, order, R1, R2, situation } from '../../../support/procedureMesh.js';
import type { ProcedureMesh } from '../../../support/procedureMesh.js';

const HERE = ['--kubeconfig', CLUSTER.kubeconfig, '--context', CLUSTER.context];

function tagged(tags: Readonly<Record<string, string>>): ProcedureMesh {
  return {
    plan: { startingPoint: 'asm' },
    mesh: { istiods: { [OLD_ASM]: 1, [R1]: 1 }, injectors: [injector(OLD_ASM), injector(R1)] },
    facts: { references: Object.entries(tags).map(([name, revision]) => ({ kind: 'tag', name, revision })) },
  };
}

describe('move-tags', () => {
  it('moves every tag of the old revision, by the istioctl of the output directory and on the cluster that is named', () => {
    const plan = draft(order('move-tags', 1), situation(tagged({ default: OLD_ASM, prod: OLD_ASM, canary: R1 })));
    assert.deepEqual(plan.commands.map(({ argv }) => argv), [
      ['/srv/asm/cluster-1/istioctl', 'tag', 'set', 'default', '--revision', R1, '--overwrite', ...HERE],
      ['/srv/asm/cluster-1/istioctl', 'tag', 'set', 'prod', '--revision', R1, '--overwrite', ...HERE],
    ]);
    assert.deepEqual(plan.undo?.commands.map(({ argv }) => argv[5]), [OLD_ASM, OLD_ASM]);
  });

  it('stands behind the gate of the labels, since a tag injects whatever is labelled with it', () => {
    const mesh = situation(tagged({ default: OLD_ASM }));
    assert.deepEqual(PROCEDURE['move-tags'].gates(order('move-tags', 1), mesh).map(({ gate }) => gate), ['phase-1-labels']);
    assert.deepEqual(PROCEDURE['move-tags'].gates(order('move-tags', 2), mesh).map(({ gate }) => gate), ['phase-2-labels']);
    assert.deepEqual(PROCEDURE['move-tags'].gates(tagsBack(2, CLUSTER), mesh).map(({ gate }) => gate), ['rollback-2']);
  });

  it('has nothing to run where no tag leads to the old revision', () => {
    assert.equal(blockers(draft(order('move-tags', 1), situation(tagged({ canary: R1 })))).length, 1);
  });

  it('is verified when each of them leads to the new revision, and not before', () => {
    const before = situation(tagged({ default: OLD_ASM, prod: OLD_ASM }));
    const plan = draft(order('move-tags', 1), before);
    const after = (tags: Readonly<Record<string, string>>): string | undefined => plan.verify?.(situation(tagged(tags))).kind;
    assert.equal(plan.verify?.(before).kind, 'open');
    assert.equal(after({ default: R1, prod: OLD_ASM }), 'open');
    assert.equal(after({ default: R1, prod: R1 }), 'verified');
  });

  it('is part of a rollback where tags had moved, before the control plane goes', () => {
    const orders = rollBackOrders(2, [CLUSTER], situation({ ...tagged({ default: R2 }), mesh: { istiods: { [R1]: 1, [R2]: 1 }, injectors: [injector(R1), injector(R2)] } }));
    assert.deepEqual(orders.map(({ step }) => step), ['move-tags', 'roll-back-cluster']);
    assert.deepEqual(rollBackOrders(2, [CLUSTER], situation(tagged({ default: R1 }))).map(({ step }) => step), ['roll-back-cluster']);
  });

  it('goes back before the namespaces do, and what moved with a tag is restarted after it: it has no label to take back', () => {
    const follows = (labels: Readonly<Record<string, string>>, tags: Readonly<Record<string, string>>): readonly string[] => {
      const base = tagged(tags);
      const standing = { kind: 'notLoaded' } as const;
      const proxies = [{ namespace: 'foo', workload: 'Deployment/web', pods: ['web-1'], role: 'sidecar', revision: R1, standing, waived: false }] as const;
      return rollBackOrders(1, [CLUSTER], situation({ ...base, mesh: { ...base.mesh, labels }, facts: { ...base.facts, proxies } })).map(({ step }) => step);
    };
    const restarted = ['move-tags', 'restart-workloads', 'roll-back-cluster'];
    assert.deepEqual(follows({ 'istio.io/rev': 'prod' }, { prod: R1 }), restarted);
    assert.deepEqual(follows({ 'istio-injection': 'enabled' }, { default: R1 }), restarted);
    assert.deepEqual(follows({ 'istio-injection': 'enabled', 'istio.io/rev': 'prod' }, { prod: R1 }), ['move-tags', 'roll-back-cluster'], 'the other label wins');
    assert.deepEqual(follows({ 'istio.io/rev': R1 }, { prod: R1 }), ['move-tags', 'roll-back-namespace', 'roll-back-cluster']);
  });
});
