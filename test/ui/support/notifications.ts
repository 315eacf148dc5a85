// The notifications at the bottom right.
import type { Locator, Page } from 'playwright-core';
import { untilDone } from './conditions.js';

const TOAST = '.notifications-toasts .notification-list-item';

/** The notifications that are shown now. */
export class Notifications {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The texts, newest first. */
  async texts(): Promise<string[]> {
    return this.page.locator(`${TOAST}-message`).allInnerTexts();
  }

  /** Waits for a notification with this text and returns its whole text. */
  async waitFor(text: string | RegExp): Promise<string> {
    const item = this.item(text);
    await item.waitFor();
    return item.locator('.notification-list-item-message').innerText();
  }

  /** Presses a button of the notification with this text. */
  async press(text: string | RegExp, button: string): Promise<void> {
    const item = this.item(text);
    await item.hover();
    await item.getByRole('button', { name: button, exact: true }).click();
  }

  /** Closes everything that is shown, by each one's own cross: a key would go to whatever has the keyboard. */
  async clear(): Promise<void> {
    await untilDone(async () => {
      const left = await this.page.evaluate((toast) => {
        const shown = [...document.querySelectorAll(toast)];
        // It takes clicks also while it is not drawn: it is drawn under the mouse only.
        for (const item of shown) item.querySelector<HTMLElement>('.codicon-notifications-clear')?.click();
        return shown.length;
      }, TOAST);
      return left === 0;
    }, 'closing the notifications');
  }

  private item(text: string | RegExp): Locator {
    // Its source and its buttons come before the message itself.
    return this.page.locator(TOAST).filter({ has: this.page.locator('.notification-list-item-message', { hasText: text }) }).first();
  }
}
