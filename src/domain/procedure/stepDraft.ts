// The pieces that rows of the procedure put their plans together from.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { CommandSpec } from '../steps/commandSpec.js';
import type { MeshSituation, StepDraft, StepFinding, StepVerification } from './procedureStep.js';

/** A draft that says nothing yet; a row spreads it and fills in what it has. */
export const EMPTY_DRAFT: StepDraft = {
  commands: [],
  guideForm: undefined,
  changes: [],
  guarded: [],
  findings: [],
  checks: [],
  undo: undefined,
  confirmation: undefined,
  dryRun: [],
  verify: undefined,
};

export function blocks(text: Message): StepFinding {
  return { severity: 'blocks', message: text };
}

export function warns(text: Message): StepFinding {
  return { severity: 'warns', message: text };
}

export function notes(text: Message): StepFinding {
  return { severity: 'notes', message: text };
}

/** The findings under their conditions: `[[condition, finding], …]`. */
export function findingsWhere(...pairs: readonly (readonly [boolean, StepFinding])[]): readonly StepFinding[] {
  return pairs.filter(([holds]) => holds).map(([, finding]) => finding);
}

/** The same, tried at the API server alone. */
export function triedAtServer(commands: readonly CommandSpec[]): readonly CommandSpec[] {
  return commands.map(({ argv: [executable, ...words], ...rest }) => ({ ...rest, argv: [executable, ...words, '--dry-run=server'] }));
}

/** A step that cannot be planned, and why: there are no command lines to show. */
export function unplannable(...reasons: readonly Message[]): StepDraft {
  return { ...EMPTY_DRAFT, findings: reasons.map(blocks) };
}

export const READS_ONLY = {
  changes: [message('procedure.changes.nothing')],
  undo: { explanation: message('steps.undo.nothing'), commands: [] },
} as const;

export function verified(...evidence: readonly Message[]): StepVerification {
  return { kind: 'verified', evidence };
}

export function unknown(...why: readonly Message[]): StepVerification {
  return { kind: 'unknown', why };
}

/** Open as long as there are items; `settles` says whether time alone may close them. */
export function openWhile(items: readonly Message[], settles: boolean, evidence: readonly Message[]): StepVerification {
  return items.length === 0 ? { kind: 'verified', evidence } : { kind: 'open', items, settles };
}

/** Asks several questions of the mesh; what is unknown outweighs what is open, and what is open what is good. */
export function allOf(...questions: readonly ((situation: MeshSituation) => StepVerification)[]): (situation: MeshSituation) => StepVerification {
  return (situation) => {
    const answers = questions.map((question) => question(situation));
    const why = answers.flatMap((answer) => (answer.kind === 'unknown' ? answer.why : []));
    if (why.length > 0) return { kind: 'unknown', why };
    const open = answers.flatMap((answer) => (answer.kind === 'open' ? [answer] : []));
    if (open.length > 0) return { kind: 'open', items: open.flatMap(({ items }) => items), settles: open.every(({ settles }) => settles) };
    return { kind: 'verified', evidence: answers.flatMap((answer) => (answer.kind === 'verified' ? answer.evidence : [])) };
  };
}
