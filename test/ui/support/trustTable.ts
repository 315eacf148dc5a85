// The Certificate Trust panel inside the editor, as rows of text.
import type { Page } from 'playwright-core';
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

  /** The panel with this title, once it is there. */
  static async open(page: Page, title: string): Promise<TrustTable> {
    return new TrustTable(await webviewFrame(page, title));
  }

  /** Every row, top to bottom; the table is expected to be small enough to be drawn whole. */
  async rows(): Promise<readonly TrustTableRow[]> {
    return this.webview.locator.locator('.body .row:not([hidden])').evaluateAll((rows) =>
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
      60_000,
    );
  }

  /** Presses a button at the top of the page. */
  async press(button: string): Promise<void> {
    await this.webview.locator.locator('header').getByRole('button', { name: button, exact: true }).click();
  }

  /** Everything that is written on the page. */
  async text(): Promise<string> {
    return this.webview.locator.locator('body').innerText();
  }
}
