// What a reader tells becomes a snapshot, and what did not change stays the same object.
import assert from 'node:assert/strict';
import { emptySnapshot, foldDeltas } from '../../../../src/domain/mesh/fold.js';
import { CLUSTER_1, cluster, controlPlane, deployment, injector, listed, namespace, pod } from '../../../support/meshBuilder.js';

const OBJECTS = [
  ...controlPlane('default', '1.16.7'),
  namespace('foo', { 'istio-injection': 'enabled' }),
  namespace('bar'),
  deployment('foo', 'httpbin', 1),
  deployment('foo', 'db', 1, { kind: 'StatefulSet' }),
  pod('foo', 'httpbin-1', { by: 'default' }),
  pod('bar', 'sleep-1'),
];

describe('foldDeltas', () => {
  it('is the same snapshot when the same is listed again', () => {
    const before = cluster(OBJECTS);
    assert.equal(foldDeltas(before, listed(structuredClone(OBJECTS))), before);
  });

  it('shares every namespace in which nothing changed', () => {
    const before = cluster(OBJECTS);
    const after = foldDeltas(before, [{ type: 'set', object: pod('foo', 'httpbin-2', { by: 'asm-1' }) }]);
    assert.notEqual(after.namespaces.get('foo'), before.namespaces.get('foo'));
    assert.equal(after.namespaces.get('bar'), before.namespaces.get('bar'));
    assert.equal(after.injectors, before.injectors);
    assert.equal(before.namespaces.get('foo')?.pods.has('httpbin-2'), false);
    assert.equal(after.namespaces.get('foo')?.workloads, before.namespaces.get('foo')?.workloads);
  });

  it('replaces by a list only what is of its kind', () => {
    const after = foldDeltas(cluster(OBJECTS), [{ type: 'listed', kind: 'deployments', objects: [] }]);
    assert.deepEqual([...(after.namespaces.get('foo')?.workloads.keys() ?? [])], ['StatefulSet/db']);
    assert.equal(after.namespaces.get('foo')?.pods.size, 1);
  });

  it('keeps a deleted namespace while pods of it are there, and then forgets it', () => {
    const withoutFacts = foldDeltas(cluster(OBJECTS), [{ type: 'gone', object: namespace('bar') }]);
    assert.equal(withoutFacts.namespaces.get('bar')?.facts, undefined);
    const after = foldDeltas(withoutFacts, [{ type: 'gone', object: pod('bar', 'sleep-1') }]);
    assert.equal(after.namespaces.has('bar'), false);
  });

  it('shows pods that arrive before their namespace', () => {
    const early = foldDeltas(emptySnapshot(CLUSTER_1), [{ type: 'set', object: pod('late', 'one') }]);
    assert.equal(early.namespaces.get('late')?.pods.size, 1);
    const after = foldDeltas(early, [{ type: 'set', object: namespace('late', { team: 'a' }) }]);
    assert.deepEqual(after.namespaces.get('late')?.facts?.labels, { team: 'a' });
  });

  it('takes several deltas in their order', () => {
    const after = foldDeltas(cluster(OBJECTS), [
      { type: 'set', object: pod('foo', 'x') },
      { type: 'gone', object: pod('foo', 'x') },
      { type: 'gone', object: injector('default') },
      { type: 'declaredMeshCaRoots', fingerprints: ['AA:BB'] },
    ]);
    assert.equal(after.namespaces.get('foo')?.pods.has('x'), false);
    assert.equal(after.injectors.size, 0);
    assert.deepEqual(after.declaredMeshCaRoots, ['AA:BB']);
  });
});
