// The whole migration in a real VS Code by clicks, from Anthos Service Mesh with Istio CA and a root in each cluster: phase 1 is
// given up in its middle and begun again.
import assert from 'node:assert/strict';
import { eventuallyEquals } from './support/conditions.js';
import { MigrationJourney } from './support/migrationJourney.js';

const phase1 = 'Phase 1 · Distribute the Mesh CA root';

describe('the whole migration from Anthos Service Mesh, by clicks', function () {
  this.timeout(1_800_000);
  this.bail(true);
  let journey: MigrationJourney;

  before(async () => {
    journey = await MigrationJourney.begin({ name: 'journey-asm', scene: 'asm-citadel', speed: 60 });
    // A pod that nothing makes anew is what the journey from Istio is about.
    await journey.removeToolboxes();
  });
  after(() => journey.workbench.close());
  afterEach(function () {
    return journey.workbench.pictureFailure(this.currentTest);
  });

  it('begins with the clusters and a plan', async () => {
    await journey.chooseClusters();
    await journey.createPlan();
    await journey.goOn({ title: /^Install / });
  });

  it('given up right before the point of no return of phase 1, is where the phase began', async () => {
    const begun = await journey.drawn(phase1);
    await journey.goOn({ title: /^Delete old control plane/ });
    assert.notDeepEqual(await journey.drawn(phase1), begun);
    await journey.rollBack(() => journey.askByRightClick(phase1));
    await eventuallyEquals(() => journey.drawn(phase1), begun);
    assert.deepEqual(await journey.trust(), ['issued by [CITADEL]', 'trusts [CITADEL]']);
  });

  it('goes on from there to the end, with Mesh CA alone', async () => {
    await journey.goOn();
    await journey.expectTheEnd();
  });
});
