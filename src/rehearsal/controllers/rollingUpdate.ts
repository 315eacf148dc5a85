// How far a Deployment's rollout may go at this moment: the arithmetic of Kubernetes' deployment controller, as a pure rule.
import type { IntOrPercent } from './workloadTypes.js';

/** One ReplicaSet as the rule sees it. */
export interface ReplicaCounts {
  /** What it is asked for, and how many of its pods are ready. */
  readonly wanted: number;
  readonly available: number;
}

export interface RolloutState {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  readonly newest: ReplicaCounts;
  /** Oldest first. */
  readonly old: readonly ReplicaCounts[];
}

/** Percentages of the surge round up, of the unavailable ones down; both zero would never move. */
export function rolloutLimits(
  replicas: number,
  maxSurge: IntOrPercent = '25%',
  maxUnavailable: IntOrPercent = '25%',
): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const resolve = (value: IntOrPercent, round: (n: number) => number): number =>
    typeof value === 'number' ? value : round((Number.parseFloat(value) / 100) * replicas);
  const surge = resolve(maxSurge, Math.ceil);
  const unavailable = resolve(maxUnavailable, Math.floor);
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);

/** How many pods the newest ReplicaSet should be asked for now (`NewRSNewReplicas`). */
export function nextNewReplicas({ replicas, maxSurge, newest, old }: RolloutState): number {
  if (newest.wanted > replicas) return replicas;
  const total = newest.wanted + sum(old.map(({ wanted }) => wanted));
  const room = replicas + maxSurge - total;
  return newest.wanted + Math.max(0, Math.min(room, replicas - newest.wanted));
}

/**
 * How many pods each old ReplicaSet should be asked for now: first those that are not available anyway go, then, oldest
 * first, as many as leave the minimum standing (`reconcileOldReplicaSets`).
 */
export function nextOldReplicas({ replicas, maxUnavailable, newest, old }: RolloutState): readonly number[] {
  const minimum = replicas - maxUnavailable;
  const total = newest.wanted + sum(old.map(({ wanted }) => wanted));
  const newUnavailable = newest.wanted - Math.min(newest.available, newest.wanted);
  let removable = Math.max(0, total - minimum - newUnavailable);
  const next = old.map(({ wanted, available }) => {
    const unhealthy = Math.min(removable, Math.max(0, wanted - available));
    removable -= unhealthy;
    return wanted - unhealthy;
  });
  const available = newest.available + sum(old.map((set) => set.available));
  let expendable = Math.max(0, available - minimum);
  return next.map((wanted) => {
    const removed = Math.min(expendable, wanted);
    expendable -= removed;
    return wanted - removed;
  });
}
