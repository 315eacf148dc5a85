// The part of the report that says how far the migration is: each step of each phase, cluster by cluster.
import { clusterKey } from '../../domain/cluster.js';
import type { PositionState, StepPosition, TargetPosition } from '../../domain/position/position.js';
import type { StepTarget } from '../../domain/procedure/stepOrder.js';
import { message } from '../../shared/text/message.js';
import type { ReportBlock, ReportCell, ReportText } from './reportDocument.js';
import { heading, paragraph, tableOr } from './reportDocument.js';
import type { ReportInput } from './reportInput.js';
import { clusterNames, stateReasons, stateWord } from './reportInput.js';

export function positionSection({ position, situation }: ReportInput): readonly ReportBlock[] {
  const nameOf = clusterNames(situation);
  return [
    heading(2, message('report.position')),
    ...position.phases.flatMap((phase) => [
      heading(3, phase.title),
      paragraph(stateWord(phase.state)),
      ...reasonsList(phase.state),
      tableOr(
        message('report.position.noSteps'),
        [message('report.column.step'), message('report.column.cluster'), message('report.column.state'), message('report.column.progress'), message('report.column.details')],
        phase.steps.flatMap((step) => stepRows(step, nameOf)),
      ),
    ]),
  ];
}

function reasonsList(state: PositionState): readonly ReportBlock[] {
  const items = stateReasons(state);
  return items.length === 0 ? [] : [{ kind: 'list', items }];
}

/** One row a cluster: what counts for the step there, and of whom it is not true yet. */
function stepRows(step: StepPosition, nameOf: (key: string) => string): readonly (readonly ReportCell[])[] {
  const progress = step.total === 0 ? '' : message('report.progress', { done: step.done, total: step.total });
  const byCluster = groupByCluster(step.targets);
  if (byCluster.size < 2) {
    const [key = ''] = [...byCluster.keys()];
    return [[step.title, key === '' ? '' : nameOf(key), stateWord(step.state), progress, [...stateReasons(step.state), ...openTargets(step.targets)]]];
  }
  return [...byCluster].map(([key, targets]) => {
    const done = targets.filter(({ state }) => isSettled(state)).length;
    const worst = targets.find(({ state }) => !isSettled(state))?.state ?? targets[0]?.state ?? step.state;
    return [step.title, nameOf(key), stateWord(worst), message('report.progress', { done, total: targets.length }), openTargets(targets)];
  });
}

/** Under the empty name what concerns the whole mesh. */
function groupByCluster(targets: readonly TargetPosition[]): ReadonlyMap<string, readonly TargetPosition[]> {
  const groups = new Map<string, TargetPosition[]>();
  for (const position of targets) {
    const key = position.target.scope === 'mesh' ? '' : clusterKey(position.target.cluster);
    groups.set(key, [...(groups.get(key) ?? []), position]);
  }
  return groups;
}

function isSettled({ kind }: PositionState): boolean {
  return kind === 'done' || kind === 'notNeeded';
}

function openTargets(targets: readonly TargetPosition[]): readonly ReportText[] {
  return targets
    .filter(({ state, target }) => !isSettled(state) && targetName(target) !== '')
    .map(({ target, state, detail }): ReportText => {
      const why = detail ?? stateReasons(state)[0] ?? stateWord(state);
      return message('report.target', { target: targetName(target), why });
    });
}

/** Empty for a whole cluster or the mesh: their row says it. */
function targetName(target: StepTarget): string {
  if (target.scope === 'namespace') return target.namespace;
  return target.scope === 'gateway' ? `${target.namespace}/${target.name}` : '';
}
