// When evidence is read anew without anybody asking for it.
import assert from 'node:assert/strict';
import { Emitter } from '../../../../src/app/events.js';
import { EvidenceUpkeep } from '../../../../src/app/migration/evidenceUpkeep.js';
import { LivePosition } from '../../../../src/app/migration/livePosition.js';
import { gatherGateFacts } from '../../../../src/domain/evidence/gatherGateFacts.js';
import type { ClusterSnapshot } from '../../../../src/domain/mesh/snapshot.js';
import type { MeshSituation } from '../../../../src/domain/procedure/procedureStep.js';
import { silentLog } from '../../../support/clusterFollower.js';
import { ManualClock } from '../../../support/manualClock.js';
import { cluster, inState, namespace, pod } from '../../../support/meshBuilder.js';

function situationOf(snapshot: ClusterSnapshot): MeshSituation {
  const snapshots = [snapshot];
  const facts = gatherGateFacts({ snapshots, plan: undefined, evidence: new Map(), surveys: [], changedAt: undefined, now: 0, freshForMs: 0 });
  const tools = { kubectl: 'kubectl', asmcli: 'asmcli', gcloud: 'gcloud', istioctl: 'istioctl', rolloutTimeoutMinutes: 10 };
  return { plan: undefined, snapshots, facts, tools, now: 0 };
}

const meshWith = (name: string): ClusterSnapshot => cluster([namespace('foo', { 'istio-injection': 'enabled' }), pod('foo', name, { by: 'default' })]);

/** Lets everything that is ready go on. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('keeping the evidence up to date', () => {
  function world(first: ClusterSnapshot): { show(snapshot: ClusterSnapshot): void; look(wanted: boolean): void; readonly reads: number; readonly clock: ManualClock; end(): void } {
    const clock = new ManualClock();
    const changes = new Emitter<undefined>(() => undefined);
    const looks = new Emitter<undefined>(() => undefined);
    const state = { situation: situationOf(first), reads: 0, wanted: true };
    const live = new LivePosition({
      current: () => state.situation,
      refresh: () => {
        state.reads += 1;
        return Promise.resolve(state.situation);
      },
      readOnce: () => Promise.resolve(state.situation),
      onDidChange: (listener) => changes.event(listener),
    });
    const upkeep = new EvidenceUpkeep({ live, clock, log: silentLog, isWanted: () => state.wanted, onDidChangeWanted: (listener) => looks.event(listener) });
    return {
      clock,
      show: (snapshot) => {
        state.situation = situationOf(snapshot);
        changes.fire(undefined);
      },
      look: (wanted) => {
        state.wanted = wanted;
        looks.fire(undefined);
      },
      get reads() {
        return state.reads;
      },
      end: () => {
        upkeep.dispose();
      },
    };
  }

  it('reads once when the clusters have been read, and not while they are still being', async () => {
    const mesh = world(inState(meshWith('a'), { state: 'loading' }));
    await turn();
    assert.equal(mesh.reads, 0);
    mesh.show(meshWith('a'));
    await turn();
    assert.equal(mesh.reads, 1);
    mesh.end();
  });

  it('reads again when other proxies are there, after the pods have settled and no sooner than the pause', async () => {
    const mesh = world(meshWith('a'));
    await mesh.clock.whenSleeping((pause) => pause === 30_000);
    mesh.show(meshWith('b'));
    await turn();
    assert.equal(mesh.reads, 1);
    mesh.clock.advance(30_000);
    await mesh.clock.whenSleeping((pause) => pause === 5_000);
    mesh.clock.advance(5_000);
    await mesh.clock.whenSleeping((pause) => pause === 30_000);
    assert.equal(mesh.reads, 2);
    mesh.end();
  });

  it('reads again when a cluster is back, because what it was asked meanwhile is not known', async () => {
    const away = { state: 'stale', since: 0, failure: { kind: 'clusterUnreachable', reason: 'connection refused' } } as const;
    const mesh = world(inState(meshWith('a'), away));
    await mesh.clock.whenSleeping((pause) => pause === 30_000);
    assert.equal(mesh.reads, 1);
    mesh.show(meshWith('a'));
    mesh.clock.advance(30_000);
    await mesh.clock.whenSleeping((pause) => pause === 5_000);
    mesh.clock.advance(5_000);
    await mesh.clock.whenSleeping((pause) => pause === 30_000);
    assert.equal(mesh.reads, 2);
    mesh.end();
  });

  it('reads again before what was read is too old to be believed, although nothing changes, as long as somebody looks', async () => {
    const mesh = world(meshWith('a'));
    const passTenMinutes = async (): Promise<void> => {
      await mesh.clock.whenSleeping((pause) => pause === 10 * 60_000);
      mesh.clock.advance(30_000);
      await turn();
      mesh.clock.advance(10 * 60_000 - 30_000);
      await mesh.clock.whenSleeping((pause) => pause === 5_000);
      mesh.clock.advance(5_000);
      await turn();
    };
    await passTenMinutes();
    assert.equal(mesh.reads, 2);
    mesh.look(false);
    await turn();
    await passTenMinutes();
    assert.equal(mesh.reads, 2);
    mesh.look(true);
    await mesh.clock.whenSleeping((pause) => pause === 5_000);
    mesh.clock.advance(5_000);
    await turn();
    assert.equal(mesh.reads, 3);
    mesh.end();
  });

  it('reads nothing where the proxies are the same, or nobody looks', async () => {
    const mesh = world(meshWith('a'));
    await mesh.clock.whenSleeping((pause) => pause === 30_000);
    mesh.clock.advance(30_000);
    await turn();
    mesh.show(meshWith('a'));
    mesh.clock.advance(5_000);
    await turn();
    assert.equal(mesh.reads, 1);
    mesh.look(false);
    mesh.show(meshWith('b'));
    await mesh.clock.whenSleeping((pause) => pause === 5_000);
    mesh.clock.advance(5_000);
    await turn();
    assert.equal(mesh.reads, 1);
    mesh.look(true);
    await mesh.clock.whenSleeping((pause) => pause === 5_000);
    mesh.clock.advance(5_000);
    await mesh.clock.whenSleeping((pause) => pause === 30_000);
    assert.equal(mesh.reads, 2);
    mesh.end();
  });
});
