// Whether a step's gate opens in a state, and what had to happen first: the extension's own gates over the model's facts.
//
// Gates are asked at the last moment, and between their answer and the step's effect the environment moves on. Reductions:
// - E2 lazily: pods go exactly where they stand in the gate's way (a scaled-down workload may have none). Fewer pods never
//   open anything else, and what is made anew comes back by the closure, before the effect and after it.
// - Evidence lazily: two surveys, a probe, a backup, the fix of a finding. They change nothing that any rule but a gate looks
//   at, so taking them right before the gate that asks for them covers every earlier time. Where no gate asks, they are not taken.
// - E6: proxies in the way may instead be out of reach when the gate is asked. Clusters out of reach and clusters left out are
//   looked at only where the mutation under test lets them pass: `knownMesh` puts them first in every gate.
import { clusterKey } from '../../../src/domain/cluster.js';
import type { GateId, GateSubject } from '../../../src/domain/gates/gate.js';
import type { ClusterGateFacts, ProxyFacts } from '../../../src/domain/gates/gateFacts.js';
import { gateObstacles } from '../../../src/domain/gates/gateObstacles.js';
import type { Obstacle, ObstacleKind } from '../../../src/domain/gates/obstacle.js';
import { message } from '../../../src/shared/text/message.js';
import { at, FAILED_PROBE, isSettled, settled, workloadsOf } from './clusterState.js';
import type { ClusterState } from './clusterState.js';
import { rootsIn } from './controlPlanes.js';
import { PAIR } from './clusterTable.js';
import type { ClusterTable } from './clusterTable.js';
import { classOf, clusterRef } from './meshFacts.js';
import type { ModelParts } from './modelParts.js';
import type { Mutation } from './mutation.js';
import { REVISION_2 } from './scene.js';
import type { Revision, Scene } from './scene.js';

export interface Permit {
  /** The clusters as the step finds them, closed under the environment. */
  readonly ids: readonly number[];
  /** Reached by restarts alone, from any smaller set of pods too: only such permits count as progress. */
  readonly isCertain: boolean;
  /** For people: what was done for the gate. */
  readonly story: string;
}

/**
 * `key` stands for the gate and what of the subject is not its cluster. `restsElsewhere` is whether a cluster that is not among
 * `ids`, because the gate asks nothing else of it, has come to rest.
 */
export type GateCheck = (gate: GateId, key: number, subject: GateSubject, ids: readonly number[], restsElsewhere?: boolean) => readonly Permit[];

interface Question {
  readonly gate: GateId;
  readonly key: number;
  /** The place of the cluster that it is asked about. */
  readonly own: number;
  readonly subject: GateSubject;
  readonly restsElsewhere: boolean;
}

const EVIDENCE: readonly ObstacleKind[] = ['notSettled', 'probeMissing', 'probeFailed', 'probeSigner', 'probeLacksMeshCa', 'probeLacksIssuer', 'identityFindings', 'backupMissing'];
const KEYS = [0, 1].map((cluster) => clusterKey(clusterRef(cluster)));

/** A permit on the way to it: what was done is still a list. */
interface Opening extends Omit<Permit, 'story'> {
  readonly done: readonly string[];
}

/** One cluster after pods in the way have gone and evidence about it was taken. */
interface Improved {
  readonly id: number;
  readonly isCertain: boolean;
}

interface Obstacles {
  readonly found: readonly Obstacle[];
  readonly forGood?: Obstacle;
}

const NONE: readonly Opening[] = [];
/** No state of a cluster has this number: there is no other cluster. */
const NOBODY = PAIR - 1;
/** More than steps have keys, twice over. */
const KEYS_AT_MOST = 1_000;
const GONE = 'E2: pods in the way go';
const UNREACHED = 'E6: pods in the way are out of reach';

/**
 * States of a cluster in which a gate is shut whatever the other cluster is: all that depends on both (who trusts and accepts
 * whom) is about proxies and probes, which can be put out of the way, so what cannot be is of the cluster's own making.
 */
class ShutForGood {
  /** By gate: as the cluster of the step, and as another. */
  private readonly states: (readonly [boolean[], boolean[]])[] = [];

  has(key: number, own: number, ids: readonly number[]): boolean {
    const known = this.states[key];
    return known !== undefined && ids.some((id, cluster) => known[cluster === own ? 0 : 1][id] === true);
  }

