// A tree view as the user sees it: rows as drawn text, and what can be done with a row.
import type { Locator, Page } from 'playwright-core';
import { chooseFromMenu, chooseFromSubmenu, menuTitles } from './contextMenu.js';
import { eventually, ONE_TRY, SLOW_TRY, untilDone } from './conditions.js';
import { restMouse } from './mouse.js';

/** One row that is drawn now. */
export interface TreeRow {
  /** 1 is the outermost level. */
  readonly level: number;
  /** Absent for a row without children. */
  readonly expanded: boolean | undefined;
  readonly label: string;
  readonly description: string;
}

/** One tree view in the side bar, found by the name in its header. */
export class TreeView {
  private readonly page: Page;
  private readonly pane: Locator;
  private readonly frame: Locator;
  private readonly viewName: string;

  constructor(page: Page, viewName: string) {
    this.page = page;
    this.viewName = viewName;
    this.frame = page.locator('.sidebar .pane').filter({ has: page.locator('.pane-header', { hasText: viewName }) });
    this.pane = page.locator('.sidebar').getByRole('tree', { name: viewName });
  }

  /** Waits until the view is there. */
  async waitFor(): Promise<void> {
    await this.pane.waitFor();
  }

  /** Folds the other views of the container, so that this one has room for all its rows: only rows in view are drawn. */
  async fillContainer(): Promise<void> {
    const folded = this.frame.locator('.pane-header[aria-expanded=false]');
    const others = this.page.locator('.sidebar .pane-header[aria-expanded=true]').filter({ hasNotText: this.viewName });
    await untilDone(async () => {
      await restMouse(this.page);
      const [header] = [...(await folded.all()), ...(await others.all())];
      await header?.click(ONE_TRY);
      return header === undefined;
    }, `giving ${this.viewName} all the room`);
    await restMouse(this.page);
  }

  /** The drawn rows, top to bottom. */
  async rows(): Promise<TreeRow[]> {
    return this.pane.evaluate((tree) => {
      const drawn = [...tree.querySelectorAll('.monaco-list-row')];
      const top = (row: Element): number => row.getBoundingClientRect().top;
      return drawn
        // Parents that stick to the top while one scrolls are drawn twice, and have no level there.
        .filter((row) => row.hasAttribute('aria-level'))
        .sort((one, other) => top(one) - top(other))
        .map((row) => ({
          level: Number(row.getAttribute('aria-level')),
          expanded: row.hasAttribute('aria-expanded') ? row.getAttribute('aria-expanded') === 'true' : undefined,
          label: row.querySelector('.label-name')?.textContent ?? '',
          description: row.querySelector('.label-description')?.textContent ?? '',
        }));
    });
  }

  /** The drawn rows as indented text: `▾ label  description`, two spaces a level. */
  async drawn(): Promise<string[]> {
    const rows = await this.rows();
    return rows.map(({ level, expanded, label, description }) => {
      const twistie = expanded === undefined ? ' ' : expanded ? '▾' : '▸';
      return `${'  '.repeat(level - 1)}${twistie} ${label}${description === '' ? '' : `  ${description}`}`;
    });
  }

  /** What is drawn at this path of labels now; undefined when nothing is. */
  async find(...path: readonly string[]): Promise<TreeRow | undefined> {
    const rows = await this.rows();
    return rows[positionOf(rows, path) ?? -1];
  }

  /** The rows drawn below the row at this path, at any depth. */
  async below(...path: readonly string[]): Promise<TreeRow[]> {
    const rows = await this.rows();
    const position = positionOf(rows, path);
    if (position === undefined) return [];
    const level = rows[position]?.level ?? 0;
    const end = rows.findIndex((row, index) => index > position && row.level <= level);
    return rows.slice(position + 1, end === -1 ? undefined : end);
  }

  /** A drawn row by its exact label; with `under`, the first such row below that ancestor's row. */
  async row(label: string, ...under: readonly string[]): Promise<Locator> {
    const index = await eventually(
      async () => positionOf(await this.rows(), [...under, label]),
      (position) => {
        if (position === undefined) throw new Error(`No row ${[...under, label].join(' › ')} in the tree`);
      },
    );
    const top = await this.pane.evaluate((tree, position) => {
      const drawn = [...tree.querySelectorAll('.monaco-list-row')].sort((one, other) => one.getBoundingClientRect().top - other.getBoundingClientRect().top);
      return drawn[position]?.getAttribute('data-index');
    }, index ?? 0);
    return this.pane.locator(`.monaco-list-row[data-index="${String(top)}"]`);
  }

