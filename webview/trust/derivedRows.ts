// The rows as the table shows them: filtered and in order. Keeps up with a stream of changes to 50,000 rows by merging
// what changed into the order that is already there.
import type { TrustRow } from '../../src/shared/trustRows.js';
import type { RowFilter } from './rowFilter.js';
import { rowMatcher } from './rowFilter.js';
import type { RowGrouping } from './rowGroups.js';
import { groupedComparer } from './rowGroups.js';
import type { CompareRows, RowSort } from './rowOrder.js';

/** What the shown rows follow from. */
export interface RowsInput {
  readonly rows: ReadonlyMap<string, TrustRow>;
  readonly filter: RowFilter;
  readonly sort: RowSort;
  readonly grouping: RowGrouping;
}

export interface DerivedRows {
  readonly input: RowsInput;
  readonly shown: readonly TrustRow[];
}

/** The shown rows of this input; the earlier ones are reused as far as they go. Gives back `previous` when nothing changed. */
export function deriveRows(previous: DerivedRows | undefined, input: RowsInput): DerivedRows {
  if (previous?.input.filter !== input.filter || previous.input.sort !== input.sort || previous.input.grouping !== input.grouping) {
    return { input, shown: inOrder(matching([...input.rows.values()], input.filter), groupedComparer(input.sort, input.grouping)) };
  }
  if (previous.input.rows === input.rows) return previous;
  return { input, shown: withChanges(previous, input) };
}

function withChanges(previous: DerivedRows, { rows, filter, sort, grouping }: RowsInput): readonly TrustRow[] {
  const before = previous.input.rows;
  const changed = [...rows.values()].filter((row) => before.get(row.id) !== row);
  const kept = previous.shown.filter((row) => rows.get(row.id) === row);
  const compare = groupedComparer(sort, grouping);
  return merge(kept, inOrder(matching(changed, filter), compare), compare);
}

function matching(rows: readonly TrustRow[], filter: RowFilter): readonly TrustRow[] {
  return rows.filter(rowMatcher(filter));
}

function inOrder(rows: readonly TrustRow[], compare: CompareRows): readonly TrustRow[] {
  return [...rows].sort(compare);
}

function merge(left: readonly TrustRow[], right: readonly TrustRow[], compare: CompareRows): readonly TrustRow[] {
  const merged: TrustRow[] = [];
  let next = 0;
  for (const row of left) {
    for (let other = right[next]; other !== undefined && compare(other, row) < 0; other = right[next]) {
      merged.push(other);
      next += 1;
    }
    merged.push(row);
  }
  for (const row of right.slice(next)) merged.push(row);
  return merged;
}
