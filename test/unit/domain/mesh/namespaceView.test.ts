// What a namespace's view says of labels, of what injected the pods, and of their disagreements.
import assert from 'node:assert/strict';
import type { Labels } from '../../../../src/domain/mesh/facts.js';
import { foldDeltas } from '../../../../src/domain/mesh/fold.js';
import type { NamespaceView } from '../../../../src/domain/mesh/namespaceView.js';
import { namespaceView } from '../../../../src/domain/mesh/namespaceView.js';
import type { ClusterSnapshot, ObjectFacts } from '../../../../src/domain/mesh/snapshot.js';
import { cluster, controlPlane, namespace, pod } from '../../../support/meshBuilder.js';

const PLANES = [...controlPlane('default', '1.16.7', { isDefault: true }), ...controlPlane('asm-1', '1.23.2-asm.2')];

function snapshotOf(labels: Labels, pods: readonly ObjectFacts[], annotations: Labels = {}): ClusterSnapshot {
  return cluster([...PLANES, namespace('foo', labels, annotations), ...pods]);
}

function viewOf(snapshot: ClusterSnapshot): NamespaceView {
  return namespaceView(snapshot, snapshot.namespaces.get('foo')!);
}

describe('namespaceView', () => {
  it('finds nothing wrong where label and pods agree', () => {
    const view = viewOf(snapshotOf({ 'istio.io/rev': 'asm-1' }, [pod('foo', 'a', { by: 'asm-1' }), pod('foo', 'b', { by: 'asm-1' })]));
    assert.deepEqual(view.injected, [{ revision: 'asm-1', pods: 2 }]);
    assert.deepEqual(view.conflicts, []);
    assert.equal(view.meshed, true);
  });

  it('says both labels, and judges pods by the one that wins', () => {
    const labels = { 'istio-injection': 'enabled', 'istio.io/rev': 'asm-1' };
    const view = viewOf(snapshotOf(labels, [pod('foo', 'a', { by: 'default' })]));
    assert.deepEqual(view.conflicts.map(({ kind }) => kind), ['bothLabels']);
    assert.equal(view.forecast.kind === 'injected' && view.forecast.revision, 'default');
  });

  it('says that a revision does not exist', () => {
    const view = viewOf(snapshotOf({ 'istio.io/rev': 'asm-9' }, [pod('foo', 'a', { by: 'default' })]));
    assert.deepEqual(view.conflicts, [{ kind: 'danglingRevision', value: 'asm-9' }]);
  });

  it('counts the pods that were not restarted since the namespace was moved', () => {
    const pods = [pod('foo', 'a', { by: 'default' }), pod('foo', 'b', { by: 'default' }), pod('foo', 'c', { by: 'asm-1' })];
    const view = viewOf(snapshotOf({ 'istio.io/rev': 'asm-1' }, pods));
    assert.deepEqual(view.injected, [{ revision: 'default', pods: 2 }, { revision: 'asm-1', pods: 1 }]);
    assert.deepEqual(view.conflicts, [
      { kind: 'notYetRestarted', pods: 2, revision: 'asm-1' },
      { kind: 'mixedRevisions', revisions: ['asm-1', 'default'] },
    ]);
  });

  it('counts pods that lack a sidecar, and not those that refuse one', () => {
    const pods = [
      pod('foo', 'a'),
      pod('foo', 'refuses', { labels: { 'sidecar.istio.io/inject': 'false' } }),
      pod('foo', 'refuses-too', { annotations: { 'sidecar.istio.io/inject': 'false' } }),
      pod('foo', 'host', { hostNetwork: true }),
      pod('foo', 'done', { phase: 'Succeeded' }),
    ];
    const view = viewOf(snapshotOf({ 'istio-injection': 'enabled' }, pods));
    assert.deepEqual(view.conflicts, [{ kind: 'withoutSidecar', pods: 1 }]);
    assert.equal(view.withoutProxy, 4);
  });

  it('counts ending and starting pods apart', () => {
    const pods = [
      pod('foo', 'old', { by: 'default', terminating: true }),
      pod('foo', 'new', { by: 'asm-1', ready: false }),
      pod('foo', 'ill', { by: 'asm-1', ready: false, trouble: 'CrashLoopBackOff' }),
    ];
    const view = viewOf(snapshotOf({ 'istio.io/rev': 'asm-1' }, pods));
    assert.deepEqual([view.starting, view.ending, view.injected], [1, 1, [{ revision: 'asm-1', pods: 2 }]]);
    assert.deepEqual(view.conflicts, []);
  });

  it('does not move gateways by the label of the namespace', () => {
    const gateway = pod('foo', 'gw', { by: 'default', proxy: { role: 'router' } });
    const view = viewOf(snapshotOf({ 'istio.io/rev': 'asm-1' }, [gateway]));
    assert.equal(view.gateways, 1);
    assert.deepEqual(view.conflicts, []);
  });

  it('remembers where a moved namespace came from', () => {
    const annotations = { 'mesh-ca-migration/before.asm-1': '{"istio-injection":"enabled"}' };
    const view = viewOf(snapshotOf({ 'istio.io/rev': 'asm-1' }, [], annotations));
    assert.deepEqual(view.memory?.before, { injection: 'enabled', revision: undefined });
  });

  it('is outside the mesh without labels and sidecars, and inside with sidecars alone', () => {
    assert.equal(viewOf(snapshotOf({}, [pod('foo', 'a')])).meshed, false);
    assert.equal(viewOf(snapshotOf({}, [pod('foo', 'a', { by: 'default' })])).meshed, true);
  });

  it('is not computed anew when another namespace changes', () => {
    const before = snapshotOf({ 'istio.io/rev': 'asm-1' }, [pod('foo', 'a', { by: 'asm-1' })]);
    const view = viewOf(before);
    const after = foldDeltas(before, [{ type: 'set', object: pod('other', 'x', { by: 'default' }) }]);
    assert.equal(viewOf(after), view);
  });
});
