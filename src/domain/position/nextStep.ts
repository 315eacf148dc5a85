// The one step to do next: the first that is open in the procedure's order, whose forerunners are done and whose gates are open.
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import { clusterKey, clusterName } from '../cluster.js';
import { PROCEDURE } from '../procedure/procedure.js';
import type { MeshSituation } from '../procedure/procedureStep.js';
import type { StepId, StepSuggestion, StepTarget } from '../procedure/stepOrder.js';
import type { NextStep, TargetPosition } from './position.js';
import type { JudgeOrder, Readiness } from './readiness.js';
import type { StepDraft } from './stepDraft.js';
import { isFulfilled, MESH_TARGET } from './targetPositions.js';

/** What has to be fulfilled in the same cluster first, in the same phase. */
const AFTER: Partial<Readonly<Record<StepId, readonly StepId[]>>> = {
  'probe-revision-1': ['install-revision-1'],
  'probe-revision-2': ['install-revision-2'],
  'migrate-namespace': ['probe-revision-1', 'probe-revision-2'],
  'test-application': ['probe-revision-1', 'probe-revision-2'],
  'migrate-gateway': ['probe-revision-1'],
  'upgrade-gateway': ['probe-revision-2'],
  'move-tags': ['migrate-namespace', 'test-application', 'migrate-gateway', 'upgrade-gateway'],
  'finalize-webhook': ['migrate-namespace', 'test-application', 'migrate-gateway', 'upgrade-gateway', 'delete-old-gateway'],
  'delete-old-istiod': ['finalize-webhook', 'move-tags'],
  'delete-old-operator': ['delete-old-istiod'],
  'delete-secrets': ['backup-secrets'],
  'restart-control-plane': ['delete-secrets'],
  'restart-gateways': ['restart-control-plane'],
};

/** Steps that only look: what they found open is put right elsewhere, so they are next only where nothing is known. */
const LOOKING: ReadonlySet<StepId> = new Set(['check-clusters', 'check-root-cert', 'check-workload-cert']);
/** A namespace that has moved is tested before the next ones move. */
const FIRST: ReadonlySet<StepId> = new Set(['test-application']);
/** Steps on a target that has to have moved itself; other targets of the cluster do not hold them up. */
const NEEDS_MOVED: ReadonlySet<StepId> = new Set(['test-application', 'delete-old-gateway']);
/** Steps on namespaces that are done for a wave of one cluster at once; those that moved together are tested together. */
const IN_WAVES: ReadonlySet<StepId> = new Set(['migrate-namespace', 'test-application']);
const MOVING: ReadonlySet<StepId> = new Set(['migrate-namespace', 'migrate-gateway', 'upgrade-gateway']);

interface Candidate {
  readonly draft: StepDraft;
  readonly target: TargetPosition;
}

export interface Choice {
  readonly next: NextStep | undefined;
  /** Targets that a shut gate was found in front of, and what it says. */
  readonly blocked: ReadonlyMap<TargetPosition, Exclude<Readiness, { kind: 'ready' }>>;
}

/** Of the steps of one phase; where none of them can be done, of those up to its end one that looks again at what is not known. */
export function chooseNext(drafts: readonly StepDraft[], upToHere: readonly StepDraft[], situation: MeshSituation, judge: JudgeOrder): Choice {
  const blocked = new Map<TargetPosition, Exclude<Readiness, { kind: 'ready' }>>();
  const judged = new Map<string, Readiness>();
  const candidates = candidatesOf(drafts);
  for (const candidate of candidates) {
    const order = orderOf(candidate);
    // A gate is the same for all targets of a step in one cluster; thousands of namespaces are not judged one by one.
    const group = `${order.step} ${clusterOf(candidate.target.target) ?? ''}`;
    const isShared = candidate.draft.step === 'migrate-namespace';
    const readiness = (isShared ? judged.get(group) : undefined) ?? judge(order, situation);
    judged.set(group, readiness);
    if (readiness.kind !== 'ready') {
      blocked.set(candidate.target, readiness);
      continue;
    }
    return { next: nextStep(candidate, candidates, situation, readiness.evidence), blocked };
  }
  return { next: lookAgain(upToHere), blocked };
}

