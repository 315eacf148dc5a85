// Walks every state of a mesh breadth first: the first broken property has the shortest story; without one, liveness backwards.
import { PAIR } from './clusterTable.js';
import { livenessGoals } from './liveness.js';
import { createMeshModel } from './meshModel.js';
import type { MeshModel, MeshState, Move } from './meshModel.js';
import type { Mutation } from './mutation.js';
import type { Scene } from './scene.js';

export interface Finding {
  readonly property: string;
  /** What led there, step by step. */
  readonly story: readonly string[];
}

export interface Outcome {
  readonly states: number;
  readonly moves: number;
  readonly finding: Finding | undefined;
}


function codeOf(mesh: MeshState): number {
  return mesh.length === 1 ? mesh[0]! : mesh[0]! * PAIR + mesh[1]!;
}

class Graph {
  readonly meshes: MeshState[] = [];
  private readonly index = new Map<number, number>();
  private readonly parents: number[] = [];
  private readonly from: number[] = [];
  private readonly to: number[] = [];
  moves = 0;

  /** The state's number, and whether it is new. */
  add(mesh: MeshState, parent: number): { readonly at: number; readonly isNew: boolean } {
    const code = codeOf(mesh);
    const known = this.index.get(code);
    if (known !== undefined) return { at: known, isNew: false };
    const at = this.meshes.length;
    this.index.set(code, at);
    this.meshes.push(mesh);
    this.parents.push(parent);
    return { at, isNew: true };
  }

  connect(from: number, to: number): void {
    this.from.push(from);
    this.to.push(to);
  }

  path(at: number): readonly number[] {
    const path: number[] = [];
    for (let step = at; step >= 0; step = this.parents[step]!) path.unshift(step);
    return path;
  }

  /** Marks whatever can get to one of `goals`. */
  reaching(goals: (mesh: MeshState) => boolean): Uint8Array {
    const size = this.meshes.length;
    const starts = new Int32Array(size + 1);
    for (const to of this.to) starts[to + 1]! += 1;
    for (let at = 0; at < size; at += 1) starts[at + 1]! += starts[at]!;
    const into = new Int32Array(this.to.length);
    const next = starts.slice();
    for (const [edge, to] of this.to.entries()) into[next[to]!++] = this.from[edge]!;
    const marked = new Uint8Array(size);
    const queue: number[] = [];
    for (const [at, mesh] of this.meshes.entries()) {
      if (!goals(mesh)) continue;
      marked[at] = 1;
      queue.push(at);
    }
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
      for (let edge = starts[at]!; edge < starts[at + 1]!; edge += 1) {
        const from = into[edge]!;
        if (marked[from] === 1) continue;
        marked[from] = 1;
        queue.push(from);
      }
    }
    return marked;
  }
}

/** `limit` stops a walk that has gone astray; reaching it is an error. */
export function explore(scene: Scene, mutation?: Mutation, limit = 20_000_000): Outcome {
  const model = createMeshModel(scene, mutation);
  const graph = new Graph();
  graph.add(model.initial, -1);
  for (let at = 0; at < graph.meshes.length; at += 1) {
    if (at > limit) throw new Error(`more than ${limit} states`);
    const mesh = graph.meshes[at]!;
    const property = model.broken(mesh);
    if (property !== undefined) return outcome(graph, { property, story: tell(model, graph, at) });
    for (const move of model.moves(mesh)) {
      graph.moves += 1;
      if (move.breaks !== undefined) return outcome(graph, { property: move.breaks, story: [...tell(model, graph, at), words(move)] });
      const { at: to } = graph.add(move.to, at);
      if (move.isCertain && to !== at) graph.connect(at, to);
    }
  }
  return outcome(graph, stuck(scene, model, graph));
}

function outcome({ meshes, moves }: Graph, finding: Finding | undefined): Outcome {
  return { states: meshes.length, moves, finding };
}

/** The first state from which something that has to stay within reach is not. */
function stuck(scene: Scene, model: MeshModel, graph: Graph): Finding | undefined {
  for (const { name, owed, reached } of livenessGoals(scene, model)) {
    const marked = graph.reaching(reached);
    const at = graph.meshes.findIndex((mesh, index) => marked[index] === 0 && owed(mesh));
    if (at >= 0) return { property: name, story: tell(model, graph, at) };
  }
  return undefined;
}

function words({ story, step, effect, cluster }: Move): string {
  return `cluster ${cluster + 1}: ${story === '' ? '' : `${story}; `}${step}${effect === 1 ? '' : ` (effect ${effect})`}`;
}

/** Walks the path again to name its moves; clusters are numbered as in each state of it. */
function tell(model: MeshModel, graph: Graph, at: number): readonly string[] {
  const path = graph.path(at);
  return path.slice(1).map((to, index) => {
    const from = graph.meshes[path[index]!]!;
    const target = codeOf(graph.meshes[to]!);
    for (const move of model.moves(from)) if (codeOf(move.to) === target) return words(move);
    throw new Error('a path has a move that is not there');
  });
}
