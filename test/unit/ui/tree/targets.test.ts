// What a command from the tree, a link or the palette is for.
import assert from 'node:assert/strict';
import { clusterTarget, nameTarget, namespaceTargets } from '../../../../src/ui/tree/targets.js';
import type { MeshNode } from '../../../../src/ui/tree/meshNodes.js';
import { CLUSTER_1 } from '../../../support/meshBuilder.js';

function node(namespace: string): MeshNode {
  return { kind: 'namespace', id: namespace, ref: CLUSTER_1, parent: undefined, namespace };
}
const CLUSTER: MeshNode = { kind: 'cluster', id: 'c', ref: CLUSTER_1, parent: undefined };

describe('targets', () => {
  const names = (clicked?: unknown, selected?: unknown): readonly string[] => namespaceTargets(clicked, selected).map((target) => target.namespace);

  it('are the whole selection when it was clicked in, namespaces only', () => {
    assert.deepEqual(names(node('foo'), [CLUSTER, node('foo'), node('bar')]), ['foo', 'bar']);
  });

  it('are the clicked one alone when it was clicked outside the selection', () => {
    assert.deepEqual(names(node('baz'), [node('foo'), node('bar')]), ['baz']);
    assert.deepEqual(names(node('baz')), ['baz']);
  });

  it('are none from the palette, from another node and from nonsense', () => {
    assert.deepEqual([names(), names(CLUSTER, [node('foo')]), names('foo'), names({ kind: 'namespace', namespace: 'x' })], [[], [], [], []]);
  });

  it('survive the way through a link, which carries plain JSON', () => {
    assert.deepEqual(namespaceTargets(JSON.parse(JSON.stringify(node('foo'))), undefined), [{ cluster: CLUSTER_1, namespace: 'foo' }]);
    assert.deepEqual(clusterTarget(JSON.parse(JSON.stringify(CLUSTER))), CLUSTER_1);
    assert.equal(clusterTarget(undefined), undefined);
  });

  it('have the names that a command line takes', () => {
    const at = { id: 'x', ref: CLUSTER_1, parent: undefined, namespace: 'foo' };
    assert.equal(nameTarget(CLUSTER), CLUSTER_1.context);
    assert.equal(nameTarget({ ...at, kind: 'workload', workload: 'Deployment/web' }), 'web');
    assert.equal(nameTarget({ ...at, kind: 'pod', pod: 'web-1' }), 'web-1');
    assert.equal(nameTarget({ ...at, kind: 'note', note: 'noPods' }), undefined);
  });
});
