// The preview of rows of the procedure as a document: what runs, where, on what it rests, what it changes, how it is undone, and
// where the guide's own form differs and why.
import { clusterName } from '../../domain/cluster.js';
import type { GateVerdict } from '../../domain/gates/gate.js';
import { placedProblem } from '../../domain/gates/gateItem.js';
import { isBlocked } from '../../domain/procedure/planStep.js';
import type { StepAction, StepFinding, StepPlan } from '../../domain/procedure/procedureStep.js';
import type { StepTarget } from '../../domain/procedure/stepOrder.js';
import type { CommandSpec } from '../../domain/steps/commandSpec.js';
import type { Shell } from '../../domain/steps/shellQuote.js';
import { renderCommand, withVisibleControls } from '../../domain/steps/shellQuote.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';

const MARKS: Readonly<Record<StepFinding['severity'], string>> = { blocks: '✕', warns: '⚠', notes: '·' };

/** The cluster by the name people call it, or the whole mesh. */
export function whereOf(target: StepTarget): string | Message {
  return target.scope === 'mesh' ? message('procedureRun.wholeMesh') : clusterName(target.cluster);
}

/** The step and its place; of several, the first and how many more. */
export function procedureTitle(plans: readonly StepPlan[]): Message {
  const [first, ...others] = plans;
  if (first === undefined) return message('steps.preview.empty');
  const args = { title: first.title, where: whereOf(first.order.target) };
  return others.length === 0 ? message('procedureRun.title', args) : message('procedureRun.titleMany', { ...args, count: others.length });
}

/** Why a step cannot run, one sentence each: its own findings first, then what its gates say. */
export function obstaclesOf({ findings, gates }: StepPlan): readonly Message[] {
  return [
    ...findings.filter(({ severity }) => severity === 'blocks').map((finding) => finding.message),
    ...gates.flatMap(({ gate, state, items }) =>
      state === 'open' ? [] : items.map((item) => message('procedureRun.report.gate', { gate, state: stateMessage(state), reason: placedProblem(item) })),
    ),
  ];
}

/** Every command line of the plans that can run, in order. */
export function procedureCommands(plans: readonly StepPlan[]): readonly CommandSpec[] {
  return plans.filter((plan) => !isBlocked(plan)).flatMap(({ commands, cleanup = [] }) => [...commands, ...cleanup]);
}

/** The document, in Markdown that reads well as it stands. */
export function procedureText(plans: readonly StepPlan[], shell: Shell, text: RenderText): string {
  return plans.map((plan) => planSections(plan, shell, text).join('\n\n')).join('\n\n\n');
}

function planSections(plan: StepPlan, shell: Shell, text: RenderText): readonly string[] {
  const obstacles = obstaclesOf(plan);
  const say = (heading: Message, ...parts: readonly string[]): readonly string[] => section(heading, parts, text);
  const bullets = (messages: readonly Message[]): string => list(messages.map((one) => `- ${text(one)}`));
  const { guideForm, action, confirmation, undo } = plan;
  return [
    `# ${text(procedureTitle([plan]))}`,
    // The box with the choices covers the first lines: what would be missed there is what the title says as well.
    ...place(plan.order.target, text),
    ...irreversible(plan, text),
    ...say(message('steps.preview.inTheWay'), list(obstacles.map((one) => `- ✕ ${text(one)}`))),
    ...say(obstacles.length === 0 ? message('steps.preview.runs') : message('steps.preview.wouldRun'), code(plan.commands, shell)),
    ...say(message('procedureRun.preview.stdin'), manifests(plan.commands)),
    ...say(message('procedureRun.preview.byExtension'), action === undefined ? '' : bullets([actionMessage(action)])),
    ...say(message('procedureRun.preview.cleanup'), code(plan.cleanup ?? [], shell)),
    ...say(message('steps.preview.changes'), bullets(plan.changes)),
    ...say(message('procedureRun.preview.gates'), list(plan.gates.flatMap((gate) => gateLines(gate, text)))),
    ...say(message('steps.preview.checkedBefore'), checkedBefore(plan, text)),
    ...say(message('procedureRun.preview.references'), confirmation === undefined ? '' : bullets(confirmation.references)),
    ...say(message('steps.preview.checkedAfter'), bullets(plan.checks)),
    ...(undo === undefined ? [] : say(message('steps.preview.undo'), text(undo.explanation), code(undo.commands, shell))),
    ...say(message('procedureRun.preview.equivalent'), code(plan.equivalent ?? [], shell)),
    ...say(message('procedureRun.preview.guideForm'), ...(guideForm === undefined ? [] : [fenced(guideForm.lines), bullets(guideForm.reasons)])),
  ];
}

