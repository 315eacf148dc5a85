// The table's heads: the name of each column, and a button that orders the rows by it.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import { createElement, setAttribute, setText } from './dom.js';
import { createIcon } from './icons.js';
import type { PageActions, PagePart } from './pageFrame.js';
import type { Column } from './rowOrder.js';
import { columns } from './rowOrder.js';

const columnNames: Readonly<Record<Column, Message>> = {
  pod: message('trust.page.column.pod'),
  cluster: message('trust.page.column.cluster'),
  roots: message('trust.page.column.roots'),
  signedBy: message('trust.page.column.signedBy'),
  identity: message('trust.page.column.identity'),
  revision: message('trust.page.column.revision'),
  expires: message('trust.page.column.expires'),
};

export function createTableHead({ act }: PageActions): PagePart {
  const heads = columns.map((column, position) => createColumnHead(column, position, act));
  const row = createElement('div', { className: 'row head', attributes: { role: 'row', 'aria-rowindex': '1' }, children: heads.map(({ element }) => element) });
  return {
    element: createElement('div', { className: 'headGroup', attributes: { role: 'rowgroup' }, children: [row] }),
    draw: ({ state, say }) => {
      for (const { column, element, name } of heads) {
        const sorted = state.sort.column === column ? state.sort.direction : 'none';
        setAttribute(element, 'aria-sort', sorted);
        setText(name, say(columnNames[column]));
      }
    },
  };
}

function createColumnHead(column: Column, position: number, act: PageActions['act']): { column: Column; element: HTMLElement; name: HTMLElement } {
  const name = createElement('span', { className: 'cut' });
  const button = createElement('button', {
    className: 'sortButton',
    attributes: { type: 'button' },
    children: [name, createIcon('ascending'), createIcon('descending')],
  });
  button.addEventListener('click', () => {
    act({ type: 'sort', payload: { column } });
  });
  const element = createElement('div', {
    className: `cell cell-${column}`,
    attributes: { role: 'columnheader', 'aria-colindex': String(position + 1) },
    children: [button],
  });
  return { column, element, name };
}
