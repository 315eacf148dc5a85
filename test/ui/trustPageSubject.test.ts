// The Certificate Trust page on the subject that it was opened on: the proxy or the namespace is seen as soon as its row is there.
import assert from 'node:assert/strict';
import type { Browser, Locator, Page } from 'playwright-core';
import type { AnyMessage } from '../../src/shared/messaging.js';
import type { ToTrustPage } from '../../src/shared/trustProtocol.js';
import type { TrustRow } from '../../src/shared/trustRows.js';
import { completeScenario } from '../../webview/scenarios/scenarios.js';
import { launchBrowser, openScenario } from './support/trustPageDriver.js';

/** Far from what is on the screen at first. */
const PLACE = 30_000;

describe('the Certificate Trust page that was opened on a subject', function () {
  this.timeout(120_000);
  let browser: Browser;
  let page: Page;
  let late: TrustRow;
  before(async () => {
    browser = await launchBrowser();
    page = await openScenario(browser, 'large');
    const row = completeScenario('large').rows()[PLACE];
    assert.ok(row);
    late = { ...row, id: 'late', pod: `${row.pod}-late` };
  });
  after(async () => {
    await browser.close();
  });

  const tell = (message: AnyMessage<ToTrustPage>): Promise<void> =>
    page.evaluate((told) => {
      window.postMessage(told, '*');
    }, message);
  const selected = (): Locator => page.locator('.body .row.selected:not([hidden])');
  const isInView = (): Promise<boolean> =>
    selected().evaluate((row) => {
      const [own, table] = [row, row.closest('.table')!].map((element) => element.getBoundingClientRect());
      return own!.top >= table!.top && own!.bottom <= table!.bottom;
    });

  it('shows nothing else while its proxy is not there, and comes to it when it is', async () => {
    await tell({ type: 'focus', payload: { view: 'pods', id: late.id } });
    await page.locator('.table').waitFor();
    assert.equal(await selected().count(), 0);
    await tell({ type: 'rows', payload: { rows: [late] } });
    await selected().filter({ hasText: late.pod }).waitFor();
    assert.equal(await isInView(), true);
    await page.locator('section.details', { hasText: late.pod }).waitFor();
    assert.equal(await isInView(), true);
  });

  it('does not take the person back to it who has scrolled elsewhere', async () => {
    await page.locator('.table').evaluate((table) => { table.scrollTop = 0; });
    await tell({ type: 'rows', payload: { rows: [{ ...late, revision: 'another' }] } });
    await page.locator('section.details', { hasText: 'another' }).waitFor();
    assert.equal(await page.locator('.table').evaluate(({ scrollTop }) => scrollTop), 0);
  });

  it('comes to the head of its namespace, with the rows below it', async () => {
    await tell({ type: 'focus', payload: { view: 'pods', id: undefined, namespace: late.namespace } });
    await page.locator('.body .row.groupHead.selected:not([hidden])', { hasText: late.namespace }).waitFor();
    assert.equal(await selected().getAttribute('aria-expanded'), 'true');
    assert.equal(await isInView(), true);
  });
});
