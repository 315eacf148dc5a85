// All states of a cluster seen so far by their numbers, and what follows from each alone, worked out once.
import type { ClusterGateFacts } from '../../../src/domain/gates/gateFacts.js';
import { settled, stateKey } from './clusterState.js';
import type { ClusterState } from './clusterState.js';
import { stepsIn } from './clusterSteps.js';
import type { ModelStep } from './clusterSteps.js';
import type { ModelParts } from './modelParts.js';
import type { Scene } from './scene.js';
import { brokenByStep } from './safety.js';
import type { Safety, SafetyProperty } from './safety.js';

/** `key` is the same for steps that ask the same gate about the same thing. */
export interface KeyedStep extends ModelStep {
  readonly key: number;
}

export interface Effect {
  readonly to: number;
  readonly breaks: SafetyProperty | undefined;
}

export interface EnvironmentMove {
  readonly name: string;
  readonly to: number;
}

/** Pairs of state numbers as one number. */
export const PAIR = 1_000_000;

export class ClusterTable {
  private readonly ids = new Map<string, number>();
  private readonly states: ClusterState[] = [];
  private readonly closures: number[] = [];
  private readonly rest: number[] = [];
  private readonly steps: (readonly KeyedStep[])[] = [];
  private readonly keys = new Map<string, number>();
  private readonly effects: Map<string, readonly Effect[]>[] = [];
  private readonly environment: (readonly EnvironmentMove[])[] = [];
  private readonly facts: (ClusterGateFacts | undefined)[][] = [[], []];
  private readonly broken: (SafetyProperty | 'none' | undefined)[] = [];
  private readonly between = new Map<number, SafetyProperty | undefined>();
  private readonly parts: ModelParts;
  private readonly safety: Safety;
  private readonly scene: Scene;

  constructor(parts: ModelParts, safety: Safety, scene: Scene) {
    this.scene = scene;
    this.parts = parts;
    this.safety = safety;
  }

  id(state: ClusterState): number {
    const key = stateKey(state);
    let id = this.ids.get(key);
    if (id === undefined) {
      id = this.states.length;
      this.states.push(state);
      this.ids.set(key, id);
    }
    return id;
  }

  state(id: number): ClusterState {
    return this.states[id]!;
  }

  /** The same under all that the environment can do. */
  closed(id: number): number {
    return (this.closures[id] ??= this.id(this.parts.environment.closed(this.state(id))));
  }

  /** The same after two surveys have agreed. */
  settled(id: number): number {
    return (this.rest[id] ??= this.closed(this.id(settled(this.state(id)))));
  }

  stepsIn(id: number): readonly KeyedStep[] {
    return (this.steps[id] ??= stepsIn(this.state(id), this.parts.controlPlanes, this.scene).map((step) => ({ ...step, key: this.keyOf(step) })));
  }

  private keyOf({ gate, subject: { revision, goes, successor, gateway } }: ModelStep): number {
    const words = [gate, revision, goes, successor, gateway].join(' ');
    const key = this.keys.get(words) ?? this.keys.size;
    this.keys.set(words, key);
    return key;
  }

  /** What a step leads to from here, prefix by prefix, closed. */
  effectsOf(id: number, step: ModelStep): readonly Effect[] {
    const known = (this.effects[id] ??= new Map());
    let found = known.get(step.name);
    if (found === undefined) {
      const before = this.state(id);
      found = step.effects(before).map((after) => ({ to: this.closed(this.id(after)), breaks: brokenByStep(before, after) }));
      known.set(step.name, found);
    }
    return found;
  }

  environmentOf(id: number): readonly EnvironmentMove[] {
    return (this.environment[id] ??= this.parts.environment.moves(this.state(id)).map(({ name, to }) => ({ name, to: this.closed(this.id(to)) })));
  }

  factsOf(id: number, cluster: number): ClusterGateFacts {
    return (this.facts[cluster]![id] ??= this.parts.facts.ofCluster(this.state(id), cluster));
  }

  brokenIn(id: number): SafetyProperty | undefined {
    const property = (this.broken[id] ??= this.safety.within(this.state(id)) ?? 'none');
    return property === 'none' ? undefined : property;
  }

  brokenBetween(one: number, other: number): SafetyProperty | undefined {
    const key = one * PAIR + other;
    if (!this.between.has(key)) this.between.set(key, this.safety.between(this.state(one), this.state(other)));
    return this.between.get(key);
  }
}
