// Which steps of the walkthrough are ticked, over a rehearsed mesh.
import assert from 'node:assert/strict';
import type { Standpoint } from '../../../../src/app/migration/livePosition.js';
import { computePosition } from '../../../../src/domain/position/computePosition.js';
import { tickWalkthrough } from '../../../../src/ui/migration/walkthroughProgress.js';
import { finishPhaseOne, moveEverything } from '../../../support/rehearsedJourney.js';
import type { Evidence, RehearsedMesh } from '../../../support/rehearsedSituation.js';
import { PLAN, rehearsedSituation, REVISION_1, REVISION_2 } from '../../../support/rehearsedSituation.js';
import { meshOf } from '../../rehearsal/mesh/drawnMesh.js';

const BEGUN: Evidence = { plan: PLAN, baseline: true, probed: [REVISION_1, REVISION_2], scanned: true };

/** A window's walkthrough: the keys that are set while the mesh goes through the given states. */
function watch(): { readonly show: (mesh: RehearsedMesh, evidence?: Evidence) => readonly string[] } {
  let standpoint: Standpoint;
  let changed: () => void = () => undefined;
  const keys = new Map<string, boolean>();
  const live = {
    current: () => standpoint,
    onDidChange: (listener: () => void) => {
      changed = listener;
      return { dispose: () => undefined };
    },
  };
  let begun = false;
  return {
    show: (mesh, evidence = {}) => {
      const situation = rehearsedSituation(mesh, evidence);
      standpoint = { situation, position: computePosition(situation) };
      if (begun) changed();
      else tickWalkthrough(live, (name) => ({ set: (value) => void keys.set(name, value) }));
      begun = true;
      return [...keys].filter(([, isSet]) => isSet).map(([name]) => name);
    },
  };
}

describe('the walkthrough', function () {
  // Keys for the CAs are made once; on a busy machine that takes longer than mocha waits.
  this.timeout(60_000);

  it('ticks a phase when it is over in every cluster, and nothing of what is only begun', () => {
    const { show } = watch();
    const mesh = meshOf('istio-default', [REVISION_1]);
    assert.deepEqual(show(mesh), []);
    assert.deepEqual(show(mesh, BEGUN), ['preparationDone']);
    moveEverything(mesh, REVISION_1);
    assert.deepEqual(show(mesh, BEGUN), ['preparationDone']);
    finishPhaseOne(mesh, REVISION_1);
    assert.deepEqual(show(mesh, BEGUN), ['preparationDone', 'phase1Done']);
  });

  it('ticks nothing that is not known: a cluster that cannot be reached keeps every phase open', () => {
    const mesh = meshOf('istio-default', [REVISION_1]);
    finishPhaseOne(mesh, REVISION_1);
    for (const away of ['stale', 'failed'] as const) assert.deepEqual(watch().show(mesh, { ...BEGUN, away }), []);
  });
});
