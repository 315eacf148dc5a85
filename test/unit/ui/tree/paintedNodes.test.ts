// After a change, only what differs is drawn again.
import assert from 'node:assert/strict';
import type { ClusterRef } from '../../../../src/domain/cluster.js';
import { foldDeltas } from '../../../../src/domain/mesh/fold.js';
import type { ClusterSnapshot, Delta } from '../../../../src/domain/mesh/snapshot.js';
import { textRenderer } from '../../../../src/shared/text/render.js';
import type { MeshNode } from '../../../../src/ui/tree/meshNodes.js';
import { namespaceNodeIn, PaintedNodes } from '../../../../src/ui/tree/paintedNodes.js';
import { CLUSTER_1, cluster, controlPlane, deployment, namespace, podOf } from '../../../support/meshBuilder.js';

const START = cluster([
  ...controlPlane('asm-1', '1'),
  ...controlPlane('asm-2', '2'),
  namespace('foo', { 'istio.io/rev': 'asm-1' }),
  deployment('foo', 'web', 1),
  podOf('foo', 'web', '1', { by: 'asm-1' }),
  namespace('bar', { 'istio.io/rev': 'asm-1' }),
  namespace('outside'),
]);

describe('PaintedNodes', () => {
  let snapshot: ClusterSnapshot;
  let painted: PaintedNodes;

  beforeEach(() => {
    snapshot = START;
    painted = new PaintedNodes({ snapshotOf: () => snapshot, text: textRenderer('en'), now: () => 0, isRunning: () => false });
    drawAll(painted.roots([CLUSTER_1]));
  });

  function drawAll(nodes: readonly MeshNode[]): void {
    for (const node of nodes) {
      painted.row(node);
      drawAll(painted.children(node));
    }
  }

  function repaintAfter(...deltas: readonly Delta[]): readonly string[] | string | undefined {
    snapshot = foldDeltas(snapshot, deltas);
    const repaint = painted.repaint([CLUSTER_1], [CLUSTER_1]);
    return repaint?.kind === 'nodes' ? repaint.nodes.map(({ id }) => id.replace(/^.*\|/, '')) : repaint?.kind;
  }

  it('draws nothing when nothing that is shown changed', () => {
    assert.equal(repaintAfter({ type: 'set', object: namespace('bar', { 'istio.io/rev': 'asm-1', team: 'a' }) }), undefined);
  });

  it('draws a namespace that changed, and not the others', () => {
    assert.deepEqual(repaintAfter({ type: 'set', object: namespace('bar', { 'istio.io/rev': 'asm-2' }) }), ['namespace:bar']);
  });

  it('draws the namespace and the control plane when a pod comes', () => {
    const changed = repaintAfter({ type: 'set', object: podOf('foo', 'web', '2', { by: 'asm-1' }) });
    assert.deepEqual(changed, ['revision:asm-1', 'namespace:foo']);
  });

  it('draws a pod alone when nothing above it changes', () => {
    const before = podOf('foo', 'web', '1', { by: 'asm-1', trouble: 'A', ready: false });
    repaintAfter({ type: 'set', object: before });
    drawAll(painted.roots([CLUSTER_1]));
    assert.deepEqual(repaintAfter({ type: 'set', object: podOf('foo', 'web', '1', { by: 'asm-1', trouble: 'B', ready: false }) }), ['pod:foo/web-1']);
  });

  it('draws the group when a namespace comes or goes', () => {
    assert.deepEqual(repaintAfter({ type: 'set', object: namespace('new', { 'istio.io/rev': 'asm-1' }) }), ['group:namespaces']);
    drawAll(painted.roots([CLUSTER_1]));
    assert.deepEqual(repaintAfter({ type: 'gone', object: namespace('new') }), ['group:namespaces']);
  });

  it('keeps the same object for the same thing, and moves a namespace that joins the mesh', () => {
    const ids = (): readonly MeshNode[] => painted.roots([CLUSTER_1]).flatMap((root) => painted.children(root));
    assert.deepEqual(ids().map((node, index) => node === ids()[index]), ids().map(() => true));
    repaintAfter({ type: 'set', object: namespace('outside', { 'istio.io/rev': 'asm-1' }) });
    const node = namespaceNodeIn([CLUSTER_1], CLUSTER_1, 'outside', () => snapshot);
    assert.equal(node?.parent?.kind === 'group' && node.parent.group, 'namespaces');
  });

  it('draws everything when clusters come or go, and nothing before it was asked for', () => {
    const other: ClusterRef = { kubeconfig: '/k', context: 'other' };
    assert.deepEqual(painted.repaint([CLUSTER_1, other], [other]), { kind: 'all' });
    const fresh = new PaintedNodes({ snapshotOf: () => snapshot, text: textRenderer('en'), now: () => 0, isRunning: () => false });
    assert.equal(fresh.repaint([CLUSTER_1], [CLUSTER_1]), undefined);
  });
});
