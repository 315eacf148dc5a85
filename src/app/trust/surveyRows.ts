// The rows of a survey as they are now, with their counts kept as they change: nothing is counted anew per batch.
import type { TrustRow } from '../../shared/trustRows.js';

export interface RowCounts {
  readonly total: number;
  /** Answered, readable or not. */
  readonly done: number;
  readonly unknown: number;
}

export class SurveyRows {
  readonly #rows = new Map<string, TrustRow>();
  #done = 0;
  #unknown = 0;

  get counts(): RowCounts {
    return { total: this.#rows.size, done: this.#done, unknown: this.#unknown };
  }

  get byId(): ReadonlyMap<string, TrustRow> {
    return this.#rows;
  }

  values(): Iterable<TrustRow> {
    return this.#rows.values();
  }

  set(rows: readonly TrustRow[]): void {
    for (const row of rows) {
      this.#count(this.#rows.get(row.id), -1);
      this.#rows.set(row.id, row);
      this.#count(row, 1);
    }
  }

  /** The ids among these that had a row. */
  remove(ids: Iterable<string>): readonly string[] {
    return [...ids].filter((id) => {
      this.#count(this.#rows.get(id), -1);
      return this.#rows.delete(id);
    });
  }

  ids(): Iterable<string> {
    return this.#rows.keys();
  }

  #count(row: TrustRow | undefined, by: 1 | -1): void {
    // What was cancelled has not answered, whatever its row says instead.
    if (row === undefined || row.state === 'waiting' || row.why?.key === 'failure.cancelled') return;
    this.#done += by;
    if (row.state === 'unknown') this.#unknown += by;
  }
}
