// A survey as text for other programs and documents, one function a format. Cells hold what strangers named.
import type { RenderText } from '../../shared/text/render.js';
import type { RootBadge, TrustRow } from '../../shared/trustRows.js';
import type { TextPieces, Work } from './stretches.js';
import { finish, inPieces, mapEach } from './stretches.js';
import type { SurveyRecord } from './surveyRecord.js';
import { trustRow } from './trustPresenter.js';

/** What every format needs; `render` chooses the language of sentences, never of field names. */
export type SurveyExport = (record: SurveyRecord, render: RenderText) => string;

/** The same in stretches. */
export type SurveyExportWork = (record: SurveyRecord, render: RenderText) => Work<TextPieces>;

export const exportJson: SurveyExport = (record, render) => finish(jsonWork(record, render)).join('');
/** RFC 4180, with a heading. */
export const exportCsv: SurveyExport = (record, render) => finish(csvWork(record, render)).join('');
/** One table in GitHub's flavour, and below it what is to be known about the whole. */
export const exportMarkdown: SurveyExport = (record, render) => finish(markdownWork(record, render)).join('');

export const jsonWork: SurveyExportWork = function* (record, render) {
  const { notices, finishedAt } = record;
  const proxies = yield* mapRows(record, (row) => `    ${JSON.stringify(jsonRow(row, render), null, 2).replaceAll('\n', '\n    ')}`);
  // The rows are put in as text: all of them in one call would be one long stretch.
  const [head = '', tail = ''] = JSON.stringify({ surveyedAt: moment(finishedAt), proxies: [], notices: notices.map(render) }, null, 2).split('"proxies": []', 2);
  const [open, close] = proxies.length === 0 ? ['[', ']'] : ['[\n', '\n  ]'];
  return yield* inPieces(proxies, `${head}"proxies": ${open}`, ',\n', `${close}${tail}\n`);
};

export const csvWork: SurveyExportWork = function* (record, render) {
  const line = (texts: readonly string[]): string => `${texts.map(csvCell).join(',')}\r\n`;
  const lines = yield* mapRows(record, (row) => line(cells(row, render)));
  return yield* inPieces(lines, line(HEADINGS), '', '');
};

export const markdownWork: SurveyExportWork = function* (record, render) {
  const line = (texts: readonly string[]): string => `| ${texts.join(' | ')} |\n`;
  const lines = yield* mapRows(record, (row) => line(cells(row, render).map(markdownCell)));
  const notices = record.notices.map((notice) => `\n> ${markdownCell(render(notice))}\n`).join('');
  return yield* inPieces(lines, line(HEADINGS) + line(HEADINGS.map(() => '---')), '', notices);
};

function* mapRows(record: SurveyRecord, write: (row: TrustRow) => string): Work<readonly string[]> {
  return yield* mapEach(record.proxies, ({ target, trust }) => write(trustRow(target, trust, record.finishedAt)));
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
