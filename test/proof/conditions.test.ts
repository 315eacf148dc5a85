// Whether the proof is about every condition: what gates name as in the way has a mutation that shows what it is for, or a stated reason.
import assert from 'node:assert/strict';
import { GATES } from '../../src/domain/gates/gate.js';
import type { GateId } from '../../src/domain/gates/gate.js';
import { OBSTACLE_KINDS } from '../../src/domain/gates/obstacle.js';
import type { ObstacleKind } from '../../src/domain/gates/obstacle.js';
import { explore } from './model/exploration.js';
import { MUTATIONS } from './model/mutations.js';
import type { Scene } from './model/scene.js';
import { UNMUTATED } from './model/unmutated.js';

const PLAIN: Scene = { start: 'asm', roots: 'same', fleet: 'otherProject', variant: 'oldRootToo', extent: { clusters: 1, namespaces: 1, reinstalls: false } };
/** Small, and together with what goes wrong in each way. */
const SCENES: readonly Scene[] = [
  { ...PLAIN, extent: { ...PLAIN.extent, reinstalls: true } },
  { ...PLAIN, start: 'istio' },
  { ...PLAIN, variant: 'meshCaOnly' },
  { ...PLAIN, variant: 'injectionRefused' },
  { ...PLAIN, ownCertificates: true },
  { ...PLAIN, flaw: 'otherRoot' },
  { ...PLAIN, flaw: 'losesAliases' },
];

function isMutated(gate: GateId, kind: ObstacleKind): boolean {
  return MUTATIONS.some(({ ignores }) => ignores?.(gate, kind) === true);
}

function isExplained(gate: GateId, kind: ObstacleKind): boolean {
  return UNMUTATED.some(({ gates = GATES, kinds }) => gates.includes(gate) && kinds.includes(kind));
}

describe('the conditions of the gates', function () {
  this.timeout(60 * 60_000);

  it('have a mutation each, or a reason why there is none', () => {
    const left = OBSTACLE_KINDS.filter((kind) => !GATES.some((gate) => isMutated(gate, kind) || isExplained(gate, kind)));
    assert.deepEqual(left, []);
  });

  it('have one in each gate in which a walk meets them', () => {
    const met = new Set<string>();
    for (const scene of SCENES) {
      explore(scene, { name: 'nothing taken out', ignores: (gate, kind) => met.add(`${gate} ${kind}`).size === 0 });
    }
    assert.ok(met.size > 40, `no more than ${met.size} conditions were met`);
    const pairs = GATES.flatMap((gate) => OBSTACLE_KINDS.filter((kind) => met.has(`${gate} ${kind}`)).map((kind) => [gate, kind] as const));
    assert.deepEqual(pairs.filter(([gate, kind]) => !isMutated(gate, kind) && !isExplained(gate, kind)), []);
  });

  it('have a reason only where there is no mutation, and in words', () => {
    for (const { gates = GATES, kinds, why } of UNMUTATED) {
      for (const kind of kinds) assert.deepEqual(gates.filter((gate) => isMutated(gate, kind)), [], `${kind} has a mutation`);
      assert.ok(why.length > 20);
    }
  });
});
