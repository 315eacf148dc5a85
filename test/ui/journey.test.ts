// Phase 1 in a real VS Code by clicks: the plan from its form, then the next step again and again. The phases after it are driven
// by the command lines' own test.
import assert from 'node:assert/strict';
import { eventually, eventuallyEquals } from './support/conditions.js';
import { chooseClusters } from './support/journeys.js';
import type { ClusterName } from './support/meshTruth.js';
import { contexts, kubectlOn } from './support/meshTruth.js';
import { ProcedureDriver } from './support/procedureDriver.js';
import type { StepReport } from './support/procedureDriver.js';
import type { TreeView } from './support/treeView.js';
import type { Workbench } from './support/workbench.js';
import { openWorkbench } from './support/workbench.js';

interface BarePod {
  readonly metadata: { readonly labels?: Readonly<Record<string, string>> };
  readonly spec: { readonly containers: readonly { readonly name: string; readonly image: string }[] };
}

describe('phase 1 of the migration, by clicks', function () {
  this.timeout(900_000);
  this.bail(true);
  let workbench: Workbench;
  let migration: TreeView;
  let driver: ProcedureDriver;

  before(async () => {
    workbench = await openWorkbench({ name: 'journey', scene: 'istio-default', speed: 20 });
    driver = new ProcedureDriver(workbench);
    await workbench.openActivity('Mesh CA');
    await workbench.widenSideBar(620);
  });
  after(() => workbench.close());
  afterEach(function () {
    return workbench.pictureFailure(this.currentTest);
  });

  /** Runs what is next until the status bar says so; what is not verified has to be a bare pod, which is then made anew by hand. */
  async function goOnUntil(status: RegExp): Promise<void> {
    const titles: string[] = [];
    while (!status.test(await driver.status())) {
      titles.push(await oneStep());
      if (titles.length > 60) throw new Error(`It does not come to an end: ${titles.join('\n')}`);
    }
  }

  async function oneStep(): Promise<string> {
    const began = performance.now();
    const report = await driver.runNext();
    tell(`${Math.round(performance.now() - began)} ms ${report.title}: ${report.sentence}`);
    if (!report.isVerified) await makeToolboxAnew(report);
    return report.title;
  }

  async function makeToolboxAnew({ sentence }: StepReport): Promise<void> {
    assert.match(sentence, /toolbox/, sentence);
    const cluster: ClusterName = sentence.includes('cluster-1') ? 'cluster-1' : 'cluster-2';
    const pod = JSON.parse(await kubectlOn(workbench, cluster, 'get', 'pod', 'toolbox', '-n', 'batch', '-o', 'json')) as BarePod;
    // Without what the injector added: it is to add its own of today.
    const containers = pod.spec.containers.filter(({ name }) => name !== 'istio-proxy').map(({ name, image }) => ({ name, image }));
    const file = workbench.writeFile('toolbox.json', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'toolbox', labels: pod.metadata.labels }, spec: { containers } }));
    await kubectlOn(workbench, cluster, 'delete', 'pod', 'toolbox', '-n', 'batch');
    await kubectlOn(workbench, cluster, 'apply', '-n', 'batch', '-f', file);
    await kubectlOn(workbench, cluster, 'wait', '--for=condition=Ready', 'pod/toolbox', '-n', 'batch', '--timeout=60s');
  }

  it('begins with the clusters, and says that a plan is missing', async () => {
    await chooseClusters(workbench, 'cluster-1', 'cluster-2');
    migration = workbench.tree('Migration');
    await migration.fillContainer();
    await eventually(
      () => migration.drawn(),
      (rows) => {
        assert.ok(rows.some((row) => row.includes('No plan yet')), rows.join('\n'));
      },
    );
    await workbench.screenshot('migration-no-plan');
  });

  it('asks for the plan and opens it', async () => {
    await workbench.runCommand('Mesh CA: Create Plan…');
    for (let question = 1; question <= 7; question += 1) {
      await workbench.quickInput.waitForTitle(`Create Migration Plan (${question}/7)`);
      await workbench.quickInput.accept();
    }
    const text = await eventually(
      () => workbench.editor.text(),
      (plan) => {
        assert.match(plan, /"revision1"/);
      },
    );
    // Moves a cluster's namespaces together.
    workbench.writeFile('mesh-ca.plan.jsonc', text.replace(/"waveSize": \d+/, '"waveSize": 4'));
    for (const context of Object.values(contexts)) assert.ok(text.includes(`"context": "${context}"`), text);
    await eventually(
      () => migration.drawn(),
      (rows) => {
        assert.ok(!rows.some((row) => row.includes('No plan yet')), rows.join('\n'));
      },
    );
    tell((await migration.drawn()).join('\n'));
  });

  it('leads through phase 1, shows each step before it runs, and keeps the tree at the step that is next', async () => {
    await goOnUntil(/0 of 8 namespaces/);
    for (let step = 0; step < 4; step += 1) await oneStep();
    assert.equal(await driver.openNext(), 'Move bar · cluster-1 and 3 others');
    const preview = await workbench.editor.text();
    for (const heading of ['What will run', 'What it changes', 'Gates', 'Checked afterwards, in the cluster', 'How it is undone']) assert.ok(preview.includes(`\n## ${heading}\n`), `${heading}\n${preview}`);
    await workbench.screenshot('migration-preview');
    const moved = await driver.runPreviewed('Move bar · cluster-1 and 3 others');
    assert.match(moved.sentence, /^3 of 4 steps done\. Move batch · cluster-1: the commands ran, but it is not verified: toolbox /);
    const rows = await eventually(
      () => migration.below('Phase 1 · Distribute the Mesh CA root', 'Migrate Namespace to Revision', 'cluster-1'),
      (drawn) => {
        assert.deepEqual(drawn.map(({ label, description }) => [label, description]), [['bar', ''], ['batch', 'a restart does not replace: toolbox'], ['baz', ''], ['foo', '']]);
      },
    );
    tell(rows.map(({ label }) => label).join());
    assert.equal(await driver.status(), 'Mesh CA · phase 1 · 3 of 8 namespaces');
    assert.equal(await badge(), '5');
    await workbench.notifications.clear();
    await workbench.screenshot('migration-phase-1');
    await makeToolboxAnew(moved);
    await goOnUntil(/phase 2/);
    await phasesAre(['Prerequisites', 'Phase 1 · Distribute the Mesh CA root', 'Phase 2 · Switch to Mesh CA  cluster-1, cluster-2', 'Phase 3 · Remove the old root  24 proxies are not signed by Mesh CA']);
  });

  /** The number on the icon of the Activity Bar; empty where there is none. */
  async function badge(): Promise<string> {
    const content = workbench.page.locator('.activitybar .action-item.checked .badge-content');
    return (await content.count()) === 0 ? '' : content.first().innerText();
  }

  async function phasesAre(expected: readonly string[]): Promise<void> {
    await migration.collapseAll();
    await eventuallyEquals(
      async () => (await migration.rows()).filter(({ level }) => level === 1).map(({ label, description }) => (description === '' ? label : `${label}  ${description}`)),
      [...expected],
    );
  }

  function tell(text: string): void {
    if (process.env.MESH_CA_TELL !== undefined) process.stderr.write(`${text}\n`);
  }
});
