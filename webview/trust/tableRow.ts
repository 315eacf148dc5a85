// One drawn row of the table. It is used again and again for whatever proxy is in its place, and touched only by a change.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import type { RenderText } from '../../src/shared/text/render.js';
import type { TrustRow, TrustState } from '../../src/shared/trustRows.js';
import { createData, createElement, setAttribute, setClass } from './dom.js';
import type { IconName } from './icons.js';
import { createIcon } from './icons.js';
import type { GroupHead, TableItem } from './rowGroups.js';
import { isGroupHead } from './rowGroups.js';
import { createRootBadge, createRootBadges } from './rootBadges.js';
import type { Column } from './rowOrder.js';
import { columns } from './rowOrder.js';
import type { ShowMoment, Validity } from './validity.js';
import { expiryMessage, validityOf } from './validity.js';

/** What all rows of a draw have in common. */
export interface RowContext {
  readonly say: RenderText;
  readonly showMoment: ShowMoment;
  /** Whole minutes: rows change no oftener with time. */
  readonly minute: number;
  /** Rows stand under the heads of their groups. */
  readonly grouped: boolean;
}

export interface TableRow {
  readonly element: HTMLElement;
  /** Position among the shown rows; undefined hides it. */
  draw(item: TableItem | undefined, index: number, selected: boolean, context: RowContext): void;
}

/** Columns over which the reason stands where a proxy was not read. */
const reasonColumns = 3;

export function createTableRow(id: string, heightPx: number): TableRow {
  const cells = new Map<Column, HTMLElement>(
    columns.map((column, position) => [column, createElement('div', { className: `cell cell-${column}`, attributes: { role: 'gridcell', 'aria-colindex': String(position + 1) } })]),
  );
  const element = createElement('div', { className: 'row', attributes: { id, role: 'row' }, children: [...cells.values()] });
  let drawnItem: TableItem | undefined;
  let drawnContext: RowContext | undefined;
  return {
    element,
    draw: (item, index, selected, context) => {
      if (element.hidden !== (item === undefined)) element.hidden = item === undefined;
      if (item === undefined) return;
      const isHead = isGroupHead(item);
      const top = `translateY(${index * heightPx}px)`;
      if (element.style.transform !== top) element.style.transform = top;
      setAttribute(element, 'aria-rowindex', String(index + 2));
      setAttribute(element, 'aria-selected', String(selected));
      setAttribute(element, 'aria-expanded', isHead ? String(!item.folded) : undefined);
      setAttribute(element, 'aria-level', context.grouped ? (isHead ? '1' : '2') : undefined);
      setClass(element, `row ${isHead ? 'groupHead' : `state-${item.state}`}${selected ? ' selected' : ''}`);
      if (drawnItem === item && drawnContext === context) return;
      if (isHead) drawHead(cells, item, context);
      else drawRow(cells, item, context);
      drawnItem = item;
      drawnContext = context;
    },
  };
}

type Cells = ReadonlyMap<Column, HTMLElement>;

function drawRow(cells: Cells, row: TrustRow, context: RowContext): void {
  for (const [column, cell] of cells) drawCell[column](cell, row, context);
}

/** A head stands in the first cell, over all columns. */
function drawHead(cells: Cells, { name, count, folded }: GroupHead, { say }: RowContext): void {
  for (const [column, cell] of cells) {
    cell.removeAttribute('title');
    if (column !== 'pod') {
      cell.replaceChildren();
      continue;
    }
    setAttribute(cell, 'aria-colspan', String(columns.length));
    const label = typeof name === 'string' ? createData(name, 'cut') : createElement('span', { className: 'cut', text: say(name) });
    const counted = createElement('span', { className: 'dim', text: say(message('trust.page.proxies', { count })) });
    cell.replaceChildren(createIcon(folded ? 'folded' : 'unfolded'), label, counted);
  }
}

type DrawCell = (cell: HTMLElement, row: TrustRow, context: RowContext) => void;

