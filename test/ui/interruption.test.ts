// What happens when things are cut short: Ctrl+C during a step, a crashed API server, a server that is never there, a label
// changed by somebody else.
import assert from 'node:assert/strict';
import { eventually, eventuallyEquals } from './support/conditions.js';
import { chooseClusters, distributeRoot, previewMigration } from './support/journeys.js';
import { drawnFacts, drawnPodRevisions, kubectlOn, labelColumns, podRevisions } from './support/meshTruth.js';
import type { TreeView } from './support/treeView.js';
import type { Workbench } from './support/workbench.js';
import { openWorkbench } from './support/workbench.js';

const foo = ['cluster-1', 'Namespaces', 'foo'] as const;

/** A cluster at a port on which nothing listens. */
function kubeconfigOfNobody(port: number): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'nobody', cluster: { server: `https://127.0.0.1:${port}` } }],
    users: [{ name: 'nobody', user: { token: 'none' } }],
    contexts: [{ name: 'gke_rehearsal-project_europe-west1_cluster-3', context: { cluster: 'nobody', user: 'nobody' } }],
  });
}

describe('interruptions', function () {
  this.timeout(600_000);
  let workbench: Workbench;
  let tree: TreeView;

  before(async () => {
    workbench = await openWorkbench({ name: 'interruption', scene: 'istio-default', withRevision: distributeRoot });
    const nobody = workbench.writeFile('nobody.kubeconfig', kubeconfigOfNobody(9));
    await workbench.changeSettings({ 'meshCa.kubeconfigs': [workbench.rehearsal.kubeconfig, nobody] });
    await workbench.openActivity('Mesh CA');
    await workbench.widenSideBar(620);
  });
  after(() => workbench.close());
  afterEach(function () {
    return workbench.pictureFailure(this.currentTest);
  });

  it('a cluster whose server is never there holds up none of the others', async () => {
    tree = await chooseClusters(workbench, 'cluster-1', 'cluster-2', 'cluster-3');
    await eventually(
      () => tree.drawn(),
      (rows) => {
        assert.equal(rows.filter((row) => row === '    ▸ foo  istio-injection=enabled · 3 pods by default').length, 2);
        assert.ok(rows.some((row) => row.startsWith('▾ cluster-3  cannot be reached: connection refused')), rows.join('\n'));
      },
    );
    const titles = await tree.contextMenuTitles('cluster-3');
    assert.ok(titles.includes('Retry') && titles.includes('Leave Out'), titles.join());
  });

  it('a cluster is left out by its menu and is gone from the tree', async () => {
    await tree.chooseFromContextMenu(['cluster-3'], 'Leave Out');
    await eventuallyEquals(async () => (await tree.rows()).filter(({ level }) => level === 1).map(({ label }) => label), ['cluster-1', 'cluster-2']);
  });

  it('a label that somebody sets by kubectl moves the tree, and one that leads nowhere is shown as such', async () => {
    assert.equal(await tree.find('cluster-1', 'Namespaces', 'plain'), undefined);
    await kubectlOn(workbench, 'cluster-1', 'label', 'ns', 'plain', 'istio.io/rev=no-such-revision');
    await eventually(
      () => drawnFacts(tree, 'cluster-1', 'Namespaces', 'plain'),
      (facts) => {
        assert.deepEqual(facts.slice(0, 2), ['⚠ istio.io/rev=no-such-revision', 'no such revision']);
      },
    );
    await kubectlOn(workbench, 'cluster-1', 'label', 'ns', 'plain', 'istio.io/rev-');
    await eventuallyEquals(() => tree.find('cluster-1', 'Namespaces', 'plain'), undefined);
  });

  it('a namespace whose label has moved and whose pods have not shows both', async () => {
    await kubectlOn(workbench, 'cluster-2', 'label', 'ns', 'foo', `istio.io/rev=${distributeRoot}`, 'istio-injection-');
    await eventuallyEquals(() => drawnFacts(tree, 'cluster-2', 'Namespaces', 'foo'), [`istio.io/rev=${distributeRoot}`, '3 pods by default']);
  });

  it('Ctrl+C in the terminal leaves the step not done, and the tree true', async () => {
    await tree.expand(...foo);
    await tree.expand(...foo, 'httpbin');
    await tree.expand(...foo, 'sleep');
    await previewMigration(workbench, tree, foo);
    await workbench.quickInput.choose('Run in Terminal');
    await workbench.terminal.waitForText('rollout to finish');
    await workbench.terminal.press('Control+c');
    const said = await workbench.notifications.waitFor('foo on cluster-1 ');
    assert.equal(said, 'foo on cluster-1 is not done: interrupted by SIGINT');
    assert.deepEqual((await labelColumns(workbench, 'cluster-1')).get('foo'), { revision: distributeRoot, injection: '' });
    await eventually(
      async () => ({ pods: await podRevisions(workbench, 'cluster-1', 'foo'), drawn: await drawnPodRevisions(tree, 'cluster-1', 'foo'), facts: await drawnFacts(tree, ...foo) }),
      ({ pods, drawn, facts }) => {
        assert.deepEqual(drawn, pods);
        assert.equal(facts[0], `istio.io/rev=${distributeRoot}`);
      },
    );
    assert.ok(!(await workbench.notifications.texts()).some((text) => text.includes('is verified')));
  });

  it('a crashed API server is shown with its reason and its age, beside what was known', async () => {
    await workbench.notifications.clear();
    await workbench.hidePanel();
    await workbench.rehearsal.crash();
    for (const cluster of ['cluster-1', 'cluster-2']) {
      await eventually(
        async () => (await tree.find(cluster))?.description ?? '',
        (description) => {
          assert.match(description, /^shown as it was .+ · cannot be reached: connection refused$/);
        },
      );
      const titles = await tree.contextMenuTitles(cluster);
      assert.ok(titles.includes('Retry') && titles.includes('Leave Out'), titles.join());
    }
    assert.equal((await drawnFacts(tree, ...foo))[0], `istio.io/rev=${distributeRoot}`);
    await workbench.screenshot('unreachable');
  });

  it('the tree recovers by itself when the server is back', async () => {
    await workbench.rehearsal.restart();
    // A restarted rehearsal begins anew, so what it is now differs from what was shown.
    await eventually(
      () => tree.drawn(),
      (rows) => {
        assert.ok(rows.includes('▾ cluster-1  us-central1 · rehearsal-project'), rows.join('\n'));
        assert.ok(rows.includes('▾ cluster-2  us-east1-b · rehearsal-project'), rows.join('\n'));
        assert.ok(rows.includes('    ▾ foo  istio-injection=enabled · 3 pods by default'), rows.join('\n'));
      },
    );
    assert.deepEqual((await labelColumns(workbench, 'cluster-1')).get('foo'), { revision: '', injection: 'enabled' });
    await eventually(
      async () => ({ pods: await podRevisions(workbench, 'cluster-1', 'foo'), drawn: await drawnPodRevisions(tree, 'cluster-1', 'foo') }),
      ({ pods, drawn }) => {
        assert.deepEqual(drawn, pods);
      },
    );
  });
});
