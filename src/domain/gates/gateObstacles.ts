// All gates by their names. Obstacles are found one by one as they are asked for, so that open or shut costs as little as it can.
import { assertNever } from '../../shared/assertNever.js';
import { finishObstacles } from './finishGate.js';
import type { GateId, GateSubject } from './gate.js';
import type { GateFacts } from './gateFacts.js';
import type { Obstacle } from './obstacle.js';
import { phaseOneLabelsObstacles } from './phaseOneLabelsGate.js';
import { phaseThreeObstacles } from './phaseThreeGate.js';
import { phaseTwoObstacles } from './phaseTwoGate.js';
import { phaseTwoLabelsObstacles } from './phaseTwoLabelsGate.js';
import { restoreObstacles } from './restoreGate.js';
import { rollbackOneObstacles } from './rollbackOneGate.js';
import { rollbackTwoObstacles } from './rollbackTwoGate.js';

export function gateObstacles(gate: GateId, facts: GateFacts, subject: GateSubject): Generator<Obstacle> {
  switch (gate) {
    case 'phase-1-labels':
      return phaseOneLabelsObstacles(facts, subject);
    case 'phase-2':
      return phaseTwoObstacles(facts);
    case 'phase-2-labels':
      return phaseTwoLabelsObstacles(facts, subject);
    case 'finish':
      return finishObstacles(facts, subject);
    case 'phase-3':
      return phaseThreeObstacles(facts, subject);
    case 'rollback-1':
      return rollbackOneObstacles(facts, subject);
    case 'rollback-2':
      return rollbackTwoObstacles(facts, subject);
    case 'restore':
      return restoreObstacles(facts, subject);
    default:
      return assertNever(gate);
  }
}

/** Stops at the first obstacle; makes no words. */
export function isGateOpen(gate: GateId, facts: GateFacts, subject: GateSubject): boolean {
  return gateObstacles(gate, facts, subject).next().done === true;
}
