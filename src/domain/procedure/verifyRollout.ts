// Whether workloads that a step rolled, or took away, are as the step must have left them.
import { message } from '../../shared/text/message.js';
import type { Message } from '../../shared/text/message.js';
import type { ClusterRef } from '../cluster.js';
import type { WorkloadFacts } from '../mesh/facts.js';
import type { MeshSituation, StepVerification } from './procedureStep.js';
import { snapshotOf } from './situationParts.js';
import { openWhile, unknown } from './stepDraft.js';

/** A workload by its place. */
export interface WorkloadPlace {
  readonly cluster: ClusterRef;
  readonly namespace: string;
  readonly kind: WorkloadFacts['kind'];
  readonly name: string;
}

export function workloadAt(situation: MeshSituation, { cluster, namespace, kind, name }: WorkloadPlace): WorkloadFacts | undefined {
  return snapshotOf(situation, cluster)?.namespaces.get(namespace)?.workloads.get(`${kind}/${name}`);
}

const KIND_NAMES = { Deployment: 'deployments', StatefulSet: 'statefulsets', DaemonSet: 'daemonsets' } as const;

function unreadable(situation: MeshSituation, { cluster, kind }: WorkloadPlace): StepVerification | undefined {
  const snapshot = snapshotOf(situation, cluster);
  if (snapshot === undefined) return unknown(message('steps.finding.clusterNotFollowed'));
  const resource = KIND_NAMES[kind];
  return snapshot.kinds[resource].state === 'live' ? undefined : unknown(message('steps.finding.notRead', { resource }));
}

/** Its rollout is over, at a later generation than `after` where that is given. */
export function rolledOut(place: WorkloadPlace, after: number | undefined): (situation: MeshSituation) => StepVerification {
  return (situation) => {
    const trouble = unreadable(situation, place);
    if (trouble !== undefined) return trouble;
    const facts = workloadAt(situation, place);
    const name = `${place.namespace}/${place.name}`;
    return openWhile(rolloutItems(facts, name, after), facts !== undefined, [message('procedureChecks.done.rolledOut', { name })]);
  };
}

function rolloutItems(facts: WorkloadFacts | undefined, name: string, after: number | undefined): readonly Message[] {
  if (facts === undefined) return [message('procedureChecks.open.missing', { name })];
  if (after !== undefined && facts.generation <= after) return [message('steps.open.restartNotSeen', { workload: name })];
  const { generation, observedGeneration, updated, desired, available, total, podsRefused } = facts;
  const isOver = observedGeneration >= generation && updated >= desired && available >= desired && total <= updated;
  if (isOver) return [];
  if (podsRefused !== undefined) return [message('steps.open.podsRefused', { workload: name, reason: podsRefused })];
  return [message('steps.open.rollout', { workload: name, updated, desired, available })];
}

/** It is gone. */
export function isGone(place: WorkloadPlace): (situation: MeshSituation) => StepVerification {
  return (situation) => {
    const trouble = unreadable(situation, place);
    if (trouble !== undefined) return trouble;
    const name = `${place.namespace}/${place.name}`;
    const items = workloadAt(situation, place) === undefined ? [] : [message('procedureChecks.open.stillThere', { name })];
    return openWhile(items, true, [message('procedureChecks.done.gone', { name })]);
  };
}
