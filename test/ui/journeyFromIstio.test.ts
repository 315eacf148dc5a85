// The whole migration in a real VS Code by clicks, from Istio on GKE: phase 2 is given up in its middle and begun again.
import assert from 'node:assert/strict';
import { eventually, eventuallyEquals } from './support/conditions.js';
import { MigrationJourney } from './support/migrationJourney.js';

const phase1 = 'Phase 1 · Distribute the Mesh CA root';
const phase2 = 'Phase 2 · Switch to Mesh CA';

describe('the whole migration from Istio, by clicks', function () {
  this.timeout(1_800_000);
  this.bail(true);
  let journey: MigrationJourney;

  before(async () => {
    journey = await MigrationJourney.begin({ name: 'journey-istio', scene: 'istio-default', speed: 60 });
  });
  after(() => journey.workbench.close());
  afterEach(function () {
    return journey.workbench.pictureFailure(this.currentTest);
  });

  it('begins with the clusters, and says that a plan is missing', async () => {
    await journey.chooseClusters();
    await eventually(
      () => journey.migration.drawn(),
      (rows) => {
        assert.ok(rows.some((row) => row.includes('No plan yet')), rows.join('\n'));
      },
    );
    await journey.workbench.screenshot('migration-no-plan');
  });

  it('asks for the plan and opens it', async () => {
    await journey.createPlan();
  });

  it('shows each step before it runs, and says of what is not verified why', async () => {
    await journey.goOn({ title: /^Migrate namespace / });
    assert.equal(await journey.driver.openNext(), 'Migrate namespace bar · cluster-1 and 3 others');
    const preview = await journey.workbench.editor.text();
    for (const heading of ['What will run', 'What it changes', 'Gates', 'Checked afterwards, in the cluster', 'How it is undone']) assert.ok(preview.includes(`\n## ${heading}\n`), `${heading}\n${preview}`);
    await journey.workbench.screenshot('migration-preview');
    const moved = await journey.driver.runPreviewed('Migrate namespace bar · cluster-1 and 3 others');
    assert.match(moved.sentence, /^3 of 4 steps done\. Migrate namespace batch · cluster-1: the commands ran, but it is not verified: toolbox /);
    await eventually(
      () => journey.migration.below(phase1, 'Migrate Namespace to Revision', 'cluster-1'),
      (drawn) => {
        assert.deepEqual(drawn.map(({ label, description }) => [label, description]), [['bar', ''], ['batch', 'a restart does not replace: toolbox (delete, and make again by hand)'], ['baz', ''], ['foo', '']]);
      },
    );
    await eventuallyEquals(() => journey.driver.status(), 'Mesh CA · phase 1 · 3 of 8 namespaces');
    await eventuallyEquals(badge, '5');
    await journey.workbench.notifications.clear();
    await journey.workbench.screenshot('migration-phase-1');
    await journey.settle(moved);
  });

  it('leads through phase 1', async () => {
    await journey.goOn({ title: /^Install control plane of phase 2/ });
    await eventuallyEquals(phases, ['Prerequisites', phase1, `${phase2}  cluster-1, cluster-2`, 'Phase 3 · Remove the old root  24 proxies are not signed by Mesh CA']);
  });

  it('given up right before the point of no return of phase 2, is where the phase began', async () => {
    const begun = await journey.drawn(phase2);
    await journey.goOn({ title: /^Delete old control plane/ });
    assert.notDeepEqual(await journey.drawn(phase2), begun);
    await journey.rollBack(() => journey.askInPalette());
    await eventuallyEquals(() => journey.drawn(phase2), begun);
    assert.deepEqual(await journey.trust(), ['issued by [CITADEL]', 'trusts [CITADEL MESHCA]']);
  });

  it('goes on from there to the end, with Mesh CA alone', async () => {
    await journey.goOn();
    await journey.expectTheEnd();
    await journey.workbench.screenshot('migration-finished');
  });

  /** The number on the icon of the Activity Bar; empty where there is none. */
  async function badge(): Promise<string> {
    const content = journey.workbench.page.locator('.activitybar .action-item.checked .badge-content');
    return (await content.count()) === 0 ? '' : content.first().innerText();
  }

  async function phases(): Promise<readonly string[]> {
    await journey.migration.collapseAll();
    return journey.migration.rows().then((rows) => rows.filter(({ level }) => level === 1).map(({ label, description }) => (description === '' ? label : `${label}  ${description}`)));
  }
});