function candidatesOf(drafts: readonly StepDraft[]): readonly Candidate[] {
  const inOrder = [...drafts.filter(({ step }) => FIRST.has(step)), ...drafts.filter(({ step }) => !FIRST.has(step))];
  const moved = movedTargets(drafts);
  const unfulfilled = unfulfilledSteps(drafts);
  return inOrder.flatMap((draft) => {
    if (LOOKING.has(draft.step)) return [];
    const open = draft.targets.filter(({ state, target }) => state.kind === 'open' && isReached(draft.step, target, moved, unfulfilled));
    // What is half done is finished first: a namespace with the new label and old pods is of two revisions at its next pod.
    const inTurn = [...open.filter(({ leadsOn }) => leadsOn !== draft.step), ...open.filter(({ leadsOn }) => leadsOn === draft.step)];
    return inTurn.map((target) => ({ draft, target }));
  });
}

/** Whether what comes before the step is done, for its target or in its cluster. */
function isReached(step: StepId, target: StepTarget, moved: ReadonlySet<string>, unfulfilled: ReadonlySet<string>): boolean {
  if (NEEDS_MOVED.has(step) && !moved.has(JSON.stringify(target))) return false;
  return (AFTER[step] ?? []).every((before) => !unfulfilled.has(`${before} ${clusterOf(target) ?? ''}`));
}

function movedTargets(drafts: readonly StepDraft[]): ReadonlySet<string> {
  const moving = drafts.filter(({ step }) => MOVING.has(step)).flatMap(({ targets }) => targets);
  return new Set(moving.filter(({ state }) => state.kind === 'done').map(({ target }) => JSON.stringify(target)));
}

/** `step cluster` of every step of which something is left to do. */
function unfulfilledSteps(drafts: readonly StepDraft[]): ReadonlySet<string> {
  return new Set(
    drafts.flatMap(({ step, targets }) =>
      targets.filter(({ state }) => !isFulfilled(state)).map(({ target }) => `${step} ${clusterOf(target) ?? ''}`),
    ),
  );
}

function clusterOf(target: StepTarget): string | undefined {
  return target.scope === 'mesh' ? undefined : clusterKey(target.cluster);
}

/** A step on the mesh is one order, however many clusters the position lists it for. */
function orderOf({ draft, target }: Candidate): StepSuggestion {
  const isOnMesh = PROCEDURE[target.leadsOn].scope === 'mesh';
  return { step: target.leadsOn, phase: draft.phase, target: isOnMesh ? MESH_TARGET : target.target };
}

function nextStep(chosen: Candidate, candidates: readonly Candidate[], { plan }: MeshSituation, evidence: readonly Message[]): NextStep {
  const order = orderOf(chosen);
  const together = candidates.filter(
    ({ draft, target }) =>
      draft === chosen.draft && target.leadsOn === chosen.target.leadsOn && clusterOf(target.target) === clusterOf(chosen.target.target),
  );
  const isWave = order.target.scope === 'namespace' && IN_WAVES.has(chosen.draft.step);
  const wave = isWave ? together.slice(0, Math.max(1, plan?.waveSize ?? 1)).map(orderOf) : [order];
  return { order, why: whyNext(order, chosen.target.detail), evidence, wave };
}

/** What is open there; where the step’s name says it all, that everything before it is done. */
function whyNext({ target }: StepSuggestion, detail: Message | undefined): Message {
  if (target.scope === 'mesh') return message('migration.why.mesh');
  return detail ?? message('migration.why.cluster', { cluster: clusterName(target.cluster) });
}

/** Nothing can be done, but something is not known: to read it again is all there is to do. */
function lookAgain(drafts: readonly StepDraft[]): NextStep | undefined {
  for (const draft of drafts) {
    if (!LOOKING.has(draft.step)) continue;
    const target = draft.targets.find(({ state }) => state.kind === 'unknown');
    if (target === undefined) continue;
    const order = orderOf({ draft, target });
    return { order, why: whyAgain(target), evidence: [message('migration.why.looks')], wave: [order] };
  }
  // Whether there is a record is read with everything else.
  const unknown = drafts.find(({ step }) => step === 'record-baseline')?.targets.find(({ state }) => state.kind === 'unknown');
  if (unknown === undefined) return undefined;
  const order: StepSuggestion = { step: 'check-clusters', phase: 0, target: MESH_TARGET };
  return { order, why: whyAgain(unknown), evidence: [message('migration.why.looks')], wave: [order] };
}

/** A step on the mesh looks at every cluster; what is not known is of one. */
function whyAgain({ target, detail }: TargetPosition): Message {
  if (detail === undefined) return message('migration.why.mesh');
  return target.scope === 'mesh' ? detail : message('gates.inCluster', { cluster: clusterName(target.cluster), problem: detail });
}
