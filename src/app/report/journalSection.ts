// The part of the report about what was done: every step in the journal, and whether the journal is whole.
import { clusterName } from '../../domain/cluster.js';
import type { Failure } from '../../shared/failure.js';
import { failureMessage } from '../../shared/failure.js';
import type { Message, TextArgument, TextKey } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { JournalTrouble } from '../journal/journalChain.js';
import type { JournalRecord, JournalTarget } from '../journal/journalRecord.js';
import type { ReportBlock, ReportText } from './reportDocument.js';
import { heading, paragraph } from './reportDocument.js';
import type { ReportInput } from './reportInput.js';

/** Words for the results that this version knows; another's stand as they were written. */
const RESULT_TEXTS: Readonly<Record<string, TextKey>> = {
  verified: 'journal.result.verified',
  shown: 'journal.result.shown',
  notVerified: 'journal.result.notVerified',
  notDone: 'journal.result.notDone',
  actionFailed: 'journal.result.actionFailed',
  blocked: 'journal.result.blocked',
  changedSincePreview: 'journal.result.changedSincePreview',
  busy: 'journal.result.busy',
  cancelled: 'journal.result.cancelled',
};

export function journalSection({ journal, journalFailure }: ReportInput): readonly ReportBlock[] {
  const title = heading(2, message('report.journal'));
  if (journalFailure !== undefined) return [title, paragraph(journalUnreadable(journalFailure))];
  if (journal === undefined) return [title, paragraph(message('report.journal.missing'))];
  const { records, troubles, lastHash } = journal;
  return [
    title,
    ...(troubles.length === 0 ? [] : [{ kind: 'list' as const, items: troubles.map(troubleText) }]),
    ...(records.length === 0 ? [paragraph(message('report.journal.empty'))] : []),
    ...records.flatMap((record) => recordBlocks(record)),
    ...(lastHash === undefined ? [] : [paragraph(message('report.journal.lastHash', { hash: lastHash }))]),
  ];
}

/** Said here and among what is open. */
export function journalUnreadable(failure: Failure): Message {
  return message('report.journal.unreadable', { failure: failureMessage(failure) });
}

function troubleText({ kind, line }: JournalTrouble): ReportText {
  return message(`journal.trouble.${kind}`, { line });
}

function recordBlocks(record: JournalRecord): readonly ReportBlock[] {
  const { startedAt, endedAt, who, evidence, evidenceSha256, commandLines, exitCode } = record;
  const person = who.account === undefined ? `${who.user}@${who.host}` : `${who.user}@${who.host} (${who.account})`;
  const facts: readonly ReportText[] = [
    message('report.journal.who', { person, from: startedAt, to: endedAt }),
    ...(exitCode === undefined ? [] : [message('report.journal.exitCode', { code: exitCode })]),
    ...(record.guideForm ? [message('report.journal.guideForm')] : []),
    ...evidence,
    ...(evidence.length === 0 ? [] : [message('report.journal.evidenceHash', { hash: evidenceSha256 })]),
  ];
  return [
    heading(3, message('report.journal.step', { title: record.title, target: targetText(record.target), result: resultText(record.result) })),
    { kind: 'list', items: facts },
    ...(commandLines.length === 0 ? [] : [{ kind: 'code' as const, lines: commandLines }]),
  ];
}

function targetText({ context, kubeconfig, namespace, name }: JournalTarget): string {
  const cluster = context === undefined ? undefined : clusterName({ context, kubeconfig: kubeconfig ?? '' });
  return cluster === undefined ? '–' : [cluster, namespace, name].filter((part) => part !== undefined).join('/');
}

function resultText(result: string): TextArgument {
  const key = Object.hasOwn(RESULT_TEXTS, result) ? RESULT_TEXTS[result] : undefined;
  return key === undefined ? result : { key, args: {} };
}
