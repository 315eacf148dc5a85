// Where the migration stands: every phase, step and target judged by what the clusters show, and the one step that is next.
import { message } from '../../shared/text/message.js';
import type { Message } from '../../shared/text/message.js';
import type { MeshSituation } from '../procedure/procedureStep.js';
import type { Phase, StepId } from '../procedure/stepOrder.js';
import { distributionPhase } from './distributionPhase.js';
import { chooseNext } from './nextStep.js';
import type { Choice } from './nextStep.js';
import type { MigrationPosition, NextStep, PhasePosition, PositionState, TargetPosition } from './position.js';
import { positionContext } from './positionContext.js';
import { preparationPhase } from './preparationPhase.js';
import type { JudgeOrder } from './readiness.js';
import { judgeOrder } from './readiness.js';
import { removalPhase } from './removalPhase.js';
import type { StepDraft } from './stepDraft.js';
import { combinedState, stepPosition } from './stepDraft.js';
import { phaseTitle } from './stepTitle.js';
import { switchPhase } from './switchPhase.js';
import { isFulfilled } from './targetPositions.js';

const PHASES: readonly Phase[] = [0, 1, 2, 3];
const FIRST_TRACE: Partial<Readonly<Record<Phase, StepId>>> = { 1: 'migrate-namespace', 2: 'install-revision-2', 3: 'delete-secrets' };
const NOTHING: Choice = { next: undefined, blocked: new Map() };

/** The same situation gives the same position on every machine: no file, no memory, no clock but the situation's. */
export function computePosition(situation: MeshSituation, judge: JudgeOrder = judgeOrder): MigrationPosition {
  const context = positionContext(situation);
  const drafts = [preparationPhase(context), distributionPhase(context), switchPhase(context), removalPhase(context)];
  const phase = presentPhase(drafts);
  const finished = context.refs.length > 0 && drafts.every(isPhaseDone);
  const isEmpty = context.refs.length === 0;
  const { next, blocked } = finished || isEmpty ? NOTHING : chooseNext(drafts[phase] ?? [], drafts.slice(0, phase + 1).flat(), situation, judge);
  const phases = PHASES.map((each) => phasePosition(each, marked(drafts[each] ?? [], next, blocked), phase, drafts));
  const moving = phases.find((each) => each.phase === Math.max(1, phase))?.steps.find(({ step }) => step === 'migrate-namespace');
  const namespaces = moving?.targets.filter(({ target }) => target.scope === 'namespace') ?? [];
  return {
    phases,
    phase,
    next,
    finished,
    namespacesLeft: namespaces.filter(({ state }) => !isFulfilled(state)).length,
    namespaces: namespaces.length,
  };
}

/**
 * The first of which something is left to do. One of which nothing is left but what is not known at the moment is passed over when
 * a later one has begun: a cluster that is away, or a pod that was made anew, leads nobody back. The gates stay shut meanwhile.
 */
function presentPhase(drafts: readonly (readonly StepDraft[])[]): Phase {
  const present = PHASES.find((phase) => {
    const unfulfilled = (drafts[phase] ?? []).flatMap(({ targets }) => targets.filter(({ state }) => !isFulfilled(state)));
    const isKnown = unfulfilled.some(({ state }) => state.kind !== 'unknown');
    return isKnown || (unfulfilled.length > 0 && !PHASES.some((later) => later > phase && hasBegun(later, drafts[later] ?? [])));
  });
  return present ?? 3;
}

/**
 * Phase 1 has begun when something moved: until then what prerequisites would record can still be recorded. Phase 2 begins with its
 * control plane, and phase 3 with the CA secrets, of which there is one as long as Istio CA signs.
 */
function hasBegun(phase: Phase, drafts: readonly StepDraft[]): boolean {
  const first = FIRST_TRACE[phase];
  return drafts.some(({ step, targets }) => step === first && targets.some(({ state }) => state.kind === 'done'));
}

function isPhaseDone(drafts: readonly StepDraft[]): boolean {
  return drafts.every(({ targets }) => targets.every(({ state }) => isFulfilled(state)));
}

/** The drafts with the next target and those behind shut gates marked as such. */
function marked(drafts: readonly StepDraft[], next: NextStep | undefined, blocked: Choice['blocked']): readonly StepDraft[] {
  return drafts.map((draft) => ({ ...draft, targets: draft.targets.map((target) => markedTarget(draft, target, next, blocked)) }));
}

function markedTarget(draft: StepDraft, target: TargetPosition, next: NextStep | undefined, blocked: Choice['blocked']): TargetPosition {
  const { order } = next ?? {};
  const isNext =
    order?.phase === draft.phase &&
    order.step === target.leadsOn &&
    // A step on the mesh is listed for each cluster in which it is open.
    (order.target.scope === 'mesh' || JSON.stringify(order.target) === JSON.stringify(target.target));
  if (isNext && !isFulfilled(target.state)) return { ...target, state: { kind: 'next' } };
  const gate = blocked.get(target);
  if (gate === undefined) return target;
  const [first] = gate.what;
  const state: PositionState = gate.kind === 'unknown' ? { kind: 'unknown', why: gate.what } : { kind: 'inTheWay', what: gate.what };
  return { ...target, state, detail: first ?? target.detail };
}

function phasePosition(phase: Phase, drafts: readonly StepDraft[], current: Phase, all: readonly (readonly StepDraft[])[]): PhasePosition {
  const steps = drafts.map(stepPosition);
  const own = combinedState(steps.map(({ state }) => state));
  const isLocked = phase > current && !isFulfilled(own);
  const state: PositionState = isLocked ? { kind: 'inTheWay', what: lockedBecause(phase, current, all) } : own;
  return { phase, title: phaseTitle(phase), state, steps };
}

/** How far the phases before are, in the number that opens this one where it is known. */
function lockedBecause(phase: Phase, current: Phase, phases: readonly (readonly StepDraft[])[]): readonly Message[] {
  const { done, total, unknown } = phases[phase - 1]?.find(({ counts }) => counts !== undefined)?.counts ?? { done: 0, total: 0, unknown: 0 };
  const lacking = total - done - unknown;
  const lack = phase === 2 ? message('migration.proxies.oneRoot', { proxies: lacking }) : message('migration.proxies.oldSigner', { proxies: lacking });
  return [
    ...(lacking > 0 ? [lack] : []),
    ...(unknown > 0 ? [message('migration.proxies.unknown', { proxies: unknown })] : []),
    message('migration.phaseFirst', { phase: phaseTitle(current) }),
  ];
}
