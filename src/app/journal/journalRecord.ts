// One entry of the journal as it is kept: what ran, by whom, where, and what the clusters showed. Read back by anyone later.
import type { StepTarget } from '../../domain/procedure/stepOrder.js';
import { withoutSecrets } from '../../domain/plan/secretText.js';
import type { StepOutcome } from '../../domain/steps/commandSpec.js';
import { field, listField, recordField, textField } from '../../shared/json.js';
import type { RenderText } from '../../shared/text/languages.js';
import type { StepJournalEntry } from '../steps/procedurePorts.js';
import type { Operator, Sha256 } from './journalPorts.js';

export interface JournalRecord {
  readonly step: string;
  readonly phase: number;
  readonly target: JournalTarget;
  readonly parameters: Readonly<Record<string, string>>;
  /** In the language of who ran it. */
  readonly title: string;
  readonly who: Operator;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly endedAt: string;
  readonly commandLines: readonly string[];
  readonly guideForm: boolean;
  /** `ran`, `failed`, `interrupted`, `notStarted`; undefined where nothing was started. */
  readonly outcome: string | undefined;
  readonly exitCode: number | undefined;
  readonly result: string;
  readonly evidence: readonly string[];
  /** Of the evidence as JSON. */
  readonly evidenceSha256: string;
}

export interface JournalTarget {
  readonly scope: string;
  readonly kubeconfig: string | undefined;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly name: string | undefined;
}

export interface RecordParts {
  readonly who: Operator;
  readonly text: RenderText;
  readonly sha256: Sha256;
}

/** What is kept of a step. The command lines come without secrets; what still looks like one is left out here. */
export function journalRecord(entry: StepJournalEntry, { who, text, sha256 }: RecordParts): JournalRecord {
  const evidence = entry.evidence.map(text);
  return {
    step: entry.order.step,
    phase: entry.order.phase,
    target: keptTarget(entry.order.target),
    parameters: entry.order.parameters,
    title: text(entry.title),
    who,
    startedAt: new Date(entry.startedAt).toISOString(),
    endedAt: new Date(entry.endedAt).toISOString(),
    commandLines: entry.commandLines.map(withoutSecrets),
    guideForm: entry.guideForm,
    outcome: entry.outcome?.kind,
    exitCode: exitCodeOf(entry.outcome),
    result: entry.result,
    evidence,
    evidenceSha256: sha256(JSON.stringify(evidence)),
  };
}

/** Reads a record as far as it can be understood; undefined for what is none. */
export function parseRecord(json: unknown): JournalRecord | undefined {
  const [step, result] = [textField(json, 'step'), textField(json, 'result')];
  const [startedAt, endedAt] = [textField(json, 'startedAt'), textField(json, 'endedAt')];
  if (step === undefined || result === undefined || startedAt === undefined || endedAt === undefined) return undefined;
  const target = recordField(json, 'target');
  const who = recordField(json, 'who');
  const optional = (name: string): string | undefined => textField(target, name);
  return {
    step,
    phase: numberField(json, 'phase') ?? 0,
    target: { scope: optional('scope') ?? 'mesh', kubeconfig: optional('kubeconfig'), context: optional('context'), namespace: optional('namespace'), name: optional('name') },
    parameters: Object.fromEntries(Object.entries(recordField(json, 'parameters') ?? {}).map(([name, value]) => [name, String(value)])),
    title: textField(json, 'title') ?? step,
    who: { user: textField(who, 'user') ?? '?', host: textField(who, 'host') ?? '?', account: textField(who, 'account') },
    startedAt,
    endedAt,
    commandLines: listField(json, 'commandLines').filter((line) => typeof line === 'string'),
    guideForm: field(json, 'guideForm') === true,
    outcome: textField(json, 'outcome'),
    exitCode: numberField(json, 'exitCode'),
    result,
    evidence: listField(json, 'evidence').filter((text) => typeof text === 'string'),
    evidenceSha256: textField(json, 'evidenceSha256') ?? '',
  };
}

function keptTarget(target: StepTarget): JournalTarget {
  const cluster = target.scope === 'mesh' ? undefined : target.cluster;
  return {
    scope: target.scope,
    kubeconfig: cluster?.kubeconfig,
    context: cluster?.context,
    namespace: target.scope === 'namespace' || target.scope === 'gateway' ? target.namespace : undefined,
    name: target.scope === 'gateway' ? target.name : undefined,
  };
}

function exitCodeOf(outcome: StepOutcome | undefined): number | undefined {
  if (outcome?.kind === 'ran') return 0;
  return outcome?.kind === 'failed' ? outcome.exitCode : undefined;
}

function numberField(json: unknown, name: string): number | undefined {
  const value = field(json, name);
  return typeof value === 'number' ? value : undefined;
}
