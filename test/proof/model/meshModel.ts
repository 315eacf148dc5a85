// The mesh of the model: one or two clusters as numbers, every move from a state, and what must hold in it.
//
// Clusters are alike, so a pair of them and the pair the other way round are one state (symmetry). A move of one cluster
// changes the other only where a gate had to wait for its pods or for evidence about it.
import type { GateId } from '../../../src/domain/gates/gate.js';
import { clusterKey } from '../../../src/domain/cluster.js';
import { initialCluster, isSettled } from './clusterState.js';
import type { ClusterState } from './clusterState.js';
import { ClusterTable } from './clusterTable.js';
import type { KeyedStep } from './clusterTable.js';
import { createGateCheck } from './gateCheck.js';
import type { GateCheck, Permit } from './gateCheck.js';
import { clusterRef } from './meshFacts.js';
import { createParts } from './modelParts.js';
import type { ModelParts } from './modelParts.js';
import type { Mutation } from './mutation.js';
import { createSafety } from './safety.js';
import type { SafetyProperty } from './safety.js';
import type { Scene } from './scene.js';

/** A mesh: the numbers of its clusters' states, in ascending order. */
export type MeshState = readonly number[];

export interface Move {
  readonly to: MeshState;
  /** What was done for the step's gate, the step or the environment's move, and how many of its effects came about. */
  readonly story: string;
  readonly step: string;
  readonly effect: number;
  /** Counts in the order of the state it starts from. */
  readonly cluster: number;
  /** Counts as progress for liveness. */
  readonly isCertain: boolean;
  readonly breaks: SafetyProperty | undefined;
}

export interface MeshModel {
  readonly initial: MeshState;
  moves(mesh: MeshState): Generator<Move>;
  broken(mesh: MeshState): SafetyProperty | undefined;
  cluster(id: number): ClusterState;
  readonly parts: ModelParts;
}

/** Gates that ask about their own cluster only (and whether anything anywhere still moves). */
const LOCAL_GATES: readonly GateId[] = ['finish', 'restore'];

export function createMeshModel(scene: Scene, mutation?: Mutation): MeshModel {
  const parts = createParts(scene);
  const table = new ClusterTable(parts, createSafety(scene, parts.classes, parts.environment), scene);
  const first = table.closed(table.id(initialCluster(scene.extent)));
  const permits = createPermits(table, createGateCheck(scene, parts, table, mutation), mutation === undefined);

  function* stepMoves(mesh: MeshState, cluster: number): Generator<Move> {
    const asked: (readonly Permit[] | undefined)[] = [];
    for (const step of table.stepsIn(mesh[cluster]!)) {
      for (const { ids, isCertain, story } of permits(mesh, cluster, step, asked)) {
        for (const [index, { to: id, breaks }] of table.effectsOf(ids[cluster]!, step).entries()) {
          const to = ids.length === 1 ? [id] : cluster === 0 ? ordered(id, ids[1]!) : ordered(ids[0]!, id);
          yield { to, story, step: step.name, effect: index + 1, cluster, isCertain, breaks };
        }
      }
    }
  }

  return {
    parts,
    initial: Array.from({ length: scene.extent.clusters }, () => first),
    *moves(mesh) {
      for (let cluster = 0; cluster < mesh.length; cluster += 1) {
        if (cluster === 1 && mesh[0] === mesh[1]) return;
        for (const { name, to: id } of table.environmentOf(mesh[cluster]!)) {
          const to = mesh.length === 1 ? [id] : ordered(id, mesh[1 - cluster]!);
          yield { to, story: '', step: name, effect: 1, cluster, isCertain: true, breaks: undefined };
        }
        yield* stepMoves(mesh, cluster);
      }
    },
    broken: ([one = 0, other]) =>
      table.brokenIn(one) ?? (other === undefined ? undefined : (table.brokenIn(other) ?? table.brokenBetween(one, other))),
    cluster: (id) => table.state(id),
  };
}

/** `asked` is what gates answered in this state already, by their keys. */
type Permits = (mesh: MeshState, cluster: number, step: KeyedStep, asked: (readonly Permit[] | undefined)[]) => readonly Permit[];

const KEYS = [0, 1].map((cluster) => clusterKey(clusterRef(cluster)));

/** Asks each gate once per state; what a local gate answers, where nothing is taken out of it, holds whatever the other cluster is. */
function createPermits(table: ClusterTable, check: GateCheck, isTrue: boolean): Permits {
  /** By whether the other cluster has come to rest: where it has not, that is waited for too. */
  const local: readonly [(readonly Permit[] | undefined)[][], (readonly Permit[] | undefined)[][]] = [[], []];

  const askLocal = (mesh: MeshState, cluster: number, gate: GateId, { key, subject }: KeyedStep): readonly Permit[] => {
    const other = mesh[1 - cluster]!;
    const rests = isSettled(table.state(other));
    const known = (local[rests ? 1 : 0][key] ??= []);
    const answer = (known[mesh[cluster]!] ??= check(gate, key, { ...subject, cluster: KEYS[0] }, [mesh[cluster]!], rests));
    if (answer.length === 0) return answer;
    const there = rests ? other : table.settled(other);
    return answer.map(({ ids: [id = 0], isCertain, story }) => ({ isCertain, story, ids: cluster === 0 ? [id, there] : [there, id] }));
  };

  return (mesh, cluster, step, asked) => {
    const { gate, key } = step;
    if (gate === undefined) return [{ ids: mesh, isCertain: true, story: '' }];
    const known = asked[key];
    if (known !== undefined) return known;
    const isLocal = isTrue && mesh.length === 2 && LOCAL_GATES.includes(gate);
    const answer = isLocal ? askLocal(mesh, cluster, gate, step) : check(gate, key, { ...step.subject, cluster: KEYS[cluster] }, mesh);
    asked[key] = answer;
    return answer;
  };
}

function ordered(one: number, other: number): MeshState {
  return one <= other ? [one, other] : [other, one];
}
