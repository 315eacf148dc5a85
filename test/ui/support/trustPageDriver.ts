// Opens states of the Certificate Trust page in a real browser, without an editor around it.
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { repository } from '../../workbench/paths.js';
import { browserArguments, findBrowser } from '../../workbench/setup/browser.js';
import type { ScenarioName } from '../../../webview/scenarios/scenarios.js';
import { completeScenario } from '../../../webview/scenarios/scenarios.js';
import type { ThemeName } from '../../../webview/scenarios/themes.js';

export interface ScenarioChoice {
  readonly theme?: ThemeName;
  readonly locale?: 'en' | 'ko' | 'pseudo';
  readonly width?: number;
  readonly height?: number;
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: findBrowser(), args: browserArguments });
}

/** Resolves when the page shows all that the scenario has sent. */
export async function openScenario(browser: Pick<Browser, 'newPage'>, scenario: ScenarioName, choice: ScenarioChoice = {}): Promise<Page> {
  const { theme = 'dark', locale = 'en', width = 1200, height = 760 } = choice;
  const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
  const address = pathToFileURL(path.join(repository, 'out', 'scenarios', 'index.html'));
  address.search = new URLSearchParams({ scenario, theme, locale }).toString();
  await page.goto(address.href);
  await page.locator('.statusLine .status').waitFor();
  const total = completeScenario(scenario).rows().length;
  await page.waitForFunction((count) => (document.querySelector('.statusLine .progress')?.textContent ?? '').includes(String(count)) || count === 0, total);
  return page;
}

export interface AxeViolation {
  readonly id: string;
  readonly nodes: readonly string[];
}

/** All a theme can break: the others go by the document, which is the same in each. */
export const COLOUR_RULES = ['color-contrast', 'link-in-text-block'] as const;

/** What axe-core finds wrong with the page as it is now, by all its rules or by some. */
export async function axeViolations(page: Page, rules?: readonly string[]): Promise<readonly AxeViolation[]> {
  await page.evaluate(fs.readFileSync(path.join(repository, 'node_modules', 'axe-core', 'axe.min.js'), 'utf8'));
  return page.evaluate(async (only) => {
    const { axe } = globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } };
    // Preloading fetches style sheets, which a page from a file may not.
    const { violations } = await axe.run({ preload: false, ...(only !== undefined && { runOnly: { type: 'rule', values: [...only] } }) });
    return violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => html) }));
  }, rules);
}

/**
 * Texts and names on the page that did not come out of the catalogues: in the pseudo language those are in brackets, and
 * what comes from a cluster is marked as not to be translated.
 */
export function textsOutsideCatalogue(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const isSpoken = (text: string): boolean => !/\p{Letter}/u.test(text) || /^⟦.*⟧$/su.test(text.trim());
    const isData = (element: Element): boolean => element.closest('[translate=no]') !== null;
    const isShown = (element: Element): boolean => element.closest('[hidden], script, style') === null;
    const found: string[] = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const { parentElement: parent, textContent: text } = node;
      if (parent && isShown(parent) && !isData(parent) && !isSpoken(text ?? '')) found.push(text ?? '');
    }
    for (const name of ['title', 'aria-label', 'placeholder']) {
      for (const element of document.body.querySelectorAll(`[${name}]`)) {
        // What is hidden from screen readers has no name that anybody hears.
        const isHeard = name !== 'aria-label' || element.closest('[aria-hidden=true]') === null;
        const text = element.getAttribute(name) ?? '';
        if (isHeard && isShown(element) && !isData(element) && !isSpoken(text)) found.push(`${name}=${text}`);
      }
    }
    return found;
  });
}
