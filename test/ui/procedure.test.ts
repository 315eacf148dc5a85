// Steps of the procedure out of the usual order: an installation that is killed, a namespace rolled back, a step that is blocked.
import assert from 'node:assert/strict';
import { eventually, eventuallyEquals } from './support/conditions.js';
import { chooseClusters, distributeRoot } from './support/journeys.js';
import { contexts, labelColumns } from './support/meshTruth.js';
import { ProcedureDriver } from './support/procedureDriver.js';
import type { TreeView } from './support/treeView.js';
import type { Workbench } from './support/workbench.js';
import { openWorkbench } from './support/workbench.js';

const phase1 = 'Phase 1 · Distribute the Mesh CA root';
const phase2 = 'Phase 2 · Switch to Mesh CA';
const install = 'Install Control Plane of Phase 1';
const bar = ['cluster-1', 'Namespaces', 'bar'] as const;

describe('steps of the procedure, from a plan in the folder', function () {
  this.timeout(600_000);
  this.bail(true);
  let workbench: Workbench;
  let clusters: TreeView;
  let migration: TreeView;
  let driver: ProcedureDriver;
  let plan: Readonly<Record<string, unknown>>;

  before(async () => {
    workbench = await openWorkbench({ name: 'procedure', scene: 'asm-citadel', speed: 20 });
    const planned = Object.entries(contexts).map(([name, context]) => ({ kubeconfig: workbench.rehearsal.kubeconfig, context, outputDirectory: `asm/${name}` }));
    plan = { version: 1, startingPoint: 'asm', fleetProject: 'rehearsal-project', clusters: planned, revision1: distributeRoot, revision2: 'asm-1232-2-meshca-ca-migration' };
    workbench.writeFile('mesh-ca.plan.jsonc', JSON.stringify(plan, null, 2));
    driver = new ProcedureDriver(workbench);
    await workbench.openActivity('Mesh CA');
    await workbench.widenSideBar(620);
  });
  after(() => workbench.close());
  afterEach(function () {
    return workbench.pictureFailure(this.currentTest);
  });

  async function verified(title: RegExp): Promise<void> {
    const report = await driver.runNext();
    assert.match(report.title, title);
    assert.ok(report.isVerified, report.sentence);
  }

  it('finds the plan by itself', async () => {
    clusters = await chooseClusters(workbench, 'cluster-1', 'cluster-2');
    migration = workbench.tree('Migration');
    await migration.fillContainer();
    await eventually(
      () => migration.drawn(),
      (rows) => {
        assert.ok(!rows.some((row) => row.includes('No plan yet')), rows.join('\n'));
        assert.ok(rows.includes('    Check the Fleet  Next'), rows.join('\n'));
      },
    );
    // The rehearsal's gcloud answers: the editor finds it as its terminals do.
    await verified(/^Check the fleet/);
    await verified(/^Record who can authenticate whom/);
  });

  it('shows an installation that was killed as not done, and goes on with it', async () => {
    await driver.openNext();
    await workbench.quickInput.choose('Run in Terminal');
    await workbench.terminal.waitForText(/asmcli: /);
    await workbench.runCommand('Terminal: Kill the Active Terminal Instance');
    const said = await workbench.notifications.waitFor(/is not done/);
    assert.match(said, /cluster-1 is not done: /);
    await eventually(
      () => migration.find(phase1, install),
      (row) => {
        assert.equal(row?.description, '0 of 2 clusters');
      },
    );
    await verified(/^Install .* cluster-1$/);
    await eventuallyEquals(async () => (await migration.find(phase1, install))?.description, '1 of 2 clusters');
    await verified(/^Install .* cluster-2$/);
  });

  it('moves one namespace, and rolls it back from the right-click menu to the labels it had', async () => {
    const before = (await labelColumns(workbench, 'cluster-1')).get('bar');
    await verified(/^Probe .* cluster-1$/);
    await verified(/^Probe .* cluster-2$/);
    await verified(/^Migrate namespace bar · cluster-1$/);
    assert.deepEqual((await labelColumns(workbench, 'cluster-1')).get('bar'), { revision: distributeRoot, injection: '' });
    await clusters.fillContainer();
    await workbench.notifications.clear();
    await clusters.chooseFromContextMenu(bar, 'Roll Back Namespace…');
    const report = await driver.runOpened();
    assert.ok(report.isVerified, report.sentence);
    assert.deepEqual((await labelColumns(workbench, 'cluster-1')).get('bar'), before);
  });

  it('says of a step of phase 2 what is in its way, item by item', async () => {
    await migration.fillContainer();
    // Only rows in sight are drawn, and the steps of phase 1 take all the room.
    await migration.collapseAll();
    await migration.expand(phase2);
    await migration.chooseFromContextMenu([phase2, 'Install Control Plane of Phase 2'], 'Show What Is in the Way');
    const text = await eventually(
      () => workbench.editor.text(),
      (document) => {
        assert.match(document, /^# Install Control Plane of Phase 2$/m);
      },
    );
    assert.match(text, /things are in the way|in the way\./);
    assert.match(text, /^### cluster-1$/m);
    await workbench.screenshot('migration-gate');
  });

  it('runs nothing on a namespace while the plan has a mistake in it, though without a plan it would', async () => {
    plan = { ...plan, startingPoint: 'anthos' };
    workbench.writeFile('mesh-ca.plan.jsonc', JSON.stringify(plan, null, 2));
    await eventually(
      () => migration.drawn(),
      (rows) => {
        assert.ok(rows.some((row) => row.includes('The plan cannot be used')), rows.join('\n'));
      },
    );
    await clusters.fillContainer();
    await workbench.notifications.clear();
    await clusters.chooseFromContextMenu(bar, 'Migrate Namespace to Revision…');
    const said = await workbench.notifications.waitFor(/Nothing was run/);
    assert.match(said, /the plan in this folder cannot be used \(1 mistake is underlined in it\)/);
    await workbench.notifications.press(/Nothing was run/, 'Open Plan');
    await eventually(
      () => workbench.editor.text(),
      (text) => {
        assert.match(text, /"startingPoint": "anthos"/);
      },
    );
  });
});
