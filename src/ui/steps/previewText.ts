// The preview of steps as a document: what will run, exactly; where; what it changes; what was checked; how it is undone.
import { clusterName } from '../../domain/cluster.js';
import type { Finding, Severity } from '../../domain/steps/finding.js';
import { findingMessage, findingSeverity } from '../../domain/steps/finding.js';
import type { NamespaceStepPlan } from '../../domain/steps/namespaceStep.js';
import { blockingFindings } from '../../domain/steps/namespaceStep.js';
import type { Shell } from '../../domain/steps/shellQuote.js';
import { renderCommand, withVisibleControls } from '../../domain/steps/shellQuote.js';
import type { CommandSpec } from '../../domain/steps/commandSpec.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/render.js';

const MARKS: Readonly<Record<Severity, string>> = { blocks: '✕', warns: '⚠', notes: '·' };

/** The step and its cluster; of several, the first and how many more. */
export function previewTitle(plans: readonly NamespaceStepPlan[]): Message {
  const [first, ...others] = plans;
  if (first === undefined) return message('steps.preview.empty');
  const args = { title: first.title, cluster: clusterName(first.target.cluster) };
  if (others.length === 0) return message('steps.preview.title', args);
  return message('steps.preview.titleMany', { ...args, count: others.length });
}

/** Every command line of the plans that can run, in order. */
export function previewLines(plans: readonly NamespaceStepPlan[], shell: Shell): readonly string[] {
  return plans
    .filter((plan) => blockingFindings(plan).length === 0)
    .flatMap(({ commands }) => commands.map((command) => renderCommand(command, shell)));
}

/** The document, in Markdown that reads well as it stands. */
export function previewText(plans: readonly NamespaceStepPlan[], shell: Shell, text: RenderText): string {
  return plans.map((plan) => planSections(plan, shell, text).join('\n\n')).join('\n\n\n');
}

function planSections(plan: NamespaceStepPlan, shell: Shell, text: RenderText): readonly string[] {
  const { cluster } = plan.target;
  const blocking = blockingFindings(plan);
  const undo = plan.undo;
  return [
    `# ${text(previewTitle([plan]))}`,
    // The box with the choices covers the first lines: what would be missed there is what the title says as well.
    `${text(message('steps.preview.context', { context: cluster.context }))}\n${text(message('steps.preview.kubeconfig', { path: cluster.kubeconfig }))}`,
    ...(blocking.length === 0 ? [] : section(message('steps.preview.inTheWay'), [list(blocking.map(findingLine(text)))], text)),
    ...section(blocking.length === 0 ? message('steps.preview.runs') : message('steps.preview.wouldRun'), [code(plan.commands, shell)], text),
    ...section(message('steps.preview.changes'), [list(plan.changes.map((change) => `- ${text(change)}`))], text),
    ...section(message('steps.preview.checkedBefore'), [checkedBefore(plan, text)], text),
    ...section(message('steps.preview.checkedAfter'), [list(plan.checks.map((check) => `- ${text(check)}`))], text),
    ...(undo === undefined ? [] : section(message('steps.preview.undo'), [text(undo.explanation), code(undo.commands, shell)], text)),
  ];
}

/** Nothing at all where there is nothing to say under the heading. */
function section(heading: Message, parts: readonly string[], text: RenderText): readonly string[] {
  const said = parts.filter((part) => part !== '');
  return said.length === 0 ? [] : [`## ${text(heading)}`, ...said];
}

function checkedBefore(plan: NamespaceStepPlan, text: RenderText): string {
  const others = plan.findings.filter((finding) => findingSeverity(finding) !== 'blocks');
  const passed = blockingFindings(plan).length === 0 ? plan.guarded.map((guard) => `- ✓ ${text(guard)}`) : [];
  return list([...passed, ...others.map(findingLine(text))]);
}

function findingLine(text: RenderText): (finding: Finding) => string {
  return (finding) => `- ${MARKS[findingSeverity(finding)]} ${text(findingMessage(finding))}`;
}

function list(lines: readonly string[]): string {
  return lines.map(withVisibleControls).join('\n');
}

function code(commands: readonly CommandSpec[], shell: Shell): string {
  if (commands.length === 0) return '';
  return ['```sh', ...commands.map((command) => withVisibleControls(renderCommand(command, shell))), '```'].join('\n');
}
