// A step as it would run now: its row's plan, what is not known of the clusters, and the gates it stands behind.
import { message } from '../../shared/text/message.js';
import { clusterKey } from '../cluster.js';
import { concernsOf } from '../evidence/concerns.js';
import type { GateVerdict } from '../gates/gate.js';
import { judgeGate } from '../gates/judgeGate.js';
import { findingMessage } from '../steps/finding.js';
import { unknownKinds } from '../steps/guards.js';
import { PROCEDURE } from './procedure.js';
import type { MeshSituation, ProcedureStep, StepFinding, StepPlan } from './procedureStep.js';
import { clusterOf, snapshotOf } from './situationParts.js';
import { blocks, warns } from './stepDraft.js';
import type { StepId, StepOrder } from './stepOrder.js';

/** Pure: the same order and situation give the same command lines. What is not known blocks it. */
export function planStep(order: StepOrder, situation: MeshSituation): StepPlan {
  const step = PROCEDURE[order.step];
  const draft = step.plan(order, situation);
  const gates = judgedGates(order, situation);
  const missing = missingKnowledge(step, order, situation);
  const own = draft.findings.filter((one) => !repeats(one, missing));
  return { ...draft, order, title: step.title(order), gates, findings: [...missing, ...own, ...concerns(order, situation)] };
}

/** The gates alone, for whoever asks about many orders. */
export function judgedGates(order: StepOrder, situation: MeshSituation): readonly GateVerdict[] {
  const cluster = clusterOf(order);
  const subject = { cluster: cluster === undefined ? undefined : clusterKey(cluster) };
  return PROCEDURE[order.step].gates(order, situation).map(({ gate, about }) => judgeGate(gate, situation.facts, { ...about, ...subject }));
}

/** Before these a person can still turn back: they install, move pods, or change what istiod serves under. */
const CONCERNED: readonly StepId[] = ['install-revision-1', 'install-revision-2', 'migrate-namespace', 'migrate-gateway', 'upgrade-gateway', 'restart-control-plane'];

function concerns(order: StepOrder, { plan, snapshots, evidence, now }: MeshSituation): readonly StepFinding[] {
  const cluster = clusterOf(order);
  if (cluster === undefined || !CONCERNED.includes(order.step)) return [];
  const snapshot = snapshots.find(({ ref }) => clusterKey(ref) === clusterKey(cluster));
  return snapshot === undefined ? [] : concernsOf(snapshot, evidence?.get(clusterKey(cluster)), plan, now).map(warns);
}

/** Whether anything keeps the step from running: a finding of its own, or a gate that is not open. */
export function isBlocked(plan: StepPlan): boolean {
  return plan.gates.some(({ state }) => state !== 'open') || plan.findings.some(({ severity }) => severity === 'blocks');
}

/** What only reads may run on a cluster of which little is known; the rest needs all of it, and up to date. */
function missingKnowledge(step: ProcedureStep, order: StepOrder, situation: MeshSituation): readonly StepFinding[] {
  const cluster = clusterOf(order);
  if (step.readsOnly || cluster === undefined) return [];
  const snapshot = snapshotOf(situation, cluster);
  if (snapshot === undefined) return [blocks(message('steps.finding.clusterNotFollowed'))];
  return unknownKinds(snapshot).map((finding) => blocks(findingMessage(finding)));
}

function repeats(finding: StepFinding, others: readonly StepFinding[]): boolean {
  return others.some((other) => JSON.stringify(other) === JSON.stringify(finding));
}