function irreversible({ confirmation }: StepPlan, text: RenderText): readonly string[] {
  return confirmation?.irreversible === undefined ? [] : [`**⚠ ${text(confirmation.irreversible)}**`];
}

/** Nothing at all where there is nothing to say under the heading. */
function section(heading: Message, parts: readonly string[], text: RenderText): readonly string[] {
  const said = parts.filter((part) => part !== '');
  return said.length === 0 ? [] : [`## ${text(heading)}`, ...said];
}

function place(target: StepTarget, text: RenderText): readonly string[] {
  if (target.scope === 'mesh') return [];
  const { context, kubeconfig } = target.cluster;
  return [`${text(message('steps.preview.context', { context }))}\n${text(message('steps.preview.kubeconfig', { path: kubeconfig }))}`];
}

function gateLines({ gate, state, items, evidence }: GateVerdict, text: RenderText): readonly string[] {
  const mark = state === 'open' ? '✓' : state === 'shut' ? '✕' : '?';
  return [
    `- ${mark} ${gate}: ${text(stateMessage(state))}`,
    ...items.map((item) => `  - ${item.unknown ? '?' : '✕'} ${text(placedProblem(item))}`),
    ...(state === 'open' ? evidence.map((one) => `  - ${text(one)}`) : []),
  ];
}

function stateMessage(state: GateVerdict['state']): Message {
  switch (state) {
    case 'open':
      return message('procedureRun.gate.open');
    case 'shut':
      return message('procedureRun.gate.shut');
    case 'unknown':
      return message('procedureRun.gate.unknown');
  }
}

/** What the extension does itself, in a sentence. */
export function actionMessage(action: StepAction): Message {
  switch (action.kind) {
    case 'recordBaseline':
      return message('procedureRun.action.recordBaseline');
    case 'recordProbe':
      return message('procedureRun.action.recordProbe', { pod: `${action.namespace}/${action.pod}` });
    case 'verifyBackups':
      return message('procedureRun.action.verifyBackups');
    case 'recordTest':
      return action.asks ? message('procedureRun.action.askTest') : message('procedureRun.action.recordTest');
    case 'surveyTrust':
      return message('procedureRun.action.surveyTrust');
    case 'scanIdentity':
      return message('procedureRun.action.scanIdentity');
    case 'recordFleet':
      return message('procedureRun.action.recordFleet', { members: action.members.length });
    case 'reviewPermissions':
      return message('procedureRun.action.reviewPermissions');
    case 'setTerminalPath':
      return message('procedureRun.action.setTerminalPath', { directory: action.directory });
  }
}

function checkedBefore(plan: StepPlan, text: RenderText): string {
  const passed = isBlocked(plan) ? [] : plan.guarded.map((guard) => `- ✓ ${text(guard)}`);
  const others = plan.findings.filter(({ severity }) => severity !== 'blocks').map((finding) => `- ${MARKS[finding.severity]} ${text(finding.message)}`);
  return list([...passed, ...others]);
}

/** As they are read best; what is fed in is the same on one line. */
function manifests(commands: readonly CommandSpec[]): string {
  const texts = [...new Set(commands.flatMap(({ stdin }) => stdin ?? []))];
  return texts.map((stdin) => ['```json', JSON.stringify(JSON.parse(stdin), null, 2), '```'].join('\n')).join('\n\n');
}

function list(lines: readonly string[]): string {
  return lines.map(withVisibleControls).join('\n');
}

/** Without what is fed in, which stands below it. */
function code(commands: readonly CommandSpec[], shell: Shell): string {
  return fenced(commands.map(({ stdin: _stdin, ...command }) => renderCommand(command, shell)));
}

function fenced(lines: readonly string[]): string {
  return lines.length === 0 ? '' : ['```sh', ...lines.map(withVisibleControls), '```'].join('\n');
}
