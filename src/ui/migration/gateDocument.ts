// The gates of a step as a Markdown document: what is in the way, item by item, with the step that leads past each.
import type { GateItem, GateVerdict } from '../../domain/gates/gate.js';
import { stepTitle } from '../../domain/position/stepTitle.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/languages.js';
import { targetName } from './targetName.js';

export interface GatedStep {
  readonly title: string;
  readonly gates: readonly GateVerdict[];
  /** What the position itself knows to be in the way, beside the gates. */
  readonly reasons: readonly Message[];
}

export function gateDocument({ title, gates, reasons }: GatedStep, text: RenderText): string {
  const parts = [
    `# ${escaped(title)}`,
    ...(reasons.length === 0 ? [] : [reasons.map((reason) => `- ${escaped(text(reason))}`).join('\n')]),
    ...(gates.length === 0 && reasons.length === 0 ? [text(message('migration.gate.none'))] : []),
    ...gates.flatMap((gate) => gateParts(gate, text)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function gateParts({ gate, state, items, evidence }: GateVerdict, text: RenderText): readonly string[] {
  const groups = new Map<string | undefined, GateItem[]>();
  for (const item of items) groups.set(item.cluster, [...(groups.get(item.cluster) ?? []), item]);
  return [
    // With the name by which the command line asks for it.
    `## ${escaped(text(message(`report.gate.${gate}`)))} (\`${gate}\`)`,
    text(stateSentence(state, items.length)),
    ...[...groups.values()].flatMap((own) => [
      ...(own[0]?.clusterName === undefined ? [] : [`### ${escaped(own[0].clusterName)}`]),
      own.map((item) => itemLine(item, text)).join('\n'),
    ]),
    ...(evidence.length === 0 ? [] : [text(message('migration.gate.evidence')), evidence.map((each) => `- ✓ ${escaped(text(each))}`).join('\n')]),
  ];
}

function stateSentence(state: GateVerdict['state'], items: number): Message {
  switch (state) {
    case 'open':
      return message('migration.gate.state.open');
    case 'shut':
      return message('migration.gate.state.shut', { items });
    case 'unknown':
      return message('migration.gate.state.unknown');
  }
}

function itemLine({ cluster, subject, problem, unknown, remedy, waivable }: GateItem, text: RenderText): string {
  const said = unknown ? message('migration.gate.item.unknown', { problem }) : problem;
  // What concerns the whole cluster has its heading for a subject.
  const about = subject === '' || subject === cluster ? '' : `\`${subject.replaceAll('`', '')}\` `;
  const lines = [`- ${unknown ? '?' : '✗'} ${about}${escaped(text(said))}`];
  if (remedy !== undefined) {
    const where = targetName(remedy.target);
    const step = message('migration.gate.command', { step: stepTitle(remedy.step) });
    lines.push(`  ${text(message('migration.gate.remedy'))}: **${escaped(text(stepTitle(remedy.step)))}**${where === '' ? '' : ` \`${where}\``} (${escaped(text(step))})`);
  }
  if (waivable) lines.push(`  ${text(message('migration.gate.waivable'))}`);
  return lines.join('\n');
}

/** Names come from clusters: they are text, never Markdown. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&');
}
