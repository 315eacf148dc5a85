// The locks on a namespace's way back: by where it is and where its labels lead, whichever phase the order was given in.
import { returnLabels } from '../steps/labelMemory.js';
import { injectingRevision } from '../steps/namespaceInjector.js';
import { injectionLabelsOf, withInjectionLabels } from '../steps/namespaceLabels.js';
import type { InjectionLabels } from '../steps/namespaceLabels.js';
import type { GateQuestion, MeshSituation } from './procedureStep.js';
import { clusterOf, namespaceOf, oldRevision, snapshotOf } from './situationParts.js';
import type { StepOrder } from './stepOrder.js';

/**
 * A namespace that leaves REVISION_2 asks `rollback-2`, and whoever is led anywhere but to REVISION_1 asks `rollback-1`: while phase 2
 * is under way a namespace may still go back two revisions, or be on REVISION_1 and go back past it. `to` is what the user chose
 * instead of what is remembered.
 */
export function namespaceReturnGates(order: StepOrder, situation: MeshSituation, to: InjectionLabels | undefined): readonly GateQuestion[] {
  const { plan } = situation;
  const snapshot = snapshotOf(situation, clusterOf(order));
  const facts = namespaceOf(situation, order)?.facts;
  if (plan === undefined || snapshot === undefined || facts === undefined) return [order.phase === 1 ? toOld(order, situation) : { gate: 'rollback-2', about: {} }];
  const injects = (labels: InjectionLabels): string | undefined =>
    injectingRevision(snapshot, { name: facts.name, labels: withInjectionLabels(facts.labels, labels) }) ?? labels.revision;
  const destination = injects(returnLabels(facts, to));
  if (destination === plan.revision1) return [{ gate: 'rollback-2', about: {} }];
  const leavesSecond = injects(injectionLabelsOf(facts.labels)) === plan.revision2;
  return [toOld(order, situation, destination), ...(leavesSecond ? [{ gate: 'rollback-2', about: {} } as const] : [])];
}

/** Back past REVISION_1, to this revision where it is known. */
function toOld(order: StepOrder, situation: MeshSituation, revision?: string): GateQuestion {
  return { gate: 'rollback-1', about: { revision: revision ?? oldRevision({ ...order, phase: 1 }, situation) } };
}
