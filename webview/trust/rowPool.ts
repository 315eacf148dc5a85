// The row elements of the table: a few dozen, used for whatever rows are in view.
import type { TableItem } from './rowGroups.js';
import type { RowWindow } from './rowWindow.js';
import type { RowContext, TableRow } from './tableRow.js';
import { createTableRow } from './tableRow.js';

/** The same as `--row-height` in media/trust.css. */
export const rowHeightPx = 28;

export interface RowPool {
  /** Gives back the element id of the selected row when it is drawn. */
  draw(shown: readonly TableItem[], drawn: RowWindow, selected: string | undefined, context: RowContext): string | undefined;
  /** The id of the row that this element belongs to. */
  idAt(target: EventTarget | null): string | undefined;
}

/** The row elements, in the document in the order in which they are seen, so that they read in that order as well. */
export function createRowPool(body: HTMLElement): RowPool {
  const pool: TableRow[] = [];
  const ids = new Map<Element, string>();
  let firstDrawn = 0;
  return {
    draw: (shown, { first, count }, selected, context) => {
      while (pool.length < count) {
        const row = createTableRow(`trust-row-${pool.length}`, rowHeightPx);
        pool.push(row);
        body.append(row.element);
      }
      rotate(pool, body, first - firstDrawn);
      firstDrawn = first;
      let active: string | undefined;
      for (const [position, slot] of pool.entries()) {
        const row = position < count ? shown[first + position] : undefined;
        slot.draw(row, first + position, row !== undefined && row.id === selected, context);
        if (row === undefined) ids.delete(slot.element);
        else ids.set(slot.element, row.id);
        if (row !== undefined && row.id === selected) active = slot.element.id;
      }
      return active;
    },
    idAt: (target) => {
      const element = target instanceof Element ? target.closest('[role=row]') : null;
      return element === null ? undefined : ids.get(element);
    },
  };
}

/** Takes the rows that scrolled out on one side to the other side, where they are needed; the rest keep their contents. */
function rotate(pool: TableRow[], body: HTMLElement, shift: number): void {
  if (shift === 0 || Math.abs(shift) >= pool.length) return;
  if (shift > 0) {
    const moved = pool.splice(0, shift);
    pool.push(...moved);
    body.append(...moved.map(({ element }) => element));
  } else {
    const moved = pool.splice(shift);
    pool.unshift(...moved);
    body.prepend(...moved.map(({ element }) => element));
  }
}
