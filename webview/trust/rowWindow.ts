// Which rows are worth drawing: those in view and a few beside them, whatever the length of the list.

export interface RowWindow {
  /** Index of the first drawn row. */
  readonly first: number;
  /** How many rows are drawn. */
  readonly count: number;
}

/** Rows drawn above and below what is in view, so that a quick scroll shows no gap. */
const overscan = 6;
/** However tall the screen: more rows than this are never in the document. */
export const mostDrawnRows = 150;

export function rowWindow(rowCount: number, scrollTopPx: number, viewHeightPx: number, rowHeightPx: number): RowWindow {
  const inView = Math.ceil(viewHeightPx / rowHeightPx) + 1;
  const count = Math.min(rowCount, inView + 2 * overscan, mostDrawnRows);
  const top = Math.floor(scrollTopPx / rowHeightPx) - overscan;
  return { first: Math.max(0, Math.min(top, rowCount - count)), count };
}

/** Where to scroll so that the row is in view; undefined when it is. */
export function scrollToShow(index: number, scrollTopPx: number, viewHeightPx: number, rowHeightPx: number): number | undefined {
  const top = index * rowHeightPx;
  if (top < scrollTopPx) return top;
  const bottom = top + rowHeightPx;
  return bottom > scrollTopPx + viewHeightPx ? bottom - viewHeightPx : undefined;
}
