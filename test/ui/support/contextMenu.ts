// The open context menu.
import type { Locator, Page } from 'playwright-core';

function openMenu(page: Page): Locator {
  return page.locator('.monaco-menu-container .monaco-menu, .context-view .monaco-menu').first();
}

/** Chooses an entry of the open menu by its text. */
export async function chooseFromMenu(page: Page, title: string): Promise<void> {
  const entry = openMenu(page).getByRole('menuitem', { name: title, exact: true });
  await entry.hover();
  await entry.click();
}

/** Chooses an entry of a menu below an entry of the open menu. */
export async function chooseFromSubmenu(page: Page, submenu: string, title: string): Promise<void> {
  await openMenu(page).getByRole('menuitem', { name: submenu, exact: true }).hover();
  const entry = page.locator('.monaco-submenu').getByRole('menuitem', { name: title, exact: true });
  await entry.hover();
  await entry.click();
}

/** The texts of the open menu, in order. */
export async function menuTitles(page: Page): Promise<string[]> {
  const menu = openMenu(page);
  await menu.waitFor();
  return (await menu.getByRole('menuitem').locator('.action-label').allInnerTexts()).filter((title) => title !== '');
}
