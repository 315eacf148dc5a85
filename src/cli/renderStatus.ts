// Where the migration stands, for people as an indented list and for programs as JSON.
import { stateReasons } from '../app/report/reportInput.js';
import { clusterName } from '../domain/cluster.js';
import type { MigrationPosition, PositionState, StepPosition, TargetPosition } from '../domain/position/position.js';
import type { StepSuggestion } from '../domain/procedure/stepOrder.js';
import { message } from '../shared/text/message.js';
import type { RenderText } from '../shared/text/render.js';

const MARKS: Readonly<Record<PositionState['kind'], string>> = { done: '✓', next: '→', open: '○', inTheWay: '✕', unknown: '?', notNeeded: '–' };

export function renderStatus(position: MigrationPosition, style: 'text' | 'json', render: RenderText): string {
  return style === 'json' ? `${JSON.stringify(statusJson(position, render), null, 2)}\n` : statusText(position, render);
}

function statusText(position: MigrationPosition, render: RenderText): string {
  const { phases, phase, finished, next, namespaces, namespacesLeft } = position;
  const head = finished ? message('report.finished') : message('gateCli.status.phase', { phase, moved: namespaces - namespacesLeft, namespaces });
  const lines = [
    render(head),
    ...(next === undefined ? [] : [render(message('report.next', { why: next.why }))]),
    ...phases.flatMap((each) => [
      '',
      `${MARKS[each.state.kind]} ${render(each.title)}`,
      ...stateReasons(each.state).map((why) => `    ${render(why)}`),
      ...each.steps.flatMap((step) => stepLines(step, render)),
    ]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function stepLines({ title, state, done, total, targets }: StepPosition, render: RenderText): readonly string[] {
  const progress = total === 0 ? '' : `  ${render(message('report.progress', { done, total }))}`;
  const open = targets.filter(({ state: { kind }, target }) => target.scope !== 'mesh' && kind !== 'done' && kind !== 'notNeeded');
  return [
    `  ${MARKS[state.kind]} ${render(title)}${progress}`,
    ...(open.length === 0 ? stateReasons(state).map((why) => `      ${render(why)}`) : []),
    ...open.map((target) => `      ${MARKS[target.state.kind]} ${nameOf(target.target)}${reasonText(target, render)}`),
  ];
}

function reasonText({ state, detail }: TargetPosition, render: RenderText): string {
  const reasons = [...(detail === undefined ? [] : [detail]), ...stateReasons(state)];
  const texts = [...new Set(reasons.map(render))];
  return texts.length === 0 ? '' : `: ${texts.join('; ')}`;
}

/** In one language but for the sentences. */
function statusJson({ phases, phase, finished, next, namespaces, namespacesLeft }: MigrationPosition, render: RenderText): object {
  return {
    phase,
    finished,
    namespaces: { moved: namespaces - namespacesLeft, total: namespaces },
    next: next === undefined ? undefined : { step: next.order.step, phase: next.order.phase, target: nameOf(next.order.target), why: render(next.why) },
    phases: phases.map((each) => ({
      phase: each.phase,
      title: render(each.title),
      state: each.state.kind,
      why: stateReasons(each.state).map(render),
      steps: each.steps.map((step) => ({
        step: step.step,
        title: render(step.title),
        state: step.state.kind,
        why: stateReasons(step.state).map(render),
        done: step.done,
        total: step.total,
        unknown: step.unknown,
        targets: step.targets.map(({ target, state, detail }) => ({
          target: nameOf(target),
          state: state.kind,
          why: [...(detail === undefined ? [] : [detail]), ...stateReasons(state)].map(render),
        })),
      })),
    })),
  };
}

/** `cluster`, `cluster/namespace`, `cluster/namespace/name`; `mesh` for all. */
function nameOf(target: StepSuggestion['target']): string {
  if (target.scope === 'mesh') return 'mesh';
  const cluster = clusterName(target.cluster);
  if (target.scope === 'cluster') return cluster;
  return target.scope === 'namespace' ? `${cluster}/${target.namespace}` : `${cluster}/${target.namespace}/${target.name}`;
}
