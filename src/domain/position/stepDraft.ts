// A step of a phase with its targets, before it is known which one is next.
import { message } from '../../shared/text/message.js';
import { clusterKey } from '../cluster.js';
import type { Phase, StepId } from '../procedure/stepOrder.js';
import type { PositionState, StepPosition, TargetPosition } from './position.js';
import type { WatchedKind } from '../mesh/facts.js';
import type { ClusterContext, PositionContext } from './positionContext.js';
import { unreadKinds } from './positionContext.js';
import { stepTitle } from './stepTitle.js';
import type { Standing } from './targetPositions.js';
import { clusterTarget, clusterUnknown, isFulfilled, targetPosition, unknown } from './targetPositions.js';

export interface StepDraft {
  readonly step: StepId;
  readonly phase: Phase;
  readonly targets: readonly TargetPosition[];
  /** Where proxies are counted rather than targets. */
  readonly counts?: { readonly done: number; readonly total: number; readonly unknown: number } | undefined;
}

/** One target for each cluster; a cluster of which nothing is known is unknown. */
export function perCluster({ refs, clusters }: PositionContext, step: StepId, judge: (cluster: ClusterContext) => Standing): readonly TargetPosition[] {
  return refs.map((ref) => {
    const cluster = clusters.find((candidate) => clusterKey(candidate.ref) === clusterKey(ref));
    return targetPosition(step, clusterTarget(ref), cluster === undefined ? clusterUnknown() : judge(cluster));
  });
}

/**
 * The targets inside each cluster, which are found in these kinds. A cluster of which nothing is known stands for them itself; so
 * does one in which none are found as long as a kind is not read, because then it is not known that there are none.
 */
export function insideClusters(
  { refs, clusters }: PositionContext,
  step: StepId,
  kinds: readonly WatchedKind[],
  judge: (cluster: ClusterContext) => readonly TargetPosition[],
): readonly TargetPosition[] {
  return refs.flatMap((ref) => {
    const cluster = clusters.find((candidate) => clusterKey(candidate.ref) === clusterKey(ref));
    if (cluster === undefined) return [targetPosition(step, clusterTarget(ref), clusterUnknown())];
    const targets = judge(cluster);
    const [unread] = targets.length === 0 ? unreadKinds(cluster, kinds) : [];
    return unread === undefined ? targets : [targetPosition(step, clusterTarget(ref), unknown(unread))];
  });
}

/** The draft as a position, its state made from its targets'. */
export function stepPosition({ step, phase, targets, counts }: StepDraft): StepPosition {
  const unknown = targets.filter(({ state }) => state.kind === 'unknown').length;
  const counted = counts ?? { done: targets.filter(({ state }) => isFulfilled(state)).length, total: targets.length, unknown };
  return { step, phase, title: stepTitle(step), state: combinedState(targets.map(({ state }) => state)), ...counted, targets };
}

/** What many are together: the next one, then what can go on, then what is in the way, then what is unknown. */
export function combinedState(states: readonly PositionState[]): PositionState {
  const first = (kind: PositionState['kind']): PositionState | undefined => states.find((state) => state.kind === kind);
  const going = first('next') ?? first('open');
  if (going !== undefined) return going;
  const blocked = states.flatMap((state) => (state.kind === 'inTheWay' ? state.what : []));
  if (blocked.length > 0) return { kind: 'inTheWay', what: blocked };
  const unknown = states.flatMap((state) => (state.kind === 'unknown' ? state.why : []));
  if (unknown.length > 0) return { kind: 'unknown', why: unknown };
  if (states.length > 0 && states.every(({ kind }) => kind === 'done' || kind === 'notNeeded')) {
    return first('done') ?? first('notNeeded') ?? { kind: 'done' };
  }
  return { kind: 'notNeeded', why: message('migration.nothingHere') };
}
