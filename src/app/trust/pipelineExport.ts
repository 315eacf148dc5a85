// A survey in the formats in which pipelines report: JUnit with a test case a proxy, and SARIF with a result for each that is amiss.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';
import type { TrustRow } from '../../shared/trustRows.js';
import { missingProxies } from './proxyTargets.js';
import type { SurveyExport } from './surveyExport.js';
import { rootText } from './surveyExport.js';
import { recordRows } from './surveyRecord.js';

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

/** Unknown is not satisfied: what could not be read is an error. What is not loaded cannot be judged either way. */
function outcomeOf({ state, why }: TrustRow): Outcome {
  if (state === 'unknown' || state === 'waiting') return 'error';
  if (state === 'notLoaded') return 'skipped';
  return why === undefined ? 'passed' : 'failure';
}

/** JUnit's XML as Jenkins, GitLab and others read it: a suite for each namespace of a context. */
export const exportJunit: SurveyExport = (record, render) => {
  const rows = recordRows(record);
  const missing = missingProxies(record.notices);
  const suites = new Map<string, TrustRow[]>();
  for (const row of rows) {
    const name = `${row.context}/${row.namespace}`;
    const suite = suites.get(name) ?? [];
    suite.push(row);
    suites.set(name, suite);
  }
  const timestamp = new Date(record.finishedAt).toISOString();
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="mesh-ca survey" ${counts(rows, missing.length)}>`,
    ...missingSuite(missing, timestamp, render),
    ...[...suites].flatMap(([name, suite]) => [
      `  <testsuite name="${xml(name)}" ${counts(suite)} timestamp="${timestamp}">`,
      ...suite.flatMap((row) => testCase(row, render)),
      '  </testsuite>',
    ]),
    '</testsuites>',
  ]
    .map((line) => `${line}\n`)
    .join('');
};

function counts(rows: readonly TrustRow[], missing = 0): string {
  const count = (outcome: Outcome): number => rows.filter((row) => outcomeOf(row) === outcome).length;
  return `tests="${rows.length + missing}" failures="${count('failure')}" errors="${count('error') + missing}" skipped="${count('skipped')}"`;
}

/** A cluster whose proxies are not all known is an error of its own: without it, what is missing would pass. */
function missingSuite(missing: readonly Message[], timestamp: string, render: RenderText): readonly string[] {
  if (missing.length === 0) return [];
  const cases = missing.flatMap((notice) => {
    const text = xml(render(notice));
    return [`    <testcase classname="clusters" name="${xml(clusterOf(notice))}">`, `      <error message="${text}"/>`, '    </testcase>'];
  });
  return [`  <testsuite name="clusters" ${counts([], missing.length)} timestamp="${timestamp}">`, ...cases, '  </testsuite>'];
}

function clusterOf({ args }: Message): string {
  return typeof args.cluster === 'string' ? args.cluster : '';
}

function testCase(row: TrustRow, render: RenderText): readonly string[] {
  const head = `<testcase classname="${xml(`${row.context}.${row.namespace}`)}" name="${xml(row.pod)}"`;
  const outcome = outcomeOf(row);
  const text = xml(row.why === undefined ? '' : render(row.why));
  if (outcome === 'passed') return [`    ${head}/>`];
  const verdict = outcome === 'skipped' ? `<skipped message="${text}"/>` : `<${outcome} message="${text}">${xml(facts(row, render))}</${outcome}>`;
  return [`    ${head}>`, `      ${verdict}`, '    </testcase>'];
}

function facts({ roots, signedBy, spiffeId }: TrustRow, render: RenderText): string {
  return [
    ...roots.map((root) => `root: ${rootText(root, render)}`),
    ...(signedBy === undefined ? [] : [`signed by: ${rootText(signedBy, render)}`]),
    ...(spiffeId === undefined ? [] : [`identity: ${spiffeId}`]),
  ].join('\n');
}

/** What XML 1.0 does not allow at all is left out; the rest of what it reserves is written as references. */
function xml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '&#10;');
}

const PROXY_RULES = [
  { id: 'proxy-unknown', outcome: 'error', level: 'error', text: 'surveys.sarif.unknown' },
  { id: 'proxy-remarkable', outcome: 'failure', level: 'warning', text: 'surveys.sarif.remark' },
  { id: 'proxy-not-loaded', outcome: 'skipped', level: 'note', text: 'surveys.sarif.notLoaded' },
] as const;
const CLUSTER_RULE = { id: 'cluster-incomplete', level: 'error', text: 'surveys.sarif.clusterIncomplete' } as const;
const RULES = [...PROXY_RULES, CLUSTER_RULE];

/** SARIF 2.1.0 (OASIS). A proxy is a logical location; what is in order is not a result. */
export const exportSarif: SurveyExport = (record, render) => {
  const missing = missingProxies(record.notices);
  const proxies = recordRows(record).flatMap((row) => {
    const rule = PROXY_RULES.find(({ outcome }) => outcome === outcomeOf(row));
    return rule === undefined ? [] : [proxyResult(row, rule, render)];
  });
  const rules = RULES.map(({ id, level, text }) => ({ id, shortDescription: { text: render(message(text)) }, defaultConfiguration: { level } }));
  const run = {
    tool: { driver: { name: 'mesh-ca', rules } },
    invocations: [{ executionSuccessful: missing.length === 0, endTimeUtc: new Date(record.finishedAt).toISOString() }],
    columnKind: 'utf16CodeUnits',
    results: [...missing.map((notice) => clusterResult(notice, render)), ...proxies],
  };
  const document = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
  return `${JSON.stringify(document, null, 2)}\n`;
};

function clusterResult(notice: Message, render: RenderText): object {
  const name = clusterOf(notice);
  return sarifResult(CLUSTER_RULE, render(notice), { name, fullyQualifiedName: name }, { 'clusterAndReason/v1': `${name} ${notice.key}` });
}

function proxyResult(row: TrustRow, rule: (typeof PROXY_RULES)[number], render: RenderText): object {
  const fullyQualifiedName = `${row.context}/${row.namespace}/${row.pod}`;
  const text = `${row.namespace}/${row.pod} (${row.cluster}): ${render(row.why ?? message(rule.text))}`;
  return sarifResult(rule, text, { name: row.pod, fullyQualifiedName }, { 'proxyAndReason/v1': `${fullyQualifiedName} ${row.why?.key ?? rule.id}` });
}

/** `partialFingerprints` tell whether a later run finds the same thing again. */
function sarifResult(rule: (typeof RULES)[number], text: string, place: { readonly name: string; readonly fullyQualifiedName: string }, partialFingerprints: object): object {
  const { id, level } = rule;
  return { ruleId: id, ruleIndex: RULES.indexOf(rule), level, message: { text }, locations: [{ logicalLocations: [{ ...place, kind: 'resource' }] }], partialFingerprints };
}
