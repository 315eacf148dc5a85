// The notifications at the bottom right.
import type { Locator, Page } from 'playwright-core';

/** The notifications that are shown now. */
export class Notifications {
  private readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** The texts, newest first. */
  async texts(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** Waits for a notification with this text and returns its whole text. */
  async waitFor(text: string | RegExp): Promise<string> {
    const item = this.item(text);
    await item.waitFor({ timeout: 30_000 });
    return item.locator('.notification-list-item-message').innerText();
  }

  /** Presses a button of the notification with this text. */
  async press(text: string | RegExp, button: string): Promise<void> {
    const item = this.item(text);
    await item.hover();
    await item.getByRole('button', { name: button, exact: true }).click();
  }

  /** Closes everything that is shown. */
  async clear(): Promise<void> {
    await this.page.keyboard.press('Escape');
    const items = this.page.locator('.notifications-toasts .notification-list-item');
    while ((await items.count()) > 0) {
      // One that goes away by itself meanwhile is as good as closed.
      const item = items.first();
      await item.hover({ timeout: 1_000 }).catch(() => undefined);
      await item.locator('.codicon-notifications-clear').click({ timeout: 1_000 }).catch(() => undefined);
    }
  }

  private item(text: string | RegExp): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text }).first();
  }
}
