// The table of proxies: a grid whose rows are drawn only where they are in view, so that 50,000 scroll like 50.
import { message } from '../../src/shared/text/message.js';
import { createElement, setAttribute, setHidden } from './dom.js';
import type { PageActions, PageFrame, PagePart } from './pageFrame.js';
import { columns } from './rowOrder.js';
import type { TableItem } from './rowGroups.js';
import { isGroupHead } from './rowGroups.js';
import { createRowPool, rowHeightPx } from './rowPool.js';
import { rowWindow, scrollToShow } from './rowWindow.js';
import { createTableHead } from './tableHead.js';
import { indexAfterKey } from './tableKeys.js';
import type { RowContext } from './tableRow.js';

export interface TablePart extends PagePart {
  focus(): void;
}

export function createTable(actions: PageActions, askForDraw: () => void): TablePart {
  const head = createTableHead(actions);
  const body = createElement('div', { className: 'body', attributes: { role: 'rowgroup' } });
  const element = createElement('div', {
    className: 'table',
    attributes: { role: 'grid', tabindex: '0', 'aria-colcount': String(columns.length) },
    children: [head.element, body],
  });
  const pool = createRowPool(body);
  const context = createRowContext();
  let drawn: PageFrame | undefined;
  let found: PageFrame['state']['sought'];
  const viewHeight = (): number => Math.max(0, element.clientHeight - head.element.offsetHeight);
  const reveal = (index: number): void => {
    const top = index < 0 ? undefined : scrollToShow(index, element.scrollTop, viewHeight(), rowHeightPx);
    if (top !== undefined) element.scrollTop = top;
  };

  element.addEventListener('scroll', askForDraw, { passive: true });
  new ResizeObserver(() => {
    // The details may have opened over the very row that they explain.
    if (drawn?.state.detailsOpen === true) reveal(selectedIndex(drawn));
    askForDraw();
  }).observe(element);
  body.addEventListener('click', ({ target }) => {
    const id = pool.idAt(target);
    if (id !== undefined && drawn !== undefined) open(drawn.items.find((item) => item.id === id), actions);
  });
  element.addEventListener('keydown', (event) => {
    if (event.target !== element || drawn === undefined) return;
    const selected = pressKey(event, drawn, actions, { viewHeight: viewHeight(), reveal });
    // The next key may come before the next frame.
    drawn = { ...drawn, state: { ...drawn.state, selected } };
  });
  return {
    element,
    focus: () => {
      element.focus();
    },
    draw: (frame) => {
      drawn = frame;
      const shown = frame.items;
      setHidden(element, shown.length === 0);
      // Only the rows of a tree can be folded.
      setAttribute(element, 'role', frame.state.grouping === 'none' ? 'grid' : 'treegrid');
      setAttribute(element, 'aria-label', frame.say(message('trust.page.table')));
      setAttribute(element, 'aria-rowcount', String(shown.length + 1));
      element.classList.toggle('singleCluster', frame.summary.clusters.length < 2);
      head.draw(frame);
      const height = `${shown.length * rowHeightPx}px`;
      if (body.style.height !== height) body.style.height = height;
      const { sought } = frame.state;
      const place = sought === undefined || sought === found ? -1 : shown.findIndex(({ id }) => id === sought.id);
      if (place >= 0) {
        found = sought;
        reveal(place);
      }
      const inView = rowWindow(shown.length, element.scrollTop, viewHeight(), rowHeightPx);
      setAttribute(element, 'aria-activedescendant', pool.draw(shown, inView, frame.state.selected, context(frame)));
    },
  };
}

function selectedIndex({ items, state }: PageFrame): number {
  return items.findIndex(({ id }) => id === state.selected);
}

/** A row opens to why it is so, a head to its rows. */
function open(item: TableItem | undefined, { act }: PageActions): void {
  if (item === undefined) return;
  if (!isGroupHead(item)) {
    act({ type: 'openDetails', payload: { id: item.id } });
    return;
  }
  act({ type: 'select', payload: { id: item.id } });
  act({ type: 'toggleGroup', payload: { key: item.head } });
}

interface TableViewport {
  readonly viewHeight: number;
  /** Scrolls as far as needed to see the row. */
  readonly reveal: (index: number) => void;
}

/** The id of the row that is selected then. */
function pressKey(event: KeyboardEvent, frame: PageFrame, actions: PageActions, { viewHeight, reveal }: TableViewport): string | undefined {
  const before = frame.state.selected;
  if (event.altKey || event.ctrlKey || event.metaKey) return before;
  const { act } = actions;
  const shown = frame.items;
  const current = selectedIndex(frame);
  const selected = shown[current];
  if (event.key === 'Escape') act({ type: 'closeDetails', payload: {} });
  if (event.key === 'Enter' || turnsHead(event.key, selected)) open(selected, actions);
  const rowsPerPage = Math.max(1, Math.floor(viewHeight / rowHeightPx) - 1);
  const index = indexAfterKey(event.key, current, shown.length, rowsPerPage);
  const row = index === undefined ? undefined : shown[index];
  if (index === undefined || row === undefined) return before;
  event.preventDefault();
  reveal(index);
  act({ type: 'select', payload: { id: row.id } });
  return row.id;
}

/** The arrow that folds an unfolded head, or unfolds a folded one. */
function turnsHead(key: string, item: TableItem | undefined): boolean {
  return item !== undefined && isGroupHead(item) && key === (item.folded ? 'ArrowRight' : 'ArrowLeft');
}

/** The same context object as long as nothing in it has changed: rows compare it by identity. */
function createRowContext(): (frame: PageFrame) => RowContext {
  let last: RowContext | undefined;
  return ({ say, showMoment, state }) => {
    const minute = Math.floor(state.now / 60_000);
    const grouped = state.grouping !== 'none';
    if (last?.say !== say || last.minute !== minute || last.showMoment !== showMoment || last.grouped !== grouped) last = { say, showMoment, minute, grouped };
    return last;
  };
}
