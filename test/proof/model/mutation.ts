// One gate, condition or lock taken out of the model, to see that something breaks without it.
import type { GateId } from '../../../src/domain/gates/gate.js';
import type { GateFacts } from '../../../src/domain/gates/gateFacts.js';
import type { ObstacleKind } from '../../../src/domain/gates/obstacle.js';

export interface Mutation {
  readonly name: string;
  /** The whole gate is taken out. */
  readonly opens?: (gate: GateId) => boolean;
  /** Obstacles that no longer count. */
  readonly ignores?: (gate: GateId, kind: ObstacleKind) => boolean;
  /** What a scan shows in place of the truth. */
  readonly view?: (gate: GateId, facts: GateFacts) => GateFacts | undefined;
  /** Whether `restart-workloads` reaches a workload (`Kind/name`). */
  readonly restarts?: (workload: string) => boolean;
}
