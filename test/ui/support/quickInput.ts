// The quick pick or input box on top of the window.
import type { Locator, Page } from 'playwright-core';

/** How long to wait for a box that is not there; the test's own patience unless said otherwise. */
interface Patience {
  readonly timeout?: number;
}

/** What the box at the top of the window shows and takes. */
export class QuickInput {
  private readonly widget: Locator;
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    this.widget = page.locator('.quick-input-widget');
  }

  /** Waits until the box with this title is open. */
  async waitForTitle(title: string): Promise<void> {
    await this.widget.locator('.quick-input-title', { hasText: title }).waitFor();
  }

  /** The title of the open box; empty where none is open. */
  async title(): Promise<string> {
    if (!(await this.widget.isVisible())) return '';
    return (await this.widget.locator('.quick-input-title').textContent()) ?? '';
  }

  /** Waits until the box with this title has given way to another one, or to none. */
  async waitUntilTitleIsNot(title: string, patience: Patience = {}): Promise<void> {
    await this.widget.locator('.quick-input-title').getByText(title, { exact: true }).waitFor({ state: 'hidden', ...patience });
  }

  /** Replaces what is typed. */
  async type(text: string, patience: Patience = {}): Promise<void> {
    await this.field().fill(text, patience);
  }

  /** What is typed. */
  async typed(patience: Patience = {}): Promise<string> {
    return this.field().inputValue(patience);
  }

  /** Presses Enter in the field: on a tick box it would only turn the tick. */
  async accept(patience: Patience = {}): Promise<void> {
    await this.field().press('Enter', patience);
  }

  /** Waits until no box is open. */
  async waitUntilClosed(): Promise<void> {
    await this.widget.waitFor({ state: 'hidden' });
  }

  /** Presses Escape. */
  async cancel(): Promise<void> {
    await this.page.keyboard.press('Escape');
  }

  /** The entries drawn now: label, then description and detail as far as there are any. */
  async items(): Promise<string[]> {
    await this.widget.locator('.quick-input-list .monaco-list-row').first().waitFor();
    return this.widget.locator('.quick-input-list .monaco-list-row').evaluateAll((rows) =>
      rows.map((row) =>
        ['.label-name', '.label-description', '.quick-input-list-label-meta']
          .map((part) => row.querySelector(part))
          // An entry of one line keeps, out of sight below its edge, what another had in its second.
          .filter((part) => part !== null && part.getBoundingClientRect().top < row.getBoundingClientRect().bottom)
          .map((part) => (part?.textContent ?? '').trim())
          .filter((part) => part !== '')
          .join('  '),
      ),
    );
  }

  /** Clicks the entry whose label is or begins with this text. */
  async choose(label: string, patience: Patience = {}): Promise<void> {
    await this.entry(label).click(patience);
  }

  /** Sets or clears the tick of an entry where several may be chosen; `described` tells apart those of the same label. */
  async setChecked(label: string, checked: boolean, described = ''): Promise<void> {
    const entry = this.entry(label, described);
    const box = entry.getByRole('checkbox').or(entry.locator('.quick-input-list-checkbox')).first();
    if ((await box.isChecked()) !== checked) await box.click();
  }

  private field(): Locator {
    return this.widget.getByRole('combobox').or(this.widget.locator('.quick-input-box input')).first();
  }

  private entry(label: string, described = ''): Locator {
    const row = this.widget.locator('.quick-input-list .monaco-list-row').filter({ hasText: described });
    const exact = new RegExp(`(^\\s*|: )${label.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
    return row.filter({ has: this.page.locator('.label-name', { hasText: exact }) }).first();
  }
}
