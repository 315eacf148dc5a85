// Several namespaces at once, the kinds of workload that a restart does not reach, and the other ways to the same preview.
import assert from 'node:assert/strict';
import { eventually, eventuallyEquals } from './support/conditions.js';
import { chooseClusters, distributeRoot, previewMigration } from './support/journeys.js';
import { drawnFacts, labelColumns, podRevisions, rememberedLabels } from './support/meshTruth.js';
import type { TreeView } from './support/treeView.js';
import type { Workbench } from './support/workbench.js';
import { openWorkbench } from './support/workbench.js';

const namespace = (name: string): readonly string[] => ['cluster-1', 'Namespaces', name];

describe('several namespaces, and other ways to a step', function () {
  this.timeout(600_000);
  let workbench: Workbench;
  let tree: TreeView;

  before(async () => {
    workbench = await openWorkbench({ name: 'several-namespaces', scene: 'istio-default', withRevision: distributeRoot, theme: 'light' });
    await workbench.openActivity('Mesh CA');
    await workbench.widenSideBar(620);
    tree = await chooseClusters(workbench, 'cluster-1', 'cluster-2');
    await tree.row('foo', 'cluster-2');
  });
  after(() => workbench.close());
  afterEach(function () {
    return workbench.pictureFailure(this.currentTest);
  });

  it('a namespace with both labels stands out', async () => {
    await tree.expand(...namespace('baz'));
    await eventuallyEquals(() => drawnFacts(tree, ...namespace('baz')), ['⚠ istio-injection and istio.io/rev', '1 pod by default']);
    await workbench.screenshot('both-labels');
    await tree.collapse(...namespace('baz'));
  });

  it('two selected namespaces have one preview, and are both verified', async () => {
    await tree.select(namespace('bar'), namespace('foo'));
    // A click also opens a row, or closes it.
    await tree.expand(...namespace('bar'));
    await previewMigration(workbench, tree, namespace('foo'));
    await workbench.quickInput.waitForTitle('cluster-1 and 1 other');
    const text = await workbench.editor.text();
    assert.deepEqual(text.match(/^# .*$/gm), ['bar', 'foo'].map((name) => `# Migrate ${name} to ${distributeRoot} · cluster-1`));
    await workbench.quickInput.choose('Run in Terminal');
    await eventually(
      () => drawnFacts(tree, ...namespace('bar'), 'reports'),
      (facts) => {
        assert.ok(facts.includes('rolling') && facts.includes('StatefulSet'), facts.join());
      },
    );
    await workbench.notifications.waitFor('2 namespaces are verified.');
    for (const name of ['foo', 'bar']) {
      await eventuallyEquals(() => drawnFacts(tree, ...namespace(name)), [`istio.io/rev=${distributeRoot}`, '3 pods']);
      assert.deepEqual(new Set((await podRevisions(workbench, 'cluster-1', name)).map(([, revision]) => revision)), new Set([distributeRoot]), name);
      assert.deepEqual((await labelColumns(workbench, 'cluster-1')).get(name), { revision: distributeRoot, injection: '' });
    }
  });

  it('a pod that nothing makes anew is named before and is what is still open after', async () => {
    await workbench.notifications.clear();
    await previewMigration(workbench, tree, namespace('batch'));
    assert.match(await workbench.editor.text(), /^- ⚠ Pods that nothing makes anew: toolbox\./m);
    await workbench.quickInput.choose('Run in Terminal');
    const said = await workbench.notifications.waitFor(/batch on cluster-1[: ]/);
    assert.equal(
      said,
      'batch on cluster-1: the commands ran, but it is not verified: toolbox still has a proxy of default: nothing makes it anew; delete it and create it again',
    );
    await eventuallyEquals(() => drawnFacts(tree, ...namespace('batch')), [`istio.io/rev=${distributeRoot}`, `2 pods by ${distributeRoot}, 1 by default`]);
    await workbench.notifications.clear();
    await workbench.hidePanel();
  });

  it('from the palette the namespaces are asked for, and the same preview comes', async () => {
    await workbench.runCommand('Mesh CA: Migrate Namespace to Revision…');
    await workbench.quickInput.waitForTitle('Migrate Namespace to Revision');
    await workbench.quickInput.setChecked('foo', true, 'cluster-2');
    await workbench.quickInput.accept();
    await workbench.quickInput.waitForTitle('Migrate foo to…');
    await workbench.quickInput.choose(distributeRoot);
    await workbench.quickInput.waitForTitle(`Migrate foo to ${distributeRoot} · cluster-2`);
    assert.match(await workbench.editor.text(), /^Context: gke_rehearsal-project_us-east1-b_cluster-2$/m);
  });

  it('Copy leaves the command lines in the clipboard and runs nothing', async () => {
    const lines = await workbench.editor.codeLines();
    await workbench.quickInput.choose('Copy');
    await workbench.quickInput.waitUntilClosed();
    await eventually(
      async () => (await workbench.clipboard()).split('\n'),
      (copied) => {
        assert.deepEqual(copied, lines.slice(0, copied.length));
        assert.equal(copied.length, 5);
      },
    );
    assert.deepEqual(await rememberedLabels(workbench, 'cluster-2', 'foo'), {});
  });

  it('Paste leaves one line in a terminal, which runs only when the user presses Enter', async () => {
    await previewMigration(workbench, tree, ['cluster-2', 'Namespaces', 'foo']);
    await workbench.quickInput.choose('Paste into a Terminal');
    await workbench.terminal.waitForText('deployment/sleep');
    assert.equal((await workbench.terminal.text()).includes('namespace/foo annotated'), false);
    assert.deepEqual(await rememberedLabels(workbench, 'cluster-2', 'foo'), {});
    await workbench.terminal.press('Enter');
    await workbench.terminal.waitForText('deployment "sleep" successfully rolled out');
    await eventuallyEquals(() => drawnFacts(tree, 'cluster-2', 'Namespaces', 'foo'), [`istio.io/rev=${distributeRoot}`, '3 pods']);
  });
});