  /** Opens a row; the path is from the outermost label to the row's own. */
  async expand(...path: readonly string[]): Promise<void> {
    await this.setExpanded(true, path);
  }

  /** Closes a row. */
  async collapse(...path: readonly string[]): Promise<void> {
    await this.setExpanded(false, path);
  }

  private async setExpanded(expanded: boolean, path: readonly string[]): Promise<void> {
    await untilDone(async () => {
      const row = await this.rowAt(path);
      if ((await row.getAttribute('aria-expanded', ONE_TRY)) === String(expanded)) return true;
      await row.locator('.monaco-tl-twistie').click(ONE_TRY);
      // Not clicked again before there was time to open it: that would close it.
      await row.and(this.pane.locator(`[aria-expanded=${String(expanded)}]`)).waitFor(SLOW_TRY);
      return true;
    }, `${expanded ? 'opening' : 'closing'} ${path.join(' › ')}`);
  }

  /** Closes every row, by the button in the view's header: of a long tree only the rows in sight are drawn. */
  async collapseAll(): Promise<void> {
    await restMouse(this.page);
    await this.frame.locator('.pane-header').hover();
    await this.frame.locator('.pane-header').getByRole('button', { name: 'Collapse All' }).click();
    await restMouse(this.page);
  }

  /** Selects rows, the first with a click and the others with Ctrl and a click. */
  async select(...paths: readonly (readonly string[])[]): Promise<void> {
    for (const [index, path] of paths.entries()) {
      const row = await this.rowAt(path);
      await row.locator('.monaco-icon-label').click(index === 0 ? {} : { modifiers: ['ControlOrMeta'] });
    }
  }

  /** Right-clicks a row and chooses from its menu by the entry's text; with `submenu`, from the menu below that entry. */
  async chooseFromContextMenu(path: readonly string[], title: string, submenu?: string): Promise<void> {
    const row = await this.rowAt(path);
    await row.locator('.monaco-icon-label').click({ button: 'right' });
    await (submenu === undefined ? chooseFromMenu(this.page, title) : chooseFromSubmenu(this.page, submenu, title));
  }

  /** What the menu of a row offers. */
  async contextMenuTitles(...path: readonly string[]): Promise<string[]> {
    const row = await this.rowAt(path);
    await row.locator('.monaco-icon-label').click({ button: 'right' });
    const titles = await menuTitles(this.page);
    await this.page.keyboard.press('Escape');
    return titles;
  }

  /** Presses an inline button of a row. */
  async pressInline(path: readonly string[], title: string): Promise<void> {
    const row = await this.rowAt(path);
    await row.hover();
    await row.getByRole('button', { name: title }).click();
  }

  /** The text shown instead of a tree that is empty, with its buttons. */
  async welcome(): Promise<string> {
    return this.frame.locator('.welcome-view-content').innerText();
  }

  /** Presses a button of the text shown instead of an empty tree. */
  async pressWelcome(title: string): Promise<void> {
    await this.frame.locator('.welcome-view-content').getByRole('button', { name: title, exact: true }).click();
  }

  private rowAt(path: readonly string[]): Promise<Locator> {
    return this.row(path.at(-1) ?? '', ...path.slice(0, -1));
  }
}

/** The index of the row at this path of labels, outermost first, among the drawn rows. */
function positionOf(rows: readonly TreeRow[], path: readonly string[]): number | undefined {
  let from = 0;
  let outer = 0;
  for (const [step, label] of path.entries()) {
    const found = rows.findIndex((row, index) => index >= from && row.label === label && row.level > outer);
    // Leaving the ancestor's subtree means that the row is not below it.
    const left = step === 0 ? -1 : rows.findIndex((row, index) => index >= from && row.level <= outer);
    if (found === -1 || (left !== -1 && left < found)) return undefined;
    if (step === path.length - 1) return found;
    outer = rows[found]?.level ?? 0;
    from = found + 1;
  }
  return undefined;
}
