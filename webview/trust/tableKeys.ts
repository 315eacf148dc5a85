// What the keyboard does in the table.

/** The index to move to; undefined for a key that moves nothing. `current` is -1 when no row is selected. */
export function indexAfterKey(key: string, current: number, rowCount: number, rowsPerPage: number): number | undefined {
  if (rowCount === 0) return undefined;
  const last = rowCount - 1;
  const clamp = (index: number): number => Math.max(0, Math.min(last, index));
  switch (key) {
    case 'ArrowDown':
      return clamp(current + 1);
    case 'ArrowUp':
      return clamp(current - 1);
    case 'PageDown':
      return clamp(Math.max(current, 0) + rowsPerPage);
    case 'PageUp':
      return clamp(Math.max(current, 0) - rowsPerPage);
    case 'Home':
      return 0;
    case 'End':
      return last;
    default:
      return undefined;
  }
}
