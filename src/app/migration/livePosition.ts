// The situation of the mesh and the position computed from it, together and at most once for each state of the mesh.
import { computePosition } from '../../domain/position/computePosition.js';
import type { MigrationPosition } from '../../domain/position/position.js';
import type { MeshSituation } from '../../domain/procedure/procedureStep.js';
import type { Disposable } from '../events.js';
import type { SituationSource } from './situationSource.js';

export interface Standpoint {
  readonly situation: MeshSituation;
  readonly position: MigrationPosition;
}

/** Computes when somebody looks, not when something changes: a rollout is dozens of changes. */
export class LivePosition {
  readonly #source: SituationSource;
  #known: Standpoint | undefined;

  constructor(source: SituationSource) {
    this.#source = source;
  }

  /** As far as the mesh has been read; never waits. */
  current(): Standpoint {
    const situation = this.#source.current();
    if (this.#known?.situation !== situation) this.#known = { situation, position: computePosition(situation) };
    return this.#known;
  }

  /** Reads anew what gates judge, then answers. */
  async refresh(signal: AbortSignal): Promise<Standpoint> {
    const situation = await this.#source.refresh(signal);
    this.#known = { situation, position: computePosition(situation) };
    return this.#known;
  }

  onDidChange(listener: () => void): Disposable {
    return this.#source.onDidChange(listener);
  }
}
