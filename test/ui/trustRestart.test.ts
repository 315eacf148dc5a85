// Certificate Trust over an editor that is killed: the panel comes back on its subject, and the survey before is still there to
// compare with.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import { eventually, eventuallyEquals } from './support/conditions.js';
import { chooseClusters, distributeRoot } from './support/journeys.js';
import { kubectlOn, podRevisions } from './support/meshTruth.js';
import { TrustTable } from './support/trustTable.js';
import type { Workbench } from './support/workbench.js';
import { openWorkbench } from './support/workbench.js';

const title = 'Certificate Trust';
const foo = ['cluster-1', 'Namespaces', 'foo'] as const;

describe('Certificate Trust of a namespace over the end of the editor', function () {
  this.timeout(600_000);
  let workbench: Workbench;
  let gone = '';

  before(async () => {
    workbench = await openWorkbench({ name: 'trust-restart', scene: 'istio-default', withRevision: distributeRoot });
  });
  after(() => workbench.close());
  afterEach(function () {
    return workbench.pictureFailure(this.currentTest);
  });

  const podNames = async (): Promise<readonly string[]> => (await podRevisions(workbench, 'cluster-1', 'foo')).map(([name]) => name);
  const difference = (table: TrustTable): Promise<string> => table.webview.locator.getByRole('region', { name: /^Since the survey/ }).innerText();

  /** Where the extension keeps surveys, beside the open folder in the session's own. */
  async function keptSurveys(): Promise<readonly string[]> {
    const files = await fs.promises.readdir(workbench.fileIn('..'), { recursive: true });
    return files.filter((file) => file.endsWith('last-survey-of-a-part.json'));
  }

  it('has nothing to compare the first survey with, and keeps it', async () => {
    const tree = await chooseClusters(workbench, 'cluster-1', 'cluster-2');
    await tree.chooseFromContextMenu(foo, 'Check Trust');
    const table = await TrustTable.open(workbench.page, title, 'overview');
    await table.whenSurveyed(3);
    await eventually(() => difference(table), (text) => { assert.match(text, /This is the first survey/); });
    await eventually(keptSurveys, (files) => { assert.equal(files.length, 1); });
  });

  it('is back after the editor was killed, on its namespace, and claims nothing before it has surveyed', async () => {
    // VS Code writes down which tabs are open once a minute and when a window goes: a kill before that forgets anybody's tab.
    await workbench.reload();
    await TrustTable.open(workbench.page, title, 'overview');
    await workbench.crash();
    [gone = ''] = await podNames();
    await kubectlOn(workbench, 'cluster-1', 'delete', 'pod', gone, '-n', 'foo');
    await eventually(podNames, (names) => { assert.ok(names.length === 3 && !names.includes(gone), names.join()); });
    await workbench.restart();
    const table = await TrustTable.open(workbench.page, title, 'overview');
    assert.match(await table.webview.locator.locator('.toolbar .chip').innerText(), /foo/);
    await table.webview.locator.locator('.statusLine .status', { hasText: /^Not surveyed/ }).waitFor();
    await table.show('pods');
    assert.deepEqual(await table.rows(), []);
  });

  it('tells what has changed since the survey before the end', async () => {
    const table = await TrustTable.open(workbench.page, title, 'overview');
    await table.press('Survey');
    await table.whenSurveyed(3);
    await eventually(
      () => difference(table),
      (text) => {
        assert.match(text, /0 changed · 1 new · 1 gone/);
        assert.ok(text.includes(gone), text);
      },
    );
    await table.show('pods');
    await eventuallyEquals(async () => (await table.rows()).map(({ pod }) => pod.replace(/^foo\//, '')).sort(), await podNames());
  });
});
