// The integrated terminal: what it shows, and typing into it.
import type { Page } from 'playwright-core';
import { eventually } from './conditions.js';

/** The part of xterm.js that holds what a terminal shows; VS Code hangs it on the terminal's element for its own tests. */
interface TerminalElement extends Element {
  readonly xterm?: { readonly buffer: { readonly active: TerminalBuffer } };
}

interface TerminalBuffer {
  readonly length: number;
  getLine(index: number): { translateToString(trimRight: boolean): string; readonly isWrapped: boolean } | undefined;
}

/** The visible terminal of the panel. */
export class TerminalView {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Everything the visible terminal holds, scrolled out of sight or not, without the empty lines at its end. */
  async text(): Promise<string> {
    return this.page.locator('.terminal-wrapper.active').evaluate((wrapper) => {
      const buffer = (wrapper as Element as TerminalElement).xterm?.buffer.active;
      if (buffer === undefined) return '';
      let text = '';
      for (let index = 0; index < buffer.length; index += 1) {
        const line = buffer.getLine(index);
        // A line that was too long for the window goes on in the next.
        text += `${line?.isWrapped === true ? '' : '\n'}${line?.translateToString(true) ?? ''}`;
      }
      return text.trim();
    });
  }

  /** The same, and empty where no terminal is visible. */
  async textIfShown(): Promise<string> {
    const isShown = await this.page.locator('.terminal-wrapper.active .xterm').first().isVisible();
    return isShown ? this.text() : '';
  }

  /** Waits until the terminal holds this text. */
  async waitForText(text: string | RegExp): Promise<string> {
    return eventually(
      () => this.textIfShown(),
      (shown) => {
        const found = typeof text === 'string' ? shown.includes(text) : text.test(shown);
        if (!found) throw new Error(`The terminal does not show ${String(text)} but:\n${shown}`);
      },
    );
  }

  /** Presses keys in the terminal, for instance `Control+c`. */
  async press(key: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.press(key);
  }

  /** Types a line and Enter. */
  async typeLine(line: string): Promise<void> {
    await this.focus();
    await this.page.keyboard.type(line);
    await this.page.keyboard.press('Enter');
  }

  private async focus(): Promise<void> {
    // The command that sticks to the top while its output is scrolled is drawn by a second terminal with an input of its own.
    await this.page.locator('.terminal-wrapper.active textarea.xterm-helper-textarea').first().focus();
  }
}
