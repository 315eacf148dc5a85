// Certificate Trust in the real editor on a mesh of some hundred proxies: opened from everywhere, cancelled, exported, saved.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { eventually } from './support/conditions.js';
import { answerFileDialog } from './support/fileDialog.js';
import { chooseClusters, distributeRoot } from './support/journeys.js';
import { podRevisions } from './support/meshTruth.js';
import type { TreeView } from './support/treeView.js';
import { TrustTable } from './support/trustTable.js';
import type { Workbench } from './support/workbench.js';
import { openWorkbench } from './support/workbench.js';

const crowd = 200;
const perCluster = 12 + crowd;
const proxies = 2 * perCluster;
const title = 'Certificate Trust';
const foo = ['cluster-1', 'Namespaces', 'foo'] as const;

describe('Certificate Trust on a mesh of some hundred proxies', function () {
  this.timeout(600_000);
  let workbench: Workbench;
  let tree: TreeView;

  before(async () => {
    workbench = await openWorkbench({ name: 'trust-survey', scene: 'istio-default', withRevision: distributeRoot, pods: crowd, roots: 'different' });
    // One proxy at a time, so that there is time to look while the survey runs.
    await workbench.changeSettings({ 'meshCa.trust.concurrency': 1 });
    tree = await chooseClusters(workbench, 'cluster-1', 'cluster-2');
    await tree.row('foo', 'cluster-1');
  });
  after(() => workbench.close());
  afterEach(function () {
    return workbench.pictureFailure(this.currentTest);
  });

  /** What is in a file once it is whole. */
  async function jsonIn(file: string): Promise<string> {
    const text = await fs.promises.readFile(file, 'utf8');
    JSON.parse(text);
    return text;
  }

  /** Answers the dialog that `ask` opens with the file, and returns what was written into it. */
  async function written(dialogTitle: string, file: string, ask: () => Promise<void>): Promise<string> {
    const isAnswered = async (): Promise<boolean> => jsonIn(file).then(() => true, () => false);
    await answerFileDialog(workbench.quickInput, { title: dialogTitle, file, ask, isAnswered });
    return jsonIn(file);
  }

  const scopeOf = (table: TrustTable): Promise<string> => table.webview.locator.locator('.toolbar .chip').innerText();

  it('is opened from the palette and fills while the survey runs; cancelled, it keeps what was read', async () => {
    await workbench.runCommand('Mesh CA: Show Certificate Trust');
    const table = await TrustTable.open(workbench.page, title, 'overview');
    const seen = await eventually(
      async () => /^(\d+) of (\d+)/.exec(await table.progress())?.slice(1).map(Number) ?? [],
      ([done = 0, total]) => {
        assert.ok(total === proxies && done > 0 && done < total, `${String(done)} of ${String(total)}`);
      },
    );
    await table.press('Cancel');
    const status = table.webview.locator.locator('.statusLine .status', { hasText: /^Cancelled/ });
    await status.waitFor();
    const [, kept] = /after (\d+) of \d+$/.exec(await status.innerText()) ?? [];
    assert.ok(Number(kept) >= (seen[0] ?? 0) && Number(kept) < proxies, kept);
    await table.show('pods');
    assert.equal(await table.webview.locator.getByRole('grid').getAttribute('aria-rowcount'), String(proxies + 1));
    assert.ok((await table.rows()).some(({ roots }) => roots === '[CITADEL]'));
  });

  it('surveys again to the end, and counts in the Overview what keeps each gate shut', async () => {
    // As many at a time as the cluster bears.
    await workbench.changeSettings({});
    const table = await TrustTable.open(workbench.page, title, 'overview');
    await table.press('Survey');
    await table.whenSurveyed(proxies);
    const gate = table.webview.locator.getByRole('region', { name: 'Phase 2 · Switch to Mesh CA' });
    await gate.getByText(`${proxies} proxies are in the way`).waitFor();
    const lines = await table.webview.locator.locator('.progressLines .progressLine').allInnerTexts();
    assert.deepEqual(lines.map((line) => /^(.*)\n/.exec(line)?.[1]), ['Whole mesh', 'cluster-1', 'cluster-2']);
    assert.deepEqual(lines.map((line) => /of (\d+)$/.exec(line)?.[1]), [proxies, perCluster, perCluster].map(String));
    // What is worked out follows the rows by a moment.
    await table.webview.locator.locator('.legends').getByText(String(proxies)).first().waitFor();
    await workbench.screenshot('trust-overview');
  });

  it('shows in the Matrix that the clusters do not trust each other, and opens a pair', async () => {
    const table = await TrustTable.open(workbench.page, title, 'matrix');
    const cells = table.webview.locator.locator('td.pairCell');
    await cells.nth(15).waitFor();
    // Sidecars and gateways of each cluster.
    const names = await cells.evaluateAll((all) => all.map((cell) => cell.getAttribute('aria-label')));
    assert.equal(names.length, 16);
    assert.deepEqual(names.slice(0, 4), ['A among themselves: authenticates', 'A to B: authenticates; B to A: authenticates', 'A to C: fails; C to A: fails', 'A to D: fails; D to A: fails']);
    await cells.nth(2).click();
    const pair = table.webview.locator.getByRole('region', { name: 'The pair A and C' });
    await pair.getByText(`1–20 of ${perCluster - 2}`).first().waitFor();
    await workbench.screenshot('trust-matrix');
  });

  it('shows in Certificates each root with those who trust it', async () => {
    const table = await TrustTable.open(workbench.page, title, 'certificates');
    const anchors = table.webview.locator.getByRole('region', { name: 'Roots that proxies trust' });
    for (const cluster of ['cluster-1', 'cluster-2']) await anchors.getByText(`Istio CA of ${cluster}`).first().waitFor();
    assert.match(await table.text(), new RegExp(`Trusted by ${perCluster} proxies`));
    await workbench.screenshot('trust-certificates');
    await table.show('pods');
    await workbench.screenshot('trust-pods');
  });

  it('exports the survey as JSON into a file', async () => {
    const table = await TrustTable.open(workbench.page, title);
    const text = await written('Export the survey', workbench.fileIn('trust.json'), () => table.chooseExport('Export as JSON…'));
    assert.equal((JSON.parse(text) as { proxies: unknown[] }).proxies.length, proxies);
    assert.doesNotMatch(text, /PRIVATE KEY/);
  });

  it('is opened from a cluster, a namespace and a pod on just that', async () => {
    await tree.chooseFromContextMenu(['cluster-2'], 'Show Certificate Trust');
    const table = await TrustTable.open(workbench.page, title);
    await table.whenSurveyed(perCluster);
    assert.match(await scopeOf(table), /cluster-2/);

    await tree.chooseFromContextMenu(foo, 'Check Trust');
    assert.deepEqual((await table.rowsWhenRead(3)).map(({ cluster }) => cluster), Array(3).fill('cluster-1'));
    assert.match(await scopeOf(table), /foo/);

    const [first] = await podRevisions(workbench, 'cluster-1', 'foo');
    const pod = first?.[0] ?? '';
    for (const path of [foo, [...foo, 'httpbin']]) await tree.expand(...path);
    await tree.chooseFromContextMenu([...foo, 'httpbin', pod], 'Show Certificate Trust');
    await table.webview.locator.getByRole('region', { name: 'Details of the proxy' }).getByText(`foo/${pod}`).waitFor();
  });

  it('is saved, and opened again where no cluster answers', async () => {
    await workbench.runCommand('Mesh CA: Show Certificate Trust');
    const table = await TrustTable.open(workbench.page, title, 'overview');
    await table.whenSurveyed(proxies);
    const file = workbench.fileIn('kept.mesh-ca-survey.json');
    await written('Save the survey', file, () => table.chooseExport('Save survey…'));
    await workbench.rehearsal.crash();
    const opened = table.webview.locator.getByText(`Opened from ${file}`);
    await answerFileDialog(workbench.quickInput, {
      title: 'Open a saved survey',
      file,
      ask: () => table.chooseExport('Open saved survey…'),
      isAnswered: async () => (await opened.count()) > 0,
    });
    await table.webview.locator.getByText(`${proxies} proxies are in the way`).first().waitFor();
    assert.equal(await table.webview.locator.getByRole('button', { name: /^(Restart Workloads|Migrate Namespace)/ }).count(), 0);
    await table.show('matrix');
    await table.webview.locator.locator('td.pairCell').nth(15).waitFor();
  });
});
