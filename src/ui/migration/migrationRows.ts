// Draws a node of the tree Migration: the thing's own name, the one fact that matters now, and the rest in the tooltip.
import type { CommandId } from '../../contributions.js';
import { CONTEXT_VALUES } from '../../contributions.js';
import { clusterName, gkeName } from '../../domain/cluster.js';
import type { NextStep, PhasePosition, PositionState, StepPosition, TargetPosition } from '../../domain/position/position.js';
import { stepTitle } from '../../domain/position/stepTitle.js';
import type { StepId, StepTarget } from '../../domain/procedure/stepOrder.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { RenderText } from '../../shared/text/languages.js';
import type { Row, RowParts, TooltipLink } from '../tree/row.js';
import { joinParts, presentParts } from '../tree/row.js';
import type { MigrationNode, MigrationState } from './migrationNodes.js';
import { childNodes, isIn, phaseIn, stepIn, targetIn, targetKey } from './migrationNodes.js';
import { noteRow } from './noteRow.js';
import { openReasons } from './obstacles.js';
import { isAnytime, stateIcon, stateMessage, stateReasons } from './stateIcon.js';
import { targetName } from './targetName.js';

export interface MigrationRowSource extends MigrationState {
  readonly text: RenderText;
  /** The step of ours that acts on the target, or is being verified. */
  readonly runningStep: (target: StepTarget) => StepId | undefined;
}

const RUN: CommandId = 'meshCa.migration.runStep';
const SHOW_GATE: CommandId = 'meshCa.migration.showGate';
/** A tooltip names so many reasons; the document with all of them is one click away. */
const REASONS_SHOWN = 5;

/** Undefined when the thing is no longer there. */
export function migrationRow(node: MigrationNode, source: MigrationRowSource): Row | undefined {
  const drawn = drawnRow(node, source);
  if (drawn === undefined) return undefined;
  const { parts, said } = drawn;
  return { links: [], state: 'none', ...parts, accessibilityLabel: joinParts([parts.label, said, parts.description.replaceAll('⚠ ', '')]) };
}

interface DrawnParts {
  readonly parts: RowParts;
  /** The state in words, which a screen reader says in place of the icon. */
  readonly said: string;
}

function drawnRow(node: MigrationNode, source: MigrationRowSource): DrawnParts | undefined {
  switch (node.kind) {
    case 'note':
      return { parts: noteRow(node.note, source), said: '' };
    case 'phase': {
      const phase = phaseIn(source.position, node.phase);
      return phase && phaseRow(phase, source);
    }
    case 'step': {
      const step = stepIn(source.position, node);
      return step && stepRow(step, childNodes(node, source).length > 0, source);
    }
    case 'stepCluster': {
      const step = stepIn(source.position, node);
      return step && stepClusterRow(step, node, source);
    }
    case 'target': {
      const target = targetIn(source.position, node);
      return target && targetRow(target, node.step, source);
    }
  }
}

function phaseRow({ title, state, phase }: PhasePosition, { text, position }: MigrationRowSource): DrawnParts {
  const isLocked = state.kind === 'inTheWay' && phase > position.phase;
  const clusters = new Set(position.phases.flatMap(({ steps }) => steps.flatMap(({ targets }) => targets.map(({ target }) => clusterOf(target)))));
  const names = [...clusters].filter((name) => name !== undefined).join(', ');
  const [reason] = stateReasons(state);
  const isCurrent = phase === position.phase && !position.finished;
  const parts: RowParts = {
    label: text(title),
    description: isCurrent ? names : reason === undefined || state.kind === 'notNeeded' ? '' : text(reason),
    ...(isLocked ? { icon: 'lock' } : stateIcon(state)),
    tooltip: [text(title), text(stateMessage(state)), ...reasonLines(state, text)],
    contextValue: CONTEXT_VALUES.phase,
    state: isCurrent ? 'expanded' : 'collapsed',
  };
  return { parts, said: text(stateMessage(state)) };
}