  note(key: number, own: number, ids: readonly number[], cluster: number): void {
    const id = ids[cluster];
    if (id === undefined) return;
    const known = (this.states[key] ??= [[], []]);
    known[cluster === own ? 0 : 1][id] = true;
  }
}

export function createGateCheck(scene: Scene, { classes, environment, facts }: ModelParts, table: ClusterTable, mutation: Mutation | undefined): GateCheck {
  const workloads = workloadsOf(scene);
  const improvements: Map<string, Improved>[] = [];

  const factsOf = (ids: readonly number[]): readonly ClusterGateFacts[] => ids.map((id, cluster) => table.factsOf(id, cluster));

  function* counting({ gate, subject, restsElsewhere }: Question, ids: readonly number[], clusters: readonly ClusterGateFacts[]): Generator<Obstacle> {
    const mesh = facts.ofMesh(clusters, restsElsewhere && ids.every((id) => isSettled(table.state(id))));
    for (const obstacle of gateObstacles(gate, mutation?.view?.(gate, mesh) ?? mesh, subject)) {
      if (mutation?.ignores?.(gate, obstacle.kind) !== true) yield obstacle;
    }
  }

  const isOpen = (...asked: Parameters<typeof counting>): boolean => counting(...asked).next().done === true;

  /** Stops at the first that neither pods that go nor evidence can clear. */
  const obstaclesOf = (...asked: Parameters<typeof counting>): Obstacles => {
    const found: Obstacle[] = [];
    for (const obstacle of counting(...asked)) {
      if (obstacle.proxy === undefined && !EVIDENCE.includes(obstacle.kind)) return { found, forGood: obstacle };
      found.push(obstacle);
    }
    return { found };
  };

  const thinned = (state: ClusterState, proxies: readonly ProxyFacts[]): { readonly state: ClusterState; readonly isCertain: boolean } => {
    let isCertain = true;
    const pods = state.pods.map((set, index) => {
      const { namespace, name } = workloads[index]!;
      const going = proxies.filter((proxy) => proxy.namespace === namespace && proxy.workload === name).map(classOf);
      if (going.length === 0) return set;
      const left = classes.members(set).filter((id) => !going.includes(id));
      const anew = classes.members(environment.madeOf(state, index));
      if (!anew.some((id) => left.includes(id) && classes.at(id).isDelivered) || mutation?.restarts?.(name) === false) isCertain = false;
      return classes.set(left);
    });
    return { state: { ...state, pods }, isCertain };
  };

  /** One probe pod of the istiod that is there now, read when everything has been delivered. */
  const probed = (state: ClusterState, revision: Revision): ClusterState => {
    const made = classes.members(environment.made(state, revision)).find((id) => classes.at(id).isDelivered);
    return { ...state, probes: at(state.probes, revision, made ?? FAILED_PROBE) };
  };

  const withEvidence = (state: ClusterState, { kind, subject }: Obstacle): ClusterState => {
    if (kind === 'notSettled') return settled(state);
    if (kind === 'identityFindings') return { ...state, openFinding: false };
    if (kind === 'backupMissing') return withBackup(state);
    return probed(state, subject === REVISION_2 ? 2 : 1);
  };

  /** The obstacles of one cluster put out of the way, as far as that can be. */
  const improvedCluster = (id: number, obstacles: readonly Obstacle[]): Improved => {
    if (obstacles.length === 0) return { id, isCertain: true };
    const known = (improvements[id] ??= new Map());
    const key = obstacles.map(({ kind, subject, proxy }) => (proxy === undefined ? `${kind} ${subject}` : `${proxy.workload} ${classOf(proxy)}`)).join();
    let found = known.get(key);
    if (found === undefined) {
      const evident = obstacles.filter(({ proxy }) => proxy === undefined).reduce(withEvidence, table.state(id));
      const { state, isCertain } = thinned(evident, obstacles.flatMap(({ proxy }) => (proxy === undefined ? [] : [proxy])));
      known.set(key, (found = { id: table.id(state), isCertain }));
    }
    return found;
  };

  const improved = (ids: readonly number[], obstacles: readonly Obstacle[]): Opening => {
    const after = ids.map((id, cluster) => improvedCluster(id, obstacles.filter((obstacle) => obstacle.cluster === undefined || obstacle.cluster === KEYS[cluster])));
    const done = obstacles.map(({ kind, proxy }) => (proxy === undefined ? (EVIDENCE_STEPS[kind] ?? kind) : GONE));
    return { ids: after.map(({ id }) => id), isCertain: after.every((one) => one.isCertain), done: [...new Set(done)] };
  };

  const closed = (ids: readonly number[]): readonly number[] => ids.map((id) => table.closed(id));

  const hidden = (clusters: readonly ClusterGateFacts[], proxies: readonly ProxyFacts[]): readonly ClusterGateFacts[] =>
    clusters.map((cluster) => ({
      ...cluster,
      proxies: cluster.proxies.map((proxy) => (proxies.includes(proxy) ? { ...proxy, standing: { kind: 'unknown', reason: message('reason.notReadYet') } as const } : proxy)),
    }));

  /** E6: every proxy in the way is out of reach instead, and that is all that there was. */
  const unseen = (question: Question, ids: readonly number[], clusters: readonly ClusterGateFacts[], obstacles: readonly Obstacle[]): readonly Opening[] => {
    const inTheWay = obstacles.flatMap(({ proxy }) => (proxy === undefined ? [] : [proxy]));
    if (inTheWay.length < obstacles.length || !isOpen(question, ids, hidden(clusters, inTheWay))) return [];
    return [{ ids: closed(ids), isCertain: false, done: [UNREACHED] }];
  };

  // What a mutation shows in place of the truth may be taken from one cluster because of the other.
  const shut = mutation?.view === undefined ? new ShutForGood() : undefined;
  const later = new Map<number, readonly Opening[]>();

  /** Many states come to the same as soon as what stands in the way has been put out of it: from there on it is worked out once. */
  const onceBetter = (question: Question, ids: readonly number[]): readonly Opening[] => {
    const { key, own, restsElsewhere } = question;
    const [one = 0, other = NOBODY] = ids;
    const place = (((restsElsewhere ? 0 : 1) * KEYS_AT_MOST + key * 2 + own) * PAIR + one) * PAIR + other;
    const known = later.get(place);
    if (known !== undefined) return known;
    const found = openings(question, ids, false);
    later.set(place, found);
    return found;
  };

  const openings = (question: Question, ids: readonly number[], isFirst: boolean): readonly Opening[] => {
    const clusters = factsOf(ids);
    const { found, forGood } = obstaclesOf(question, ids, clusters);
    if (forGood !== undefined) {
      if (isFirst) shut?.note(question.key, question.own, ids, KEYS.indexOf(forGood.cluster ?? ''));
      return NONE;
    }
    if (found.length === 0) return [{ ids: closed(ids), isCertain: true, done: [] }];
    const better = improved(ids, found);
    const restsElsewhere = question.restsElsewhere || found.some(({ kind }) => kind === 'notSettled');
    const isStuck = restsElsewhere === question.restsElsewhere && better.ids.every((id, cluster) => id === ids[cluster]);
    const then = isStuck ? NONE : onceBetter({ ...question, restsElsewhere }, better.ids);
    const opened = then.map(({ ids: to, isCertain, done }) => ({ ids: to, isCertain: isCertain && better.isCertain, done: [...better.done, ...done] }));
    const over = unseen(question, ids, clusters, found);
    return over.length === 0 ? opened : [...over, ...opened];
  };

  return (gate, key, subject, start, restsElsewhere = true) => {
    if (mutation?.opens?.(gate) === true) return [{ ids: start, isCertain: true, story: '' }];
    const own = KEYS.indexOf(subject.cluster ?? '');
    if (shut?.has(key, own, start) === true) return [];
    const found = openings({ gate, key, own, subject, restsElsewhere }, start, true);
    return found.map(({ ids, isCertain, done }) => ({ ids, isCertain, story: [...new Set(done)].join(', ') }));
  };
}

/** Kept beside those that are there already, the first root first. */
export function withBackup(state: ClusterState): ClusterState {
  const backups = [...new Set([...state.backups, ...rootsIn(state.secret)])].sort();
  return backups.length === state.backups.length ? state : { ...state, backups };
}

const EVIDENCE_STEPS: Partial<Readonly<Record<ObstacleKind, string>>> = {
  notSettled: 'two surveys agree',
  probeMissing: 'probe',
  probeFailed: 'probe',
  probeSigner: 'probe',
  probeLacksMeshCa: 'probe',
  probeLacksIssuer: 'probe',
  identityFindings: 'findings of the identity scan are fixed',
  backupMissing: 'backup-secrets',
};
