// Turns a report into Markdown or into one self-contained HTML page that loads and runs nothing.
import type { RenderText } from '../../shared/text/languages.js';
import type { ReportBlock, ReportCell, ReportDocument, ReportText } from './reportDocument.js';

export const REPORT_STYLE = `body{font:14px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff}
table{border-collapse:collapse;width:100%;margin:.5rem 0 1rem}th,td{border:1px solid #bbb;padding:.3rem .5rem;text-align:left;vertical-align:top;overflow-wrap:anywhere}
th{background:#f0f0f0}pre{background:#f5f5f5;padding:.5rem;white-space:pre-wrap;overflow-wrap:anywhere}td p{margin:0}
@media print{body{margin:0;max-width:none}h2{break-after:avoid}tr{break-inside:avoid}}`;

/** SHA-256 of the style in base64, the only thing that the page's policy lets in; a test holds the two together. */
export const REPORT_STYLE_HASH = '1MxdnaXZKx/zqE2wiq8nbwfeyubETUCAaz4sl1gvbMo=';

export function renderReportMarkdown({ title, blocks }: ReportDocument, render: RenderText): string {
  const all: readonly ReportBlock[] = [{ kind: 'heading', level: 1, text: title }, ...blocks];
  return `${all.map((block) => markdownBlock(block, render)).join('\n\n')}\n`;
}

export function renderReportHtml({ title, blocks }: ReportDocument, language: string, render: RenderText): string {
  const all: readonly ReportBlock[] = [{ kind: 'heading', level: 1, text: title }, ...blocks];
  return [
    '<!DOCTYPE html>',
    `<html lang="${escapeHtml(language)}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${REPORT_STYLE_HASH}'; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeHtml(render(title))}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    '</head>',
    '<body>',
    ...all.map((block) => htmlBlock(block, render)),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function markdownBlock(block: ReportBlock, render: RenderText): string {
  const text = (value: ReportText): string => escapeMarkdown(plain(value, render));
  switch (block.kind) {
    case 'heading':
      return `${'#'.repeat(block.level)} ${text(block.text)}`;
    case 'paragraph':
      return text(block.text);
    case 'list':
      return block.items.map((item) => `- ${text(item)}`).join('\n');
    case 'code':
      return block.lines.map((line) => `    ${line.replace(/[\r\n]+/g, ' ')}`).join('\n');
    case 'table': {
      const cells = (row: readonly ReportCell[]): string => `| ${row.map((cell) => textsOf(cell).map(text).join('<br>')).join(' | ')} |`;
      return [cells(block.head), `|${' --- |'.repeat(block.head.length)}`, ...block.rows.map(cells)].join('\n');
    }
  }
}

function htmlBlock(block: ReportBlock, render: RenderText): string {
  const text = (value: ReportText): string => escapeHtml(plain(value, render));
  const inside = (cell: ReportCell): string => {
    const texts = textsOf(cell).map(text);
    return texts.length > 1 ? texts.map((one) => `<p>${one}</p>`).join('') : texts.join('');
  };
  switch (block.kind) {
    case 'heading':
      return `<h${block.level}>${text(block.text)}</h${block.level}>`;
    case 'paragraph':
      return `<p>${text(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${text(item)}</li>`).join('')}</ul>`;
    case 'code':
      return `<pre>${block.lines.map(text).join('\n')}</pre>`;
    case 'table': {
      const head = block.head.map((cell) => `<th scope="col">${text(cell)}</th>`).join('');
      const rows = block.rows.map((row) => `<tr>${row.map((cell) => `<td>${inside(cell)}</td>`).join('')}</tr>`);
      return `<table><thead><tr>${head}</tr></thead><tbody>\n${rows.join('\n')}\n</tbody></table>`;
    }
  }
}

function textsOf(cell: ReportCell): readonly ReportText[] {
  return isList(cell) ? cell : [cell];
}

function isList(cell: ReportCell): cell is readonly ReportText[] {
  return Array.isArray(cell);
}

function plain(text: ReportText, render: RenderText): string {
  return typeof text === 'string' ? text : render(text);
}

/** Text and nothing else: whatever Markdown gives a meaning to is escaped. */
function escapeMarkdown(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_[\]|~]/g, '\\$&')
    .replace(/^([#>+-]|\d+\.)(?=\s)/, '\\$1');
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}