function stepRow(step: StepPosition, hasChildren: boolean, source: MigrationRowSource): DrawnParts {
  const { text, position } = source;
  const { state, title } = step;
  const isNext = state.kind === 'next';
  const [only] = hasChildren ? [] : step.targets;
  const counted = hasChildren && state.kind !== 'notNeeded';
  const said = counted ? countText(step, text) : detailText(only?.detail, only?.wrong === true, text);
  const parts: RowParts = {
    label: text(title),
    description: joinParts([isNext && !hasChildren ? nextText(position.next, step, text) : undefined, said]),
    ...runningIcon(step, source, hasChildren) ?? partialIcon(step),
    tooltip: [
      text(title),
      text(stateMessage(state)),
      ...(step.total > 1 ? [countText(step, text)] : []),
      ...reasonLines(state, text),
      ...(isNext ? nextLines(position.next, text) : []),
      ...(hasChildren && state.kind !== 'notNeeded' ? shortened(openReasons(step).map(text)) : []),
    ],
    links: links(state, text),
    contextValue: contextValue(state),
    ...(hasChildren && { state: isNext ? 'expanded' : 'collapsed' }),
  };
  return { parts, said: text(stateMessage(state)) };
}

function stepClusterRow(step: StepPosition, { cluster }: Extract<MigrationNode, { kind: 'stepCluster' }>, { text }: MigrationRowSource): DrawnParts {
  const own = step.targets.filter(({ target }) => isIn(target, cluster));
  const done = own.filter(({ state }) => state.kind === 'done' || state.kind === 'notNeeded').length;
  const isNext = own.some(({ state }) => state.kind === 'next');
  const state = own.find(({ state: { kind } }) => kind === 'next') ?? own.find(({ state: { kind } }) => kind !== 'done' && kind !== 'notNeeded') ?? own[0];
  const shown: PositionState = state?.state ?? { kind: 'done' };
  const parts: RowParts = {
    label: clusterName(cluster),
    description: text(message('migration.count', { done, total: own.length })),
    ...(done > 0 && done < own.length ? { icon: 'color-mode', color: 'charts.blue' as const } : stateIcon(shown)),
    tooltip: [clusterName(cluster), text(message('migration.count', { done, total: own.length })), cluster.context],
    contextValue: CONTEXT_VALUES.phase,
    state: isNext ? 'expanded' : 'collapsed',
  };
  return { parts, said: text(stateMessage(shown)) };
}

function targetRow(own: TargetPosition, step: StepId, source: MigrationRowSource): DrawnParts {
  const { target, state, detail, wrong, leadsOn } = own;
  const { text, position } = source;
  const isNext = state.kind === 'next';
  const running = isRunning(own, step, source);
  const isInWave = !isNext && (position.next?.wave.some((order) => order.step === leadsOn && targetKey(order.target) === targetKey(target)) ?? false);
  const parts: RowParts = {
    label: targetName(target),
    description: joinParts([
      running ? text(message('migration.running')) : undefined,
      isNext ? text(message('migration.row.next', { step: stepTitle(leadsOn) })) : undefined,
      isInWave && state.kind === 'open' ? text(message('migration.row.wave')) : undefined,
      detailText(detail, wrong, text),
      target.scope === 'gateway' ? target.namespace : undefined,
    ]),
    ...(running ? { icon: 'loading~spin' } : wrong && !isNext ? { icon: 'warning', color: 'list.warningForeground' as const } : stateIcon(state)),
    tooltip: [
      targetName(target),
      text(stateMessage(state)),
      ...presentParts([detail === undefined ? undefined : text(detail)]),
      ...reasonLines(state, text),
      ...(isNext ? nextLines(position.next, text) : []),
      ...(target.scope === 'mesh' ? [] : [joinParts([clusterName(target.cluster), gkeName(target.cluster.context)?.location])]),
    ],
    links: links(state, text),
    contextValue: contextValue(state),
  };
  return { parts, said: text(stateMessage(state)) };
}

