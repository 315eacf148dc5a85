// The Certificate Trust page in a browser: what only a real document can show.
import assert from 'node:assert/strict';
import type { Browser, Page } from 'playwright-core';
import type { ScenarioName } from '../../webview/scenarios/scenarios.js';
import { scenarios } from '../../webview/scenarios/scenarios.js';
import { themes } from '../../webview/scenarios/themes.js';
import type { ThemeName } from '../../webview/scenarios/themes.js';
import type { ScenarioChoice } from './support/trustPageDriver.js';
import { axeViolations, COLOUR_RULES, launchBrowser, openScenario, textsOutsideCatalogue } from './support/trustPageDriver.js';

/** All but the one that differs from another only by its size. */
const scenarioNames = (Object.keys(scenarios) as ScenarioName[]).filter((name) => name !== 'large');

describe('the Certificate Trust page in a browser', function () {
  this.timeout(120_000);
  let browser: Browser;
  before(async () => {
    browser = await launchBrowser();
  });
  after(async () => {
    await browser.close();
  });

  /** Leaves no page behind for the next test to compete with. */
  async function inScenario(name: ScenarioName, look: (page: Page) => Promise<void>, choice?: ScenarioChoice): Promise<void> {
    const page = await openScenario(browser, name, choice);
    try {
      await look(page);
    } finally {
      await page.close();
    }
  }

  const rowNames = (page: Page): Promise<string[]> => page.locator('.body .row:not([hidden]) .cell-pod').allInnerTexts();
  const heard = (page: Page): Promise<string[]> => page.evaluate(() => window.scriptedHost.heard.map(({ type }) => type));
  const activeRow = (page: Page): Promise<string | null | undefined> =>
    page.evaluate(() => {
      const active = document.querySelector('[role=grid]')?.getAttribute('aria-activedescendant');
      return active ? document.getElementById(active)?.getAttribute('aria-rowindex') : null;
    });

  it('holds at most 200 row elements with 50,000 proxies, wherever it is scrolled to', async () => {
    await inScenario('large', async (page) => {
      const grid = page.getByRole('grid');
      const rowElements = (): Promise<number> => page.locator('[role=row]').count();
      assert.equal(await grid.getAttribute('aria-rowcount'), '50001');
      assert.ok((await rowElements()) <= 200);
      await grid.focus();
      for (const key of ['End', 'PageUp', 'PageUp', 'Home', 'PageDown']) await page.keyboard.press(key);
      await page.keyboard.press('End');
      await page.locator('[aria-rowindex="50001"]').waitFor();
      assert.ok((await rowElements()) <= 200);
    });
  });

  it('keeps its rows in the document in the order in which they are seen', async () => {
    await inScenario('large', async (page) => {
      await page.getByRole('grid').focus();
      for (const key of ['PageDown', 'PageDown', 'PageDown', 'PageUp']) await page.keyboard.press(key);
      // In one look: a draw between finding the elements and reading them would mix two moments.
      const indexes = await page.evaluate(() =>
        [...document.querySelectorAll('.body .row:not([hidden])')].map((row) => Number(row.getAttribute('aria-rowindex'))),
      );
      assert.ok(indexes.length > 20);
      assert.deepEqual(
        indexes,
        indexes.map((_, position) => (indexes[0] ?? 0) + position),
      );
    });
  });

  it('draws once a frame, however many messages arrive', async () => {
    await inScenario('mixed', async (page) => {
      const draws = await page.evaluate(async () => {
        const grid = document.querySelector('[role=grid]')!;
        const seen: (string | null)[] = [];
        new MutationObserver((records) => {
          for (const record of records) seen.push(record.oldValue);
        }).observe(grid, { attributes: true, attributeFilter: ['aria-rowcount'], attributeOldValue: true });
        const nextFrame = (): Promise<unknown> => new Promise(requestAnimationFrame);
        const template = { cluster: 'c', context: 'c', clusterKey: 'c', namespace: 'n', gateway: false, state: 'waiting', roots: [] };
        for (let frame = 0; frame < 5; frame += 1) {
          for (let index = 0; index < 20; index += 1) {
            const id = `new-${frame}-${index}`;
            const data = { type: 'rows', payload: { rows: [{ ...template, id, pod: id }] } };
            window.dispatchEvent(new MessageEvent('message', { data }));
          }
          await nextFrame();
        }
        await nextFrame();
        return { count: seen.length, rows: grid.getAttribute('aria-rowcount') };
      });
      assert.equal(draws.rows, '119');
      assert.ok(draws.count <= 5, `${draws.count} draws in 5 frames`);
    });
  });

  it('is walked through by the keyboard: rows, ends, pages, details and back', async () => {
    await inScenario('mixed', async (page) => {
      await page.getByRole('grid').focus();
      const after = async (key: string): Promise<string | null | undefined> => {
        await page.keyboard.press(key);
        await page.evaluate(() => new Promise(requestAnimationFrame));
        return activeRow(page);
      };
      assert.equal(await after('ArrowDown'), '2');
      assert.equal(await after('ArrowDown'), '3');
      assert.equal(await after('ArrowUp'), '2');
      assert.equal(await after('End'), '19');
      assert.equal(await after('Home'), '2');
      assert.notEqual(await after('PageDown'), '2');
      await after('Home');
      await page.keyboard.press('Enter');
      const details = page.getByRole('region', { name: 'Details of the proxy' });
      await details.getByRole('heading', { name: 'bar/httpbin-66cdbdb6c5-t5wqr' }).waitFor();
      await details.getByRole('button', { name: 'Close details' }).focus();
      await page.keyboard.press('Escape');
      await details.waitFor({ state: 'hidden' });
      assert.equal(await page.evaluate(() => document.activeElement?.getAttribute('role')), 'grid');
    });
  });

  it('says by which column it is in order, and changes it on a click', async () => {
    await inScenario('mixed', async (page) => {
      const sorts = (): Promise<(string | null)[]> => page.getByRole('columnheader').evaluateAll((heads) => heads.map((head) => head.getAttribute('aria-sort')));
      assert.deepEqual(await sorts(), ['ascending', 'none', 'none', 'none', 'none', 'none', 'none']);
      const expires = page.getByRole('columnheader', { name: 'Expires' });
      await expires.getByRole('button').click();
      await page.locator('[aria-sort=ascending].cell-expires').waitFor();
      assert.equal((await rowNames(page))[0], 'baz/legacy');
      await expires.getByRole('button').click();
      await page.locator('[aria-sort=descending].cell-expires').waitFor();
      assert.equal((await rowNames(page))[0], 'foo/sleep-64d7d56698-6tmjm');
    });
  });

  it('shows what could not be read, and why, by one click', async () => {
    await inScenario('mixed', async (page) => {
      await page.getByRole('button', { name: '1 Unknown' }).click();
      await page.getByText('1 of 18 proxies shown').waitFor();
      assert.deepEqual(await rowNames(page), ['reports/reports-0']);
      assert.equal(await page.locator('.body .row:not([hidden]) .cell-roots').innerText(), 'unknown: no answer within 5 s');
      await page.getByRole('button', { name: 'Clear filters' }).click();
      await page.getByText('1 of 18 proxies shown').waitFor({ state: 'hidden' });
      assert.equal((await rowNames(page)).length, 18);
    });
  });

  it('writes roots as migrate_ca does, with the fingerprint in the tooltip', async () => {
    await inScenario('mixed', async (page) => {
      const roots = page.locator('.row', { hasText: 'httpbin-66cdbdb6c5-pmzps' }).locator('.badges');
      assert.equal(await roots.evaluate((element) => element.textContent), '[CITADEL MESHCA]');
      assert.match((await roots.locator('.badge').first().getAttribute('title')) ?? '', /^Istio CA of cluster-1 · SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    });
  });

  it('copies identity and fingerprints whole', async () => {
    await inScenario('details', async (page) => {
      const details = page.getByRole('region', { name: 'Details of the proxy' });
      await details.getByRole('button', { name: 'Copy SPIFFE identity' }).click();
      await details.getByRole('button', { name: /Copy SHA-256 fingerprint of Istio CA/ }).first().click();
      const copied = await page.evaluate(() => window.scriptedHost.heard.flatMap((message) => (message.type === 'copy' ? [message.payload.text] : [])));
      assert.equal(copied[0], 'spiffe://cluster.local/ns/foo/sa/httpbin');
      assert.match(copied[1] ?? '', /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    });
  });

  it('asks the extension for what its buttons say, and for nothing else', async () => {
    await inScenario('streaming', async (page) => {
      await page.getByRole('button', { name: 'Cancel' }).click();
      assert.deepEqual(await heard(page), ['ready', 'cancel']);
    });
    await inScenario('scoped', async (page) => {
      await page.getByRole('button', { name: 'Survey again' }).click();
      await page.getByRole('button', { name: 'Show whole mesh' }).click();
      assert.deepEqual(await heard(page), ['ready', 'survey', 'widen']);
    });
    await inScenario('noClusters', async (page) => {
      await page.getByRole('button', { name: 'Choose Clusters' }).click();
      assert.deepEqual(await heard(page), ['ready', 'chooseClusters']);
    });
  });

  it('leaves its choices with the editor, for when it is shown again', async () => {
    await inScenario('mixed', async (page) => {
      await page.getByRole('textbox', { name: 'Search proxies' }).fill('reports');
      await page.getByRole('combobox', { name: 'State' }).selectOption({ label: 'Unknown' });
      await page.getByText('1 of 18 proxies shown').waitFor();
      const kept = await page.evaluate(() => (window.scriptedHost.kept as { filter: { text: string; state: string } }).filter);
      assert.deepEqual([kept.text, kept.state], ['reports', 'unknown']);
    });
  });

  it('announces the end of a survey politely', async () => {
    await inScenario('streaming', async (page) => {
      const status = page.getByRole('status');
      assert.equal(await status.textContent(), '11 of 18 surveyed, 0 unknown');
      await page.evaluate(() => {
        const progress = { running: false, cancelled: false, total: 18, done: 18, unknown: 1, startedAt: 1, finishedAt: 2 };
        window.scriptedHost.say({ type: 'progress', payload: { progress } });
      });
      await page.getByText('Survey finished: 18 proxies, 1 unknown').waitFor({ state: 'attached' });
    });
  });

  for (const theme of Object.keys(themes) as ThemeName[]) {
    const rules = theme === 'dark' ? undefined : COLOUR_RULES;
    it(`has nothing that axe objects to in the ${theme} theme${rules === undefined ? '' : ', by the rules of colours'}`, async () => {
      for (const name of scenarioNames) {
        await inScenario(name, async (page) => { assert.deepEqual(await axeViolations(page, rules), [], name); }, { theme });
      }
    });
  }

  it('takes every word from the catalogues', async () => {
    for (const name of scenarioNames) {
      await inScenario(name, async (page) => { assert.deepEqual(await textsOutsideCatalogue(page), [], name); }, { locale: 'pseudo' });
    }
  });

  it('needs no sideways scrolling from 600 pixels on', async () => {
    for (const [name, width] of [['mixed', 600], ['details', 600], ['details', 1200], ['unknowns', 800], ['scoped', 700], ['details', 980]] as const) {
      const look = async (page: Page): Promise<void> => {
        const hidden = await page.evaluate(() =>
          [document.documentElement, ...document.querySelectorAll('[role=grid], .details')].map((element) => element.scrollWidth - element.clientWidth),
        );
        assert.deepEqual(hidden.filter((pixels) => pixels > 0), [], `${name} at ${width}`);
      };
      await inScenario(name, look, { width });
    }
  });
});
