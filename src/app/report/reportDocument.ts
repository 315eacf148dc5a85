// A report as a value: headings, sentences, tables and lists. The renderers turn it into Markdown or HTML, and escape at the edge.
import type { Message } from '../../shared/text/message.js';

/** A sentence of ours, or a name, time or command line as it is. */
export type ReportText = Message | string;

export type ReportBlock =
  | { readonly kind: 'heading'; readonly level: 1 | 2 | 3; readonly text: ReportText }
  | { readonly kind: 'paragraph'; readonly text: ReportText }
  | { readonly kind: 'list'; readonly items: readonly ReportText[] }
  | { readonly kind: 'table'; readonly head: readonly ReportText[]; readonly rows: readonly (readonly ReportCell[])[] }
  /** Command lines, as they were run. */
  | { readonly kind: 'code'; readonly lines: readonly string[] };

/** Several texts stand below each other. */
export type ReportCell = ReportText | readonly ReportText[];

export interface ReportDocument {
  readonly title: Message;
  readonly blocks: readonly ReportBlock[];
}

export function heading(level: 2 | 3, text: ReportText): ReportBlock {
  return { kind: 'heading', level, text };
}

export function paragraph(text: ReportText): ReportBlock {
  return { kind: 'paragraph', text };
}

/** A table, or the sentence that says that there is nothing to put into one. */
export function tableOr(nothing: Message, head: readonly Message[], rows: readonly (readonly ReportCell[])[]): ReportBlock {
  return rows.length === 0 ? paragraph(nothing) : { kind: 'table', head, rows };
}
