// The main job as a new user does it: see the mesh, move a namespace, watch it roll, look at its trust, roll it back.
import assert from 'node:assert/strict';
import { eventually, eventuallyEquals } from './support/conditions.js';
import { chooseClusters, distributeRoot, previewMigration } from './support/journeys.js';
import type { ClusterName, PodRevision } from './support/meshTruth.js';
import { contexts, drawnFacts, drawnPodRevisions, labelColumns, podRevisions, rememberedLabels } from './support/meshTruth.js';
import type { TreeView } from './support/treeView.js';
import { TrustTable } from './support/trustTable.js';
import type { Workbench } from './support/workbench.js';
import { openWorkbench } from './support/workbench.js';

const foo = ['cluster-1', 'Namespaces', 'foo'] as const;

describe('the main job, from the welcome view to a namespace migrated and rolled back', function () {
  this.timeout(600_000);
  let workbench: Workbench;
  let tree: TreeView;
  let podsBefore: readonly PodRevision[];

  before(async () => {
    workbench = await openWorkbench({ name: 'main-job', scene: 'istio-default', withRevision: distributeRoot });
    await workbench.openActivity('Mesh CA');
    await workbench.widenSideBar(620);
  });
  after(() => workbench.close());
  afterEach(function () {
    return workbench.pictureFailure(this.currentTest);
  });

  /** Labels and pods in the tree are those that kubectl prints, now or as soon as the news has come. */
  async function treeAgrees(cluster: ClusterName, namespace: string): Promise<void> {
    await eventually(
      async () => {
        const [labels, pods] = [await labelColumns(workbench, cluster), await podRevisions(workbench, cluster, namespace)];
        return { labels: labels.get(namespace), pods, drawn: await drawnPodRevisions(tree, cluster, namespace), facts: await drawnFacts(tree, cluster, 'Namespaces', namespace) };
      },
      ({ labels, pods, drawn, facts }) => {
        assert.deepEqual(drawn, pods);
        assert.equal(facts[0], [labels?.injection && `istio-injection=${labels.injection}`, labels?.revision && `istio.io/rev=${labels.revision}`].filter(Boolean).join(' '));
      },
    );
  }

  /** Waits for the one notification that ends the step, whatever it says, and for the tree to have come as far. */
  async function verifiedBy(revision: string): Promise<void> {
    const said = await workbench.notifications.waitFor(/foo on cluster-1[: ]/);
    assert.equal(said.split('. ')[0], `foo on cluster-1 is verified: 3 proxies by ${revision}`);
    await eventuallyEquals(async () => (await drawnPodRevisions(tree, 'cluster-1', 'foo')).map(([, drawn]) => drawn), [revision, revision, revision]);
  }

  it('begins with a view that says what to do', async () => {
    tree = workbench.tree('Clusters');
    await eventually(
      () => tree.welcome(),
      (welcome) => {
        assert.match(welcome, /No cluster takes part yet/);
        assert.match(welcome, /Start Rehearsal/);
      },
    );
    await workbench.screenshot('welcome');
  });

  it('draws control planes, gateways and namespaces of the chosen clusters', async () => {
    await chooseClusters(workbench, 'cluster-1', 'cluster-2');
    const expected = [
      '  ▾ Control planes',
      '    ▸ asm-1232-2-distribute-root  1.23.2-asm.2 · 0 proxies · signs with Istio CA, hands out Mesh CA root',
      '    ▸ default  1.16.7 · 12 proxies · signs with Istio CA',
      '  ▾ Gateways',
      '    ▸ istio-ingressgateway (istio-system)  default · 2 of 2 endpoints',
      '  ▾ Namespaces',
      '    ▸ bar  istio-injection=enabled · 3 pods by default',
      '    ▸ batch  istio-injection=enabled · 3 pods by default',
      '    ▸ baz  ⚠ istio-injection and istio.io/rev · 1 pod by default',
      '    ▸ foo  istio-injection=enabled · 3 pods by default',
      '    ▸ Not in the mesh (5)',
    ];
    await eventuallyEquals(() => tree.drawn(), [
      '▾ cluster-1  us-central1 · rehearsal-project',
      ...expected,
      '▾ cluster-2  us-east1-b · rehearsal-project',
      ...expected,
    ]);
    await workbench.screenshot('tree');
  });

  it('opens a namespace down to its pods, with what injected each', async () => {
    await tree.expand(...foo);
    await tree.expand(...foo, 'httpbin');
    await tree.expand(...foo, 'sleep');
    podsBefore = await podRevisions(workbench, 'cluster-1', 'foo');
    assert.deepEqual(podsBefore.map(([, revision]) => revision), ['default', 'default', 'default']);
    await treeAgrees('cluster-1', 'foo');
  });

  it('offers what can be done with a namespace by right-click', async () => {
    assert.deepEqual(await tree.contextMenuTitles(...foo), [
      'Migrate Namespace to Revision…',
      'Roll Back Namespace…',
      'Restart Workloads',
      'Test Application',
      'Check Trust',
      'Show Labels',
      'Copy Name',
    ]);
  });

  it('previews every command line with its kubeconfig and its context, and runs nothing yet', async () => {
    await previewMigration(workbench, tree, foo);
    const lines = await workbench.editor.codeLines();
    const target = `--kubeconfig ${workbench.rehearsal.kubeconfig} --context ${contexts['cluster-1']}`;
    assert.deepEqual(lines.slice(0, 5), [
      `kubectl ${target} annotate namespace foo 'mesh-ca-migration/before.${distributeRoot}={"istio-injection":"enabled"}' --overwrite`,
      `kubectl ${target} label namespace foo istio.io/rev=${distributeRoot} istio-injection- --overwrite`,
      `kubectl ${target} rollout restart deployment -n foo`,
      `kubectl ${target} rollout status deployment/httpbin -n foo --timeout=10m`,
      `kubectl ${target} rollout status deployment/sleep -n foo --timeout=10m`,
    ]);
    for (const line of lines) assert.ok(line.startsWith(`kubectl ${target} `), line);
    assert.deepEqual(await workbench.quickInput.items(), ['Run in Terminal  5 command lines on cluster-1', 'Copy', 'Paste into a Terminal  on one line, for you to run']);
    await workbench.editor.waitForColours();
    await workbench.screenshot('preview');
    assert.deepEqual(await rememberedLabels(workbench, 'cluster-1', 'foo'), {});
  });

  it('runs in the terminal while old and new pods are seen beside each other, and says verified at the end', async () => {
    await workbench.quickInput.choose('Run in Terminal');
    await eventually(
      async () => ({ pods: await drawnPodRevisions(tree, 'cluster-1', 'foo'), facts: await drawnFacts(tree, ...foo) }),
      ({ pods, facts }) => {
        assert.deepEqual(new Set(pods.map(([, revision]) => revision)), new Set(['default', distributeRoot]));
        assert.deepEqual(facts.slice(0, 2), ['step running', `istio.io/rev=${distributeRoot}`]);
      },
    );
    await workbench.screenshot('rolling');
    await verifiedBy(distributeRoot);
    await workbench.terminal.waitForText('deployment "sleep" successfully rolled out');
  });

  it('agrees with kubectl after the migration', async () => {
    await treeAgrees('cluster-1', 'foo');
    assert.deepEqual((await labelColumns(workbench, 'cluster-1')).get('foo'), { revision: distributeRoot, injection: '' });
    await eventuallyEquals(() => drawnFacts(tree, ...foo), [`istio.io/rev=${distributeRoot}`, '3 pods']);
    assert.deepEqual((await labelColumns(workbench, 'cluster-2')).get('foo'), { revision: '', injection: 'enabled' });
    assert.deepEqual(await rememberedLabels(workbench, 'cluster-1', 'foo'), { [`mesh-ca-migration/before.${distributeRoot}`]: '{"istio-injection":"enabled"}' });
  });

  it('shows [CITADEL MESHCA] for the proxies of foo', async () => {
    await workbench.notifications.clear();
    await workbench.hidePanel();
    await tree.chooseFromContextMenu(foo, 'Check Trust');
    const table = await TrustTable.open(workbench.page, 'Certificate Trust');
    const rows = await table.rowsWhenRead(3);
    assert.deepEqual(rows.map(({ cluster, roots, signedBy, revision }) => [cluster, roots, signedBy, revision]), Array(3).fill(['cluster-1', '[CITADEL MESHCA]', 'CITADEL', distributeRoot]));
    assert.deepEqual(rows.map(({ pod }) => pod), (await podRevisions(workbench, 'cluster-1', 'foo')).map(([pod]) => `foo/${pod}`));
  });

  it('shows [CITADEL] for the rest of the mesh', async () => {
    await workbench.widenSideBar(500);
    await workbench.runCommand('Mesh CA: Show Certificate Trust');
    const table = await TrustTable.open(workbench.page, 'Certificate Trust');
    const rows = await table.rowsWhenRead(24);
    const moved = (row: (typeof rows)[number]): boolean => row.cluster === 'cluster-1' && row.pod.startsWith('foo/');
    assert.deepEqual([...new Set(rows.filter(moved).map(({ roots }) => roots))], ['[CITADEL MESHCA]']);
    assert.deepEqual([...new Set(rows.filter((row) => !moved(row)).map(({ roots }) => roots))], ['[CITADEL]']);
    assert.deepEqual([...new Set(rows.map(({ signedBy }) => signedBy))], ['CITADEL']);
    assert.match(await table.text(), /Surveyed (just now|\d+ min ago)/);
    await workbench.screenshot('trust-after-migrate');
  });

  it('brings tree and panel back when the window is loaded anew, and surveys only when asked', async () => {
    await workbench.reload();
    const table = await TrustTable.open(workbench.page, 'Certificate Trust');
    await table.press('Survey');
    await table.rowsWhenRead(24);
    for (const path of [foo, [...foo, 'httpbin'], [...foo, 'sleep']]) await tree.expand(...path);
    await treeAgrees('cluster-1', 'foo');
  });

  it('rolls the namespace back to exactly the labels it had', async () => {
    await tree.chooseFromContextMenu(foo, 'Roll Back Namespace…');
    await workbench.quickInput.waitForTitle('Roll back namespace foo · cluster-1');
    for (const line of await workbench.editor.codeLines()) assert.match(line, / --kubeconfig \S+ --context gke_rehearsal-project_us-central1_cluster-1 /);
    await workbench.quickInput.choose('Run in Terminal');
    await verifiedBy('default');
    assert.deepEqual((await labelColumns(workbench, 'cluster-1')).get('foo'), { revision: '', injection: 'enabled' });
    assert.deepEqual(await rememberedLabels(workbench, 'cluster-1', 'foo'), {});
    assert.deepEqual((await podRevisions(workbench, 'cluster-1', 'foo')).map(([, revision]) => revision), podsBefore.map(([, revision]) => revision));
    await treeAgrees('cluster-1', 'foo');
    await eventuallyEquals(() => drawnFacts(tree, ...foo), ['istio-injection=enabled', '3 pods by default']);
  });
});
