// The Certificate Trust panel inside the editor, as rows of text.
import type { Page } from 'playwright-core';
import type { TrustView } from '../../../src/shared/trustViews.js';
import { eventually } from './conditions.js';
import type { Webview } from './webviewFrame.js';
import { webviewFrame } from './webviewFrame.js';

/** A drawn row of the table. */
export interface TrustTableRow {
  readonly pod: string;
  readonly cluster: string;
  readonly roots: string;
  readonly signedBy: string;
  readonly revision: string;
}

/** The open panel. */
export class TrustTable {
  readonly webview: Webview;

  private constructor(webview: Webview) {
    this.webview = webview;
  }

  async show(view: TrustView): Promise<void> {
    // By id, because its name is in the editor's language.
    await this.webview.locator.locator(`#tab-${view}`).click();
  }

  /** The panel with this title, once it is there; at its table unless another view is asked for. */
  static async open(page: Page, title: string, view: TrustView = 'pods'): Promise<TrustTable> {
    const table = new TrustTable(await webviewFrame(page, title));
    await table.show(view);
    return table;
  }

  /** Every row of a proxy, top to bottom; the table is expected to be small enough to be drawn whole. */
  async rows(): Promise<readonly TrustTableRow[]> {
    return this.webview.locator.locator('.body .row:not([hidden]):has(.cell-pod)').evaluateAll((rows) =>
      rows
        .sort((one, other) => Number(one.getAttribute('aria-rowindex')) - Number(other.getAttribute('aria-rowindex')))
        .map((row) => {
          const cell = (name: string): string => row.querySelector(`.cell-${name}`)?.textContent ?? '';
          return { pod: cell('pod'), cluster: cell('cluster'), roots: cell('roots'), signedBy: cell('signedBy'), revision: cell('revision') };
        }),
    );
  }

  /** The rows once so many proxies have been read, and none waits. */
  async rowsWhenRead(count: number): Promise<readonly TrustTableRow[]> {
    return eventually(
      () => this.rows(),
      (rows) => {
        const read = rows.filter(({ roots }) => roots.startsWith('['));
        if (read.length !== count || rows.length !== count) throw new Error(`${read.length} of ${rows.length} rows are read, expected ${count}:\n${JSON.stringify(rows, undefined, 1)}`);
      },
    );
  }

  /** Presses a button at the top of the page. */
  async press(button: string): Promise<void> {
    await this.webview.locator.locator('header').getByRole('button', { name: button, exact: true }).click();
  }

  /** How far the survey is, as the page says it: `12 of 18`. */
  async progress(): Promise<string> {
    return this.webview.locator.locator('.statusLine span.progress').innerText();
  }

  /** Waits for the end of a survey of so many proxies. */
  async whenSurveyed(total: number): Promise<void> {
    await this.webview.locator.locator('.statusLine .status', { hasText: /^Surveyed/ }).waitFor();
    await this.webview.locator.locator('.statusLine span.progress', { hasText: `${total} proxies` }).waitFor();
  }

  /** Chooses an entry of the menu for exports and files. */
  async chooseExport(entry: string): Promise<void> {
    await this.webview.locator.getByRole('button', { name: 'Export', exact: true }).click();
    await this.webview.locator.getByRole('menuitem', { name: entry }).click();
  }

  /** Everything that is written on the page. */
  async text(): Promise<string> {
    return this.webview.locator.locator('body').innerText();
  }
}
