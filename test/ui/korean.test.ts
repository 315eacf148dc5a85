// The main journey in Korean: every text from the Korean catalogues, none from the English ones.
import assert from 'node:assert/strict';
import { englishIn, korean, koreanManifest } from './support/catalogue.js';
import { eventually, eventuallyEquals } from './support/conditions.js';
import { distributeRoot } from './support/journeys.js';
import { drawnFacts } from './support/meshTruth.js';
import type { TreeView } from './support/treeView.js';
import { TrustTable } from './support/trustTable.js';
import type { Workbench } from './support/workbench.js';
import { openWorkbench } from './support/workbench.js';

const namespaces = korean('clusters.group.namespaces');
const foo = ['cluster-1', namespaces, 'foo'] as const;

/** The buttons of the welcome view stand in its text as links. */
const [chooseButton = ''] = [...koreanManifest('welcome.clusters').matchAll(/\[([^\]]+)\]/g)].map(([, title]) => title);

describe('the main job in Korean', function () {
  this.timeout(600_000);
  let workbench: Workbench;
  let tree: TreeView;

  before(async () => {
    workbench = await openWorkbench({ name: 'korean', scene: 'istio-default', withRevision: distributeRoot, locale: 'ko' });
    await workbench.openActivity(koreanManifest('container.title'));
    await workbench.widenSideBar(560);
    tree = workbench.tree(koreanManifest('view.clusters'));
  });
  after(() => workbench.close());
  afterEach(async function () {
    await workbench.pictureFailure(this.currentTest);
  });

  async function noEnglishShows(...more: readonly string[]): Promise<void> {
    const screen = [await workbench.page.locator('.monaco-workbench').innerText(), ...more].join('\n');
    assert.deepEqual(englishIn(screen), []);
  }

  it('welcomes', async () => {
    await eventually(
      () => tree.welcome(),
      (welcome) => {
        for (const line of koreanManifest('welcome.clusters').split('\n')) assert.ok(welcome.includes(line.replace(/^\[(.*)\]\(.*\)$/, '$1')), line);
      },
    );
    await noEnglishShows();
  });

  it('asks for clusters and draws them', async () => {
    await tree.fillContainer();
    await tree.pressWelcome(chooseButton);
    await workbench.quickInput.waitForTitle(korean('clusters.choose.title'));
    await noEnglishShows();
    for (const cluster of ['cluster-1', 'cluster-2']) await workbench.quickInput.setChecked(cluster, true);
    await workbench.quickInput.accept();
    await eventually(
      () => tree.drawn(),
      (rows) => {
        const signer = `${korean('clusters.signer.istioCa')}, ${korean('clusters.meshCaRoot.handedOut')}`;
        for (const row of [
          `  ▾ ${korean('clusters.group.controlPlanes')}`,
          `    ▸ ${distributeRoot}  1.23.2-asm.2 · ${korean('clusters.proxies', { proxies: 0 })} · ${signer}`,
          `    ▸ istio-ingressgateway (istio-system)  default · ${korean('clusters.endpoints', { own: 2, all: 2 })}`,
          `    ▸ baz  ⚠ ${korean('clusters.bothLabels.short')} · ${korean('clusters.pods.by', { pods: 1, revision: 'default' })}`,
          `    ▸ foo  istio-injection=enabled · ${korean('clusters.pods.by', { pods: 3, revision: 'default' })}`,
          `    ▸ ${korean('clusters.group.outside', { count: 5 })}`,
        ]) {
          assert.equal(rows.filter((drawn) => drawn === row).length, 2, `${row}\nis not drawn twice in\n${rows.join('\n')}`);
        }
      },
    );
    await noEnglishShows();
    await workbench.screenshot('korean-tree');
  });

  it('previews a migration', async () => {
    const titles = await tree.contextMenuTitles(...foo);
    const commands = ['namespace.migrate', 'namespace.rollBack', 'namespace.restart', 'step.testApplication', 'namespace.checkTrust', 'namespace.showLabels', 'name.copy'];
    assert.deepEqual(titles, commands.map((name) => koreanManifest(`command.${name}`)));
    await tree.chooseFromContextMenu(foo, koreanManifest('command.namespace.migrate'));
    await workbench.quickInput.waitForTitle(korean('steps.pick.moveTitle', { names: 'foo' }));
    await noEnglishShows();
    await workbench.quickInput.choose(distributeRoot);
    await workbench.quickInput.waitForTitle(korean('steps.preview.title', { title: korean('steps.migrate.title', { namespace: 'foo', revision: distributeRoot }), cluster: 'cluster-1' }));
    const text = await workbench.editor.text();
    for (const heading of ['steps.preview.runs', 'steps.preview.changes', 'steps.preview.checkedBefore', 'steps.preview.checkedAfter', 'steps.preview.undo'] as const) {
      assert.ok(text.includes(`\n## ${korean(heading)}\n`), heading);
    }
    await noEnglishShows(text);
  });

  it('runs it and says that it is verified', async () => {
    await workbench.quickInput.choose(korean('steps.preview.run'));
    await workbench.notifications.waitFor(korean('steps.report.verified', { namespace: 'foo', cluster: 'cluster-1', proxies: 3, revision: distributeRoot }));
    await eventuallyEquals(() => drawnFacts(tree, ...foo), [`istio.io/rev=${distributeRoot}`, korean('clusters.pods.count', { pods: 3 })]);
    await noEnglishShows(await workbench.terminal.waitForText(korean('steps.runner.ran', { count: 5 })));
    await workbench.notifications.clear();
    await workbench.hidePanel();
  });

  it('shows where the migration stands', async () => {
    const migration = workbench.tree(koreanManifest('view.migration'));
    await migration.fillContainer();
    await eventually(
      async () => (await migration.rows()).map(({ label }) => label),
      (labels) => {
        for (const phase of ['migration.phase.0', 'migration.phase.1', 'migration.phase.2', 'migration.phase.3'] as const) assert.ok(labels.includes(korean(phase)), labels.join('\n'));
        assert.ok(labels.includes(korean('migration.row.noPlan')), labels.join('\n'));
      },
    );
    await noEnglishShows();
    await workbench.screenshot('korean-migration');
  });

  it('shows the trust of the whole mesh', async () => {
    await workbench.runCommand(`Mesh CA: ${koreanManifest('command.trust.open')}`);
    const table = await TrustTable.open(workbench.page, korean('trust.page.title'));
    const rows = await table.rowsWhenRead(24);
    assert.equal(rows.filter(({ roots }) => roots === '[CITADEL MESHCA]').length, 3);
    const text = await table.text();
    for (const piece of [korean('panel.view.matrix'), korean('trust.page.surveyAgain'), korean('trust.page.column.signedBy')]) {
      assert.ok(text.includes(piece), `${piece} is not in\n${text}`);
    }
    await noEnglishShows(text);
    await workbench.screenshot('korean-trust');
  });
});
