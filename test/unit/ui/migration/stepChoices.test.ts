// What a step is run on: from the palette the sensible choice first, from either tree what was clicked.
import assert from 'node:assert/strict';
import { computePosition } from '../../../../src/domain/position/computePosition.js';
import { PROCEDURE } from '../../../../src/domain/procedure/procedure.js';
import type { StepId } from '../../../../src/domain/procedure/stepOrder.js';
import { clickedStep } from '../../../../src/ui/migration/clickedStep.js';
import type { MigrationNode } from '../../../../src/ui/migration/migrationNodes.js';
import { clickedTargets, phaseFor, targetChoices } from '../../../../src/ui/migration/stepTargets.js';
import { moveNamespace } from '../../../support/rehearsedJourney.js';
import { CLUSTER_REFS, PLAN, rehearsedSituation, REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { meshOf } from '../../rehearsal/mesh/drawnMesh.js';

const [CLUSTER_1, CLUSTER_2] = CLUSTER_REFS;

describe('what a step is run on', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  const mesh = meshOf('istio-default', [REVISION_1]);
  moveNamespace(mesh, mesh.first, 'bar', REVISION_1);
  const situation = rehearsedSituation(mesh, { plan: PLAN, baseline: true, probed: [REVISION_1], scanned: true });
  const position = computePosition(situation);

  const drawn = (step: StepId): readonly string[] =>
    targetChoices(PROCEDURE[step], phaseFor(PROCEDURE[step], position, situation), situation, position).map(({ name, cluster, state }) =>
      [name, cluster, state?.kind].filter((part) => part !== undefined).join(' '),
    );

  it('offers the next target first, then what is open, and last what is done', () => {
    assert.deepEqual(drawn('migrate-namespace'), [
      'batch cluster-1 next',
      'baz cluster-1 open', 'foo cluster-1 open', 'bar cluster-2 open', 'batch cluster-2 open', 'baz cluster-2 open', 'foo cluster-2 open',
      'bar cluster-1 done',
    ]);
    assert.deepEqual(drawn('install-revision-2'), ['cluster-1 cluster-1 open', 'cluster-2 cluster-2 open']);
    assert.deepEqual(drawn('roll-back-gateway'), ['istio-system/istio-ingressgateway cluster-1', 'istio-system/istio-ingressgateway cluster-2']);
    assert.deepEqual(drawn('scan-identity'), ['']);
  });

  it('takes a step of several phases to be of the present one, or of the nearest', () => {
    assert.equal(phaseFor(PROCEDURE['migrate-namespace'], { phase: 2 }, situation), 2);
    assert.equal(phaseFor(PROCEDURE['migrate-namespace'], { phase: 0 }, situation), 1);
    assert.equal(phaseFor(PROCEDURE['delete-old-istiod'], { phase: 3 }, situation), 2);
  });

  it('rolls back phase 2 as long as there is something of it, even while a proxy that was not read yet leaves phase 1 open', () => {
    const begun = rehearsedSituation(meshOf('istio-default', [REVISION_1, REVISION_2]), { plan: PLAN });
    assert.equal(phaseFor(PROCEDURE['roll-back-cluster'], { phase: 1 }, begun), 2);
    assert.equal(phaseFor(PROCEDURE['roll-back-cluster'], { phase: 1 }, situation), 1);
    assert.equal(phaseFor(PROCEDURE['install-revision-1'], { phase: 1 }, begun), 1);
  });

  it('reads nodes of the tree Clusters by the scope of the step', () => {
    const namespace = { kind: 'namespace', ref: CLUSTER_1, namespace: 'foo' };
    const gateway = { kind: 'gateway', ref: CLUSTER_2, namespace: 'istio-system', workload: 'Deployment/istio-ingressgateway' };
    assert.deepEqual(clickedTargets('namespace', namespace, undefined), [{ scope: 'namespace', cluster: CLUSTER_1, namespace: 'foo' }]);
    assert.deepEqual(clickedTargets('cluster', { kind: 'controlPlane', ref: CLUSTER_2, revision: 'x' }, undefined), [{ scope: 'cluster', cluster: CLUSTER_2 }]);
    const [first, second] = CLUSTER_REFS.map((ref) => ({ kind: 'cluster', ref }));
    const both = CLUSTER_REFS.map((cluster) => ({ scope: 'cluster', cluster }));
    assert.deepEqual(clickedTargets('cluster', second, [first, second, namespace]), both);
    assert.deepEqual(clickedTargets('cluster', second, [first]), both.slice(1));
    assert.deepEqual(clickedTargets('gateway', gateway, undefined), [
      { scope: 'gateway', cluster: CLUSTER_2, namespace: 'istio-system', name: 'istio-ingressgateway' },
    ]);
    assert.deepEqual(clickedTargets('gateway', namespace, undefined), []);
    assert.deepEqual(clickedTargets('namespace', undefined, undefined), []);
  });

  it('runs the next wave from a step, and from a target that target, or the selection of the same step', () => {
    const step: MigrationNode = { kind: 'step', id: 's', parent: undefined, phase: 1, step: 'migrate-namespace' };
    const target = (name: string): MigrationNode => ({
      kind: 'target', id: name, parent: step, phase: 1, step: 'migrate-namespace', target: { scope: 'namespace', cluster: CLUSTER_1, namespace: name },
    });
    const names = (clicked: unknown, selected: unknown): unknown =>
      clickedStep(clicked, selected, position)?.orders.map((order) => (order.target.scope === 'namespace' ? order.target.namespace : order.target.scope));
    assert.deepEqual(names(step, undefined), ['batch', 'baz']);
    assert.deepEqual(names(target('foo'), [target('baz')]), ['foo']);
    assert.deepEqual(names(target('foo'), [target('baz'), target('foo'), step]), ['baz', 'foo']);
    assert.equal(clickedStep({ kind: 'step', phase: 1, step: 'rm -rf' }, undefined, position), undefined);
    assert.equal(clickedStep('anything', undefined, position), undefined);
  });
});
