// The rows under heads: by cluster, namespace, class of roots or revision. A head is one more line of the table, and folding
// it takes its rows away.
import type { Message } from '../../src/shared/text/message.js';
import { message } from '../../src/shared/text/message.js';
import { trustClasses, trustClassOf } from '../../src/shared/trustClass.js';
import type { TrustRow } from '../../src/shared/trustRows.js';
import { classNames } from './classMessages.js';
import type { CompareRows, RowSort } from './rowOrder.js';
import { rowComparer } from './rowOrder.js';

export const rowGroupings = ['none', 'cluster', 'namespace', 'class', 'revision'] as const;

export type RowGrouping = (typeof rowGroupings)[number];

/** The head of a group, in the place of a row. */
export interface GroupHead {
  /** Unlike any row's. */
  readonly id: string;
  readonly head: string;
  /** A name from a cluster, or a word of a language. */
  readonly name: string | Message;
  readonly count: number;
  readonly folded: boolean;
}

export type TableItem = TrustRow | GroupHead;

export function isGroupHead(item: TableItem): item is GroupHead {
  return 'head' in item;
}

const keys: Readonly<Record<Exclude<RowGrouping, 'none'>, (row: TrustRow) => string>> = {
  cluster: (row) => row.clusterKey,
  namespace: (row) => row.namespace,
  // In the order of the classes, which is the order of the bars.
  class: (row) => String(trustClasses.indexOf(trustClassOf(row))),
  revision: (row) => row.revision ?? '',
};

/** Rows of one group next to each other, each group in the order that was asked for. Total, as the order within is. */
export function groupedComparer(sort: RowSort, grouping: RowGrouping): CompareRows {
  const within = rowComparer(sort);
  if (grouping === 'none') return within;
  const keyOf = keys[grouping];
  return (left, right) => {
    const leftKey = keyOf(left);
    const rightKey = keyOf(right);
    if (leftKey === rightKey) return within(left, right);
    return leftKey < rightKey ? -1 : 1;
  };
}

/** The lines of the table: the rows as they are, or each group's head before its rows. */
export function tableItems(shown: readonly TrustRow[], grouping: RowGrouping, folded: ReadonlySet<string>): readonly TableItem[] {
  if (grouping === 'none') return shown;
  const keyOf = keys[grouping];
  const groups = new Map<string, TrustRow[]>();
  for (const row of shown) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const items: TableItem[] = [];
  for (const [key, rows] of groups) {
    const [first] = rows;
    if (first === undefined) continue;
    const isFolded = folded.has(key);
    items.push({ id: groupHeadId(key), head: key, name: headName(first, grouping), count: rows.length, folded: isFolded });
    if (!isFolded) for (const row of rows) items.push(row);
  }
  return items;
}

/** Where rows are grouped by namespace, its name is the key. */
export function groupHeadId(key: string): string {
  return `group ${key}`;
}

function headName(row: TrustRow, grouping: Exclude<RowGrouping, 'none'>): string | Message {
  switch (grouping) {
    case 'cluster':
      return row.cluster;
    case 'namespace':
      return row.namespace;
    case 'class':
      return classNames[trustClassOf(row)];
    case 'revision':
      return row.revision ?? message('panel.group.noRevision');
  }
}
