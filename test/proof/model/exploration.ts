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


/** A mesh as one number. */
function codeOf(mesh: MeshState): number {
  return mesh.length === 1 ? mesh[0]! : mesh[0]! * PAIR + mesh[1]!;
}

/** Numbers that become many: half the room of a list, and nothing for the collector to follow. */
class Numbers {
  private held = new Int32Array(1 << 16);
  size = 0;

  push(value: number): void {
    if (this.size === this.held.length) {
      const more = new Int32Array(this.size * 2);
      more.set(this.held);
      this.held = more;
    }
    this.held[this.size] = value;
    this.size += 1;
  }

  get values(): Int32Array {
    return this.held.subarray(0, this.size);
  }
}

class Graph {
  private readonly codes: number[] = [];
  private readonly index = new Map<number, number>();
  private readonly parents = new Numbers();
  private readonly from = new Numbers();
  private readonly to = new Numbers();
  private readonly clusters: number;
  moves = 0;

  constructor(clusters: number) {
    this.clusters = clusters;
  }

  get size(): number {
    return this.codes.length;
  }

  mesh(at: number): MeshState {
    const code = this.codes[at]!;
    return this.clusters === 1 ? [code] : [Math.floor(code / PAIR), code % PAIR];
  }

  /** The state's number; a new one is reached by `parent`. */
  add(mesh: MeshState, parent: number): number {
    const code = codeOf(mesh);
    const known = this.index.get(code);
    if (known !== undefined) return known;
    const at = this.codes.length;
    this.index.set(code, at);
    this.codes.push(code);
    this.parents.push(parent);
    return at;
  }

  connect(from: number, to: number): void {
    this.from.push(from);
    this.to.push(to);
  }

  path(at: number): readonly number[] {
    const parents = this.parents.values;
    const path: number[] = [];
    for (let step = at; step >= 0; step = parents[step]!) path.unshift(step);
    return path;
  }

  /** Marks whatever can get to one of `goals`. */
  reaching(goals: (mesh: MeshState) => boolean): Uint8Array {
    const { size } = this;
    const [sources, targets] = [this.from.values, this.to.values];
    const starts = new Int32Array(size + 1);
    for (const to of targets) starts[to + 1]! += 1;
    for (let at = 0; at < size; at += 1) starts[at + 1]! += starts[at]!;
    const into = new Int32Array(targets.length);
    const next = starts.slice();
    for (let edge = 0; edge < targets.length; edge += 1) into[next[targets[edge]!]!++] = sources[edge]!;
    const marked = new Uint8Array(size);
    const queue: number[] = [];
    for (let at = 0; at < size; at += 1) {
      if (!goals(this.mesh(at))) continue;
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
  const graph = new Graph(scene.extent.clusters);
  graph.add(model.initial, -1);
  for (let at = 0; at < graph.size; at += 1) {
    if (at > limit) throw new Error(`more than ${limit} states`);
    const mesh = graph.mesh(at);
    const property = model.broken(mesh);
    if (property !== undefined) return outcome(graph, { property, story: tell(model, graph, at) });
    for (const move of model.moves(mesh)) {
      graph.moves += 1;
      if (move.breaks !== undefined) return outcome(graph, { property: move.breaks, story: [...tell(model, graph, at), words(move)] });
      const to = graph.add(move.to, at);
      if (move.isCertain && to !== at) graph.connect(at, to);
    }
  }
  return outcome(graph, stuck(scene, model, graph));
}

function outcome({ size, moves }: Graph, finding: Finding | undefined): Outcome {
  return { states: size, moves, finding };
}

/** The first state from which something that has to stay within reach is not. */
function stuck(scene: Scene, model: MeshModel, graph: Graph): Finding | undefined {
  for (const { name, owed, reached } of livenessGoals(scene, model)) {
    const marked = graph.reaching(reached);
    for (let at = 0; at < graph.size; at += 1) {
      if (marked[at] === 0 && owed(graph.mesh(at))) return { property: name, story: tell(model, graph, at) };
    }
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
    const from = graph.mesh(path[index]!);
    const target = codeOf(graph.mesh(to));
    for (const move of model.moves(from)) if (codeOf(move.to) === target) return words(move);
    throw new Error('a path has a move that is not there');
  });
}
