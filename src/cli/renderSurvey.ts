// What `mesh-ca survey` prints: one row a proxy, as JSON, CSV or a Markdown table. Cells hold what strangers named.
import { trustRow } from '../app/trust/trustPresenter.js';
import { assertNever } from '../shared/assertNever.js';
import type { RenderText } from '../shared/text/render.js';
import type { RootBadge, TrustRow } from '../shared/trustRows.js';
import type { SurveyReport } from './runSurvey.js';

export type SurveyStyle = 'json' | 'csv' | 'markdown';

/** The rows of the report, as the trust panel shows them. */
export function surveyRows({ readings, now }: SurveyReport): readonly TrustRow[] {
  return readings.map(({ target, trust }) => trustRow(target, trust, now));
}

/** The whole of stdout. */
export function renderSurvey(report: SurveyReport, style: SurveyStyle, render: RenderText): string {
  const rows = surveyRows(report);
  switch (style) {
    case 'json':
      return `${JSON.stringify({ proxies: rows.map((row) => jsonRow(row, render)), notices: report.notices.map(render) }, null, 2)}\n`;
    case 'csv':
      return [HEADINGS, ...rows.map((row) => cells(row, render))].map((line) => `${line.map(csvCell).join(',')}\r\n`).join('');
    case 'markdown':
      return [HEADINGS, HEADINGS.map(() => '---'), ...rows.map((row) => cells(row, render).map(markdownCell))]
        .map((line) => `| ${line.join(' | ')} |\n`)
        .join('');
    default:
      return assertNever(style);
  }
}

/** For programs and spreadsheets, so in one language. */
const HEADINGS = ['cluster', 'context', 'namespace', 'pod', 'revision', 'state', 'roots', 'signedBy', 'spiffeId', 'notBefore', 'notAfter', 'why'];

function cells(row: TrustRow, render: RenderText): readonly string[] {
  return [
    row.cluster,
    row.context,
    row.namespace,
    row.pod,
    row.revision ?? '',
    row.state,
    row.roots.map((root) => rootText(root, render)).join('; '),
    row.signedBy === undefined ? '' : rootText(row.signedBy, render),
    row.spiffeId ?? '',
    moment(row.notBefore) ?? '',
    moment(row.notAfter) ?? '',
    row.why === undefined ? '' : render(row.why),
  ];
}

/** What a root is called, by which key, and where it comes from. */
export function rootText({ label, fingerprint, detail }: RootBadge, render: RenderText): string {
  return `${label} ${fingerprint} (${render(detail)})`;
}

function jsonRow(row: TrustRow, render: RenderText): object {
  const { cluster, context, namespace, pod, revision, state, spiffeId, notBefore, notAfter, why } = row;
  return {
    cluster,
    context,
    namespace,
    pod,
    revision,
    state,
    roots: row.roots.map((root) => jsonBadge(root, render)),
    signedBy: row.signedBy && jsonBadge(row.signedBy, render),
    spiffeId,
    notBefore: moment(notBefore),
    notAfter: moment(notAfter),
    why: why && render(why),
  };
}

/** A root in JSON. */
export function jsonBadge({ label, fingerprint, detail }: RootBadge, render: RenderText): object {
  return { word: label, fingerprint, origin: render(detail) };
}

function moment(milliseconds: number | undefined): string | undefined {
  return milliseconds === undefined ? undefined : new Date(milliseconds).toISOString();
}

/** Quoted as RFC 4180 says. What a spreadsheet would take for a formula is made text by an apostrophe (OWASP, CSV injection). */
export function csvCell(text: string): string {
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Text and nothing else: no new column, no new line, no markup. */
export function markdownCell(text: string): string {
  return text
    .replace(/[\r\n]+/g, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\|`*[\]]/g, '\\$&');
}