const drawCell: Readonly<Record<Column, DrawCell>> = {
  pod: (cell, row, { say }) => {
    const name = createElement('span', { className: 'cut', attributes: { translate: 'no' }, children: [createData(`${row.namespace}/`, 'dim'), document.createTextNode(row.pod)] });
    name.title = `${row.namespace}/${row.pod}`;
    const parts: Node[] = [name];
    if (row.gateway) parts.push(createElement('span', { className: 'tag', text: say(message('trust.page.gateway')) }));
    setAttribute(cell, 'aria-colspan', undefined);
    cell.replaceChildren(...parts);
  },
  cluster: (cell, row) => {
    drawName(cell, row.cluster, row.context);
  },
  roots: (cell, row, { say }) => {
    const read = row.state === 'read';
    setAttribute(cell, 'aria-colspan', read ? undefined : String(reasonColumns));
    cell.replaceChildren(...(read ? [createRootBadges(row.roots, say)] : createReason(row, say)));
  },
  signedBy: (cell, row, { say }) => {
    cell.replaceChildren();
    if (row.state !== 'read') return;
    if (row.signedBy !== undefined) cell.append(createRootBadge(row.signedBy, say));
    else cell.append(createIcon('warning'), createElement('span', { className: 'cut', text: say(message('trust.page.row.unsigned')) }));
  },
  identity: (cell, row) => {
    if (row.state !== 'read' || row.spiffeId === undefined) cell.replaceChildren();
    else drawName(cell, row.spiffeId, row.spiffeId, 'cut mono');
  },
  revision: (cell, row) => {
    drawName(cell, row.revision ?? '–', row.revision ?? '');
  },
  expires: (cell, row, { say, showMoment, minute }) => {
    const now = minute * 60_000;
    const words = expiryMessage(row, now);
    if (words === undefined || row.notAfter === undefined) {
      cell.replaceChildren();
      cell.removeAttribute('title');
      return;
    }
    const validity = validityOf(row, now) ?? 'valid';
    const icon = validityIcons[validity];
    cell.replaceChildren(...(icon === undefined ? [] : [createIcon(icon)]), createElement('span', { className: `cut validity-${validity}`, text: say(words) }));
    cell.title = say(validityTooltip(validity, showMoment(row.notAfter)));
  },
};

function drawName(cell: HTMLElement, text: string, title: string, className = 'cut'): void {
  const name = createData(text, className);
  name.title = title;
  cell.replaceChildren(name);
}

const validityIcons: Readonly<Record<Validity, IconName | undefined>> = { valid: undefined, soon: 'warning', expired: 'expired' };

/** When exactly the certificate ends, and what it means where that is near. */
export function validityTooltip(validity: Validity, until: string): Message {
  switch (validity) {
    case 'valid':
      return message('trust.page.expires.tooltip', { until });
    case 'soon':
      return message('trust.page.expires.soonTooltip', { until });
    case 'expired':
      return message('trust.page.expires.pastTooltip', { until });
  }
}

const stateIcons: Readonly<Record<Exclude<TrustState, 'read'>, IconName>> = { unknown: 'unknown', notLoaded: 'notLoaded', waiting: 'waiting' };

/** What stands instead of roots where there are none to show. */
export function reasonMessage(row: TrustRow): Message {
  switch (row.state) {
    case 'waiting':
      return message('trust.page.row.waiting');
    case 'notLoaded':
      return row.why === undefined ? message('trust.page.row.notLoaded') : message('trust.page.row.notLoadedWhy', { why: row.why });
    case 'unknown':
    case 'read':
      return row.why === undefined ? message('trust.page.row.unknown') : message('trust.page.row.unknownWhy', { why: row.why });
  }
}

function createReason(row: TrustRow, say: RenderText): readonly Node[] {
  const text = say(reasonMessage(row));
  const words = createElement('span', { className: 'cut', text });
  words.title = text;
  return row.state === 'read' ? [words] : [createIcon(stateIcons[row.state]), words];
}
