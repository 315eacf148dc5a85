// The grid of the matrix as a table that the keyboard walks through cell by cell; only one cell is reached by Tab.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { RenderText } from '../../src/shared/text/render.js';
import type { MatrixCell, MatrixView, PairState } from '../../src/shared/trustViews.js';
import { createElement, setAttribute } from './dom.js';
import type { IconName } from './icons.js';
import { createIcon } from './icons.js';
import { createColumnHead, createRowHead } from './matrixHeads.js';
import type { PageActions, PagePart } from './pageFrame.js';
import { createChangeGate } from './redraw.js';
import type { CellPlace } from './trustState.js';

export interface MatrixGrid extends PagePart {
  /** To the cell that the keyboard stands on. */
  focus(): void;
}

export function createMatrixGrid({ send, act }: PageActions): MatrixGrid {
  const element = createElement('table', { className: 'matrixGrid', attributes: { role: 'grid' } });
  let cells: readonly (readonly HTMLElement[])[] = [];
  let place: CellPlace = { row: 0, column: 0 };
  const isChanged = createChangeGate();
  const placeOf = (target: EventTarget | null): CellPlace | undefined => {
    const cell = target instanceof Element ? target.closest('td') : null;
    const row = cells.findIndex((line) => line.some((candidate) => candidate === cell));
    const column = cells[row]?.findIndex((candidate) => candidate === cell);
    return column === undefined ? undefined : { row, column };
  };
  const open = (at: CellPlace): void => {
    act({ type: 'cell', payload: { cell: at } });
    send('openPair', { ...at, rowOffset: 0, columnOffset: 0 });
  };
  element.addEventListener('click', ({ target }) => {
    const at = placeOf(target);
    if (at !== undefined) open(at);
  });
  element.addEventListener('keydown', (event) => {
    const at = placeOf(event.target);
    if (at === undefined || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') act({ type: 'closePair', payload: {} });
    const isOpening = event.key === 'Enter' || event.key === ' ';
    const next = isOpening ? at : placeAfterKey(event.key, event.ctrlKey, at, cells.length);
    if (next === undefined) return;
    event.preventDefault();
    if (isOpening) open(at);
    else {
      act({ type: 'cell', payload: { cell: next } });
      cells[next.row]?.[next.column]?.focus();
    }
  });
  return {
    element,
    focus: () => {
      cells[place.row]?.[place.column]?.focus();
    },
    draw: ({ state, say }) => {
      const { matrix, cell, pair } = state;
      if (matrix === undefined) return;
      if (isChanged(matrix, say)) {
        const hadFocus = element.contains(document.activeElement);
        setAttribute(element, 'aria-label', say(message('panel.matrix.title')));
        cells = drawGrid(element, matrix, say);
        if (hadFocus) cells[cell.row]?.[cell.column]?.focus();
      }
      place = cell;
      for (const [row, line] of cells.entries()) {
        for (const [column, one] of line.entries()) {
          setAttribute(one, 'tabindex', row === cell.row && column === cell.column ? '0' : '-1');
          setAttribute(one, 'aria-selected', String(pair?.row === row && pair.column === column));
        }
      }
    },
  };
}

/** The cell to go to, staying inside; undefined for a key that goes nowhere. */
export function placeAfterKey(key: string, toEnds: boolean, { row, column }: CellPlace, count: number): CellPlace | undefined {
  const within = (index: number): number => Math.max(0, Math.min(count - 1, index));
  switch (key) {
    case 'ArrowUp':
      return { row: within(row - 1), column };
    case 'ArrowDown':
      return { row: within(row + 1), column };
    case 'ArrowLeft':
      return { row, column: within(column - 1) };
    case 'ArrowRight':
      return { row, column: within(column + 1) };
    case 'Home':
      return { row: toEnds ? 0 : row, column: 0 };
    case 'End':
      return { row: toEnds ? count - 1 : row, column: count - 1 };
    default:
      return undefined;
  }
}

function drawGrid(table: HTMLTableElement, { classes, cells }: MatrixView, say: RenderText): readonly (readonly HTMLElement[])[] {
  const corner = createElement('th', { className: 'corner', attributes: { scope: 'col' }, children: [createElement('span', { className: 'unseen', text: say(message('panel.matrix.title')) })] });
  const head = createElement('thead', { children: [createElement('tr', { children: [corner, ...classes.map((one) => createColumnHead(one, say))] })] });
  const drawn = cells.map((line, row) => line.map((cell, column) => createCell(cell, row === column, classes[row]?.name ?? '', classes[column]?.name ?? '', say)));
  const rows = drawn.map((line, row) => {
    const one = classes[row];
    return createElement('tr', { children: [...(one === undefined ? [] : [createRowHead(one, say)]), ...line] });
  });
  table.replaceChildren(head, createElement('tbody', { children: rows }));
  return drawn;
}

const stateWords: Readonly<Record<PairState, Message>> = {
  yes: message('panel.matrix.yes'),
  no: message('panel.matrix.no'),
  unknown: message('panel.matrix.unknown'),
};

const stateIcons: Readonly<Record<PairState, IconName>> = { yes: 'check', no: 'close', unknown: 'unknown' };

function createCell({ out, back, changed }: MatrixCell, isSelf: boolean, row: string, column: string, say: RenderText): HTMLElement {
  const words = isSelf
    ? message('panel.matrix.cellSelf', { row, out: stateWords[out] })
    : message('panel.matrix.cell', { row, column, out: stateWords[out], back: stateWords[back] });
  const marks = isSelf ? [createMark('', out)] : [createMark('→', out), createMark('←', back)];
  const name = say(changed ? message('panel.matrix.cellChanged', { cell: words }) : words);
  const worst = [out, back].includes('no') ? 'no' : [out, back].includes('unknown') ? 'unknown' : 'yes';
  const children = [createElement('div', { className: 'marks', children: marks }), ...(changed ? [createElement('span', { className: 'changedMark', attributes: { 'aria-hidden': 'true' } })] : [])];
  return createElement('td', { className: `pairCell pair-${worst}${changed ? ' changed' : ''}`, attributes: { role: 'gridcell', tabindex: '-1', 'aria-label': name, title: name }, children });
}

function createMark(arrow: string, state: PairState): HTMLElement {
  return createElement('span', { className: `mark mark-${state}`, attributes: { 'aria-hidden': 'true' }, children: [document.createTextNode(arrow), createIcon(stateIcons[state])] });
}
