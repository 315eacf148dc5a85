// How gcloud prints records: a table by default, and with --format as JSON, YAML or the values of some fields.
import { stringify } from 'yaml';
import { textAt, valueAt } from '../../api/json.js';

type Columns = Readonly<Record<string, string>>;

function table(records: readonly unknown[], columns: Columns): string {
  const rows = [Object.keys(columns), ...records.map((record) => Object.values(columns).map((field) => textAt(record, field)))];
  const widths = Object.keys(columns).map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows.map((row) => `${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ').trimEnd()}\n`).join('');
}

/** The text of a field in `value(…)`: maps as `key=value;key=value`. */
function valueText(record: unknown, path: string): string {
  const value = valueAt(record, path.trim().split('.'));
  if (typeof value !== 'object' || value === null) return textAt(record, ...path.trim().split('.'));
  return Object.entries(value).map(([key, inner]) => `${key}=${String(inner)}`).join(';');
}

/** `format` undefined: a table. `isOne`: what describe prints, which is no list. `shortened`: what a table shows of a record. Unknown formats throw. */
export function renderRecords(records: readonly unknown[], format: string | undefined, columns: Columns, isOne = false, shortened = (record: unknown): unknown => record): string {
  const subject = isOne ? records[0] : records;
  if (format === undefined || format === 'table') return records.length === 0 ? '' : table(records.map(shortened), columns);
  if (format === 'json') return `${JSON.stringify(subject, null, 2)}\n`;
  if (format === 'yaml') return isOne ? stringify(subject) : records.map((record) => `---\n${stringify(record)}`).join('');
  const fields = /^(?:value|get)\((.*)\)/u.exec(format)?.[1];
  if (fields === undefined) throw new Error(`the rehearsal's gcloud prints table, json, yaml and value(…), not --format=${format}`);
  return records.map((record) => `${fields.split(',').map((field) => valueText(record, field)).join('\t')}\n`).join('');
}
