// Large meshes: the right number of everything, the same in every run, at a cost that grows with the size and not faster.
import assert from 'node:assert/strict';
import { numberAt } from '../../../../src/rehearsal/api/json.js';
import { isReady } from '../../../../src/rehearsal/mesh/podTypes.js';
import type { SimulatedCluster } from '../../../../src/rehearsal/mesh/simulatedCluster.js';
import { crowdObjects } from '../../../../src/rehearsal/scenes/crowd.js';
import { meshOf, podsOf, restart } from '../mesh/drawnMesh.js';

const NAMESPACES = 4;

function replicasOf(pods: number, namespaces: number): number {
  return crowdObjects({ pods, namespaces }, {}).reduce((sum, { object }) => sum + numberAt(object, 0, 'spec', 'replicas'), 0);
}

/** How many objects were listed and how many changed while `act` ran. */
function costOf({ backend: { store } }: SimulatedCluster, act: () => void): { readonly listed: number; readonly changes: number } {
  let [listed, changes] = [0, 0];
  const list = store.list.bind(store);
  const stop = store.onChange(() => { changes += 1; });
  store.list = (...place) => {
    const found = list(...place);
    listed += found.length;
    return found;
  };
  act();
  store.list = list;
  stop();
  return { listed, changes };
}

function rolloutCost(pods: number): { readonly listed: number; readonly changes: number } {
  const mesh = meshOf('asm-citadel', [], undefined, { pods, namespaces: NAMESPACES });
  return costOf(mesh.first, () => {
    for (let index = 1; index <= NAMESPACES; index += 1) restart(mesh.first, 'deployments.apps', `team-00${index}`);
    mesh.clock.advance(30_000);
  });
}

describe('a crowd', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('has exactly as many pods as were asked for, dealt out evenly', () => {
    assert.equal(replicasOf(5_000, 500), 5_000);
    assert.equal(replicasOf(7, 3), 7);
    assert.deepEqual(crowdObjects({ pods: 20, namespaces: 3 }, {}), crowdObjects({ pods: 20, namespaces: 3 }, {}));
    const mesh = meshOf('istio-default', [], undefined, { pods: 21, namespaces: 2 });
    assert.deepEqual([podsOf(mesh.first, 'team-001').length, podsOf(mesh.first, 'team-002').length], [11, 10]);
    assert.ok(podsOf(mesh.second, 'team-002').every(isReady));
  });

  it('is rolled with as much work for each pod as a small mesh', () => {
    const [small, large] = [rolloutCost(40), rolloutCost(160)];
    assert.ok(large.changes / small.changes < 4.8, `${small.changes} changes of objects became ${large.changes}`);
    assert.ok(large.listed / small.listed < 4.8, `${small.listed} listed objects became ${large.listed}`);
  });
});
