// How little the Certificate Trust page does for a scroll or a filter over 50,000 rows: the rows in view, and no others.
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser, openScenario } from './support/trustPageDriver.js';

const MOST_ROWS = 200;

/** Row elements that were changed, added or moved, and draws, while `act` was done and the frame after it. */
async function workOf(page: Page, act: () => Promise<void>): Promise<{ readonly touched: number; readonly rows: number }> {
  await page.evaluate(() => {
    const rows = new Set<Element>();
    const body = document.querySelector('.body')!;
    new MutationObserver((records) => {
      for (const { target, addedNodes } of records) {
        for (const node of [target, ...addedNodes]) {
          const row = (node instanceof Element ? node : node.parentElement)?.closest('[role=row]');
          if (row) rows.add(row);
        }
      }
    }).observe(body, { subtree: true, childList: true, characterData: true, attributes: true });
    Reflect.set(window, 'touchedRows', rows);
  });
  await act();
  return page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
    const touched = (Reflect.get(window, 'touchedRows') as Set<Element>).size;
    return { touched, rows: document.querySelectorAll('.body [role=row]').length };
  });
}

describe('the work of the Certificate Trust page with 50,000 proxies', function () {
  this.timeout(120_000);
  let browser: Browser;
  let page: Page;
  before(async () => {
    browser = await launchBrowser();
    page = await openScenario(browser, 'large');
  });
  after(async () => {
    await browser.close();
  });

  it('is on the rows in view when it is scrolled to the middle', async () => {
    const { touched, rows } = await workOf(page, () => page.getByRole('grid').evaluate((grid) => { grid.scrollTop = grid.scrollHeight / 2; }));
    assert.ok(touched > 0 && touched <= rows && rows <= MOST_ROWS, `${touched} of ${rows} row elements were touched`);
  });

  it('is on the rows in view when a filter takes most rows away, and when it brings them back', async () => {
    const search = page.getByRole('textbox', { name: 'Search proxies' });
    for (const text of ['httpbin', '']) {
      const { touched, rows } = await workOf(page, async () => {
        await search.fill(text);
        await page.getByText(/of 50,?000 proxies shown/).waitFor({ state: text === '' ? 'hidden' : 'visible' });
      });
      assert.ok(touched > 0 && touched <= rows && rows <= MOST_ROWS, `"${text}": ${touched} of ${rows} row elements were touched`);
    }
  });
});
