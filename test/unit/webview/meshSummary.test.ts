// The numbers above the table.
import assert from 'node:assert/strict';
import { summariseMesh } from '../../../webview/trust/meshSummary.js';
import { citadel, meshca, otherRoot, rowNamed, rowsById } from './rowSamples.js';

describe('the summary of the mesh', () => {
  it('counts each proxy in exactly one class', () => {
    const { counts, total } = summariseMesh(
      rowsById([
        rowNamed('a/both'),
        rowNamed('a/both-and-other', { roots: [otherRoot, meshca, citadel] }),
        rowNamed('a/old', { roots: [citadel] }),
        rowNamed('a/new', { roots: [meshca] }),
        rowNamed('a/none', { roots: [] }),
        rowNamed('a/unknown', { state: 'unknown', roots: [] }),
        rowNamed('a/idle', { state: 'notLoaded', roots: [] }),
        rowNamed('a/queued', { state: 'waiting', roots: [] }),
      ]),
    );
    assert.deepEqual(counts, { both: 2, istioCa: 1, meshCa: 1, otherRoots: 1, unknown: 1, notLoaded: 1, waiting: 1 });
    assert.equal(total, 8);
  });

  it('does not count a proxy as trusting both roots before it was read completely', () => {
    const { counts } = summariseMesh(rowsById([rowNamed('a/half', { state: 'notLoaded' }), rowNamed('a/gone', { state: 'unknown' })]));
    assert.equal(counts.both, 0);
  });

  it('says the same for each cluster, in the order of their names', () => {
    const { clusters, namespaces } = summariseMesh(
      rowsById([rowNamed('b/x', { cluster: 'cluster-2', roots: [citadel] }), rowNamed('a/x'), rowNamed('a/y', { state: 'unknown' })]),
    );
    assert.deepEqual(
      clusters.map(({ name, total, counts }) => [name, total, counts.both, counts.istioCa, counts.unknown]),
      [
        ['cluster-1', 2, 1, 0, 1],
        ['cluster-2', 1, 0, 1, 0],
      ],
    );
    assert.deepEqual(namespaces, ['a', 'b']);
  });

  it('tells two clusters of the same name apart by their contexts', () => {
    const { clusters } = summariseMesh(rowsById([rowNamed('a/x', { context: 'east', clusterKey: 'east@a', id: '1' }), rowNamed('a/x', { context: 'west', clusterKey: 'west@a', id: '2' })]));
    assert.deepEqual(
      clusters.map(({ name }) => name),
      ['east', 'west'],
    );
  });

  it('tells two clusters of the same context apart by their kubeconfigs', () => {
    const twins = ['east@a', 'east@b'].map((clusterKey) => rowNamed('a/x', { context: 'east', clusterKey, id: clusterKey }));
    assert.deepEqual(summariseMesh(rowsById(twins)).clusters.map(({ key, name, total }) => [key, name, total]), [['east@a', 'east@a', 1], ['east@b', 'east@b', 1]]);
  });
});
