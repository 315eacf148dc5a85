// The order of the rows: any column, either way, and the pod's name where a column does not decide.
import type { TrustRow } from '../../src/shared/trustRows.js';
import { trustClasses, trustClassOf } from '../../src/shared/trustClass.js';

export const columns = ['pod', 'cluster', 'roots', 'signedBy', 'identity', 'revision', 'expires'] as const;

export type Column = (typeof columns)[number];

export interface RowSort {
  readonly column: Column;
  readonly direction: 'ascending' | 'descending';
}

export const byPod: RowSort = { column: 'pod', direction: 'ascending' };

export type CompareRows = (left: TrustRow, right: TrustRow) => number;

/** Total: two different rows never compare as equal, so that an order found step by step is the one found at once. */
export function rowComparer({ column, direction }: RowSort): CompareRows {
  const key = sortKeys[column];
  const sign = direction === 'ascending' ? 1 : -1;
  return (left, right) => {
    const leftKey = key(left);
    const rightKey = key(right);
    // What is not known stands last either way: it is no value to be ordered by.
    if (leftKey === undefined || rightKey === undefined) {
      if (leftKey !== rightKey) return leftKey === undefined ? 1 : -1;
    } else if (leftKey !== rightKey) return leftKey < rightKey ? -sign : sign;
    return compareNames(left, right, column === 'pod' ? sign : 1);
  };
}

/** Names of Kubernetes are ASCII, so code units order them as people expect, and fifty thousand of them quickly. */
function compareNames(left: TrustRow, right: TrustRow, sign: number): number {
  if (left.namespace !== right.namespace) return left.namespace < right.namespace ? -sign : sign;
  if (left.pod !== right.pod) return left.pod < right.pod ? -sign : sign;
  if (left.id === right.id) return 0;
  return left.id < right.id ? -1 : 1;
}

const sortKeys: Readonly<Record<Column, (row: TrustRow) => string | number | undefined>> = {
  pod: (row) => row.namespace,
  cluster: (row) => row.cluster,
  // In the order of the classes, which is the order of the bar above the table.
  roots: (row) => trustClasses.indexOf(trustClassOf(row)),
  signedBy: (row) => row.signedBy?.label,
  identity: (row) => row.spiffeId,
  revision: (row) => row.revision,
  expires: (row) => row.notAfter,
};
