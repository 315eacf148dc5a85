// What the rules of the position look at: each cluster of the mesh with its facts and its revisions in their roles.
import { failureMessage } from '../../shared/failure.js';
import type { Message } from '../../shared/text/message.js';
import { message } from '../../shared/text/message.js';
import type { ClusterRef } from '../cluster.js';
import { clusterKey } from '../cluster.js';
import type { ClusterGateFacts, CreatableFacts } from '../gates/gateFacts.js';
import type { WatchedKind } from '../mesh/facts.js';
import type { ClusterSnapshot } from '../mesh/snapshot.js';
import type { MeshSituation, StepTraces } from '../procedure/procedureStep.js';
import type { Standing } from './targetPositions.js';
import { unknown, unlessUnread } from './targetPositions.js';

export interface ClusterContext {
  readonly ref: ClusterRef;
  readonly snapshot: ClusterSnapshot;
  readonly facts: ClusterGateFacts;
  readonly traces: StepTraces | undefined;
  /** The control plane that hands out Mesh CA's root while Istio CA signs, and the one whose proxies Mesh CA signs. */
  readonly first: string | undefined;
  readonly second: string | undefined;
  /** By namespace. */
  readonly creatable: ReadonlyMap<string, readonly CreatableFacts[]>;
  /** Pods whose proxies the plan waives, as `namespace/pod`. */
  readonly waivedPods: ReadonlySet<string>;
  /** Phase 2 is over here: only the second is left, so whatever phase 1 did has been done. */
  readonly isPastFirst: boolean;
}

export interface PositionContext {
  readonly situation: MeshSituation;
  /** Every cluster of the mesh: the plan's, or without a plan those that take part. */
  readonly refs: readonly ClusterRef[];
  /** Those of which anything is known, in the same order. */
  readonly clusters: readonly ClusterContext[];
}

export function positionContext(situation: MeshSituation): PositionContext {
  const { plan, snapshots } = situation;
  const refs = plan?.clusters.map(({ ref }) => ref) ?? snapshots.map(({ ref }) => ref);
  const clusters = refs.flatMap((ref) => contextOf(situation, ref) ?? []);
  return { situation, refs, clusters };
}

function contextOf(situation: MeshSituation, ref: ClusterRef): ClusterContext | undefined {
  const key = clusterKey(ref);
  const snapshot = situation.snapshots.find((candidate) => clusterKey(candidate.ref) === key);
  const facts = situation.facts.clusters.find(({ cluster }) => cluster === key);
  if (snapshot === undefined || facts === undefined) return undefined;
  const { first, second } = revisionRoles(situation, facts);
  return {
    ref,
    snapshot,
    facts,
    traces: situation.traces?.get(key),
    first,
    second,
    creatable: byNamespace(facts.creatable),
    waivedPods: new Set(facts.proxies.flatMap(({ waived, namespace, pods }) => (waived ? pods.map((pod) => `${namespace}/${pod}`) : []))),
    isPastFirst: isPastFirst(facts, first, second),
  };
}

function byNamespace(creatable: readonly CreatableFacts[]): ReadonlyMap<string, readonly CreatableFacts[]> {
  const found = new Map<string, CreatableFacts[]>();
  for (const each of creatable) {
    const same = found.get(each.namespace);
    if (same === undefined) found.set(each.namespace, [each]);
    else same.push(each);
  }
  return found;
}

/**
 * The plan only supplies names. Without one the revisions are known by what they do: one that signs with Istio CA and hands out
 * Mesh CA's root is phase 1's, one whose proxies Mesh CA signs is phase 2's.
 */
export function revisionRoles(
  { plan, facts: { revision1, revision2 } }: Pick<MeshSituation, 'plan' | 'facts'>,
  { controlPlanes }: Pick<ClusterGateFacts, 'controlPlanes'>,
): { readonly first: string | undefined; readonly second: string | undefined } {
  const installed = controlPlanes.filter((plane) => plane.installed);
  const handsOut = installed.find(({ signer, handsOutMeshCa }) => signer === 'istioCa' && handsOutMeshCa === 'yes');
  const meshCa = installed.find(({ signer }) => signer === 'meshCa');
  return {
    first: plan?.revision1 ?? revision1 ?? handsOut?.revision,
    second: plan?.revision2 ?? revision2 ?? meshCa?.revision,
  };
}

function isPastFirst({ controlPlanes, proxies }: ClusterGateFacts, first: string | undefined, second: string | undefined): boolean {
  const others = controlPlanes.filter(({ installed, revision }) => installed && revision !== second);
  const hasSecond = controlPlanes.some(({ installed, revision }) => installed && revision === second);
  return hasSecond && others.length === 0 && proxies.every(({ revision }) => revision === second || revision === first);
}

/** Revisions of control planes that are there and are none of these. */
export function otherControlPlanes({ facts }: ClusterContext, goal: ReadonlySet<string>): readonly string[] {
  return facts.controlPlanes.filter(({ installed, revision }) => installed && !goal.has(revision)).map(({ revision }) => revision);
}

/** What phase 1 (and whatever comes after it) moves to, or phase 2. */
export function goalOf({ first, second }: ClusterContext, phase: 1 | 2): ReadonlySet<string> {
  return new Set((phase === 1 ? [first, second] : [second]).filter((revision) => revision !== undefined));
}

/** Which of the kinds are not followed at this moment, for people; empty when all of them may be believed. */
export function unreadKinds({ snapshot }: ClusterContext, kinds: readonly WatchedKind[]): readonly Message[] {
  return notFollowed(snapshot, kinds.filter((kind) => snapshot.kinds[kind].state !== 'live'));
}

/** Those of the kinds of which nothing that is known need be so any more, or nothing was ever known for want of a connection. */
export function lostKinds({ snapshot }: ClusterContext, kinds: readonly WatchedKind[]): readonly Message[] {
  return notFollowed(
    snapshot,
    kinds.filter((kind) => {
      const state = snapshot.kinds[kind];
      // What may not be read is missing, and leaves what can be read as true as it is.
      return state.state !== 'live' && !(state.state === 'failed' && state.failure.kind === 'forbidden');
    }),
  );
}

/** Where it is all of them, what keeps the cluster away says more than their names. */
function notFollowed({ kinds: states }: ClusterSnapshot, kinds: readonly WatchedKind[]): readonly Message[] {
  if (kinds.length === 0) return [];
  const all = Object.values(states);
  const failed = all.find((state) => state.state === 'failed' || state.state === 'stale');
  if (failed !== undefined && all.every(({ state }) => state !== 'live')) return [failureMessage(failed.failure)];
  return [message('migration.unread.kinds', { kinds: kinds.join(', ') })];
}

/**
 * What was concluded from these kinds, as far as it may be said: nothing at all without a connection to them, and nothing is
 * done or not needed while one of them may not be read.
 */
export function asFarAsRead(cluster: ClusterContext, kinds: readonly WatchedKind[], standing: Standing): Standing {
  const [lost] = lostKinds(cluster, kinds);
  return lost === undefined ? unlessUnread(standing, unreadKinds(cluster, kinds)) : unknown(lost);
}

/** What steps recorded in the cluster (probes, answers, backups, the baseline) was read. */
export function hasRecords({ traces }: ClusterContext): boolean {
  return traces?.applicationTests !== undefined;
}

/** What the survey or the evidence could not read of the cluster. */
export function unreadEvidence({ facts }: ClusterContext): readonly Message[] {
  return facts.unread.map((what) => message('migration.unread', { what }));
}
