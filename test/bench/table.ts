// Draws the figures as one Markdown table, which can go into the README as it is.
import type { Figure } from './measure.js';

const HEAD = ['measure', 'figure', 'ratio', 'aim', 'met?'];

function cellsOf({ measure, figure, ratio, aim, met }: Figure): readonly string[] {
  return [measure, figure, ratio === undefined ? '' : ratio.toFixed(2), aim ?? '', met === undefined ? '' : met ? 'yes' : 'NO'];
}

export function drawTable(figures: readonly Figure[]): string {
  const rows = [HEAD, ...figures.map(cellsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const draw = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const rule = `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`;
  return [draw(HEAD), rule, ...rows.slice(1).map(draw)].join('\n');
}
