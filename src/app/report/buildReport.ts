// The report for those who sign a migration off: how far it is, on what evidence, who did what, and what is still open.
import type { MigrationPlan } from '../../domain/plan/migrationPlan.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { gatesSection } from './gatesSection.js';
import { journalSection, journalUnreadable } from './journalSection.js';
import { positionSection } from './positionSection.js';
import type { ReportBlock, ReportDocument, ReportText } from './reportDocument.js';
import { heading, paragraph, tableOr } from './reportDocument.js';
import type { ReportInput } from './reportInput.js';
import { clusterNames, stateReasons } from './reportInput.js';
import { trustSection } from './trustSection.js';

/** Pure: the same input gives the same report. */
export function buildReport(input: ReportInput): ReportDocument {
  return {
    title: message('report.title', { fleet: input.situation.plan?.fleetProject ?? '?' }),
    blocks: [
      ...summary(input),
      ...openItems(input),
      ...positionSection(input),
      ...gatesSection(input),
      ...trustSection(input),
      ...waivers(input.situation.plan),
      ...journalSection(input),
      ...signatures(),
    ],
  };
}

function summary({ situation, position }: ReportInput): readonly ReportBlock[] {
  const { plan, now } = situation;
  const nameOf = clusterNames(situation);
  const clusters = situation.facts.clusters.map(({ cluster }) => nameOf(cluster)).join(', ');
  const next = position.next === undefined ? [] : [message('report.next', { why: position.next.why })];
  const items: readonly ReportText[] = [
    message('report.madeAt', { time: new Date(now).toISOString() }),
    message('report.clusters', { clusters: clusters === '' ? '–' : clusters }),
    ...(plan === undefined ? [message('report.noPlan')] : [message('report.revisions', { revision1: plan.revision1, revision2: plan.revision2 })]),
    message(position.finished ? 'report.finished' : 'report.inPhase', { phase: position.phase }),
    ...next,
  ];
  return [{ kind: 'list', items }];
}

/** What nobody may overlook: everything that is not known or in the way, in one list. */
function openItems({ situation, position, gates, journalFailure }: ReportInput): readonly ReportBlock[] {
  const nameOf = clusterNames(situation);
  const unread = situation.facts.clusters.flatMap(({ cluster, unread: what }) =>
    what.map((text) => message('report.open.unread', { cluster: nameOf(cluster), what: text })),
  );
  const missing = situation.facts.clustersNotInPlan.map((cluster) => message('report.open.notInPlan', { cluster }));
  const steps = position.phases.flatMap(({ steps: all }) =>
    all.flatMap(({ title, state }) => (state.kind === 'inTheWay' || state.kind === 'unknown' ? stateReasons(state).map((why) => message('report.target', { target: title, why })) : [])),
  );
  const shut = gates.filter(({ state }) => state !== 'open').map(({ gate, items }) => message('report.open.gate', { gate: message(`report.gate.${gate}`), count: items.length }));
  const journal = journalFailure === undefined ? [] : [journalUnreadable(journalFailure)];
  const items: readonly Message[] = [...unread, ...journal, ...missing, ...steps, ...shut];
  return [heading(2, message('report.open')), items.length === 0 ? paragraph(message('report.open.none')) : { kind: 'list', items }];
}

function waivers(plan: MigrationPlan | undefined): readonly ReportBlock[] {
  const head = [message('report.column.subject'), message('report.column.waived'), message('report.column.reason'), message('report.column.until')];
  const rows = (plan?.waivers ?? []).map(({ subject, what, reason, until }) => [subject, what, reason, until]);
  return [heading(2, message('report.waivers')), tableOr(message('report.waivers.none'), head, rows)];
}

function signatures(): readonly ReportBlock[] {
  const head = [message('report.column.name'), message('report.column.role'), message('report.column.date'), message('report.column.signature')];
  const empty = [' ', ' ', ' ', ' '];
  return [heading(2, message('report.signatures')), { kind: 'table', head, rows: [empty, empty] }];
}
