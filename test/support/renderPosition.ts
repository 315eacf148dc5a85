// Draws a position as text: the phases, of the present one each step on a line, and its targets below it as long as they differ.
import { clusterName } from '../../src/domain/cluster.js';
import type { MigrationPosition, PositionState, StepPosition, TargetPosition } from '../../src/domain/position/position.js';
import type { StepTarget } from '../../src/domain/procedure/stepOrder.js';
import { textRenderer } from '../../src/shared/text/render.js';

const text = textRenderer('en');
const SIGNS: Readonly<Record<PositionState['kind'], string>> = { done: '✓', next: '→', open: '○', inTheWay: '⚠', unknown: '?', notNeeded: '–' };

export function renderPosition({ phases, next, finished, phase, namespacesLeft, namespaces }: MigrationPosition): string {
  const lines = phases.flatMap((each) => {
    const isFolded = each.phase !== phase || finished;
    const [reason] = each.state.kind === 'inTheWay' ? each.state.what : [];
    return [
      `${SIGNS[each.state.kind]} ${text(each.title)}${isFolded && reason !== undefined ? `  ${text(reason)}` : ''}`,
      ...(isFolded ? [] : each.steps.filter(({ state }) => each.phase > 0 || state.kind !== 'notNeeded').flatMap(renderStep)),
    ];
  });
  const order = next === undefined ? 'nothing' : `${next.order.step} ${targetText(next.order.target)} (${text(next.why)})`;
  const wave = next !== undefined && next.wave.length > 1 ? [`with ${next.wave.slice(1).map(({ target }) => targetText(target)).join(', ')}`] : [];
  return [...lines, '', `phase ${phase} · ${namespacesLeft} of ${namespaces} namespaces left${finished ? ' · finished' : ''}`, `next: ${[order, ...wave].join(' ')}`].join('\n');
}

function renderStep({ step, state, done, total, unknown, targets }: StepPosition): readonly string[] {
  const differ = new Set(targets.map((target) => target.state.kind)).size > 1 || targets.some(({ detail }) => detail !== undefined);
  const counted = `${done} of ${total}${unknown > 0 ? ` · ${unknown} unknown` : ''}`;
  return [`  ${SIGNS[state.kind]} ${step}  ${counted}`, ...(differ ? targets.map(renderTarget) : [])];
}

function renderTarget({ target, state, detail, wrong }: TargetPosition): string {
  const said = detail === undefined ? '' : `  ${wrong ? '⚠ ' : ''}${text(detail)}`;
  return `    ${SIGNS[state.kind]} ${targetText(target)}${said}`;
}

function targetText(target: StepTarget): string {
  switch (target.scope) {
    case 'mesh':
      return 'mesh';
    case 'cluster':
      return clusterName(target.cluster);
    case 'namespace':
      return `${clusterName(target.cluster)}/${target.namespace}`;
    case 'gateway':
      return `${clusterName(target.cluster)}/${target.namespace}/${target.name}`;
  }
}