/** Half done is a shape of its own, unless something stops the rest. */
function partialIcon({ state, done, total, targets }: StepPosition): Pick<RowParts, 'icon' | 'color'> {
  const isGoingOn = state.kind === 'next' || state.kind === 'open';
  if (isGoingOn && targets.some(({ wrong }) => wrong) && state.kind !== 'next') return { icon: 'warning', color: 'list.warningForeground' };
  return isGoingOn && done > 0 && done < total ? { icon: 'color-mode', color: 'charts.blue' } : stateIcon(state);
}

function runningIcon({ step, targets }: StepPosition, source: MigrationRowSource, hasChildren: boolean): Pick<RowParts, 'icon'> | undefined {
  const isBusy = !hasChildren && targets.some((target) => isRunning(target, step, source));
  return isBusy ? { icon: 'loading~spin' } : undefined;
}

/** Many rows have the mesh or a cluster as their target: only that of the step itself is busy. A namespace is, whatever acts on it, where that has no row of its own. */
function isRunning({ target, leadsOn }: TargetPosition, step: StepId, { position, runningStep }: MigrationRowSource): boolean {
  const running = runningStep(target);
  if (running === undefined || running === step || running === leadsOn) return running !== undefined;
  const hasRow = position.phases.some(({ steps }) => steps.some((each) => each.step === running));
  return !hasRow && (target.scope === 'namespace' || target.scope === 'gateway');
}

function countText({ done, total, unknown, targets }: StepPosition, text: RenderText): string {
  if (unknown > 0) return text(message('migration.count.unknown', { done, total, unknown }));
  const areClusters = targets.length === total && targets.every(({ target }) => target.scope === 'cluster');
  return text(areClusters ? message('migration.count.clusters', { done, total }) : message('migration.count', { done, total }));
}

function detailText(detail: Message | undefined, wrong: boolean, text: RenderText): string | undefined {
  if (detail === undefined) return undefined;
  return wrong ? `⚠ ${text(detail)}` : text(detail);
}

function nextText(next: NextStep | undefined, { step }: StepPosition, text: RenderText): string {
  return next === undefined || next.order.step === step ? text(message('migration.state.next')) : text(message('migration.row.next', { step: stepTitle(next.order.step) }));
}

/** Why it is the one to do, and why that is safe. */
function nextLines(next: NextStep | undefined, text: RenderText): readonly string[] {
  if (next === undefined) return [];
  const names = next.wave.map(({ target }) => targetName(target)).join(', ');
  return [
    text(next.why),
    ...(next.wave.length > 1 ? [text(message('migration.tooltip.wave', { count: next.wave.length, names }))] : []),
    ...(next.evidence.length > 0 ? [text(message('migration.tooltip.safe')), ...next.evidence.map((each) => `✓ ${text(each)}`)] : []),
  ];
}

function reasonLines(state: PositionState, text: RenderText): readonly string[] {
  return shortened(stateReasons(state).map(text));
}

function shortened(lines: readonly string[]): readonly string[] {
  const reasons = [...new Set(lines)];
  return [...reasons.slice(0, REASONS_SHOWN), ...(reasons.length > REASONS_SHOWN ? ['…'] : [])];
}

function links(state: PositionState, text: RenderText): readonly TooltipLink[] {
  const { kind } = state;
  const run: TooltipLink = { text: text(message('migration.action.run')), command: RUN };
  const gate: TooltipLink = { text: text(message('migration.action.showGate')), command: SHOW_GATE };
  if (kind === 'inTheWay' || kind === 'unknown') return [gate, run];
  if (isAnytime(state) || kind === 'next') return [run];
  return kind === 'open' ? [run, gate] : [];
}

function contextValue(state: PositionState): Row['contextValue'] {
  const { kind } = state;
  if (isAnytime(state)) return CONTEXT_VALUES.step;
  if (kind === 'next' || kind === 'open') return CONTEXT_VALUES.step;
  return kind === 'inTheWay' || kind === 'unknown' ? CONTEXT_VALUES.stepBlocked : CONTEXT_VALUES.stepDone;
}

function clusterOf(target: StepTarget): string | undefined {
  return target.scope === 'mesh' ? undefined : clusterName(target.cluster);
}
