// The start of a rehearsal, from the first question until its clusters take part: one at a time, and what is given up leaves no process.
import type { RehearsalLauncher, RehearsalProcess, RehearsalRequest } from '../../app/ports.js';
import type { Failure, Result } from '../../shared/failure.js';

/** What a rehearsal needs of the list of clusters that take part. */
export interface ParticipatingClusters {
  /** All contexts of the file take part from now on. Resolves with how many there are. */
  join(kubeconfig: string): Promise<Result<number>>;
  /** No context of the file takes part any more. */
  leave(kubeconfig: string): Promise<void>;
}

export type StartOutcome =
  | { readonly kind: 'started'; readonly process: RehearsalProcess; readonly clusters: number }
  | { readonly kind: 'failed'; readonly failure: Failure };

export interface RehearsalStartParts {
  readonly launcher: () => Promise<RehearsalLauncher>;
  readonly clusters: Pick<ParticipatingClusters, 'join'>;
}

/** How the user takes part in a start. */
export interface StartDialogue {
  /** Which mesh; undefined when nobody chose one. */
  readonly ask: () => Promise<RehearsalRequest | undefined>;
  /** Shows that it starts, with a way to give it up. */
  readonly whileStarting: (start: (signal: AbortSignal) => Promise<StartOutcome>) => PromiseLike<StartOutcome>;
}

export class RehearsalStart {
  readonly #parts: RehearsalStartParts;
  #isUnderWay = false;

  constructor(parts: RehearsalStartParts) {
    this.#parts = parts;
  }

  /** Undefined when nothing was started: no mesh was chosen, or another start is under way, be it at its questions only. */
  async begin({ ask, whileStarting }: StartDialogue): Promise<StartOutcome | undefined> {
    if (this.#isUnderWay) return undefined;
    this.#isUnderWay = true;
    try {
      const request = await ask();
      if (request === undefined) return undefined;
      return await whileStarting((signal) => this.#launch(request, signal));
    } finally {
      this.#isUnderWay = false;
    }
  }

  /** A mesh whose clusters cannot take part is of no use, so it does not go on. */
  async #launch(request: RehearsalRequest, signal: AbortSignal): Promise<StartOutcome> {
    const launcher = await this.#parts.launcher();
    const started = await launcher.start(request, signal);
    if (!started.ok) return { kind: 'failed', failure: started.failure };
    const joined = signal.aborted ? ({ ok: false, failure: { kind: 'cancelled' } } as const) : await this.#parts.clusters.join(request.kubeconfig);
    if (joined.ok) return { kind: 'started', process: started.value, clusters: joined.value };
    started.value.stop();
    return { kind: 'failed', failure: joined.failure };
  }
}
