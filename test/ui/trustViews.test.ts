// Overview, Matrix, Certificates and the groups of the Pods in a browser: what only a real document can show.
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { ScenarioName } from '../../webview/scenarios/scenarios.js';
import type { ScenarioChoice } from './support/trustPageDriver.js';
import { axeViolations, launchBrowser, openScenario } from './support/trustPageDriver.js';

describe('the views of Certificate Trust in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
  });

  async function inScenario(name: ScenarioName, look: (page: Page) => Promise<void>, choice?: ScenarioChoice): Promise<void> {
    const page = await openScenario(browser, name, choice);
    try {
      await look(page);
    } finally {
      await page.close();
    }
  }

  type Heard = readonly { readonly type: string; readonly payload: unknown }[];
  const heard = (page: Page): Promise<Heard> => page.evaluate(() => window.scriptedHost.heard);
  const said = async (page: Page, type: string): Promise<readonly unknown[]> => (await heard(page)).filter((message) => message.type === type).map(({ payload }) => payload);
  const focused = (page: Page): Promise<string | null | undefined> => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent);
  const rowNames = (page: Page): Promise<string[]> => page.locator('.body .row:not([hidden]) .cell-pod').allInnerTexts();

  it('are tabs that arrow keys go through, one shown at a time, and the choice is kept', async () => {
    await inScenario('overview', async (page) => {
      await page.getByRole('tab', { name: 'Overview' }).focus();
      await page.keyboard.press('ArrowLeft');
      await page.getByRole('tabpanel', { name: 'Certificates' }).waitFor();
      assert.equal(await page.getByRole('tabpanel').count(), 1);
      assert.equal(await page.getByRole('tab', { selected: true }).innerText(), 'Certificates');
      await page.keyboard.press('ArrowLeft');
      await page.getByRole('tabpanel', { name: 'Matrix' }).waitFor();
      assert.deepEqual(await said(page, 'look'), [{ view: 'certificates' }, { view: 'matrix' }]);
      assert.equal(await page.evaluate(() => (window.scriptedHost.kept as { view: string }).view), 'matrix');
    });
  });

  it('say in words what the bars say in patterns, and lead from a class to its pods', async () => {
    await inScenario('overview', async (page) => {
      assert.deepEqual(await page.locator('.progressLine .bar').first().getAttribute('aria-label'), '11 Both roots, 4 Only Istio CA, 1 Other roots, 1 Unknown, 1 Not loaded');
      await page.getByRole('button', { name: '4 Only Istio CA' }).click();
      await page.getByText('4 of 18 proxies shown').waitFor();
      assert.deepEqual(await rowNames(page), ['bar/httpbin-66cdbdb6c5-t5wqr', 'bar/sleep-64d7d56698-h8nzt', 'baz/legacy', 'istio-system/istio-ingressgateway-58f4c7d9b-2hg6p\ngateway']);
    });
  });

  it('lead from what is in the way to its pods, and ask for its action by name', async () => {
    await inScenario('overview', async (page) => {
      await page.getByRole('button', { name: 'Restart Workloads: bar in cluster-2' }).click();
      await page.getByRole('button', { name: 'Migrate Namespace to Revision: baz in cluster-2' }).click();
      const clusterKey = 'gke_rehearsal-project_us-east1-b_cluster-2@/home/me/.kube/config';
      assert.deepEqual(await said(page, 'resolve'), [{ action: 'restart', clusterKey, namespace: 'bar', workload: undefined }, { action: 'migrate', clusterKey, namespace: 'baz', workload: 'legacy' }]);
      await page.getByRole('button', { name: 'Show in Pods: reports in cluster-2' }).first().click();
      await page.getByText('2 of 18 proxies shown').waitFor();
      assert.deepEqual(await rowNames(page), ['reports/reports-0', 'reports/reports-1']);
    });
  });

  it('offer no action and no key for a survey from a file, and say of what moment it is', async () => {
    await inScenario('saved', async (page) => {
      await page.getByText(/^Opened from \/home\/someone\/before-phase-2.* surveyed /).waitFor();
      assert.equal(await page.getByRole('button', { name: /Restart Workloads|Migrate Namespace/ }).count(), 0);
      await page.getByRole('button', { name: 'Survey the clusters' }).click();
      assert.equal((await said(page, 'survey')).length, 1);
    });
  });

  it('show the matrix as a grid that is walked through by the keyboard, with both directions in words', async () => {
    await inScenario('matrix', async (page) => {
      const grid = page.getByRole('grid', { name: 'Who can authenticate whom' });
      assert.deepEqual([await grid.getByRole('gridcell').count(), await grid.getByRole('row').count()], [25, 6]);
      assert.equal(await grid.locator('[tabindex="0"]').count(), 1);
      await grid.locator('[tabindex="0"]').focus();
      for (const key of ['ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
      assert.match((await focused(page)) ?? '', /^A to C: \S.*; C to A: \S/);
      await page.keyboard.press('Enter');
      const pair = page.getByRole('region', { name: 'The pair A and C' });
      await pair.getByText('the server C has no anchor for CITADEL').first().waitFor();
      await pair.getByRole('button', { name: 'Next proxies of class C' }).click();
      await pair.getByText('21–30 of 30').waitFor();
      await page.keyboard.press('Escape');
      await pair.waitFor({ state: 'hidden' });
      assert.match((await focused(page)) ?? '', /^A to C: /);
    });
  });

  it('mark the cells that a supposed step changes, and say that nothing was run', async () => {
    await inScenario('matrix', async (page) => {
      await page.getByRole('combobox', { name: 'What if' }).selectOption({ index: 1 });
      await page.getByText('Nothing has been run. 2 cells differ from now.').waitFor();
      assert.deepEqual(await page.getByRole('gridcell', { name: /changed by the step/ }).count(), 2);
      assert.deepEqual(await said(page, 'suppose'), [{ hypothesis: 'migrate bar' }]);
    });
  });

  it('copy the fingerprints of certificates whole, and put the ends into words', async () => {
    await inScenario('certificates', async (page) => {
      await page.getByRole('button', { name: 'Copy SHA-256 fingerprint of Istio CA of cluster-1' }).click();
      const [copied] = (await said(page, 'copy')) as { readonly text: string }[];
      assert.match(copied?.text ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
      assert.match((await page.locator('.bucket').nth(2).innerText()).trim(), /: 1 workload certificate, 0 issuers, 0 roots$/);
      await page.getByText('named like Mesh CA, but with another key').first().waitFor();
    });
  });

  it('fold a group of pods by the keyboard and keep the number of its rows', async () => {
    await inScenario('grouped', async (page) => {
      await page.getByRole('treegrid').focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowLeft');
      const head = page.getByRole('row', { name: /bar/ }).first();
      await page.locator('.groupHead[aria-expanded=false]').waitFor();
      assert.match(await head.innerText(), /bar\s*2 proxies/);
      assert.equal(await page.getByRole('treegrid').getAttribute('aria-rowcount'), String(1 + 18 + 7 - 2));
    });
  });

  it('say why a proxy is in the way, and what is next', async () => {
    await inScenario('details', async (page) => {
      const details = page.getByRole('region', { name: 'Details of the proxy' });
      await details.getByText(/^In the way of phase 3: /).waitFor();
      await details.getByRole('button', { name: 'Migrate Namespace to Revision' }).click();
      assert.deepEqual(await said(page, 'resolve'), [{ action: 'migrate', clusterKey: 'gke_rehearsal-project_us-central1_cluster-1@/home/me/.kube/config', namespace: 'foo', workload: undefined }]);
      await details.getByRole('heading', { name: 'Certificate chain' }).waitFor();
    });
  });

  it('open the menu of exports by the keyboard and close it again', async () => {
    await inScenario('overview', async (page) => {
      const button = page.getByRole('button', { name: 'Export' });
      await button.focus();
      await page.keyboard.press('ArrowDown');
      assert.equal(await focused(page), 'Export as JSON…');
      assert.deepEqual(await axeViolations(page), []);
      await page.keyboard.press('Escape');
      assert.equal(await button.getAttribute('aria-expanded'), 'false');
      await page.keyboard.press('Enter');
      await page.getByRole('menuitem', { name: 'Export as migrate_ca text…' }).click();
      assert.deepEqual(await said(page, 'export'), [{ format: 'migrateCa' }]);
    });
  });

  it('need no sideways scrolling of the page from 600 pixels on', async () => {
    for (const [name, width] of [['overview', 600], ['overview', 900], ['certificates', 600], ['saved', 600]] as const) {
      const look = async (page: Page): Promise<void> => {
        const hidden = await page.evaluate(() => [document.documentElement, ...document.querySelectorAll('.scrolled')].map((element) => element.scrollWidth - element.clientWidth));
        assert.deepEqual(hidden.filter((pixels) => pixels > 0), [], `${name} at ${width}`);
      };
      await inScenario(name, look, { width });
    }
  });
});
